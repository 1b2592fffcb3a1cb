"""What the benchmarks of phones' databases share: how one is measured, set out and frozen."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.intake.pages import Figure, figures_table
from benchmarks.intake.run import HERE, measure

_OURS = """
import os
from witnessbox.intake.parser import Assumption, Source
from witnessbox.intake.parsers import {parser}
def read(path):
    source = Source("0" * 64, path, os.path.getsize(path), lambda: open(path, "rb"))
    batches = {parser}.parse(source, Assumption("Europe/London", "benchmark"))
    return sum(
        rows.num_rows
        for batch in batches
        for rows in {counted}
        if rows is not None
    )
"""
_FLOOR = """
import sqlite3
def read(path):
    opened = sqlite3.connect(f"file:{{path}}?mode=ro&immutable=1", uri=True)
    return len(opened.execute("{query}").fetchall())
"""
_TOLD = (
    "Ours fill every column with each row's place in the file, read what belongs to messages",
    "and look for traces of deletion.",
)


@dataclass(frozen=True, slots=True)
class Database:
    """One app's database: how it is written, who reads it, and what the page says of that.

    ``query`` is the floor: the rows of one table out of SQLite.  ``counted`` are the tables of a
    batch whose rows are counted, as Python.
    """

    title: str
    file: str
    parser: str
    query: str
    write: Callable[[Path, int], None]
    messages: int = 1_000_000
    noun: str = "messages"
    counted: str = "(batch.messages,)"
    told: tuple[str, ...] = _TOLD  # lines

    def figures(self, path: Path, runs: int = 3) -> list[Figure]:
        """Measure ours and the floor."""
        ours = _OURS.format(parser=self.parser, counted=self.counted), "read(path)"
        floor = _FLOOR.format(query=self.query), "read(path)"
        return [
            measure("Witnessbox", ours, sys.executable, path, runs),
            measure("sqlite3, one table as tuples (floor)", floor, sys.executable, path, runs),
        ]

    def page(self, found: list[Figure], messages: int, size_bytes: int) -> str:
        """Set the figures out."""
        lines = [
            f"# {self.title}",
            "",
            f"{messages:,} {self.noun}, {size_bytes:,} bytes, generated.",
            "2 virtual CPUs, shared with other work; CPU seconds of reading alone.",
            *self.told,
            "",
            *figures_table(found, messages),
        ]
        return "\n".join(lines) + "\n"

    def main(self, page: str) -> None:
        """Measure, print, and freeze on request under the page's name."""
        parser = argparse.ArgumentParser(description=self.title)
        parser.add_argument("--messages", type=int, default=self.messages)
        parser.add_argument("--freeze", action="store_true", help=f"write {page}")
        wanted = parser.parse_args()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / self.file
            self.write(path, wanted.messages)
            text = self.page(self.figures(path), wanted.messages, path.stat().st_size)
        print(text)
        if wanted.freeze:
            (HERE / page).write_text(text)
