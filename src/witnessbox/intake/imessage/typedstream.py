"""The words out of a typedstream, in which Apple keeps a message's text with its styles.  Pure.

Method: the archive as ``NSArchiver`` writes it.  ::

    04 0b "streamtyped" 81 e8 03       version 4, system 1000
    84 01 "@"                          what follows is an object
    84 84 84 12 "NSAttributedString"   a new object of a new class, with its version and parents
    92 84 84 84 08 "NSString" …        its first part is an object: the string
    84 01 "+" 05 "Hello"               its bytes, in UTF-8, with their number before them

Only the way to the first string is read, the styles behind it are not.  A number is one byte, or
two after ``81``, or four after ``82``.  Anything that is not built like this has no words here.
"""

import numpy as np

from witnessbox.intake.sqlite.columns import windows
from witnessbox.intake.sqlite.image import Bytes, Flags, Ints

_HEAD = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@"
_NEW, _NIL, _SAME_TYPE, _FIRST_REFERENCE = 0x84, 0x85, 0x92, 0x92
_SHORT, _LONG = 0x81, 0x82
_STRINGS = frozenset((b"NSString", b"NSMutableString"))
_STYLED = frozenset((b"NSAttributedString", b"NSMutableAttributedString"))
_BYTES_FOLLOW = b"\x84\x01+"
_MOST_CLASSES = 6


def _usual(styled: bytes, string: bytes, parent: bytes) -> bytes:
    root = b"\x84\x84\x08NSObject\x00\x85"
    return _HEAD + b"\x84\x84" + styled + root + b"\x92\x84\x84" + string + parent + _BYTES_FOLLOW


USUAL = (
    _usual(b"\x84\x12NSAttributedString\x00", b"\x84\x08NSString\x01", b"\x94"),
    _usual(
        b"\x84\x19NSMutableAttributedString\x00\x84\x84\x12NSAttributedString\x00",
        b"\x84\x0fNSMutableString\x01\x84\x84\x08NSString\x01",
        b"\x95",
    ),
)
"""How nearly all begin, up to the number of bytes; told without taking them apart."""


def usual_words(data: Bytes, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Find the words of many archives at once: where they begin, and how many bytes they are.

    The size is -1 where an archive has to be taken apart by itself.
    """
    at, size = np.zeros(len(start), np.int64), np.full(len(start), -1, np.int64)
    for usual in USUAL:
        few = np.flatnonzero((size < 0) & (end - start > len(usual) + 2))
        one = few[_begins(data, start[few], usual)]
        place = start[one] + len(usual)
        first = data[place].astype(np.int64)
        two = data[place + 1].astype(np.int64) | data[place + 2].astype(np.int64) << 8
        wide = first == _SHORT
        found, begin = np.where(wide, two, first), place + np.where(wide, 3, 1)
        whole = (wide | (first < _SHORT - 1)) & (begin + found <= end[one])
        at[one[whole]], size[one[whole]] = begin[whole], found[whole]
    return at, size


def _begins(data: Bytes, at: Ints, head: bytes) -> Flags:
    """Say at which places these bytes stand, eight of them at a time."""
    count = len(head) // 8
    first = windows(data, f"V{count * 8}")[at].view(np.uint64).reshape(-1, count)
    last = windows(data, "<u8")[at + len(head) - 8] == int.from_bytes(head[-8:], "little")
    found: Flags = (first == np.frombuffer(head, np.uint64, count)).all(axis=1) & last
    return found


def words(blob: bytes) -> bytes | None:
    """Give the bytes of the first string; None where the blob is not built so, or breaks off."""
    for usual in USUAL:
        if blob.startswith(usual):
            return _string(blob, len(usual))
    if not blob.startswith(_HEAD):
        return None
    found = _classes(blob, len(_HEAD))
    if found is not None and found[0] & _STYLED and blob[found[1] : found[1] + 1] == b"\x92":
        found = _classes(blob, found[1] + 1)
    if found is None or not found[0] & _STRINGS or not blob.startswith(_BYTES_FOLLOW, found[1]):
        return None
    return _string(blob, found[1] + len(_BYTES_FOLLOW))


def _classes(blob: bytes, at: int) -> tuple[frozenset[bytes], int] | None:
    """Read a new object's classes; give their names and where the object's parts begin."""
    if blob[at : at + 1] != b"\x84":
        return None
    names: list[bytes] = []
    at += 1
    while blob[at : at + 2] == b"\x84\x84" and len(names) < _MOST_CLASSES:
        size = blob[at + 2] if at + 2 < len(blob) else _LONG
        if size >= _SHORT - 1:  # no class has so long a name
            return None
        names.append(blob[at + 3 : at + 3 + size])
        at += 3 + size + 1  # and the class's version, one byte for all that are known
    end = blob[at : at + 1]
    if end and (end[0] == _NIL or end[0] >= _FIRST_REFERENCE):
        return frozenset(names), at + 1
    return None


def _string(blob: bytes, at: int) -> bytes | None:
    first = blob[at] if at < len(blob) else _NIL
    width = {_SHORT: 2, _LONG: 4}.get(first, 0)
    size = int.from_bytes(blob[at + 1 : at + 1 + width], "little") if width else first
    at += 1 + width
    if at + size > len(blob) or (not width and _SHORT - 1 <= first < _FIRST_REFERENCE):
        return None
    return blob[at : at + size]
