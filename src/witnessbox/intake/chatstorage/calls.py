"""Calls in ``CallHistory.sqlite``: a message-bearing database of its own beside the messages.

Who was called, or called, stands with the participants; which of the two, with the entry of the
list of calls that an event belongs to.  The number in the names ``Z1CALLEVENTS`` and
``Z1PARTICIPANTS`` is that of the kind of rows they point to: both point to entries of the list, and
in versions that have no list participants point to calls.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind, Problem, Severity
from witnessbox.intake.chatstorage.spoken import MESSAGE, at_ms, stamped
from witnessbox.intake.chatstorage.traces import gaps
from witnessbox.intake.database import columns
from witnessbox.intake.database.columns import Same, Spoken
from witnessbox.intake.database.keyed import Keyed, listed
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.database.reading import Chosen, Reading
from witnessbox.intake.database.traces import Living, Trace
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.numbered import Numbered
from witnessbox.intake.parser import Batch
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Layout, Rows, Tables

CALLS = "ZWACDCALLEVENT"
COMPARED = {CALLS: ("ZCALLIDSTRING", "ZDATE", "ZOUTCOME")}
_WANTED = {
    CALLS: (
        "Z_PK",
        "Z1CALLEVENTS",
        "ZOUTCOME",  # for what the log changes
        "ZDATE",
        "ZCALLIDSTRING",
        "ZGROUPJIDSTRING",
        "ZGROUPCALLCREATORUSERJIDSTRING",
    )
}
_LIST, _PARTICIPANTS = "ZWAAGGREGATECALLEVENT", "ZWACDCALLEVENTPARTICIPANT"
_CALL_TYPE = 59
_ENTITY = "WACDCallEvent"
_MOST_PEOPLE = 64


def told_in_messages(tables: Tables | None) -> pa.Array:
    """Give the ids of the calls that are rows of the messages beside."""
    found = [pa.array([], pa.string())]
    if tables is not None:
        for rows in tables.rows(MESSAGE, ("ZMESSAGETYPE", "ZSTANZAID"), shared=True):
            mask = pa.array(rows.numbers("ZMESSAGETYPE") == _CALL_TYPE)
            found.append(rows.text("ZSTANZAID").filter(mask))
    return pa.concat_arrays(found).drop_null()


@dataclass(slots=True)
class CallReading(Reading):
    """A history of calls on its way into rows; ``told`` are the calls that are messages too."""

    people: Correspondents
    told: pa.Array = field(kw_only=True)

    def read(self) -> Iterator[Batch]:
        """Read every call; the last batch says what shows only at the end."""
        entries = listed(self.tables, _LIST, "Z_PK", ("ZINCOMING",))
        who = listed(self.tables, _PARTICIPANTS, "Z1PARTICIPANTS", (), ("ZJIDSTRING",))
        known = Numbered()  # entries of calls that are there
        for rows in self.batches(CALLS):
            self.rows.note(rows.rowid, rows.rowid, rows.start)
            of = rows.numbers("Z1CALLEVENTS", -1)
            known.note(of, rows.rowid, rows.start)
            spoken = self._spoken(rows, entries, who)
            problems = [*self.faults(rows), *self._others(rows, spoken, who)]
            there = pc.is_in(spoken.key, value_set=self.told).to_numpy(zero_copy_only=False)
            for k in np.flatnonzero(there).tolist():
                at, row = (int(spoken.start[k]), int(spoken.end[k])), int(spoken.row[k])
                what = "this call is a message of ChatStorage.sqlite beside"
                problems.append(
                    self.same.problem(at, "call-told-in-message", what, Severity.NOTE, (CALLS, row))
                )
            batch = self.batch(spoken.only(~there), columns.names_of(self.people), problems)
            yield stamped(batch, rows.only(~there), "ZDATE")
        yield from self.last(self._traces(entries, who, known))

    def _spoken(self, rows: Rows, entries: Keyed, who: Keyed) -> Spoken:
        first, named = who.first(_owners(rows))
        other = np.full(len(rows), NOBODY, np.int64)
        if len(who.key):
            other = np.where(named, self.people.by_text(who.texts["ZJIDSTRING"])[first], NOBODY)
        creator = self.people.by_text(rows.text("ZGROUPCALLCREATORUSERJIDSTRING"))
        group = self.people.by_text(rows.text("ZGROUPJIDSTRING"))
        from_me, came = self._direction(rows, entries, creator, other)
        caller = np.where(creator == NOBODY, other, creator)
        nothing, count = np.zeros(len(rows), np.bool_), len(rows)
        when = at_ms(rows, "ZDATE")
        return Spoken(
            table=CALLS,
            row=rows.rowid,
            start=rows.start,
            end=rows.end,
            chat=np.where(group != NOBODY, group, np.where(other == NOBODY, creator, other)),
            sender=np.where(came, caller, NOBODY),
            from_me=from_me,
            at_ms=when,
            kind=np.full(count, place_of(Kind.CALL), np.int32),
            text=pa.nulls(count, pa.string()),
            key=rows.text("ZCALLIDSTRING"),
            reply_to=pa.nulls(count, pa.string()),
            edited=nothing,
            deleted=nothing,
            sequence=when,
        )

    @staticmethod
    def _direction(rows: Rows, entries: Keyed, creator: Ints, other: Ints) -> tuple[Flags, Flags]:
        """Say which calls went out and which came in; neither where nothing says so."""
        at, there = entries.first(rows.numbers("Z1CALLEVENTS", -1))
        came = (creator != NOBODY) & (creator == other)
        if not len(entries.key):
            return np.zeros(len(rows), np.bool_), came
        incoming = entries.numbers["ZINCOMING"][at] == 1
        return there & ~incoming, np.where(there, incoming, came)

    def _others(self, rows: Rows, spoken: Spoken, who: Keyed) -> Iterator[Problem]:
        """Name everybody of the calls for which more than one is named."""
        owners = _owners(rows)
        many = np.searchsorted(who.key, owners, "right") - np.searchsorted(who.key, owners, "left")
        for k in np.flatnonzero(many > 1).tolist():
            what = f"people of this call: {self._named(who, int(owners[k]))}"
            at, row = int(spoken.start[k]), (CALLS, int(spoken.row[k]))
            yield self.same.problem((at, at), "call-people", what, Severity.NOTE, row)

    def _named(self, who: Keyed, owner: int) -> str:
        """Name the people of one entry of the list, or of one call."""
        low, high = np.searchsorted(who.key, (owner, owner + 1)).tolist()
        several = who.texts["ZJIDSTRING"].slice(low, min(high - low, _MOST_PEOPLE))
        places = [place for place in self.people.by_text(several).tolist() if place != NOBODY]
        more = [f"{high - low - _MOST_PEOPLE} more"] if high - low > _MOST_PEOPLE else []
        names = [*dict.fromkeys(map(self.people.name, places)), *more]
        return ", ".join(names) or "nobody named"

    def _traces(self, entries: Keyed, who: Keyed, known: Numbered) -> Iterator[Trace]:
        living = Living(CALLS, self.rows, self.sorts)
        yield from gaps(living, self.tables, _ENTITY)
        by_list = _is_listed(self.tables.layouts.get(CALLS))
        noun = "entry {} of the list of calls" if by_list else "call {}"
        held = known.taken()
        there = living.rows.taken().among(who.key)
        if by_list:
            there = np.isin(who.key, entries.key) | held.among(who.key)
        for k in np.flatnonzero(~there).tolist():
            named = who.texts["ZJIDSTRING"][k].as_py() or "nobody named"
            owner = noun.format(int(who.key[k]))
            what = f"a participant of {owner}, which is not there: {named}"
            span = int(who.start[k]), int(who.end[k])
            yield *span, who.table, int(who.row[k]), "orphan-call", what
        for k in np.flatnonzero(~held.among(entries.key)).tolist():
            entry = int(entries.key[k])
            what = f"entry {entry} of the list of calls, none of whose calls is there: "
            what += self._named(who, entry)
            span = int(entries.start[k]), int(entries.end[k])
            yield *span, _LIST, int(entries.row[k]), "orphan-call", what


def _is_listed(layout: Layout | None) -> bool:
    """Say whether calls belong to entries of a list, and their participants too."""
    return layout is not None and layout.place("Z1CALLEVENTS") is not None


def _owners(rows: Rows) -> Ints:
    """Give what the participants of each call belong to."""
    return rows.numbers("Z1CALLEVENTS", -1) if _is_listed(rows.layout) else rows.rowid


def calls_of(
    tables: Tables,
    people: Correspondents,
    same: Same,
    told: pa.Array,
    chosen: Chosen | None = None,
) -> CallReading:
    """Set out to read a history of calls, or the rows of it that are chosen."""
    return CallReading(tables, people, same, _WANTED, chosen, told=told)
