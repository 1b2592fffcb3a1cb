"""Which exhibits make up which copy, and a copy's rows in the order the phone shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.digest import derive
from witnessbox.evidence.schema import MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.apart import rows_apart
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.normalise import codes_of, flat
from witnessbox.reconcile.sorting import numbered

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Handover:
    """How one exhibit came in: the act of handing over, and who had held it."""

    exhibit: str
    delivery: str
    custodian: str


@dataclass(frozen=True, slots=True)
class Part:
    """The messages of one conversation in one exhibit."""

    exhibit: str
    thread: str | None
    title: str
    parser: str
    first_ms: int


def parts_of(rows: Any) -> list[Part]:
    """Say which conversations one exhibit's messages belong to.

    ``rows`` needs exhibit, thread, conversation, parser and sent_at.
    """
    named = [flat(rows[name]) for name in ("exhibit", "thread", "conversation", "parser")]
    whole = np.zeros(rows.num_rows, np.int64)
    for column in named:
        whole = whole * (len(column.dictionary) + 1) + codes_of(column) + 1
    begin = np.flatnonzero(np.append(True, np.diff(whole) != 0)[: len(whole)])  # of each run
    numbers = numbered(whole[begin])
    count = int(numbers.max(initial=-1)) + 1
    some_row, first_ms = np.empty(count, np.int64), np.full(count, _NEVER)
    some_row[numbers] = begin
    sent = pc.fill_null(pc.cast(rows["sent_at"], pa.int64()), _NEVER).to_numpy()
    np.minimum.at(first_ms, numbers, np.minimum.reduceat(sent, begin) if len(begin) else sent)
    parts: dict[tuple[str, str | None], Part] = {}
    words = [column.take(pa.array(some_row)).to_pylist() for column in named]
    for exhibit, thread, title, parser, at_ms in zip(*words, first_ms.tolist(), strict=True):
        fresh = Part(exhibit, thread, title or "", parser or "", at_ms)
        parts[exhibit, thread] = _joined(parts.get((exhibit, thread)), fresh)
    return sorted(
        (one if one.first_ms != _NEVER else replace(one, first_ms=0) for one in parts.values()),
        key=lambda part: (part.exhibit, part.thread or ""),
    )


def _joined(known: Part | None, fresh: Part) -> Part:
    """Take two stretches of one conversation's rows for one: the first title and parser that is."""
    if known is None:
        return fresh
    titles, parsers = (known.title, fresh.title), (known.parser, fresh.parser)
    return replace(
        known,
        title=min(filter(None, titles), default=""),
        parser=min(filter(None, parsers), default=""),
        first_ms=min(known.first_ms, fresh.first_ms),
    )


def sources(parts: Iterable[Part], handovers: Iterable[Handover]) -> list[Source]:
    """Put parts together into copies, in the order of their ids.

    Files of one thread that were handed over together are one copy; a file whose format knows no
    thread is a copy of its own.  The order of receipt plays no part.
    """
    came: dict[str, set[Handover]] = {}
    for handover in handovers:
        came.setdefault(handover.exhibit, set()).add(handover)
    groups: dict[tuple[str, str], list[Part]] = {}
    leaders: dict[tuple[str, str], tuple[str, str]] = {}

    def leader(key: tuple[str, str]) -> tuple[str, str]:
        while leaders.setdefault(key, key) != key:
            key = leaders[key]
        return key

    keyed: list[tuple[Part, tuple[str, str]]] = []
    for part in parts:
        own = (part.exhibit, part.thread or "")
        if part.thread is not None:
            for handover in came.get(part.exhibit, ()):
                first, second = sorted((leader(own), leader((handover.delivery, part.thread))))
                leaders[second] = first
        keyed.append((part, own))
    for part, own in keyed:
        groups.setdefault(leader(own), []).append(part)
    return sorted((_source(group, came) for group in groups.values()), key=lambda it: it.copy)


def _source(group: list[Part], came: Mapping[str, set[Handover]]) -> Source:
    ordered = sorted(group, key=lambda part: (part.first_ms, part.exhibit))
    exhibits = tuple(part.exhibit for part in ordered)
    custodians = {who.custodian for name in exhibits for who in came.get(name, ())}
    parsers = sorted({part.parser for part in ordered})
    thread = ordered[0].thread
    return Source(
        copy=derive("copy", thread or "", *sorted(exhibits)),
        exhibits=exhibits,
        thread=thread,
        title=ordered[-1].title,
        platform=parsers[0].partition("-")[0],
        parser=", ".join(parsers),
        custodian=min(custodians, default=""),
    )


def rows_of(
    tables: Tables, source: Source, columns: Iterable[str], apart: Path | None = None
) -> Any:
    """Read a copy's messages in the order the phone shows them.

    ``apart`` is where exhibits of many conversations were laid out, if they were.
    """
    wanted = list(dict.fromkeys(["sequence", *columns]))
    parts = []
    for exhibit in source.exhibits:
        rows = rows_apart(apart, exhibit, source.thread, wanted) if apart else None
        if rows is None:
            rows = _read(tables, exhibit, source.thread, wanted)
        parts.append(rows)
    return pa.concat_tables(parts).unify_dictionaries().select(list(columns))


def _read(tables: Tables, exhibit: str, thread: str | None, columns: list[str]) -> Any:
    rows = tables.read(MESSAGES, [exhibit], ["thread", *columns])
    if thread is not None:
        rows = rows.filter(pc.equal(rows["thread"].cast(pa.string()), thread))
    elif rows["thread"].null_count != rows.num_rows:
        rows = rows.filter(pc.is_null(rows["thread"]))
    sequence = rows["sequence"].to_numpy()
    if (sequence[1:] < sequence[:-1]).any():
        rows = rows.take(pc.sort_indices(rows["sequence"]))
    return rows
