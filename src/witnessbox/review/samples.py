"""Samples and the ledger: what is drawn, who still has to read it, and where recall stands.

A drawn message is served without its scores and without what others said of it, mixed with those of
the other samples, so that a reader cannot tell why it is there.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.model import Actor, Head
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger
from witnessbox.review import record
from witnessbox.review.coding import Coding, ReviewError, Standing
from witnessbox.review.coding import standing as stand
from witnessbox.review.drawn import SAMPLE, Sample, draws
from witnessbox.review.places import messages_of
from witnessbox.review.rounds import reading_order
from witnessbox.screening.material import Draw, Material, Purpose, Read, View
from witnessbox.screening.sampling import SampleError, draw_uniform, lots, population_hash
from witnessbox.screening.stopping import TARGET_RECALL

TOLD = (record.CODING, record.WITHDRAWAL, SAMPLE)
"""The kinds of entries that figures of recall are made from."""

_SEED_DIGITS = 12
_ORDERED = ("batch", "rank", "message")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be drawn.  The seed follows from the ledger's head, unless it is given.

    ``target`` is the recall that is aimed at: a sample may show that one reached, and no other.
    """

    purpose: Purpose
    size: int
    seed: int | None = None
    target: float = TARGET_RECALL


@dataclass(frozen=True, slots=True)
class Waits:
    """One drawn message that a reviewer may read or has read; without what would give it away."""

    message: str
    conversation: str
    position: int
    read: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """Where a message stands in the order that screening made."""

    batch: int
    message: str
    conversation: str
    position: int


def material(folder: Folder, ledger: Ledger, target: float = TARGET_RECALL) -> Material:
    """Gather the population, everything that was coded and everything that was drawn."""
    return replace(_gathered(folder, ledger)[0], target=target)


def _gathered(folder: Folder, ledger: Ledger) -> tuple[Material, Standing]:
    """Gather the material and what stands of it, going through the ledger's codings once."""
    words = record.history(ledger)
    messages = messages_of(folder, (one.decision.span for one in words))
    standing = stand((one.decision for one in words), messages)
    coded = [
        (word.position, messages[word.decision.place], word.decision)
        for word in words
        if isinstance(word.decision, Coding) and word.decision.place in messages
    ]
    last = {(message, one.reviewer): position for position, message, one in coded}
    reads = tuple(
        Read(
            position,
            message,
            one.reviewer,
            one.categories,
            stands=last[message, one.reviewer] == position
            and standing.word(message, one.reviewer) is not None,
        )
        for position, message, one in coded
    )
    return Material(_order(folder, ledger), reads, draws(ledger)), standing


def _order(folder: Folder, ledger: Ledger) -> pa.Array:
    """Give the messages in reading order: the learner's batches, then screening's."""
    screened, *rounds = (
        rows.select(_ORDERED).sort_by([("batch", "ascending"), ("rank", "ascending")])["message"]
        for rows in reading_order(folder, ledger)
    )
    parts = [pa.chunked_array([], pa.string()), *rounds, screened]
    messages = pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string())
    return messages.combine_chunks().unique()


def told(ledger: Ledger) -> tuple[Head, str]:
    """Give the ledger up to the last entry that figures of recall are made from, and its time."""
    entries = list(ledger.entries(*TOLD))
    if not entries:
        raise ReviewError("nothing was coded or drawn yet; read messages, then draw a sample")
    return Head(entries[-1].position + 1, entries[-1].hash), entries[-1].at


def draw(folder: Folder, ledger: Ledger, asked: Asked, actor: Actor, at: datetime) -> Sample:
    """Draw a sample and enter it.

    Raises ReviewError where there is nothing to draw from, or a sample of the kind still waits.
    """
    head = ledger.head()
    present, standing = _gathered(folder, ledger)
    view = View(present)
    if not len(present.order):
        raise ReviewError("there are no messages to draw from; run 'witnessbox run' first")
    _check(standing, present, asked.purpose)
    # Nobody can try seeds until one pleases: the ledger was as it was.
    seed = int(head.hash[:_SEED_DIGITS], 16) if asked.seed is None else asked.seed
    population = view.population_of(Draw(head.length, asked.purpose, seed, 0, "", ()))
    try:
        drawn = draw_uniform(population, asked.size, seed)
    except SampleError as error:
        raise ReviewError(f"no {asked.purpose} sample: {error}") from error
    made = Sample(
        head.length,
        asked.purpose,
        seed,
        len(population),
        population_hash(population),
        tuple(drawn.to_pylist()),
        asked.target,
    )
    ledger.append([draft(SAMPLE, made, actor, at)])
    return made


def _check(standing: Standing, present: Material, purpose: Purpose) -> None:
    if purpose is Purpose.CONTROL and present.reads:
        raise ReviewError(
            "a control sample is drawn before anything is read, and messages have been coded; draw "
            "a sealed sample of the unread instead"
        )
    for one in present.draws:
        if one.purpose is purpose and any(_open(standing, one)):
            raise ReviewError(
                f"the last {purpose} sample is not read whole; read it first, or its share of the "
                "permitted error is spent for nothing"
            )


def _open(standing: Standing, one: Draw) -> Iterator[str]:
    """Name the messages of a sample that still wait for a reader."""
    wanted = 2 if one.purpose is Purpose.SECOND_READING else 1
    return (message for message in one.messages if len(standing.of(message)) < wanted)


def waiting(folder: Folder, ledger: Ledger, reviewer: str) -> tuple[Waits, ...]:
    """List the drawn messages that this reviewer may read, all samples mixed by lot."""
    return tuple(one for one in served(folder, ledger, reviewer) if not one.read)


def served(folder: Folder, ledger: Ledger, reviewer: str) -> tuple[Waits, ...]:
    """List what of the samples waits for this reviewer, and what of them this reviewer has read."""
    drawn = draws(ledger)
    if not drawn:
        return ()
    return serve(drawn, record.standing(folder, ledger), reviewer, partial(listed, folder))


def serve(
    drawn: Sequence[Draw],
    standing: Standing,
    reviewer: str,
    where: Callable[[Collection[str]], Iterable[Listed]],
) -> tuple[Waits, ...]:
    """List the same from what stands; ``where`` says where messages stand in screening's order."""
    own = standing.messages(reviewer)
    names = {message for one in drawn for message in _open(standing, one)} | {
        message for one in drawn for message in one.messages if message in own
    }
    plain = pa.array(sorted(names), pa.string())
    lot = dict(zip(plain.to_pylist(), lots(plain, len(drawn)).tolist(), strict=True))
    return tuple(
        Waits(row.message, row.conversation, row.position, read=row.message in own)
        for row in sorted(where(names), key=lambda row: (lot[row.message], row.message))
    )


def listed(folder: Folder, messages: Collection[str]) -> Iterator[Listed]:
    """Look messages up in screening's order, going through all of it."""
    tables, wanted = Tables(folder.tables), pa.array(sorted(messages), pa.string())
    columns = ["batch", "message", "conversation", "position"]
    for shard in tables.shards(BATCHES) if messages else ():
        for rows in tables.batches(BATCHES, shard, columns):
            found = rows.filter(pc.is_in(rows["message"], value_set=wanted))
            yield from (Listed(**row) for row in found.to_pylist())
