"""The bulk step: every exhibit's messages in, the operation's conversations out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
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
    MEMBERSHIPS,
    MESSAGES,
    PARTICIPANTS,
    PEOPLE,
)
from witnessbox.evidence.steps import Progress, StepRecord, Steps, inputs_of, silent
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import receipts
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile import summary
from witnessbox.reconcile.apart import lay_apart
from witnessbox.reconcile.beside import BESIDE, lay_beside
from witnessbox.reconcile.copies import Handover, parts_of, sources
from witnessbox.reconcile.kernel import MADE, USED, make, sketch_copy
from witnessbox.reconcile.model import Plan, PlannedConversation
from witnessbox.reconcile.numbers import numbered
from witnessbox.reconcile.plan import plan

STEP = "reconcile"
VERSION = 5
WHOLE = "operation"
READ = (MESSAGES, MEMBERSHIPS, PARTICIPANTS, *BESIDE)
"""What is read of each exhibit."""
_PART_COLUMNS = ("exhibit", "thread", "conversation", "parser", "sent_at")


def run(
    folder: Folder,
    ledger: Ledger,
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> int:
    """Make the conversations that are due; give the number of shards made anew.

    A conversation is made again when its copies' messages, clocks or people change.
    """
    tables, steps = Tables(folder.tables), Steps(folder)
    came = handovers(ledger)
    hashes = _hashes(tables)
    whole = _whole_inputs(hashes, came)
    if steps.done(STEP, WHOLE, whole) and not _fallen(steps):
        return 0
    with TemporaryDirectory(prefix=".reconcile-", dir=folder.root) as place:
        apart = Path(place)
        planned = _plan(tables, came, apart, executor)
        due_now = [
            (one, inputs)
            for one in planned.conversations
            if not steps.done(STEP, one.conversation, inputs := _inputs(one, hashes))
        ]
        made = 0
        for record in _made(folder, apart, due_now, executor):
            steps.note(record)
            made += 1
            progress(STEP, made, len(due_now))
    _close(tables, steps, planned, whole)
    return made + 1


def due(folder: Folder, ledger: Ledger) -> int:
    """Say how many shards are to be made; at least 1 while exhibits or receipts have changed."""
    tables, steps = Tables(folder.tables), Steps(folder)
    inputs = _whole_inputs(_hashes(tables), handovers(ledger))
    return len(_fallen(steps)) if steps.done(STEP, WHOLE, inputs) else max(1, len(_fallen(steps)))


def handovers(ledger: Ledger) -> list[Handover]:
    """List how exhibits came in, each once, whatever the order of receipt."""
    found = {Handover(it.exhibit, it.delivery, it.custodian) for it in receipts(ledger)}
    return sorted(found, key=lambda it: (it.exhibit, it.delivery, it.custodian))


def _hashes(tables: Tables) -> dict[str, str]:
    """Hash every table file that goes in."""
    return {
        f"{table.name}/{shard}": _sha256(tables.path(table, shard))
        for table in READ
        for shard in tables.shards(table)
    }


def _sha256(place: Path) -> str:
    with place.open("rb") as stream:
        return sha256_of(pieces(stream))


def _whole_inputs(hashes: dict[str, str], came: Sequence[Handover]) -> str:
    files = [f"{name}:{digest}" for name, digest in sorted(hashes.items())]
    acts = [part for it in came for part in (it.exhibit, it.delivery, it.custodian)]
    return inputs_of(VERSION, derive("files", *files), derive("handovers", *acts))


def _inputs(planned: PlannedConversation, hashes: dict[str, str]) -> str:
    decided = msgspec.json.encode(planned, order="deterministic").decode()
    exhibits = sorted({name for copy in planned.copies for name in copy.source.exhibits})
    files = [hashes.get(f"{table.name}/{name}", "") for name in exhibits for table in READ]
    return inputs_of(VERSION, decided, *files)


def _fallen(steps: Steps) -> list[str]:
    """Name the shards whose files no longer stand."""
    return [it.shard for it in steps.records(STEP) if not steps.done(STEP, it.shard, it.inputs)]


def _plan(tables: Tables, came: Sequence[Handover], apart: Path, executor: Executor | None) -> Plan:
    shards = tables.shards(MESSAGES)
    parts = [
        part for shard in shards for part in parts_of(tables.read(MESSAGES, [shard], _PART_COLUMNS))
    ]
    found = sources(parts, came)
    conversations = Counter(exhibit for one in found for exhibit in one.exhibits)
    several = [exhibit for exhibit, count in sorted(conversations.items()) if count > 1]
    each = executor.map if executor else map
    list(each(partial(lay_apart, tables.root, place=apart, columns=USED), several))
    list(each(partial(lay_beside, tables.root, place=apart), several))
    sketches = list(each(partial(sketch_copy, tables.root, apart), found))
    return plan(found, numbered(tables, found, sketches))


def _made(
    folder: Folder,
    apart: Path,
    due_now: Sequence[tuple[PlannedConversation, str]],
    executor: Executor | None,
) -> Iterator[StepRecord]:
    planned = [one for one, _ in due_now]
    each: Any = executor.map if executor else map
    written = each(partial(make, folder.tables, apart), planned)
    for (one, inputs), files in zip(due_now, written, strict=True):
        yield StepRecord(STEP, one.conversation, inputs, files)


def _close(tables: Tables, steps: Steps, planned: Plan, whole: str) -> None:
    """Write the tables over all conversations and drop what no longer belongs."""
    kept = [one.conversation for one in planned.conversations]
    written = tuple(
        tables.write(table, WHOLE, rows.to_batches())
        for table, rows in (
            (CONVERSATIONS, summary.conversations(tables, planned)),
            (COPIES, summary.copies(tables, planned)),
            (PEOPLE, summary.people(planned)),
        )
    )
    for table in MADE:
        tables.remove(table, kept)
    steps.keep_only(STEP, [*kept, WHOLE])
    steps.note(StepRecord(STEP, WHOLE, whole, written))
