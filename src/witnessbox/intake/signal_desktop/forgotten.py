"""Words that the search index has not forgotten of messages that are gone, as traces."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from witnessbox.intake.database.traces import MOST_SHOWN, Living, Trace
from witnessbox.intake.numbered import Numbered, Runs
from witnessbox.intake.signal_desktop.doclists import (
    Leaves,
    Posting,
    positions,
    segment_of,
    text_of,
)
from witnessbox.intake.sqlite.tables import Tables

INDEXED = "messages_fts_content"
"""The table that keeps the texts the index was given."""

MOST_ROWS = 10_000
"""Messages that are gone whose words in the search index are told."""

MOST_WORDS = 1 << 19
"""Words in the search index that are told of all these messages together."""

_DATA = "messages_fts_data"
_MOST_WORDS = 1_000
_LAST_ROW = (1 << 63) - 1


@dataclass(slots=True)
class _Words:
    """What the index knows of one message, and the page that says so first."""

    place: tuple[int, int, int]
    ordered: dict[tuple[int, int], str] = field(default_factory=dict)
    loose: dict[str, None] = field(default_factory=dict)

    def add(self, posting: Posting, segment: int) -> None:
        """Take in one word."""
        word = text_of(posting.word)
        if word is not None and len(self.ordered) + len(self.loose) < _MOST_WORDS:
            self.ordered.update({(segment, one): word for one in positions(posting.places)})
            self.loose[word] = None

    def said(self) -> str:
        """Give the words in the order in which they stood, then those of which it is not known."""
        words = [self.ordered[place] for place in sorted(self.ordered)]
        known = frozenset(words)
        return " ".join([*words, *(one for one in self.loose if one not in known)])[:MOST_SHOWN]


@dataclass(slots=True)
class _Gone:
    """The messages that are not there and yet in the index."""

    there: Runs
    words: dict[int, _Words] = field(default_factory=dict)
    more: bool = False
    count: int = 0  # of words
    cut: bool = False

    def read(self, postings: Iterator[Posting], place: tuple[int, int, int]) -> None:
        """Take in what one page of the index says."""
        several = list(postings)
        # No message has a number beyond; what a damaged page makes up may be.
        rows = np.array([min(one.row, _LAST_ROW) for one in several], np.int64)
        for k in np.flatnonzero(~self.there.bear(rows) | (rows == _LAST_ROW)).tolist():
            self.add(several[k], place)

    def add(self, posting: Posting, place: tuple[int, int, int]) -> None:
        """Take in one word of one row."""
        if posting.row not in self.words and len(self.words) == MOST_ROWS:
            self.more = True
            return
        if self.count == MOST_WORDS:
            self.cut = True
            return
        self.count += 1
        known = self.words.setdefault(posting.row, _Words(place))
        known.add(posting, segment_of(place[2]))


def index_words(tables: Tables, living: Living) -> Iterator[Trace]:
    """Find messages that are gone whose words the search index has not forgotten."""
    there = Numbered()
    for runs in living.rows.runs():
        there.note_runs(runs)
    for rows in tables.rows(INDEXED, ("id",), shared=True):
        there.note(rows.rowid, rows.rowid, rows.start)  # told with the text the index was given
    gone = _Gone(there.together())
    leaves = Leaves()
    for rows in tables.rows(_DATA, ("block",), shared=True):
        places = zip(rows.start.tolist(), rows.end.tolist(), rows.rowid.tolist(), strict=True)
        for place, block in zip(places, rows.blobs("block").to_pylist(), strict=True):
            gone.read(leaves.read(place[2], block or b""), place)
    for row, known in sorted(gone.words.items()):
        start, end, page = known.place
        what = f"the search index knows words of message {row}, which is not there, "
        what += f"in its own spelling: “{known.said()}”"
        yield start, end, _DATA, page, "index-words", what
    if gone.cut:
        what = f"the search index knows more than {MOST_WORDS:,} words of messages that are gone; "
        what += "the others are not told"
        yield 0, 0, _DATA, None, "index-words", what
    if gone.more:
        what = f"the search index knows words of more than {MOST_ROWS:,} messages that are gone"
        yield 0, 0, _DATA, None, "index-words", what
