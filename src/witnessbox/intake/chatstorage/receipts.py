"""Receipts out of the blobs of ``ZWAMESSAGEINFO``: whom a message reached, and who read it.  Pure.

::

    2   a recipient, as often as there are
        1   the hidden address (LID): 0x8C, then its digits, two a byte, an odd number of them
            filled up with F
        5   read, in seconds after the sending
        10  reached one device: in its field 1, seconds after the sending
    3   the sending, in seconds since 1970

Nobody has published a definition.  Method: what readers on the web have found and, for fields 5 and
10, held against a phone; a receipt counts only where all of it is written so.
"""

from dataclasses import dataclass

import numpy as np

from witnessbox.intake.chatstorage import wire
from witnessbox.intake.chatstorage.blobs import Why
from witnessbox.intake.chatstorage.walk import Bytes, Fields, walk
from witnessbox.intake.sqlite.image import Flags, Ints

_RECIPIENT, _SENDING = 2, 3
_ADDRESS, _READ, _DISPUTED, _REACHED = 1, 5, 9, 10
_EXPLAINED = (_ADDRESS, 4, _READ, _DISPUTED, _REACHED)  # 4: an unrelated count
_AFTER = 1
_HIDDEN, _SIZES, _FILLED, _DIGITS = 0x8C, (8, 9), 15, 16
_MOST_SECONDS = 1 << 33


@dataclass(frozen=True, slots=True)
class Receipts:
    """What recipients' devices told, in milliseconds since 1970; 0 where they told nothing."""

    owner: Ints  # which blob
    lid: Ints  # the digits of the hidden address
    sent_ms: Ints
    reached_ms: Ints
    read_ms: Ints
    why: Ints

    def beside(self, owner: Ints, why: Why) -> "Receipts":
        """Put beside them what is not read of some blobs."""
        nothing = np.zeros(len(owner), np.int64)
        reason = np.full(len(owner), why, np.int64)
        own = (self.owner, self.lid, self.sent_ms, self.reached_ms, self.read_ms, self.why)
        more = (owner, nothing, nothing, nothing, nothing, reason)
        return Receipts(*map(np.concatenate, zip(own, more, strict=True)))


def receipts_of(data: Bytes, top: Fields, broken: Flags) -> Receipts:
    """Give the receipts that blobs hold by their fields, and what in them is not read."""
    entries = top.of(_RECIPIENT)
    entries = entries.only(~broken[entries.owner])
    count = len(entries.owner)
    sending = _counted(top.of(_SENDING), len(broken))
    sent = sending.seconds[entries.owner]
    inner, misshapen = _within(data, entries)
    lid = _lids(data, inner.of(_ADDRESS), count)
    reached, read = _devices(data, inner.of(_REACHED), count), _counted(inner.of(_READ), count)
    disputed = _any(inner.of(_DISPUTED).owner, count)
    unexplained = _any(inner.owner[~np.isin(inner.number, _EXPLAINED)], count) & ~misshapen
    told = reached.there | read.there
    why = np.select(
        [
            misshapen | reached.wrong | read.wrong,
            ~sending.there[entries.owner],
            lid == 0,
            ~told & disputed,
        ],
        [Why.MISSHAPEN, Why.UNSENT, Why.NOBODY, Why.DISPUTED],
        Why.READ,
    )
    chosen = told | (why > 0)
    found = Receipts(
        entries.owner[chosen],
        lid[chosen],
        sent[chosen] * 1000,
        np.where(reached.there, (sent + reached.seconds) * 1000, 0)[chosen],
        np.where(read.there, (sent + read.seconds) * 1000, 0)[chosen],
        why[chosen],
    )
    return found.beside(np.flatnonzero(broken), Why.BROKEN).beside(
        entries.owner[unexplained], Why.UNEXPLAINED
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """Seconds that stand in a field, owner by owner: which have them, which have them wrongly."""

    seconds: Ints
    there: Flags
    wrong: Flags


def _counted(fields: Fields, count: int) -> _Counted:
    """Give the one count of seconds that each has."""
    seconds, many = np.zeros(count, np.int64), np.bincount(fields.owner, minlength=count)
    sound = (fields.sort == wire.VARINT) & (fields.amount >= 0) & (fields.amount < _MOST_SECONDS)
    seconds[fields.owner[sound]] = fields.amount[sound]
    there = (many == 1) & _any(fields.owner[sound], count)
    return _Counted(seconds, there, (many > 0) & ~there)


def _devices(data: Bytes, fields: Fields, count: int) -> _Counted:
    """Give the least of the counts of an owner's devices."""
    inner, torn = _within(data, fields)
    after = _counted(inner.of(_AFTER), len(torn))
    wrong = _any(fields.owner[torn | ~after.there], count)
    least = np.full(count, _MOST_SECONDS)
    np.minimum.at(least, fields.owner, after.seconds)
    return _Counted(least, _any(fields.owner, count) & ~wrong, wrong)


def _within(data: Bytes, fields: Fields) -> tuple[Fields, Flags]:
    """Give the fields within fields, and which of these do not hold fields."""
    holds = fields.sort == wire.BYTES
    inner, torn = walk(data, fields.start, np.where(holds, fields.end, fields.start))
    return inner, torn | ~holds


def _lids(data: Bytes, fields: Fields, count: int) -> Ints:
    """Give the digits of each owner's address; 0 where it has none that is written as known."""
    found, many = np.zeros(count, np.int64), np.bincount(fields.owner, minlength=count)
    size = fields.end - fields.start
    sound = (fields.sort == wire.BYTES) & np.isin(size, _SIZES) & (data[fields.start] == _HIDDEN)
    fields, size = fields.only(sound), size[sound]
    pairs = data[fields.start[:, np.newaxis] + 1 + np.arange(_DIGITS // 2)].astype(np.int64)
    digits = np.stack([pairs >> 4, pairs & 15], axis=2).reshape(-1, _DIGITS)
    many_digits = 2 * (size - 1)
    last = np.take_along_axis(digits, many_digits[:, np.newaxis] - 1, axis=1)[:, 0]
    many_digits = many_digits - (last == _FILLED)
    power = many_digits[:, np.newaxis] - 1 - np.arange(_DIGITS)
    digits = np.where(power >= 0, digits, 0)
    sound = (digits <= 9).all(axis=1) & (digits[:, 0] > 0)  # an address never begins with 0
    values = (digits * 10 ** np.maximum(power, 0)).sum(axis=1)
    found[fields.owner[sound]] = values[sound]
    return np.where(many == 1, found, 0)


def _any(owners: Ints, count: int) -> Flags:
    found = np.zeros(count, np.bool_)
    found[owners] = True
    return found
