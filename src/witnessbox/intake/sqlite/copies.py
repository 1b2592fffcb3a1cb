"""Which pages a log or a journal holds copies of, noted as they are met: eight bytes a copy."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from witnessbox.intake.sqlite.image import Ints

_Packed = npt.NDArray[np.uint64]
_HALF = np.uint64(32)
_MASK = np.uint64((1 << 32) - 1)


@dataclass(slots=True)
class Copies:
    """Copies of pages in the order they are met, and for each page the first or the last of them.

    A copy is one number: its page's above, below it how many came before it.  The numbers lie in a
    few arrays that ascend, each less than half of the one before.
    """

    count: int = 0
    _several: list[_Packed] = field(default_factory=list)

    def add(self, pages: Ints) -> None:
        """Note the next copies; one of page 0 is none."""
        nth = np.arange(self.count, self.count + len(pages), dtype=np.uint64)
        self.count += len(pages)
        packed = pages.astype(np.uint64) << _HALF | nth
        packed = packed[pages > 0]
        packed.sort()
        while self._several and len(self._several[-1]) <= 2 * len(packed):
            packed = np.concatenate([self._several.pop(), packed])
            packed.sort()
        self._several.append(packed)

    def any_of(self, pages: Ints) -> bool:
        """Say whether a copy of any of these pages was noted."""
        least = pages[pages > 0].astype(np.uint64) << _HALF
        for packed in self._several if len(least) else ():
            at = np.minimum(np.searchsorted(packed, least), max(len(packed) - 1, 0))
            if len(packed) and (packed[at] >> _HALF == least >> _HALF).any():
                return True
        return False

    def first(self) -> tuple[Ints, Ints]:
        """Give the pages, ascending, and which copy is the first of each; nothing is left here."""
        return self._chosen(last=False)

    def last(self) -> tuple[Ints, Ints]:
        """Give the pages, ascending, and which copy is the last of each; nothing is left here."""
        return self._chosen(last=True)

    def _chosen(self, *, last: bool) -> tuple[Ints, Ints]:
        packed = np.concatenate([np.empty(0, np.uint64), *self._several])
        self._several = []
        if not len(packed):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        packed.sort()
        pages = packed >> _HALF
        edges = pages[1:] != pages[:-1]
        packed = packed[np.append(edges, True) if last else np.append(True, edges)]
        pages = packed >> _HALF
        packed &= _MASK
        return pages.view(np.int64), packed.view(np.int64)
