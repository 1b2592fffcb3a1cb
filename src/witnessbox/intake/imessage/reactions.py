"""Tapbacks and votes: rows of ``message`` that hang on another, which may stand anywhere.

They are read before all else.  A tapback whose message the exhibit tells is a reaction of that, and
its row a note that owns the row's bytes: nobody saw a message there.  A tapback whose message is
not there is a message of its own, with the words it repeats of the other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Same, Spoken
from witnessbox.intake.database.people import NOBODY, OWNER, People
from witnessbox.intake.database.reading import Chosen
from witnessbox.intake.imessage import codes, times
from witnessbox.intake.imessage.identities import Identities, among
from witnessbox.intake.imessage.people import Addresses, Roster
from witnessbox.intake.imessage.spoken import MESSAGE, bare, is_reaction, placed
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

HANGING = (
    *("guid", "madrid_guid", "handle_id", "is_from_me", "date", "cache_roomnames"),
    *("associated_message_type", "associated_message_guid", "associated_message_emoji"),
)


@dataclass(frozen=True, slots=True)
class Hung:
    """One row that hangs on another: a mark, a mark taken back, or a vote (without a mark)."""

    row: int
    to: str
    actor: str | None
    mark: str | None
    removed: bool
    at_ms: int


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on messages of this exhibit, and all messages by identity."""

    known: Identities
    rows: Ints  # of tapbacks that are told in another message, ascending
    told: Mapping[int, tuple[Hung, int]]  # by those rows; and the row each is told in
    marks: "_Under"  # but for those taken back
    votes: "_Under"

    def of(self, rows: Ints) -> Flags:
        """Say which rows are tapbacks that are told in another message."""
        return among(rows, self.rows)


@dataclass(frozen=True, slots=True)
class _Under:
    """What hangs under messages, by their rows."""

    rows: Ints  # ascending
    hung: Mapping[int, Sequence[Hung]]


def hanging_of(
    tables: Tables, people: Addresses, roster: Roster, wanted: Sequence[str], chosen: Chosen | None
) -> Hanging:
    """Read what hangs on what; ``chosen`` picks the rows this exhibit tells."""
    guids, numbers = [pa.array([], pa.string())], [np.empty(0, np.int64)]
    own: list[Ints] = [np.empty(0, np.int64)]
    hung: list[Hung] = []
    for rows in tables.rows(MESSAGE, wanted, shared=True):
        guids.append(pc.coalesce(rows.text("guid"), rows.text("madrid_guid")))
        numbers.append(rows.rowid)
        mine = np.ones(len(rows), np.bool_) if chosen is None else chosen(MESSAGE, rows)
        own.append(rows.rowid[mine])
        link = rows.numbers("associated_message_type")
        hangs = mine & (is_reaction(link) | (link == codes.VOTE))
        if hangs.any():
            hung += _hung(rows.only(hangs), people, roster)
    known = Identities(pa.concat_arrays(guids), np.concatenate(numbers))
    on = known.rows(pa.array([one.to for one in hung], pa.string()))
    here = np.isin(on, np.concatenate(own))
    return _sorted_out(known, [(hung[k], int(on[k])) for k in np.flatnonzero(here).tolist()])


def _hung(rows: Rows, people: Addresses, roster: Roster) -> Iterator[Hung]:
    place, _ = placed(rows, people, roster)
    links = rows.numbers("associated_message_type").tolist()
    to = bare(rows.text("associated_message_guid")).to_pylist()
    emoji = rows.text("associated_message_emoji").to_pylist()
    for k, link in enumerate(links):
        if to[k]:
            removed = codes.TAKEN_BACK <= link < codes.VOTE
            number = link % 1000
            mark = None if link == codes.VOTE else codes.MARKS[number]
            mark = (emoji[k] if number == codes.EMOJI else None) or mark
            actor = named(people, int(place.sender[k]), owner=bool(place.from_me[k]))
            yield Hung(int(rows.rowid[k]), to[k], actor, mark, removed, int(place.at_ms[k]))


def _sorted_out(known: Identities, hung: Sequence[tuple[Hung, int]]) -> Hanging:
    """Keep the last word of each person on each mark."""
    last: dict[tuple[int, str | None, str], Hung] = {}
    votes: dict[int, list[Hung]] = defaultdict(list)
    told = {}
    for one, on in sorted(hung, key=lambda each: (each[0].at_ms, each[0].row)):
        if one.mark is None:
            votes[on].append(one)
        else:
            told[one.row] = (one, on)
            last[on, one.actor, one.mark] = one
    marks: dict[int, list[Hung]] = defaultdict(list)
    for (on, _, _), one in last.items():
        if not one.removed:
            marks[on].append(one)
    return Hanging(known, _ascending(told), told, _under(marks), _under(votes))


def _under(hung: Mapping[int, Sequence[Hung]]) -> _Under:
    return _Under(_ascending(hung), hung)


def _ascending(rows: Collection[int]) -> Ints:
    return np.sort(np.fromiter(rows, np.int64, len(rows)))


def reactions(
    spoken: Spoken, hanging: Hanging, same: Same
) -> tuple[pa.RecordBatch | None, pa.RecordBatch | None]:
    """List the reactions to a batch's messages, and the votes in its polls."""
    marks: list[tuple[object, ...]] = []
    votes: list[tuple[object, ...]] = []
    for found, of in ((marks, hanging.marks), (votes, hanging.votes)):
        for k in np.flatnonzero(among(spoken.row, of.rows)).tolist():
            start = int(spoken.start[k])
            found += [
                (same.exhibit, start, one.actor, one.mark, moment(one.at_ms))
                for one in of.hung[int(spoken.row[k])]
            ]
    return table_of(schema.REACTIONS, marks), table_of(schema.VOTES, votes)


def notes(rows: Rows, told: Flags, hanging: Hanging, same: Same) -> Iterator[Problem]:
    """Say of rows that are told as reactions which ones they are; the notes own their bytes."""
    spans = (values[told].tolist() for values in (rows.rowid, rows.start, rows.end))
    for row, start, end in zip(*spans, strict=True):
        one, on = hanging.told[row]
        does = "takes back the reaction" if one.removed else "is the reaction"
        what = f"this row {does} “{one.mark}” of {one.actor or 'nobody named'} to message {on}"
        code = "reaction-taken-back" if one.removed else "reaction-told-in-message"
        yield same.problem((start, end), code, what, Severity.NOTE, (MESSAGE, row))


def named(people: People, place: int, *, owner: bool) -> str | None:
    """Name who did something."""
    if owner:
        return OWNER
    return None if place == NOBODY else people.name(place)


def moment(at_ms: int) -> int | None:
    """Give a time, unless there is none or it is beyond the calendar."""
    return at_ms if 0 < at_ms < times.LAST_MS else None
