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

from dataclasses import dataclass, fields

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


def unread(owner: Ints, why: Why) -> Receipts:
    """Say of some blobs why something of them is not read."""
    nothing, reason = np.zeros(len(owner), np.int64), np.full(len(owner), why, np.int64)
    return Receipts(owner, nothing, nothing, nothing, nothing, reason)


def receipts_of(data: Bytes, top: Fields, broken: Flags) -> Receipts:
    """Give the receipts that blobs hold by their fields, and what in them is not read."""
    entries = top.of(_RECIPIENT)
    entries = entries.only(~broken[entries.owner])
    sending = _counted(top.of(_SENDING), len(broken))
    inner, torn = _within(data, entries)
    unexplained = inner.owner[~np.isin(inner.number, _EXPLAINED)]
    several = (
        _told(data, entries, (inner, torn), sending),
        unread(np.flatnonzero(broken), Why.BROKEN),
        unread(entries.owner[_any(unexplained, len(torn)) & ~torn], Why.UNEXPLAINED),
    )
    return Receipts(
        *(np.concatenate([getattr(one, each.name) for one in several]) for each in fields(Receipts))
    )


def _told(
    data: Bytes, entries: Fields, held: tuple[Fields, Flags], sending: "_Counted"
) -> Receipts:
    """Give what each recipient's devices told; nothing of one whose devices told nothing."""
    (inner, torn), count, of = held, len(entries.owner), entries.owner
    lid = _lids(data, inner.of(_ADDRESS), count)
    reached, read = _devices(data, inner.of(_REACHED), count), _counted(inner.of(_READ), count)
    told = reached.there | read.there
    disputed = ~told & _any(inner.of(_DISPUTED).owner, count)
    why = np.select(
        [torn | reached.wrong | read.wrong, ~sending.there[of], lid == 0, disputed],
        [Why.MISSHAPEN, Why.UNSENT, Why.NOBODY, Why.DISPUTED],
        Why.READ,
    )
    sent = sending.seconds[of]
    when = [np.where(one.there, (sent + one.seconds) * 1000, 0) for one in (reached, read)]
    chosen = told | (why > 0)
    return Receipts(*(column[chosen] for column in (of, lid, sent * 1000, *when, why)))


@dataclass(frozen=True, slots=True)
class _Counted:
    """Seconds that stand in a field, owner by owner: which have them, which have them wrongly."""

    seconds: Ints
    there: Flags
    wrong: Flags


def _counted(held: Fields, count: int) -> _Counted:
    """Give the one count of seconds that each has."""
    seconds, many = np.zeros(count, np.int64), np.bincount(held.owner, minlength=count)
    sound = (held.sort == wire.VARINT) & (held.amount >= 0) & (held.amount < _MOST_SECONDS)
    seconds[held.owner[sound]] = held.amount[sound]
    there = (many == 1) & _any(held.owner[sound], count)
    return _Counted(seconds, there, (many > 0) & ~there)


def _devices(data: Bytes, held: Fields, count: int) -> _Counted:
    """Give the least of the counts of an owner's devices."""
    inner, torn = _within(data, held)
    after = _counted(inner.of(_AFTER), len(torn))
    wrong = _any(held.owner[torn | ~after.there], count)
    least = np.full(count, _MOST_SECONDS)
    np.minimum.at(least, held.owner, after.seconds)
    return _Counted(least, _any(held.owner, count) & ~wrong, wrong)


def _within(data: Bytes, held: Fields) -> tuple[Fields, Flags]:
    """Give the fields within fields, and which of these do not hold held."""
    holds = held.sort == wire.BYTES
    inner, torn = walk(data, held.start, np.where(holds, held.end, held.start))
    return inner, torn | ~holds


def _lids(data: Bytes, held: Fields, count: int) -> Ints:
    """Give the digits of each owner's address; 0 where it has none that is written as known."""
    found, many = np.zeros(count, np.int64), np.bincount(held.owner, minlength=count)
    size = held.end - held.start
    sound = (held.sort == wire.BYTES) & np.isin(size, _SIZES) & (data[held.start] == _HIDDEN)
    held, size = held.only(sound), size[sound]
    pairs = data[held.start[:, np.newaxis] + 1 + np.arange(_DIGITS // 2)].astype(np.int64)
    digits = np.stack([pairs >> 4, pairs & 15], axis=2).reshape(-1, _DIGITS)
    many_digits = 2 * (size - 1)
    last = np.take_along_axis(digits, many_digits[:, np.newaxis] - 1, axis=1)[:, 0]
    many_digits = many_digits - (last == _FILLED)
    power = many_digits[:, np.newaxis] - 1 - np.arange(_DIGITS)
    digits = np.where(power >= 0, digits, 0)
    sound = (digits <= 9).all(axis=1) & (digits[:, 0] > 0)  # an address never begins with 0
    values = (digits * 10 ** np.maximum(power, 0)).sum(axis=1)
    found[held.owner[sound]] = values[sound]
    return np.where(many == 1, found, 0)


def _any(owners: Ints, count: int) -> Flags:
    found = np.zeros(count, np.bool_)
    found[owners] = True
    return found
