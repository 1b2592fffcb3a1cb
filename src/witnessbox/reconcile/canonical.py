"""One conversation out of its copies: its messages in order, and who holds a sighting of each.

What is quoted is the sighting that is no placeholder, agrees with most others, and is most
complete; among equals the one with the smallest exhibit and place.  A message is named by the
first of its sightings, so its id does not depend on which one is quoted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.digest import derive_each
from witnessbox.evidence.schema import CANONICAL_MESSAGES, SIGHTINGS
from witnessbox.evidence.tables import ROW_GROUP_ROWS
from witnessbox.reconcile.alignment import DELETED, NOTICE, TEXT
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import MatchedBy, PlannedConversation
from witnessbox.reconcile.normalise import codes_of, flat
from witnessbox.reconcile.order import Ints, Sightings, arrange
from witnessbox.reconcile.phones import each_once, voices
from witnessbox.reconcile.replies import answered
from witnessbox.reconcile.sorting import distinct, firsts, numbered, order_by

_PRECISION = {60_000: "minute", 1_000: "second", 1: "millisecond"}
_NO_UNIT = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Woven:
    """A conversation's messages by position, 0 … n−1, and the rows that show them."""

    position: Ints  # of each row's message
    quoted: Ints  # the row each message is quoted from
    sightings: Ints  # how many rows show each
    ids: tuple[str, ...]
    why: tuple[MatchedBy, ...]
    matched_by: Ints  # place in ``why``, for each row
    same_text: npt.NDArray[np.bool_]
    speaks: npt.NDArray[np.bool_]  # whether a row counts in order and time: one of each phone does


def weave(laid: Layer, group: Ints) -> Woven:
    """Put the messages of a conversation into order and choose what to quote."""
    rows = laid.rows
    count = int(group.max(initial=-1)) + 1
    speaks = _speaking(laid, group)
    seen = (rows.copy, group, rows.sent_ms, rows.unit_ms)
    position = arrange(Sightings(*(column[speaks] for column in seen)), count)[group]
    quoted = _quoted(laid, position, count)
    sightings = np.bincount(position, minlength=count)
    same = rows.word == rows.word[quoted][position]
    same &= rows.sort == rows.sort[quoted][position]
    by_kind = (rows.sort != TEXT) & (rows.sort != DELETED)
    same |= by_kind & (rows.sort == rows.sort[quoted][position])
    same |= (rows.sort == TEXT) & (rows.word < 0)  # a poll without its question says nothing else
    why = tuple(MatchedBy)
    return Woven(
        position,
        quoted,
        sightings.astype(np.int64),
        _ids(laid, position, count),
        why,
        _matched_by(laid, position, quoted, sightings),
        same,
        speaks,
    )


def _speaking(laid: Layer, group: Ints) -> npt.NDArray[np.bool_]:
    """Let of what one phone handed over several times the row speak that knows its time best."""
    if each_once(laid.phones):
        return np.ones(len(group), bool)
    timed = np.asarray(pc.is_valid(laid.table["sent_at"]).to_numpy(), bool)
    worth = np.where(timed, laid.rows.unit_ms, _NO_UNIT)
    return voices(group, laid.phones[laid.rows.copy], worth)


def _quoted(laid: Layer, position: Ints, count: int) -> Ints:
    rows = laid.rows
    words = int(rows.word.max(initial=-1)) + 2
    content = (position * (DELETED + 4) + rows.sort) * words + rows.word + 1
    places = numbered(content)
    counts = np.bincount(places)
    if not each_once(laid.phones):
        by_phone = places * len(laid.phones) + laid.phones[rows.copy]
        counts = np.bincount(distinct(by_phone) // len(laid.phones))
    texts = flat(laid.table["text"])
    length = np.append(np.asarray(pc.utf8_length(texts.dictionary), np.int64), 0)[codes_of(texts)]
    weighed = rows.sort == DELETED, -counts[places], -length
    return firsts((position, count), weighed, _by_place(laid))


def _by_place(laid: Layer) -> Ints:
    """Give all rows in the order of exhibits, and of places within them."""
    return order_by(laid.exhibit, laid.start)


def _firsts(ordered: Ints, count: int) -> Ints:
    return np.searchsorted(ordered, np.arange(count)).astype(np.int64)


def _ids(laid: Layer, position: Ints, count: int) -> tuple[str, ...]:
    first = firsts((position, count), (), _by_place(laid))
    ends = laid.table["end"].to_numpy()[first].tolist()
    named = [laid.exhibits[code] for code in laid.exhibit[first].tolist()]
    return derive_each("message", named, laid.start[first].tolist(), ends)


def _matched_by(laid: Layer, position: Ints, quoted: Ints, sightings: Ints) -> Ints:
    rows, why = laid.rows, list(MatchedBy)
    found = np.full(len(position), why.index(MatchedBy.TEXT), np.int64)
    found[rows.sort != TEXT] = why.index(MatchedBy.KIND)
    same_words = rows.word == rows.word[quoted][position]
    notices = (rows.sort == NOTICE) & same_words & (rows.word >= 0)
    found[notices] = why.index(MatchedBy.TEXT)
    found[(rows.sort == TEXT) & ~same_words] = why.index(MatchedBy.LIKENESS)
    behind = (rows.sort == DELETED) & (rows.sort[quoted][position] != DELETED)
    found[behind] = why.index(MatchedBy.PLACEHOLDER)
    same_id = rows.platform_id == rows.platform_id[quoted][position]
    shared = np.bincount(position[rows.platform_id >= 0], minlength=len(quoted)) > 1
    found[(rows.platform_id >= 0) & same_id & shared[position]] = why.index(MatchedBy.PLATFORM_ID)
    found[sightings[position] == 1] = why.index(MatchedBy.ALONE)
    return found


def canonical_messages(planned: PlannedConversation, laid: Layer, woven: Woven) -> Any:
    """Give the table of the conversation's messages, by position."""
    rows, quoted, position = laid.rows, woven.quoted, woven.position
    count = len(quoted)
    # Rows without a time were placed by their neighbours', which is no time of their own.
    timed = np.asarray(pc.is_valid(laid.table["sent_at"]).to_numpy(), bool) & woven.speaks
    unit = np.full(count, _NO_UNIT, np.int64)
    np.minimum.at(unit, position[timed], rows.unit_ms[timed])
    finest = timed & (rows.unit_ms == unit[position])
    order = order_by(position, ~finest, rows.sent_ms)
    begin = _firsts(position[order], count)
    middle = begin + np.maximum(np.bincount(position[finest], minlength=count) - 1, 0) // 2
    untimed = unit == _NO_UNIT
    person = rows.person[quoted]
    nobody = person < 0
    deleted = np.bincount(position[rows.sort == DELETED], minlength=count) > 0
    edited = np.bincount(position[rows.edited], minlength=count) > 0
    answers = answered(laid, position, count)
    copies = [copy.source.copy for copy in planned.copies]
    precisions = sorted(_PRECISION)
    columns = {
        "message": pa.array(woven.ids, pa.string()),
        "conversation": pa.repeat(planned.conversation, count),
        "position": pa.array(np.arange(count), pa.int64()),
        "sent_at": _utc(_to_the_unit(rows.sent_ms[order[middle]], unit), untimed),
        "precision": named(
            [_PRECISION[one] for one in precisions], np.searchsorted(precisions, unit), untimed
        ),
        "timed_by": named(copies, rows.copy[order[middle]], untimed),
        "sender": named(laid.persons, person, nobody),
        "sender_name": named(laid.labels, person, nobody),
        "kind": laid.table["kind"].take(pa.array(quoted)).combine_chunks(),
        "text": laid.table["text"].take(pa.array(quoted)),
        "normalised": laid.texts.take(pa.array(rows.word[quoted], mask=rows.word[quoted] < 0)),
        "reply_to": _named_messages(woven.ids, answers),
        "edited": pa.array(edited),
        "deleted": pa.array(deleted),
        "sightings": pa.array(woven.sightings, pa.int32()),
        **spans(laid, quoted),
    }
    return pa.table(columns).cast(CANONICAL_MESSAGES.schema)


def _named_messages(ids: Sequence[str], positions: Ints) -> Any:
    """Name messages by their positions; null for −1."""
    if (positions < 0).all():
        return pa.nulls(len(positions), pa.string())
    return named(ids, np.maximum(positions, 0), positions < 0).cast(pa.string())


def _to_the_unit(milliseconds: Ints, unit_ms: Ints) -> Ints:
    """Round corrected times to what they are known to: a clock's odd seconds are no more exact."""
    known = np.where(unit_ms == _NO_UNIT, 1, unit_ms)
    return np.asarray((milliseconds + known // 2) // known * known)


def sightings(planned: PlannedConversation, laid: Layer, woven: Woven) -> Any:
    """Give the table of sightings, by position and copy."""
    order = order_by(woven.position, laid.rows.copy)
    rows = pa.array(order)
    first = np.searchsorted(laid.rows.copy, np.arange(len(planned.copies)))
    copy_row = np.arange(len(order)) - first[laid.rows.copy]
    columns = {
        "message": _named_by_turns(woven.ids, woven.position[order]),
        "conversation": named([planned.conversation], np.zeros(len(order), np.int64)),
        "copy": named([c.source.copy for c in planned.copies], laid.rows.copy[order]),
        **spans(laid, order),
        "copy_row": pa.array(copy_row[order]),
        "sent_at": laid.table["sent_at"].take(rows),
        "sender_name": laid.table["sender"].take(rows),
        "kind": laid.table["kind"].take(rows),
        "matched_by": named([why.value for why in woven.why], woven.matched_by[order]),
        "same_text": pa.array(woven.same_text[order]),
    }
    return pa.table(columns).cast(SIGHTINGS.schema)


def spans(laid: Layer, rows: Ints) -> dict[str, Any]:
    """Give the span columns of some rows."""
    return {
        "exhibit": named(laid.exhibits, laid.exhibit[rows]),
        "start": pa.array(laid.start[rows]),
        "end": laid.table["end"].take(pa.array(rows)),
    }


def places(laid: Layer, rows: Ints) -> dict[str, Any]:
    """Give the span columns of some rows; null where the row is −1."""
    if not len(laid.start):
        return {name: pa.nulls(len(rows)) for name in ("exhibit", "start", "end")}
    nowhere = rows < 0
    found = spans(laid, np.maximum(rows, 0))
    found["exhibit"] = named(laid.exhibits, laid.exhibit[np.maximum(rows, 0)], nowhere)
    for name in ("start", "end"):
        column = found[name]
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        found[name] = pc.if_else(pa.array(nowhere), pa.scalar(None, whole.type), whole)
    return found


def named(names: Sequence[str], codes: Ints, missing: npt.NDArray[np.bool_] | None = None) -> Any:
    """Give a repeating column from names and codes; null where ``missing`` says so."""
    indices = pa.array(codes.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), pa.string()))


def _named_by_turns(names: Sequence[str], codes: Ints) -> Any:
    """Give a column from names and codes that only rise, so that each stretch names its own alone.

    A row group of a table has all names of its column, and there may be very many.
    """
    every = pa.array(names, pa.string())
    stretches = []
    for first in range(0, len(codes), ROW_GROUP_ROWS):
        own = codes[first : first + ROW_GROUP_ROWS]
        low, high = int(own[0]), int(own[-1])
        indices = pa.array((own - low).astype(np.int32))
        here = every.slice(low, high - low + 1)
        stretches.append(pa.DictionaryArray.from_arrays(indices, here))
    return pa.chunked_array(stretches, pa.dictionary(pa.int32(), pa.string()))


def _utc(milliseconds: Ints, missing: npt.NDArray[np.bool_]) -> Any:
    return pa.array(milliseconds, mask=missing).cast(pa.timestamp("ms", tz="UTC"))
