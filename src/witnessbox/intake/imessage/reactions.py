"""Tapbacks and votes: rows of ``message`` that hang on another, which may stand anywhere.

They are sorted out before all else.  A tapback whose message the exhibit tells is a reaction of
that, and its row a note that owns the row's bytes: nobody saw a message there.  A tapback whose
message is not there is a message of its own, with the words it repeats of the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Problem, Severity
from witnessbox.evidence.schema import Table
from witnessbox.intake.database.columns import Names, Same, Spoken, always
from witnessbox.intake.database.identities import GUID, Identities, ask, asking
from witnessbox.intake.database.keyed import Kept, kept
from witnessbox.intake.database.people import NOBODY, OWNER, People
from witnessbox.intake.imessage import codes, times
from witnessbox.intake.imessage.people import Addresses, Roster
from witnessbox.intake.imessage.spoken import MESSAGE, bare, is_reaction, placed
from witnessbox.intake.numbered import Taken
from witnessbox.intake.ordered import Ordered
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows

_OWNER = -2  # as a place
_NUMBERS = ("row", "start", "end", "who", "removed", "at_ms")
_HUNG = ("who", "removed", "at_ms")
_MARKS = pa.array(codes.MARKS)


def _hung() -> Kept:
    return kept(MESSAGE, _HUNG, ("mark",))


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on messages of this exhibit."""

    told: Kept = field(default_factory=lambda: kept(MESSAGE, ("to", *_HUNG), ("mark",)))
    """Tapbacks that are told in another message, by their own rows."""
    marks: Kept = field(default_factory=_hung)
    """The same tapbacks by the rows they hang on."""
    votes: Kept = field(default_factory=_hung)
    """Votes by the rows they hang on; they have no mark."""

    def of(self, rows: Ints) -> Flags:
        """Say which rows are tapbacks that are told in another message."""
        return self.told.near(rows).has(rows)


@dataclass(frozen=True, slots=True)
class Hung:
    """Rows that hang on others, each with the identity it names: tapbacks and votes."""

    asked: Ordered = field(default_factory=lambda: asking(_NUMBERS, ("mark",)))

    def note(self, rows: Rows, mine: Flags, people: Addresses, roster: Roster) -> None:
        """Take those among the rows this exhibit tells."""
        link = rows.numbers("associated_message_type")
        hangs = mine & (is_reaction(link) | (link == codes.VOTE))
        if not hangs.any():
            return
        part, link = rows.only(hangs), link[hangs]
        place, _ = placed(part, people, roster, roster.joined(part.rowid))
        vote = link == codes.VOTE
        removed = (link >= codes.TAKEN_BACK) & ~vote
        ask(
            self.asked,
            bare(part.text("associated_message_guid")),
            *(part.rowid, part.start, part.end),
            np.where(place.from_me, _OWNER, place.sender),
            removed.astype(np.int64),
            place.at_ms,
            _marks(link % (codes.TAKEN_BACK - codes.ADDED), vote, part),
        )

    def on(self, known: Identities, told: Taken) -> Hanging:
        """Find what they hang on; only what this exhibit tells has them."""
        found = Hanging()
        for part in self.asked.in_order():
            to, there = known.rows(part)
            there &= pc.not_equal(part.column(GUID), "").to_numpy(zero_copy_only=False)
            there &= told.among(to)
            vote = part.column("mark").is_null().to_numpy(zero_copy_only=False)
            numbers = {name: part.column(name).to_numpy() for name in _NUMBERS}
            for into, by, chosen in (
                (found.told, numbers["row"], there & ~vote),
                (found.marks, to, there & ~vote),
                (found.votes, to, there & vote),
            ):
                numbers["to"] = to
                places = [by, *(numbers[name] for name in ("row", "start", "end", *into.numbers))]
                texts = [part.column("mark").filter(pa.array(chosen))]
                into.add([one[chosen] for one in places], texts)
        return found


def _marks(number: Ints, vote: Flags, rows: Rows) -> pa.Array:
    """Give what each tapback says; a vote says nothing of this sort."""
    emoji = rows.text("associated_message_emoji")
    own = (number == codes.EMOJI) & (pc.binary_length(emoji).fill_null(0).to_numpy() > 0)
    marks = pc.if_else(pa.array(own), emoji, _MARKS.take(pa.array(number)))
    return pc.if_else(pa.array(vote), None, marks)


def reactions(
    spoken: Spoken, hanging: Hanging, names: Names, same: Same
) -> tuple[pa.RecordBatch | None, pa.RecordBatch | None]:
    """List the reactions to a batch's messages, and the votes in its polls."""
    return (
        _table(schema.REACTIONS, hanging.marks, spoken, names, same),
        _table(schema.VOTES, hanging.votes, spoken, names, same),
    )


def _table(
    table: Table, hung: Kept, spoken: Spoken, names: Names, same: Same
) -> pa.RecordBatch | None:
    near = hung.near(spoken.row)
    at, owner = near.of(spoken.row)
    who = near.numbers["who"][at]
    place = np.where(who == _OWNER, names.owner, names.name_place[np.maximum(who, NOBODY)])
    at_ms, mark = near.numbers["at_ms"][at], near.texts["mark"].take(pa.array(at))
    order = np.lexsort((near.row[at], at_ms, owner))
    if table is schema.REACTIONS:
        said = mark.dictionary_encode().indices.to_numpy()
        order = order[_last_words(owner[order], place[order], said[order])]
        order = order[near.numbers["removed"][at[order]] == 0]
    if not len(order):
        return None
    place, at_ms = place[order], at_ms[order]
    sound = (at_ms > 0) & (at_ms < times.LAST_MS)
    columns = [
        always(same.exhibit, len(order)),
        pa.array(spoken.start[owner[order]]),
        names.names.take(pa.array(place, mask=place == NOBODY)).dictionary_encode(),
        mark.take(pa.array(order)),
        pa.array(at_ms, mask=~sound).cast(pa.timestamp("ms", tz="UTC")),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def _last_words(owner: Ints, who: Ints, mark: Ints) -> Ints:
    """Give the last place of each person's each mark, in the order of the first ones."""
    if not len(owner):
        return owner
    each = np.stack([owner, who, mark])
    _, first, of = np.unique(each, axis=1, return_index=True, return_inverse=True)
    last = np.zeros(len(first), np.int64)
    np.maximum.at(last, of.reshape(-1), np.arange(len(owner)))
    return last[np.argsort(first)]


def notes(rows: Rows, told: Flags, hanging: Hanging, names: Names, same: Same) -> Iterator[Problem]:
    """Say of rows that are told as reactions which ones they are; the notes own their bytes."""
    if not told.any():
        return
    row = rows.rowid[told]
    near = hanging.told.near(row)
    at, _ = near.first(row)
    numbers = [near.numbers[name][at].tolist() for name in ("to", "who", "removed")]
    marks = near.texts["mark"].take(pa.array(at)).to_pylist()
    spans = (values[told].tolist() for values in (rows.start, rows.end))
    actors = [*names.names.to_pylist(), "nobody named"]
    for k, start, end, on, who, removed, mark in zip(
        row.tolist(), *spans, *numbers, marks, strict=True
    ):
        does = "takes back the reaction" if removed else "is the reaction"
        actor = actors[names.owner if who == _OWNER else names.name_place[who]]
        what = f"this row {does} “{mark}” of {actor} to message {on}"
        code = "reaction-taken-back" if removed else "reaction-told-in-message"
        yield same.problem((start, end), code, what, Severity.NOTE, (MESSAGE, k))


def named(people: People, place: int, *, owner: bool) -> str | None:
    """Name who did something."""
    if owner:
        return OWNER
    return None if place == NOBODY else people.name(place)


def moment(at_ms: int) -> int | None:
    """Give a time, unless there is none or it is beyond the calendar."""
    return at_ms if 0 < at_ms < times.LAST_MS else None
