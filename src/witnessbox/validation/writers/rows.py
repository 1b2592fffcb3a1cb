"""Databases of known data, and where in them each row lies, worked out from what was written.

SQLite itself writes the file.  Where a row lies is found by its bytes, which are put together here
from its values as the "Database File Format" says, apart from the reader that is to be validated.
"""

import sqlite3
import struct
from collections.abc import Sequence
from contextlib import closing

Value = int | float | str | bytes | None
_PAGE_BYTES = 4096
_MOST_WHOLE = 1 << 47  # of reals that are written as whole numbers
_VERSIONS = slice(92, 100)  # which SQLite wrote the file, told twice in its head


def database(schema: str, rows: Sequence[tuple[str, Sequence[Value]]]) -> bytes:
    """Write rows, each with its table, in the order given; the same rows are the same bytes."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.execute(f"PRAGMA page_size={_PAGE_BYTES}")
        opened.executescript(schema)
        opened.execute("BEGIN")
        for table, values in rows:
            marks = ",".join("?" * len(values))
            opened.execute(f"INSERT INTO {table} VALUES({marks})", tuple(values))
        opened.execute("COMMIT")
        data = bytearray(opened.serialize())
    data[_VERSIONS] = bytes(8)
    return bytes(data)


def span_of(data: bytes, values: Sequence[Value]) -> tuple[int, int]:
    """Find a row whose first value is its row id; give the bytes of its cell on its page."""
    row = values[0]
    if not isinstance(row, int):
        raise TypeError("a row begins with its row id")
    payload = _record([None, *values[1:]])
    head = _varint(len(payload)) + _varint(row)
    local = _local(len(payload))
    cell = head + payload[:local]
    start = data.index(cell)
    return start, start + len(cell) + (4 if local < len(payload) else 0)


def _local(size: int) -> int:
    """Give how many bytes of a payload stand on the page of its cell."""
    most = _PAGE_BYTES - 35
    if size <= most:
        return size
    least = (_PAGE_BYTES - 12) * 32 // 255 - 23
    spread = least + (size - least) % (_PAGE_BYTES - 4)
    return spread if spread <= most else least


def _record(values: Sequence[Value]) -> bytes:
    written = [_stored(value) for value in values]
    kinds = b"".join(_varint(kind) for kind, _ in written)
    # The head's own length counts, and may take a second byte.
    size = len(kinds) + 1
    size += len(_varint(size)) - 1
    return _varint(size) + kinds + b"".join(piece for _, piece in written)


def _stored(value: Value) -> tuple[int, bytes]:
    if value is None:
        return 0, b""
    if isinstance(value, str):
        piece = value.encode()
        return 13 + 2 * len(piece), piece
    if isinstance(value, bytes):
        return 12 + 2 * len(value), value
    if isinstance(value, float) and not (value.is_integer() and abs(value) < _MOST_WHOLE):
        return 7, struct.pack(">d", value)
    return _whole(int(value))


def _whole(value: int) -> tuple[int, bytes]:
    if value in (0, 1):
        return 8 + value, b""
    for kind, size in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 6), (6, 8)):
        if -(1 << (8 * size - 1)) <= value < 1 << (8 * size - 1):
            return kind, value.to_bytes(size, "big", signed=True)
    raise ValueError(f"{value} is no number a database holds")


def _varint(value: int) -> bytes:
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))
