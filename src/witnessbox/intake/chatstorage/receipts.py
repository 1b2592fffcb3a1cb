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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from witnessbox.intake.chatstorage import wire
from witnessbox.intake.chatstorage.blobs import Why

MARK = 2
"""The field that holds a recipient."""

_SENDING = 3
_ADDRESS, _READ, _DISPUTED, _REACHED = 1, 5, 9, 10
_EXPLAINED = frozenset((_ADDRESS, 4, _READ, _DISPUTED, _REACHED))  # 4: an unrelated count
_AFTER = 1
_HIDDEN, _SIZES, _FILLED = 0x8C, (8, 9), "f"
_MOST_SECONDS = 1 << 33


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one recipient's device told, in milliseconds since 1970; 0 where it told nothing."""

    by: str | None = None
    sent_ms: int = 0
    reached_ms: int = 0
    read_ms: int = 0
    why: Why = Why.READ


def receipts_of(fields: Sequence[wire.Field]) -> Iterator[Receipt]:
    """Give the receipts that a blob's fields hold, and what in them is not read."""
    sending = [one for one in fields if one.number == _SENDING]
    sent = _seconds(sending[0]) if len(sending) == 1 else None
    for one in fields:
        if one.number == MARK:
            held = one.inner
            if held is None:
                yield Receipt(why=Why.MISSHAPEN)
            elif sent is None:
                yield Receipt(why=Why.UNSENT)
            else:
                yield from _receipt(held, sent)


def _receipt(held: Sequence[wire.Field], sent: int) -> Iterator[Receipt]:
    by = _address([one for one in held if one.number == _ADDRESS])
    reached = [_reached(one) for one in held if one.number == _REACHED]
    read = [_seconds(one) for one in held if one.number == _READ]
    numbers = {one.number for one in held}
    if by is None:
        yield Receipt(why=Why.NOBODY)
    elif None in reached or None in read or len(read) > 1:
        yield Receipt(why=Why.MISSHAPEN)
    elif reached or read:
        yield Receipt(by, sent * 1000, _first(sent, reached), _first(sent, read))
    elif _DISPUTED in numbers:
        yield Receipt(why=Why.DISPUTED)
    if not numbers <= _EXPLAINED:
        yield Receipt(why=Why.UNEXPLAINED)


def _first(sent: int, after: Sequence[int | None]) -> int:
    several = [(sent + one) * 1000 for one in after if one is not None]
    return min(several, default=0)


def _reached(one: wire.Field) -> int | None:
    after = [inner for inner in one.inner or () if inner.number == _AFTER]
    return _seconds(after[0]) if len(after) == 1 else None


def _seconds(one: wire.Field) -> int | None:
    return one.amount if one.amount is not None and one.amount < _MOST_SECONDS else None


def _address(several: Sequence[wire.Field]) -> str | None:
    """Give the address out of its bytes, its digits two a byte."""
    held = several[0].held if len(several) == 1 else None
    if held is None or len(held) not in _SIZES or held[0] != _HIDDEN:
        return None
    digits = held[1:].hex().removesuffix(_FILLED)
    return f"{digits}@lid" if digits.isdigit() else None
