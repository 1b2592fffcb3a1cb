"""Hold a parser to its word: the spans of an exhibit's messages and problems tile it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from witnessbox.errors import WitnessboxError
from witnessbox.intake.parser import Batch

Ints = npt.NDArray[np.int64]


class TilingError(WitnessboxError):
    """Some byte of an exhibit lies in no span, or in two; none of its messages are kept."""


@dataclass(slots=True)
class Tiling:
    """How far the spans seen so far reach, batch after batch."""

    name: str
    parser: str
    reached: int = 0

    def take(self, batch: Batch) -> None:
        """Add a batch.  Raises TilingError where it leaves a gap, overlaps or looks back."""
        starts, ends = _spans(batch.messages)
        if (starts >= ends).any():
            self._fail(int(starts[starts >= ends][0]), "a message without bytes")
        problem_starts, problem_ends = _spans(batch.problems)
        owning = problem_ends > problem_starts
        starts = np.concatenate([starts, problem_starts[owning]])
        ends = np.concatenate([ends, problem_ends[owning]])
        if not len(starts):
            return
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
        expected = np.concatenate([[self.reached], ends[:-1]])
        wrong = np.flatnonzero(starts != expected)
        if len(wrong):
            found, should = int(starts[wrong[0]]), int(expected[wrong[0]])
            self._fail(should, f"a span begins at {found}, the one before ends at {should}")
        self.reached = int(ends[-1])

    def finish(self, size_bytes: int) -> None:
        """Close the tiling.  Raises TilingError where it does not reach the exhibit's end."""
        if self.reached != size_bytes:
            self._fail(self.reached, f"spans end there, the exhibit has {size_bytes} bytes")

    def _fail(self, at: int, what: str) -> None:
        raise TilingError(
            f"{self.name} cannot be extracted: parser {self.parser} does not explain byte {at} "
            f"({what}); report this, the exhibit itself is safe in the vault"
        )


def _spans(batch: Any) -> tuple[Ints, Ints]:
    if batch is None:
        nothing = np.empty(0, np.int64)
        return nothing, nothing
    return batch.column("start").to_numpy(), batch.column("end").to_numpy()
