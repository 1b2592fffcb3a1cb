"""Rounds: the batches that the learner put together, and what they were put together from.

Which messages were given out, and after which codings, is part of the record: what was read decides
what a review may claim.  So each round is an entry of the ledger.  It does not list its messages:
it names what they follow from (the tables, the codings up to two places in the ledger, the seed,
the learner's version), and the hash of the list.  The list itself is a table, and is made again out
of the entry where it is gone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES, ROUNDS
from witnessbox.evidence.tables import Tables, Written
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft, read
from witnessbox.ledger.store import Ledger
from witnessbox.review import coding as words
from witnessbox.review.coding import ReviewError, Standing
from witnessbox.review.drawn import Known, draws, known
from witnessbox.review.places import messages_of
from witnessbox.review.record import CODING, WITHDRAWAL, decision_of
from witnessbox.screening.learner import (
    Learned,
    Turn,
    batch_of,
    context_reasons,
    margin_of_any,
    pool_of,
    taught,
)
from witnessbox.screening.learning import ANY, VERSION, Coded
from witnessbox.screening.learning_order import Mixture, Picked
from witnessbox.screening.learning_store import SEED, Named, inputs_of, ready
from witnessbox.screening.model import Category
from witnessbox.screening.normalise import Places

ROUND = "reading-round"


@dataclass(frozen=True, slots=True)
class Round:
    """One round: what its batch follows from, and the hash of the batch."""

    number: int  # from 1 on, among the rounds of the same tables
    batch: int
    inputs: str  # the tables, by their hashes
    learner: int  # the version that worked it out
    seed: int
    control: int  # messages in the control sample
    mixture: Mixture
    pooled: int  # entries of the ledger that the pool follows from
    learned: int  # entries of the ledger that the batch follows from
    messages: int
    sha256: str  # of the table's file


@dataclass(frozen=True, slots=True)
class Basis:
    """What a batch follows from, beside the messages."""

    number: int
    batch: int
    pool: Places
    pooled: int  # entries of the ledger that the pool follows from
    learned: int  # entries of the ledger that the batch follows from
    given: Places  # messages in earlier batches
    mixture: Mixture


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that is ready to be given out, and what it follows from."""

    named: Named
    basis: Basis
    rows: pa.RecordBatch


def rounds(ledger: Ledger, inputs: str, length: int | None = None) -> tuple[Round, ...]:
    """Give the rounds that were made from these tables, in order, or the first entries' alone."""
    every = (
        read(entry, Round)
        for entry in ledger.entries(ROUND)
        if length is None or entry.position < length
    )
    return tuple(one for one in every if one.inputs == inputs)


def coded_of(standing: Standing, find: Callable[[str], int]) -> tuple[Coded, ...]:
    """Fold what stands into what the learner is told, by the messages' places."""
    found: list[Coded] = []
    for message in sorted(standing.messages()):
        place = find(message)
        if place < 0:
            continue
        said = standing.of(message)
        categories: dict[str, int] = {}
        for coding in said:
            for category in coding.categories:
                categories[category] = categories.get(category, 0) + 1
        relevant = sum(coding.relevant for coding in said)
        found.append(Coded(place, len(said), relevant, tuple(sorted(categories.items()))))
    return tuple(sorted(found, key=lambda one: one.message))


def standing_at(folder: Folder, ledger: Ledger, length: int) -> Standing:
    """Give what stood when the ledger was so long, on the messages as they are now."""
    decisions = tuple(
        decision_of(entry)
        for entry in ledger.entries(CODING, WITHDRAWAL)
        if entry.position < length
    )
    return words.standing(decisions, messages_of(folder, (one.span for one in decisions)))


def known_at(folder: Folder, ledger: Ledger, named: Named, length: int) -> Known:
    """Say what the learner may know of what was coded when the ledger was so long."""
    coded = coded_of(standing_at(folder, ledger, length), named.find)
    given = given_out(folder, ledger, named, rounds(ledger, named.inputs, length))
    return known(named, draws(ledger), length, coded, given)


def prepare(at: Known, learned: Learned, basis: Basis) -> Prepared:
    """Put the next batch together.  Pure: the same in gives the same out."""
    turn = Turn(basis.given, basis.number, SEED, basis.mixture)
    picked = batch_of(at.named.matter, at.coded, learned, basis.pool, turn)
    return Prepared(at.named, basis, _rows(at.named, learned, picked, basis))


def _rows(named: Named, learned: Learned, picked: Picked, basis: Basis) -> pa.RecordBatch:
    """Lay a batch out as a reader meets it: by conversation and position."""
    setting, position = named.matter.setting, named.position
    message = picked.message
    order = np.lexsort((position[message], setting.conversation[message]))
    message = message[order]
    priority = margin_of_any(named.matter, learned, message)
    margin = picked.margin[order]
    score = 1 / (1 + np.exp(-np.where(np.isnan(margin), 0, margin)))
    question = [picked.question[at] for at in order]
    columns = {
        "batch": pa.array(np.full(len(message), basis.batch), pa.int32()),
        "rank": pa.array(np.arange(1, len(message) + 1)),
        "message": named.message.take(pa.array(message)),
        "conversation": pa.array([named.conversation(at) for at in message], pa.string()),
        "position": pa.array(position[message], pa.int64()),
        "score": pa.array(score, pa.float32(), mask=np.isnan(margin)),
        "category": pa.array([str(Category.ABUSE) if one == ANY else one for one in question]),
        "round": pa.array(np.full(len(message), basis.number), pa.int32()),
        "source": pa.array([str(picked.source[at]) for at in order]),
        "priority": pa.array(priority, pa.float32()),
        "reasons": pa.array(context_reasons(named.matter, learned, message), pa.list_(pa.string())),
    }
    table = pa.table(columns).select(ROUNDS.schema.names).cast(ROUNDS.schema)
    return table.combine_chunks().to_batches()[0] if len(message) else _no_rows()


def _no_rows() -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=ROUNDS.schema)


def give_out(
    folder: Folder, ledger: Ledger, prepared: Prepared, actor: Actor, at: datetime
) -> Round:
    """Write a batch that is ready, and enter it.  Raises ReviewError where nothing is left."""
    if not prepared.rows.num_rows:
        raise ReviewError("every message has been read or is in a batch; there is nothing to add")
    basis, inputs = prepared.basis, prepared.named.inputs
    written = _write(folder, inputs, basis.number, prepared.rows)
    entry = Round(
        number=basis.number,
        batch=basis.batch,
        inputs=inputs,
        learner=VERSION,
        seed=SEED,
        control=len(prepared.named.matter.control),
        mixture=basis.mixture,
        pooled=basis.pooled,
        learned=basis.learned,
        messages=prepared.rows.num_rows,
        sha256=written.sha256,
    )
    ledger.append([draft(ROUND, entry, actor, at)])
    return entry


def _write(folder: Folder, inputs: str, number: int, rows: pa.RecordBatch) -> Written:
    return Tables(folder.tables).write(ROUNDS, shard_of(inputs, number), [rows])


def shard_of(inputs: str, number: int) -> str:
    """Name a round's shard: rounds of other tables stand beside it."""
    return f"{inputs[:12]}-{number:06}"


def next_round(
    folder: Folder, ledger: Ledger, actor: Actor, at: datetime, mixture: Mixture | None = None
) -> Round:
    """Weigh everything, and make and give out the next batch: what a terminal waits for."""
    named, length = ready(folder), ledger.head().length
    now = known_at(folder, ledger, named, length)
    learned = taught(now.named.matter, now.coded)
    earlier = len(rounds(ledger, named.inputs, length))
    basis = Basis(
        number=earlier + 1,
        batch=last_cold(folder) + earlier + 1,
        pool=pool_of(now.named.matter, now.coded, learned),
        pooled=length,
        learned=length,
        given=now.given,
        mixture=mixture or Mixture(),
    )
    return give_out(folder, ledger, prepare(now, learned, basis), actor, at)


def last_cold(folder: Folder) -> int:
    """Give the number of the last batch that screening made; rounds count on from there."""
    return Tables(folder.tables).highest(BATCHES, "batch") or 0


def given_out(
    folder: Folder,
    ledger: Ledger,
    named: Named,
    earlier: Iterable[Round],
    looked_up: dict[int, list[int]] | None = None,
) -> Places:
    """Name the messages of these rounds, by their places; a lost table is made again.

    ``looked_up`` keeps each round's places for whoever asks again of the same tables.
    """
    by_round = {} if looked_up is None else looked_up
    found: list[int] = []
    for one in earlier:
        if one.number not in by_round:
            rows = _table(folder, ledger, named, one, np.array(sorted(found), np.int64))
            by_round[one.number] = [named.find(name) for name in rows["message"].to_pylist()]
        found += by_round[one.number]
    return np.array(sorted(found), np.int64)


def _table(folder: Folder, ledger: Ledger, named: Named, one: Round, given: Places) -> pa.Table:
    tables, shard = Tables(folder.tables), shard_of(one.inputs, one.number)
    if shard not in tables.shards(ROUNDS):
        _make_again(folder, ledger, named, one, given)
    return tables.read(ROUNDS, [shard])


def _make_again(folder: Folder, ledger: Ledger, named: Named, one: Round, given: Places) -> None:
    """Make a round's table out of its entry.  Raises ReviewError where it comes out otherwise."""
    pooled, then = (known_at(folder, ledger, named, length) for length in (one.pooled, one.learned))
    weighed = taught(pooled.named.matter, pooled.coded)
    basis = Basis(
        number=one.number,
        batch=one.batch,
        pool=pool_of(pooled.named.matter, pooled.coded, weighed),
        pooled=one.pooled,
        learned=one.learned,
        given=given,
        mixture=one.mixture,
    )
    prepared = prepare(then, taught(then.named.matter, then.coded), basis)
    written = _write(folder, one.inputs, one.number, prepared.rows)
    if (written.sha256, VERSION) != (one.sha256, one.learner):
        raise ReviewError(
            f"the batch of round {one.number} cannot be made again as it was given out (learner "
            f"version {one.learner}, here {VERSION}); restore tables/rounds from a copy"
        )


def reading_order(
    folder: Folder, ledger: Ledger, columns: Sequence[str] = BATCHES.schema.names
) -> Iterator[pa.Table]:
    """Give the batches there are: screening's, then the learner's, where it made any."""
    tables = Tables(folder.tables)
    earlier = rounds(ledger, inputs_of(folder)) if tables.shards(ROUNDS) else ()
    yield tables.read(BATCHES, columns=columns)
    for one in earlier:
        shard = shard_of(one.inputs, one.number)
        if shard in tables.shards(ROUNDS):
            yield tables.read(ROUNDS, [shard], columns)


def batch_rows(folder: Folder, ledger: Ledger, batch: int) -> pa.Table:
    """Give one batch in reading order, the learner's or screening's; empty if there is none."""
    tables = Tables(folder.tables)
    for shard in tables.shards(BATCHES):
        rows = tables.where(BATCHES, shard, "batch", [batch])
        if rows.num_rows:
            return rows.sort_by("rank")
    for one in rounds(ledger, inputs_of(folder)) if tables.shards(ROUNDS) else ():
        if one.batch == batch:
            return tables.read(ROUNDS, [shard_of(one.inputs, one.number)]).sort_by("rank")
    return BATCHES.schema.empty_table()
