"""What an iPhone's blobs gave: how much of it is read, and why the rest is not.

Nobody has published a definition of them, so both are said of every database: the one as a note,
the other reason by reason with a first example.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.database.columns import Same, Spoken
from witnessbox.intake.sqlite.image import Ints


class Why(IntEnum):
    """Why something is not read."""

    READ = 0  # nothing speaks against it
    BROKEN = 1
    UNSENT = 2
    NOBODY = 3
    MISSHAPEN = 4
    DISPUTED = 5
    UNEXPLAINED = 6
    NOT_OURS = 7
    UNTIMELY = 8
    STRANGER = 9
    NO_POLL = 10
    NO_CHOICE = 11
    CROWDED = 12
    LONG = 13


WHAT = {
    Why.BROKEN: "a blob of receipts that breaks off or is no blob",
    Why.UNSENT: "a receipt beside which no moment of sending stands, from which it would count",
    Why.NOBODY: "a receipt whose recipient is written in a way nobody has explained",
    Why.MISSHAPEN: "a receipt whose fields are not written as they are known",
    Why.DISPUTED: "a delivery counted in field 9, which readers take for minutes or for seconds",
    Why.UNEXPLAINED: "a field of a receipt that nobody has explained; the rest of it is read",
    Why.NOT_OURS: "a receipt of a message that was not sent from this phone",
    Why.UNTIMELY: "a receipt whose times do not go with its message's",
    Why.STRANGER: (
        "a receipt of somebody the database does not know; it may be a device of the owner"
    ),
    Why.NO_POLL: "a poll whose question or options are not written as they are known",
    Why.NO_CHOICE: "a vote that is not written as votes are known, or for an option not there",
    Why.LONG: "a blob of more than 1 MiB, which is no such blob as is known",
    Why.CROWDED: "receipts beside of a message whose identity too many messages bear",
}
RECEIPTS, VOTES = "receipts", "votes"
WORD = {
    RECEIPTS: "one reader has held this reading against a phone",
    VOTES: "one reader reads them so; another agrees on the question and the options",
}
"""On whose word things are read."""

_NOTES = frozenset((Why.STRANGER,))
_POLLS = frozenset((Why.NO_POLL, Why.NO_CHOICE))


@dataclass(slots=True)
class Blobs:
    """What was met in a database's blobs; of what is not read, the first with its message."""

    read: Counter[str] = field(default_factory=Counter)
    count: Counter[Why] = field(default_factory=Counter)
    first: dict[Why, tuple[int, str, int]] = field(default_factory=dict)

    def note(self, spoken: Spoken, owner: Ints, why: Ints) -> None:
        """Tell of things of messages, each with the place of its message in a batch."""
        for one in np.unique(why[why > 0]).tolist():
            mine = owner[why == one]
            self.count[Why(one)] += len(mine)
            k = int(mine[0])
            place = int(spoken.start[k]), spoken.table, int(spoken.row[k])
            self.first.setdefault(Why(one), place)

    def problems(self, same: Same) -> Iterator[Problem]:
        """Say what is read on whose word, and what is not read, each reason once."""
        for noun, count in sorted(self.read.items()):
            what = (
                f"{noun} read out of blobs that have no published definition: {count}; {WORD[noun]}"
            )
            yield same.problem((0, 0), "blob-reading", what, Severity.NOTE)
        for why, count in sorted(self.count.items()):
            start, table, row = self.first[why]
            more = f" ({count} of them; the first belongs to this message)" if count > 1 else ""
            severity = Severity.NOTE if why in _NOTES else Severity.DOUBT
            what = f"not read: {WHAT[why]}{more}"
            code = "poll-unread" if why in _POLLS else "receipt-unread"
            yield same.problem((start, start), code, what, severity, (table, row))
