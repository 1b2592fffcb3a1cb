"""Arrow columns for one stretch of an export, cut out of its bytes without an object a message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from witnessbox.evidence import schema
from witnessbox.evidence.model import Precision
from witnessbox.intake.clock import NO_TIME, Flags, Ints
from witnessbox.intake.whatsapp.cuts import pieces
from witnessbox.intake.whatsapp.kinds import KINDS, Enclosed
from witnessbox.intake.whatsapp.names import Candidates
from witnessbox.intake.whatsapp.notices import Change

_WIDEST = 64
_UTC = pa.timestamp("ms", tz="UTC")
_PRECISIONS = (Precision.MINUTE, Precision.SECOND)


@dataclass(frozen=True, slots=True)
class Constants:
    """What every row of an exhibit has in common."""

    exhibit: str
    conversation: str
    zone: str
    parser: str


@dataclass(frozen=True, slots=True)
class Rows:
    """One stretch's messages, a column each; positions count from the stretch's first byte."""

    start: Ints
    end: Ints
    stamp_start: Ints
    stamp_end: Ints
    text_start: Ints
    text_end: Ints
    wall_ms: Ints
    sent_ms: Ints
    kind: Ints  # place in KINDS
    notice: Flags
    edited: Flags
    seconds: Flags

    def __len__(self) -> int:
        return len(self.start)


_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Finds(Generic[_Thing]):
    """What some rows hold: a thing each, by its place in ``things``; a row may stand twice."""

    rows: Ints
    places: Ints
    things: tuple[_Thing, ...]

    @classmethod
    def by(cls, rows: Ints, index: Ints, told: Sequence[Sequence[_Thing]]) -> "Finds[_Thing]":
        """Spread over rows what their texts tell; ``index`` is each row's place in ``told``."""
        counts = np.array([len(things) for things in told], np.int64)
        first, own = (np.cumsum(counts) - counts)[index], counts[index]
        within = np.arange(own.sum()) - np.repeat(np.cumsum(own) - own, own)
        return cls(np.repeat(rows, own), np.repeat(first, own) + within, tuple(chain(*told)))

    def column(self, of: Callable[[_Thing], object], kind: pa.DataType) -> pa.Array:
        """Make a column of one property of the things."""
        every = pa.array([of(thing) for thing in self.things], kind)
        return every.take(pa.array(self.places))


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A byte that is no UTF-8, counted from the stretch's first byte."""

    at: int
    reason: str


def messages(
    data: bytes, rows: Rows, found: Candidates, at: tuple[int, int], same: Constants
) -> tuple[pa.RecordBatch, list[Undecodable]]:
    """Make the messages of a stretch out of its bytes.

    ``at`` is where it begins: its offset in the file, and its place in the conversation.
    """
    offset, sequence = at
    count = len(rows)
    bounds = np.empty((count, 4), np.int32)
    for place, column in enumerate(
        (rows.stamp_start, rows.stamp_end, rows.text_start, rows.text_end)
    ):
        bounds[:, place] = column
    bad: list[Undecodable] = []
    stamp, text = (_strings(data, bounds, place, bad) for place in (0, 2))
    sender = _senders(rows, found, bad)
    nothing = pa.nulls(count, pa.string())
    columns = {
        "exhibit": always(same.exhibit, count),
        "start": pa.array(rows.start + offset),
        "end": pa.array(rows.end + offset),
        "conversation": always(same.conversation, count),
        "thread": pa.nulls(count, schema.MESSAGES.schema.field("thread").type),
        "sequence": pa.array(np.arange(sequence, sequence + count)),
        "stamp": stamp,
        "wall_at": _times(rows.wall_ms, pa.timestamp("ms")),
        "sent_at": _times(rows.sent_ms, _UTC),
        "precision": among(rows.seconds.astype(np.int32), _PRECISIONS),
        "zone": always(same.zone, count),
        "sender": sender,
        "kind": among(rows.kind.astype(np.int32), KINDS),
        "text": text,
        "platform_id": nothing,
        "reply_to": nothing,
        "edited": pa.array(rows.edited),
        "deleted": pa.array(rows.kind == _DELETED),
        "parser": always(same.parser, count),
    }
    columns |= {
        field.name: pa.nulls(count, field.type)
        for field in schema.MESSAGES.schema
        if field.name not in columns
    }
    order = schema.MESSAGES.schema
    batch = pa.RecordBatch.from_arrays([columns[field] for field in order.names], schema=order)
    return batch, sorted(bad, key=lambda byte: byte.at)


def _senders(rows: Rows, found: Candidates, bad: list[Undecodable]) -> pa.DictionaryArray:
    """Give each message its candidate for a name; the dictionary holds those alone who speak."""
    spoken = np.bincount(found.index[~rows.notice], minlength=len(found.names))
    words: dict[str, int] = {}
    index = np.zeros(len(found.names), np.int32)
    # Sorted, so that stretches in which the same people speak share their dictionary.
    for place in sorted(np.flatnonzero(spoken).tolist(), key=found.names.__getitem__):
        name = found.names[place]
        try:
            word = name.decode()
        except UnicodeDecodeError:
            word = name.decode("utf-8", "replace")
            own = (found.index == place) & ~rows.notice
            for start in (found.end[own] - len(name)).tolist():
                _decoded(name, start, bad)
        index[place] = words.setdefault(word, len(words))
    return pa.DictionaryArray.from_arrays(
        pa.array(index[found.index], mask=rows.notice), pa.array(list(words), pa.string())
    )


_DELETED = [kind.value for kind in KINDS].index("deleted")


def _strings(
    data: bytes,
    bounds: NDArray[np.int32],
    column: int,
    bad: list[Undecodable],
) -> pa.Array:
    """Cut a column of text out of bytes; bytes that are no UTF-8 become U+FFFD and are named."""
    even = _evenly(data, bounds, column)
    if even is not None:
        return even
    cut = pieces(data, bounds, column)
    try:
        return cut.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array(
            [
                _decoded(piece, int(bounds[row, column]), bad)
                for row, piece in enumerate(cut.to_pylist())
            ],
            pa.string(),
        )


def _evenly(data: bytes, bounds: NDArray[np.int32], column: int) -> pa.Array | None:
    """Cut pieces of one width all at once, as stamps mostly are; None where they are no such."""
    width = int(bounds[0, column + 1] - bounds[0, column])
    if not 0 < width <= _WIDEST or (bounds[:, column + 1] - bounds[:, column] != width).any():
        return None
    window: NDArray[np.void] = np.ndarray(
        (len(data) - width + 1,), dtype=f"V{width}", buffer=data, strides=(1,)
    )
    cut = window[bounds[:, column]].tobytes()
    if not cut.isascii():
        return None
    offsets = np.arange(0, len(cut) + 1, width, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(cut)]
    return pa.Array.from_buffers(pa.string(), len(bounds), buffers)


def _decoded(piece: bytes, at: int, bad: list[Undecodable]) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError as error:
        bad.append(Undecodable(at + error.start, error.reason))
        return piece.decode("utf-8", "replace")


def _times(ms: Ints, kind: pa.DataType) -> pa.Array:
    unknown = ms == NO_TIME
    return pa.array(ms, mask=unknown if unknown.any() else None).cast(kind)


def always(value: str, count: int) -> pa.DictionaryArray:
    """Make a column that says the same on every row."""
    return among(np.zeros(count, np.int32), (value,))


def among(places: NDArray[np.int32], words: Sequence[str]) -> pa.DictionaryArray:
    """Make a column of words out of places in a list of them."""
    return pa.DictionaryArray.from_arrays(
        pa.array(places, pa.int32()), pa.array([str(word) for word in words], pa.string())
    )


def attachments(told: Finds[Enclosed], start: Ints, exhibit: str) -> pa.RecordBatch | None:
    """Make the attachments table; None where there are none.  ``start`` is each message's."""
    if not len(told.rows):
        return None
    return _batch(
        schema.ATTACHMENTS,
        [
            always(exhibit, len(told.rows)),
            start[told.rows],
            told.column(lambda file: file.name, pa.string()),
            told.column(lambda file: file.media, pa.string()).dictionary_encode(),
            told.column(lambda file: file.omitted, pa.bool_()),
        ],
    )


def memberships(
    told: Finds[Change], rows: Rows, offset: int, same: Constants
) -> pa.RecordBatch | None:
    """Make the memberships table; None where there are none."""
    if not len(told.rows):
        return None
    return _batch(
        schema.MEMBERSHIPS,
        [
            always(same.exhibit, len(told.rows)),
            rows.start[told.rows] + offset,
            rows.end[told.rows] + offset,
            always(same.conversation, len(told.rows)),
            told.column(lambda change: change.event, pa.string()).dictionary_encode(),
            told.column(lambda change: change.actor, pa.string()),
            told.column(lambda change: change.member, pa.string()),
            _times(rows.sent_ms[told.rows], _UTC),
        ],
    )


def participants(counts: dict[str, int], same: Constants) -> pa.RecordBatch | None:
    """Make the participants table out of how often each name speaks; None where nobody does."""
    if not counts:
        return None
    names = list(counts)
    return _batch(
        schema.PARTICIPANTS,
        [
            always(same.exhibit, len(names)),
            always(same.conversation, len(names)),
            names,
            [None] * len(names),
            [counts[name] for name in names],
            [False] * len(names),
        ],
    )


def _batch(table: schema.Table, columns: Sequence[object]) -> pa.RecordBatch:
    arrays = [
        column if isinstance(column, pa.Array) else _column(column, field.type)
        for column, field in zip(columns, table.schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)


def _column(values: object, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)
