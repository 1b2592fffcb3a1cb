"""Fields of many protobuf blobs at once, as columns.  Pure.

Method: all blobs are gone through side by side, one field of each at a time; where few are left
that have more, each of those is gone through by itself.  A blob that breaks off gives the fields
before the break.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from witnessbox.intake.chatstorage import wire
from witnessbox.intake.sqlite.image import Flags, Ints

Bytes = npt.NDArray[np.uint8]

_FEW = 16
_MOST_VARINT = 10
_MORE = 0x80
_FIXED = np.array([wire.FIXED.get(sort, 0) for sort in range(8)])
_KNOWN = np.array([sort in {wire.VARINT, wire.BYTES, *wire.FIXED} for sort in range(8)])
PADDING = bytes(32)
"""What must follow the last blob, so that no number is sought beyond the end."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields of many blobs, those of one blob in their order."""

    owner: Ints  # which blob
    number: Ints
    sort: Ints  # how it is written
    amount: Ints  # the whole number, where it is one
    start: Ints  # of what it holds
    end: Ints

    def only(self, chosen: Flags) -> "Fields":
        """Keep some of the fields."""
        columns = (self.owner, self.number, self.sort, self.amount, self.start, self.end)
        return Fields(*(column[chosen] for column in columns))

    def of(self, number: int) -> "Fields":
        """Keep those of one number."""
        return self.only(self.number == number)


def walk(data: Bytes, start: Ints, end: Ints) -> tuple[Fields, Flags]:
    """Give the fields of blobs that begin and end there, and which blobs are not whole."""
    at, broken = start.copy(), np.zeros(len(start), np.bool_)
    going = np.flatnonzero(start < end)
    found = [np.empty((6, 0), np.int64)]
    while len(going) > _FEW:
        part, sound = _step(data, at[going], end[going])
        broken[going[~sound]] = True
        going, part = going[sound], part[:, sound]
        at[going] = part[-1]
        found.append(np.vstack([going, part]))
        going = going[at[going] < end[going]]
    for k in going.tolist():
        rest, broken[k] = _rest(data[at[k] : end[k]].tobytes(), k, int(at[k]))
        found.append(rest)
    columns = np.concatenate(found, axis=1)
    return Fields(*columns[:, np.argsort(columns[0], kind="stable")]), broken


def _step(data: Bytes, at: Ints, end: Ints) -> tuple[Ints, Flags]:
    """Read one field of each blob: number, sort, amount, start, end; and say where there is one."""
    tag, after, sound = _varints(data, at, end)
    number, sort = tag >> 3, tag & 7
    sound &= (number > 0) & (number <= wire.MOST_NUMBER) & _KNOWN[sort]
    counted = (sort == wire.VARINT) | (sort == wire.BYTES)
    amount, beyond, whole = _varints(data, after, end)
    sound &= whole | ~counted
    start = np.where(sort == wire.BYTES, beyond, after)
    room = end - start
    size = np.where(sort == wire.BYTES, amount, _FIXED[sort])
    sound &= (size >= 0) & (size <= room)
    stop = np.where(sort == wire.VARINT, beyond, start + np.where(sound, size, 0))
    return np.vstack([number, sort, np.where(sort == wire.VARINT, amount, 0), start, stop]), sound


def _varints(data: Bytes, at: Ints, end: Ints) -> tuple[Ints, Ints, Flags]:
    """Read one number of each blob: it, where it ends, and whether it does."""
    first = data[at]
    value, after = (first & 0x7F).astype(np.int64), at + 1
    more = np.flatnonzero(first >= _MORE)
    for nth in range(1, _MOST_VARINT):
        if not len(more):
            break
        byte = data[at[more] + nth]
        value[more] |= (byte & 0x7F).astype(np.int64) << (7 * nth)
        after[more] += 1
        more = more[byte >= _MORE]
    sound = after <= end
    sound[more] = False
    return value, after, sound


def _rest(blob: bytes, owner: int, begin: int) -> tuple[Ints, bool]:
    """Go through one blob by itself."""
    rows, at = [], 0
    for one in wire.spans(blob):
        rows.append((owner, one.number, one.sort, one.amount, begin + one.start, begin + one.end))
        at = one.end
    return np.array(rows, np.int64).reshape(-1, 6).T, at < len(blob)
