"""Whole numbers as SQLite writes them, many at a time."""

import numpy as np

from witnessbox.intake.sqlite.image import Bytes, Ints

MOST_BYTES = 9


def varints(data: Bytes, at: Ints) -> tuple[Ints, Ints]:
    """Read a variable-length number at each place; give the numbers and their lengths in bytes.

    ``data`` has to go on for nine bytes after every place.
    """
    first = data[at].astype(np.int64)
    values, lengths = first & 0x7F, np.ones(len(at), np.int64)
    going = np.flatnonzero(first & 0x80)
    for step in range(1, MOST_BYTES):
        if not len(going):
            break
        byte = data[at[going] + step].astype(np.int64)
        lengths[going] = step + 1
        if step == MOST_BYTES - 1:
            values[going] = values[going] << 8 | byte
            break
        values[going] = values[going] << 7 | (byte & 0x7F)
        going = going[(byte & 0x80) != 0]
    return values, lengths
