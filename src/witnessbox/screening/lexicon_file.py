"""How a lexicon is written: a table of tab-separated lines, one entry in one sense a line.  Pure.

Columns are as ``COLUMNS`` names them and the first line that is no comment repeats their names.
``(a|b)`` in an entry stands for either; the forms are made on reading.  A line that begins with
``#`` is a comment; the comment ``# instead of the shipped lexicons`` says what it says.
"""

import itertools
import re
from collections.abc import Iterable, Iterator

from witnessbox.errors import WitnessboxError
from witnessbox.screening.model import Category, Entry, EntryKind

COLUMNS = ("entry", "category", "kind", "severity", "sense", "source", "licence", "reviewed")
INSTEAD = "# instead of the shipped lexicons"
MOST_FORMS = 10_000
"""That one line's choices may make."""
MOST_ENTRIES = 1_000_000
"""Forms that one file may make."""

_CHOICE = re.compile(r"\(([^()]*)\)")
_BAD = (EntryKind.ABUSIVE, EntryKind.COARSE)
_REVIEWED = re.compile(r"no|.*\S \d{4}-\d\d-\d\d")


class LexiconError(WitnessboxError):
    """A lexicon file holds a line that cannot be read."""


def forms(pattern: str) -> Iterator[str]:
    """Write an entry's choices out."""
    parts = _CHOICE.split(pattern)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    for chosen in itertools.product(*choices):
        yield " ".join("".join(chosen).split())


def read(name: str, lines: Iterable[str]) -> Iterator[Entry]:
    """Read the entries of a lexicon file.  Raises LexiconError."""
    headed, made = False, 0
    for number, line in enumerate(lines, start=1):
        fields = line.rstrip("\r\n").split("\t")
        if line.startswith("#") or not line.strip():
            continue
        try:
            if not headed:
                headed = _is_head(fields)
            else:
                for entry in _entries(fields):
                    made += 1
                    yield entry
        except ValueError as error:
            raise LexiconError(f"{name} line {number}: {error}; mend the line") from error
        if made > MOST_ENTRIES:
            raise LexiconError(f"{name} makes over {MOST_ENTRIES:,} forms; shorten it")


def _is_head(fields: list[str]) -> bool:
    if tuple(fields) != COLUMNS:
        raise ValueError(f"the first line must name the columns, tabs between: {' '.join(COLUMNS)}")
    return True


def _entries(fields: list[str]) -> Iterator[Entry]:
    """Give the forms of one line.  Raises ValueError."""
    if len(fields) != len(COLUMNS):
        raise ValueError(f"it has {len(fields)} columns, not {len(COLUMNS)}")
    pattern, category, kind, severity, sense, source, licence, reviewed = fields
    made = Category(category), EntryKind(kind), int(severity)
    if not (1 <= made[2] <= 3 if made[1] in _BAD else made[2] == 0):
        raise ValueError(f"severity is 1 to 3 for {' and '.join(_BAD)}, else 0, not {severity}")
    if not source or not licence:
        raise ValueError("it names no source, or no licence")
    if not _REVIEWED.fullmatch(reviewed):
        raise ValueError(
            f"reviewed is 'no' or a name and a date, 'A. Reader 2026-01-31': {reviewed}"
        )
    count = 1
    for choice in _CHOICE.findall(pattern):
        count *= choice.count("|") + 1
    if count > MOST_FORMS:
        raise ValueError(f"its choices make {count:,} forms; {MOST_FORMS:,} are allowed")
    for form in forms(pattern):
        yield Entry(form, *made, source, licence, sense, reviewed)
