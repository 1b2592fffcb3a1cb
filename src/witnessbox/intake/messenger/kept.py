"""A file walked once: what is kept of it until the whole file has been seen.

Most of a file is kept as columns already, which need less memory than its bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from witnessbox.intake.json_spans import Run, Stretch, held_bytes
from witnessbox.intake.messenger.runs import Made, parts_of


@dataclass(slots=True)
class Kept:
    """The stretches of a file in order, as long as all of them fit.

    ``plain`` where messages of words alone may be put into columns at once.
    """

    room_bytes: int
    plain: bool
    _parts: list[Stretch | Run | Made] = field(default_factory=list)

    def through(self, stretches: Iterable[Stretch | Run]) -> Iterator[Stretch | Run | Made]:
        """Let stretches through, as columns where they are kept as such; keep them, or let go."""
        for stretch in stretches:
            for part in self._parts_of(stretch):
                self._keep(part)
                yield part

    def _keep(self, part: Stretch | Run | Made) -> None:
        """Keep one more; where there is no room for it, let go of all."""
        self.room_bytes -= part.held_bytes if isinstance(part, Made) else held_bytes(part)
        if self.room_bytes > 0:
            self._parts.append(part)
        else:
            self._parts.clear()

    def serves(self, *, mend: bool) -> bool:
        """Say whether what is kept was read as the whole file shows it should be."""
        made = (one for one in self._parts if isinstance(one, Made))
        return self.room_bytes > 0 and all(one.texts.mend == mend for one in made)

    def given(self) -> Iterator[Stretch | Run | Made]:
        """Give everything in order, letting go of each."""
        self._parts.reverse()
        while self._parts:
            yield self._parts.pop()

    def _parts_of(self, stretch: Stretch | Run) -> list[Stretch | Run | Made]:
        """Make columns of a run; of an encrypted chat it shows later how its strings are read."""
        if not isinstance(stretch, Run) or not self.plain or self.room_bytes <= 0:
            return [stretch]
        return [stretch] if b'"senderName"' in stretch.piece(0) else [*parts_of(stretch, mend=True)]
