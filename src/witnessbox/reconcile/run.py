"""The bulk step: every exhibit's messages in, the operation's conversations out."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from witnessbox.evidence.digest import derive, pieces, sha256_of
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import (
    CONVERSATIONS,
    COPIES,
    LINKS,
    MEMBERSHIPS,
    MESSAGES,
    PARTICIPANTS,
    PEOPLE,
    TRACES,
)
from witnessbox.evidence.steps import Progress, StepRecord, Steps, inputs_of, silent
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import receipts
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile import summary
from witnessbox.reconcile.apart import lay_apart
from witnessbox.reconcile.beside import BESIDE, lay_beside
from witnessbox.reconcile.copies import Handover, Part, parts_of, sources
from witnessbox.reconcile.decision import Decided
from witnessbox.reconcile.kernel import MADE, make, sketch_copy
from witnessbox.reconcile.model import Plan, PlannedConversation, Source
from witnessbox.reconcile.numbers import numbered
from witnessbox.reconcile.plan import plan
from witnessbox.reconcile.ready import COLUMNS
from witnessbox.reconcile.record import decided
from witnessbox.reconcile.sketch import Sketch
from witnessbox.reconcile.weighing import JOIN_WEIGHT

Each = Callable[..., Iterable[Any]]
"""How what is independent is done: one after another, or several at once."""
STEP = "reconcile"
VERSION = 5
WHOLE = "operation"
READ = (MESSAGES, MEMBERSHIPS, PARTICIPANTS, TRACES, *BESIDE)
"""What is read of each exhibit."""
_PART_COLUMNS = ("exhibit", "thread", "conversation", "parser", "sent_at")


def run(
    folder: Folder,
    ledger: Ledger,
    *,
    join_weight: float = JOIN_WEIGHT,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> int:
    """Make the conversations that are due; give the number of shards made anew.

    A conversation is made again when its copies' messages, clocks or people change, or what a
    person decided of them.
    """
    tables, steps = Tables(folder.tables), Steps(folder)
    given = Given(handovers(ledger), join_weight, decided(ledger))
    each = executor.map if executor else map
    hashes = _hashes(tables, each)
    whole = _whole_inputs(hashes, given)
    if steps.done(STEP, WHOLE, whole) and not _fallen(steps):
        return 0
    with TemporaryDirectory(prefix=".reconcile-", dir=folder.root) as place:
        apart = Path(place)
        planned = _plan(tables, given, apart, each)
        due_now = [
            (one, inputs)
            for one in planned.conversations
            if not steps.done(STEP, one.conversation, inputs := _inputs(one, hashes))
        ]
        made = 0
        for record in _made(folder, apart, due_now, each):
            steps.note(record)
            made += 1
            progress(STEP, made, len(due_now))
    with _uncollected():
        _close(tables, steps, (planned, whole), each)
    return made + 1


def due(folder: Folder, ledger: Ledger, *, join_weight: float = JOIN_WEIGHT) -> int:
    """Say how many shards are to be made; at least 1 while exhibits or decisions have changed."""
    tables, steps = Tables(folder.tables), Steps(folder)
    given = Given(handovers(ledger), join_weight, decided(ledger))
    inputs = _whole_inputs(_hashes(tables), given)
    return len(_fallen(steps)) if steps.done(STEP, WHOLE, inputs) else max(1, len(_fallen(steps)))


@dataclass(frozen=True, slots=True)
class Given:
    """What goes in besides tables: how exhibits came in, the least weight of a join, decisions."""

    came: Sequence[Handover]
    join_weight: float
    decided: Decided


def handovers(ledger: Ledger) -> list[Handover]:
    """List how exhibits came in, each once, whatever the order of receipt."""
    found = {Handover(it.exhibit, it.delivery, it.custodian) for it in receipts(ledger)}
    return sorted(found, key=lambda it: (it.exhibit, it.delivery, it.custodian))


def _hashes(tables: Tables, each: Each = map) -> dict[str, str]:
    """Hash every table file that goes in."""
    files = [(table, shard) for table in READ for shard in tables.shards(table)]
    digests = each(_sha256, [tables.path(*one) for one in files])
    return {
        f"{table.name}/{shard}": digest
        for (table, shard), digest in zip(files, digests, strict=True)
    }


def _sha256(place: Path) -> str:
    with place.open("rb") as stream:
        return sha256_of(pieces(stream))


def _whole_inputs(hashes: dict[str, str], given: Given) -> str:
    files = [f"{name}:{digest}" for name, digest in sorted(hashes.items())]
    return inputs_of(VERSION, derive("files", *files), _written(given))


def _written(record: Any) -> str:
    return msgspec.json.encode(record, order="deterministic").decode()


def _inputs(planned: PlannedConversation, hashes: dict[str, str]) -> str:
    exhibits = sorted({name for copy in planned.copies for name in copy.source.exhibits})
    files = [hashes.get(f"{table.name}/{name}", "") for name in exhibits for table in READ]
    return inputs_of(VERSION, _written(planned), *files)


def _fallen(steps: Steps) -> list[str]:
    """Name the shards whose files no longer stand."""
    return [it.shard for it in steps.records(STEP) if not steps.done(STEP, it.shard, it.inputs)]


def _parts(tables: Tables, shard: str) -> list[Part]:
    return parts_of(tables.read(MESSAGES, [shard], _PART_COLUMNS))


def _plan(tables: Tables, given: Given, apart: Path, each: Each) -> Plan:
    told = each(partial(_parts, tables), tables.shards(MESSAGES))
    parts = [part for parts_here in told for part in parts_here]
    found = sources(parts, given.came)
    conversations = Counter(exhibit for one in found for exhibit in one.exhibits)
    several = [exhibit for exhibit, count in sorted(conversations.items()) if count > 1]
    list(each(partial(lay_apart, tables.root, place=apart, columns=COLUMNS), several))
    list(each(partial(lay_beside, tables.root, place=apart), several))
    sketches = _sketches(partial(sketch_copy, tables.root, apart), found, each)
    with _uncollected():
        return plan(found, numbered(tables, found, sketches), given.join_weight, given.decided)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no circles among objects, where very many are made and none is: it takes a fifth."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _sketches(
    sketch: Callable[[Source], Sketch], found: Sequence[Source], each: Each
) -> list[Sketch]:
    """Take the samples of copies; those of one title together, since they hold the same texts."""
    order = sorted(range(len(found)), key=lambda place: (found[place].title, place))
    taken = zip(order, each(sketch, [found[place] for place in order]), strict=True)
    return [one for _, one in sorted(taken, key=lambda it: it[0])]


def _made(
    folder: Folder,
    apart: Path,
    due_now: Sequence[tuple[PlannedConversation, str]],
    each: Each,
) -> Iterator[StepRecord]:
    planned = [one for one, _ in due_now]
    written = each(partial(make, folder.tables, apart), planned)
    for (one, inputs), files in zip(due_now, written, strict=True):
        yield StepRecord(STEP, one.conversation, inputs, files)


def _close(tables: Tables, steps: Steps, made: tuple[Plan, str], each: Each) -> None:
    """Write the tables over all conversations and drop what no longer belongs.

    ``made`` is the plan, and what the inputs of the whole step hash to.
    """
    planned, whole = made
    kept = [one.conversation for one in planned.conversations]
    written = tuple(
        tables.write(table, WHOLE, rows.to_batches())
        for table, rows in (
            (CONVERSATIONS, summary.conversations(tables, planned, each)),
            (COPIES, summary.copies(tables, planned, each)),
            (PEOPLE, summary.people(planned)),
            (LINKS, summary.links(planned)),
        )
    )
    for table in MADE:
        tables.remove(table, kept)
    steps.keep_only(STEP, [*kept, WHOLE])
    steps.note(StepRecord(STEP, WHOLE, whole, written))
