"""A file of known data as it grows: its records, and what stands around them."""

from dataclasses import dataclass, field

from witnessbox.validation.model import DataSet, Expected, Known, Record, Talk

Cannot = tuple[tuple[str, str], ...]
"""The elements a format cannot hold, and why."""


@dataclass(slots=True)
class Growing:
    """One talk on its way into one file."""

    talk: Talk
    cannot: Cannot = ()
    records: list[Record] = field(default_factory=list)
    end: int = 0  # where the next bytes will stand
    _parts: list[bytes] = field(default_factory=list)

    @property
    def unsupported(self) -> Cannot:
        """Give what this talk is about and the format cannot hold."""
        return tuple(one for one in self.cannot if one[0] in self.talk.elements)

    @property
    def said(self) -> tuple[Known, ...]:
        """Give what the format can hold, in order of time."""
        left_out = frozenset(code for code, _ in self.unsupported)
        return tuple(known for known in self.talk.said if known.element not in left_out)

    def around(self, data: bytes) -> None:
        """Write what is of no record."""
        self._parts.append(data)
        self.end += len(data)

    def record(self, element: str, data: bytes, expected: Expected) -> None:
        """Write one record."""
        start = self.end
        self.around(data)
        self.records.append(Record(element, start, self.end, expected))

    def data_set(self, way: str, name: str, beside: tuple[tuple[str, bytes], ...] = ()) -> DataSet:
        """Give the whole file."""
        data = b"".join(self._parts)
        return DataSet(
            way, self.talk.title, name, data, tuple(self.records), self.unsupported, beside
        )
