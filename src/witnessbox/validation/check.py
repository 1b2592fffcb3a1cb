"""Hold what a parser read of known data against what must be read.  Pure but for the reading."""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.digest import sha256_of
from witnessbox.intake.parser import HEAD_BYTES, Assumption, Batch, Parser, Source
from witnessbox.intake.tiling import accounting
from witnessbox.validation.known import ZONE
from witnessbox.validation.model import Attached, DataSet, Expected, Finding, Outcome, Record

Row = Mapping[str, Any]
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Readout:
    """What a parser gave: its messages with what hangs on them, and its problems by code."""

    rows: tuple[tuple[int, int, Expected], ...]  # start, end and what was read
    problems: tuple[tuple[str, int], ...]
    failure: str = ""  # why its account did not close


def read(parser: Parser, data_set: DataSet) -> Readout:
    """Read one file of known data; every byte, or row, must be accounted for."""
    data = data_set.data
    source = replace(
        _source(data_set.name, data),
        beside=tuple(_source(name, content) for name, content in data_set.beside),
    )
    account = accounting(source.name, parser.FORMAT)
    batches: list[Batch] = []
    failure = ""
    try:
        if not parser.identify(data_set.name, data[:HEAD_BYTES]):
            failure = "the parser does not recognise the file"
        for batch in parser.parse(source, Assumption(ZONE, "known", stated=True)):
            account.take(batch)
            batches.append(batch)
        account.finish(len(data))
    except WitnessboxError as error:
        failure = str(error)
    return Readout(tuple(_read_rows(batches)), _problems(batches), failure)


def _source(name: str, data: bytes) -> Source:
    return Source(sha256_of([data]), name, len(data), lambda: io.BytesIO(data))


@dataclass(frozen=True, slots=True)
class _Hanging:
    """What hangs on messages, by the byte at which they begin."""

    attached: Mapping[int, list[Row]]
    reacted: Mapping[int, list[Row]]
    noted: Mapping[int, list[Row]]
    starts: Mapping[str, int]  # of messages, by the platform's id


def _read_rows(batches: Sequence[Batch]) -> Iterator[tuple[int, int, Expected]]:
    messages = [row for batch in batches for row in _rows(batch.messages)]
    hanging = _Hanging(
        attached=_by_start(one.attachments for one in batches),
        reacted=_by_start(one.reactions for one in batches),
        noted=_by_start(one.problems for one in batches),
        starts={row["platform_id"]: row["start"] for row in messages if row["platform_id"]},
    )
    for row in messages:
        yield row["start"], row["end"], _as_read(row, hanging)


def _as_read(row: Row, hanging: _Hanging) -> Expected:
    start = row["start"]
    return Expected(
        kind=row["kind"],
        sender=row["sender"],
        text=row["text"],
        wall_at=row["wall_at"],
        sent_at=row["sent_at"],
        edited=bool(row["edited"]),
        deleted=bool(row["deleted"]),
        attached=tuple(
            Attached(one["name"], one["media"], one["omitted"])
            for one in hanging.attached.get(start, ())
        ),
        reactions=tuple((one["actor"], one["reaction"]) for one in hanging.reacted.get(start, ())),
        reply_to=hanging.starts.get(row["reply_to"] or ""),
        noted=tuple(
            one["code"] for one in hanging.noted.get(start, ()) if one["start"] == one["end"]
        ),
    )


def _rows(batch: Any) -> list[Row]:
    return [] if batch is None else list(batch.to_pylist())


def _by_start(batches: Iterable[Any]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for batch in batches:
        for row in _rows(batch):
            found[row["start"]].append(row)
    return found


def _problems(batches: Iterable[Batch]) -> tuple[tuple[str, int], ...]:
    counts = Counter(str(row["code"]) for batch in batches for row in _rows(batch.problems))
    return tuple(sorted(counts.items()))


def findings(data_set: DataSet, readout: Readout, elements: Iterable[str]) -> list[Finding]:
    """Say of each element what came of it; a file as a whole that fails, fails each of them."""
    wrong = differences(data_set.records, readout)
    cannot = dict(data_set.unsupported)
    shown = {record.element for record in data_set.records}
    found = []
    for element in elements:
        if element in cannot:
            found.append(Finding(element, Outcome.UNSUPPORTED, cannot[element]))
        elif readout.failure or element in wrong or element not in shown:
            why = readout.failure or "; ".join(wrong.get(element, ["no record shows it"])[:3])
            found.append(Finding(element, Outcome.FAILED, why))
        else:
            found.append(Finding(element, Outcome.UNALTERED))
    return found


def differences(records: Iterable[Record], readout: Readout) -> dict[str, list[str]]:
    """Say, by element, how what was read differs; what was read of no record is the file's."""
    rows: dict[int, list[tuple[int, Expected]]] = defaultdict(list)
    for start, end, row in readout.rows:
        rows[start].append((end, row))
    wrong: dict[str, list[str]] = defaultdict(list)
    known = list(records)
    for record in known:
        found = rows.pop(record.start, [])
        if len(found) != 1:
            wrong[record.element].append(f"read {len(found)} times at byte {record.start}")
        elif found[0][0] < record.end:
            wrong[record.element].append(f"read in part only at byte {record.start}")
        else:
            wrong[record.element] += _unlike(record.expected, found[0][1], record.start)
    for start in rows:
        owner = max((r for r in known if r.start < start), key=lambda r: r.start, default=None)
        element = owner.element if owner else (known[0].element if known else "")
        wrong[element].append(f"a message nobody wrote at byte {start}")
    return {element: said for element, said in wrong.items() if said}


def _unlike(expected: Expected, got: Expected, start: int) -> list[str]:
    return [
        f"{name} at byte {start}: {_shown(want)} became {_shown(have)}"
        for name in Expected.__slots__
        if (want := getattr(expected, name)) != (have := getattr(got, name))
    ]


def _shown(value: object) -> str:
    written = value.isoformat() if isinstance(value, datetime) else repr(value)
    return written if len(written) <= _SHOWN_CHARACTERS else written[:_SHOWN_CHARACTERS] + "…"
