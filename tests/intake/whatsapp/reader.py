"""Reads invented exports for tests: text in, plain rows out."""

import io
from typing import Any

from witnessbox.intake.parser import Assumption, Batch, Source
from witnessbox.intake.parsers import whatsapp_text
from witnessbox.intake.whatsapp import reading
from witnessbox.intake.whatsapp.memory import MOST_HEADS

LONDON = Assumption("Europe/London", "for the test")
EXHIBIT = "e" * 64
_TABLES = ("messages", "problems", "participants", "attachments", "memberships")
Row = dict[str, Any]


def source(data: bytes, name: str = "chat.txt") -> Source:
    """Make a source of bytes in memory."""
    return Source(EXHIBIT, name, len(data), lambda: io.BytesIO(data))


class Read:
    """Every row of every batch of one export."""

    def __init__(
        self,
        export: str | bytes,
        name: str = "chat.txt",
        zone: str = "Europe/London",
        *,
        chunk_bytes: int = 2 << 20,
        careful: bool = False,
        most_kept: int = MOST_HEADS,
    ) -> None:
        self.data = export.encode() if isinstance(export, str) else export
        batches = list(
            reading.read(
                source(self.data, name),
                Assumption(zone, "for the test"),
                whatsapp_text.FORMAT.label,
                chunk_bytes=chunk_bytes,
                careful=careful,
                most_kept=most_kept,
            )
        )
        self.tables = {table: _rows(batches, table) for table in _TABLES}

    @property
    def messages(self) -> list[Row]:
        return self.tables["messages"]

    @property
    def problems(self) -> list[Row]:
        return self.tables["problems"]

    def column(self, name: str) -> list[Any]:
        """Give one column of the messages."""
        return [row[name] for row in self.messages]

    @property
    def codes(self) -> list[str]:
        return [row["code"] for row in self.problems]

    @property
    def times(self) -> list[str | None]:
        """Give the wall times as text."""
        walls = self.column("wall_at")
        return [None if wall is None else f"{wall:%Y-%m-%d %H:%M:%S}" for wall in walls]

    def untiled(self) -> bytes:
        """Give what tiling leaves over: nothing, if spans tile the file."""
        spans = sorted(
            (row["start"], row["end"])
            for row in (*self.messages, *self.problems)
            if row["start"] < row["end"]
        )
        if not spans:
            return self.data
        ends = [0, *(end for _, end in spans)]
        starts = [*(start for start, _ in spans), len(self.data)]
        assert all(end <= start for end, start in zip(ends, starts, strict=True)), "overlap"
        gaps = zip(ends, starts, strict=True)
        return b"".join(self.data[end:start] for end, start in gaps)


def _rows(batches: list[Batch], table: str) -> list[Row]:
    parts = [getattr(batch, table) for batch in batches]
    return [row for part in parts if part is not None for row in part.to_pylist()]
