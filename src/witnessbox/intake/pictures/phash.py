"""The perceptual hash of a picture: 64 bits that stay when it is scaled or compressed again.  Pure.

The picture, 32 by 32 shades of grey, is taken apart into waves (a discrete cosine transform); each
of its 64 slowest waves is one bit: set where it is stronger than their median.  It is the "pHash"
that ImageHash computes too, so that hashes of other tools compare.  All of it is whole numbers: the
same shades give the same bits on every machine.
"""

import math

import numpy as np
import numpy.typing as npt

SIDE = 32
BITS = 64
_WAVES = 8
_PLAIN = 8  # shades of grey, of 256, between darkest and lightest; below it noise would decide
_COSINES = np.array(
    [
        [
            round(math.cos(math.pi * wave * (2 * place + 1) / (2 * SIDE)) * 2**20)
            for place in range(SIDE)
        ]
        for wave in range(_WAVES)
    ],
    np.int64,
)

Grey = npt.NDArray[np.uint8]


def phash(grey: Grey) -> str | None:
    """Hash ``SIDE`` by ``SIDE`` shades; 16 hex digits, None where they are too plain."""
    if int(grey.max()) - int(grey.min()) < _PLAIN:
        return None
    waves = (_COSINES @ grey.astype(np.int64) @ _COSINES.T).ravel()
    ordered = np.sort(waves)
    set_bits = 2 * waves > ordered[BITS // 2 - 1] + ordered[BITS // 2]
    return f"{int(''.join('1' if bit else '0' for bit in set_bits), 2):016x}"
