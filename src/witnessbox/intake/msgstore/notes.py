"""What is to be known of a message beside its words: seen once, sent on, who is meant.

All are notes: they take nothing from the message and add nothing to its text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.database.columns import Names, Same, Spoken
from witnessbox.intake.database.keyed import Kept, Keyed, keyed
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.database.traces import Living
from witnessbox.intake.sqlite.tables import Tables


@dataclass(frozen=True, slots=True)
class Marks:
    """Tables that mark messages."""

    once: Kept
    sent_on: Kept
    meant: Kept


def marks_of(tables: Tables) -> Marks:
    """Read the tables that mark messages."""
    return Marks(
        keyed(tables, "message_view_once_media", "message_row_id", ("state",)),
        keyed(tables, "message_forwarded", "message_row_id", ("forward_score",)),
        keyed(tables, "message_mentions", "message_row_id", ("jid_row_id",), ("display_name",)),
    )


def notes(
    spoken: Spoken, marks: Marks, people: People, names: Names, same: Same
) -> Iterator[Problem]:
    """Say which messages of a batch were to be seen once or sent on, and whom they mention."""
    once, sent_on = marks.once.near(spoken.row), marks.sent_on.near(spoken.row)
    at, there = once.first(spoken.row)
    for k in np.flatnonzero(there).tolist():
        what = "its file was to be seen once; the database gives it state "
        what += str(int(once.numbers["state"][at[k]]))
        yield _note(spoken, k, "view-once", what, same)
    at, there = sent_on.first(spoken.row)
    for k in np.flatnonzero(there).tolist():
        score = int(sent_on.numbers["forward_score"][at[k]])
        what = f"forwarded; the database gives it a score of {score}"
        yield _note(spoken, k, "forwarded", what, same)
    meant = marks.meant.near(spoken.row)
    listed, owner = meant.of(spoken.row)
    who = people.by_row(meant.numbers["jid_row_id"][listed])
    first = np.flatnonzero(np.diff(owner, prepend=-1)).tolist()
    for begin, end in pairwise([*first, len(owner)]):
        named = [
            _meant(meant, int(listed[one]), int(who[one]), people, names)
            for one in range(begin, end)
        ]
        what = f"mentions {', '.join(dict.fromkeys(named))}"
        yield _note(spoken, int(owner[begin]), "mention", what, same)


def _meant(meant: Keyed, row: int, place: int, people: People, names: Names) -> str:
    if place == NOBODY:
        return meant.texts["display_name"][row].as_py() or "somebody the database does not name"
    name: str = names.names[int(names.name_place[place])].as_py()
    raw = people.raw[place]
    return name if name == people.shown(raw) else f"{name} ({people.shown(raw)})"


def _note(spoken: Spoken, k: int, code: str, what: str, same: Same) -> Problem:
    at = int(spoken.start[k])
    return same.problem((at, at), code, what, Severity.NOTE, (spoken.table, int(spoken.row[k])))


def timed(tables: Tables, living: Living, same: Same) -> Iterator[Problem]:
    """Say how many messages that are there were set to disappear."""
    held, taken = 0, living.rows.taken()
    for rows in tables.rows("message_ephemeral", ("message_row_id",), shared=True):
        held += int(taken.among(rows.numbers("message_row_id", -1)).sum())
    if held:
        one = "1 message here was" if held == 1 else f"{held} messages here were"
        what = f"{one} set to disappear after a time; others of their like may have done so"
        yield same.problem((0, 0), "disappearing", what, Severity.NOTE)
