"""What rows of ``message`` say beyond their words: who came and went, what was read, changed."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Names, Same, Spoken, always
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.database.traces import written
from witnessbox.intake.imessage import codes, times
from witnessbox.intake.imessage.bodies import holds, said
from witnessbox.intake.imessage.changes import Changed, changed, short
from witnessbox.intake.imessage.people import Addresses, Roster
from witnessbox.intake.imessage.plist import PlistError
from witnessbox.intake.imessage.reactions import moment, named
from witnessbox.intake.imessage.spoken import Heard
from witnessbox.intake.sqlite.tables import Rows

_EVENTS = (("delivered", "date_delivered"), ("read", "date_read"), ("played", "date_played"))
_Remark = tuple[int, str, str, Severity]
_MARKS = ("Rec", "Rrp")  # the names of what tells of changes, as a property list has them


def acknowledgements(
    spoken: Spoken, rows: Rows, people: Addresses, names: Names, same: Same
) -> pa.RecordBatch | None:
    """List what reached whom, and what was read or played.

    What came in reached the owner; what went out to one person reached them; what went out to a
    group reached somebody.
    """
    group = people.is_group()
    other = np.where(group[spoken.chat], NOBODY, spoken.chat)
    who = np.where(spoken.from_me, names.name_place[other], names.owner).astype(np.int32)
    parts = []
    for event, column in _EVENTS:
        if rows.layout.place(column) is None:
            continue
        at_ms = times.at_ms(rows, column)
        there = times.known(at_ms)
        count = int(there.sum())
        person = pa.array(who[there], mask=who[there] == NOBODY)
        columns = [
            always(same.exhibit, count),
            pa.array(spoken.start[there]),
            pa.DictionaryArray.from_arrays(person, names.names),
            always(event, count),
            pa.array(at_ms[there]).cast(pa.timestamp("ms", tz="UTC")),
        ]
        if count:
            batch = pa.RecordBatch.from_arrays(columns, schema=schema.ACKNOWLEDGEMENTS.schema)
            parts.append(batch)
    if not parts:
        return None
    return pa.Table.from_batches(parts).unify_dictionaries().combine_chunks().to_batches()[0]


def memberships(spoken: Spoken, rows: Rows, people: Addresses, same: Same) -> pa.RecordBatch | None:
    """List who came and went, and what a group was called."""
    item, action = rows.numbers("item_type"), rows.numbers("group_action_type")
    other = people.by_row(rows.numbers("other_handle"))
    found = []
    for k in np.flatnonzero(item > 0).tolist():
        key = int(item[k]), int(action[k])
        event = codes.EVENT_OF.get((codes.NAME, 0) if key[0] == codes.NAME else key)
        if event is None or (event == "added" and other[k] == spoken.sender[k] != NOBODY):
            continue  # who adds the own address has a new number
        actor = named(people, int(spoken.sender[k]), owner=bool(spoken.from_me[k]))
        member = named(people, int(other[k]), owner=False)
        if event == "left":
            member = actor
        elif event == "subject":
            member = spoken.text[k].as_py()
        chat = named(people, int(spoken.chat[k]), owner=False)
        span = (same.exhibit, int(spoken.start[k]), int(spoken.end[k]), chat)
        found.append((*span, event, actor, member, moment(int(spoken.at_ms[k]))))
    return table_of(schema.MEMBERSHIPS, found)


def past_of(rows: Rows) -> tuple[dict[int, Changed], list[tuple[int, str]]]:
    """Read which messages of a batch were changed, and what of this cannot be read."""
    found: dict[int, Changed] = {}
    unread: list[tuple[int, str]] = []
    blobs = rows.blobs("message_summary_info")
    if blobs.null_count == len(blobs):
        return found, unread
    asked = (rows.numbers("date_edited") != 0) | (rows.numbers("date_retracted") != 0)
    for mark in _MARKS:
        asked |= holds(pc.match_substring(blobs, mark))
    for k in np.flatnonzero(asked & said(blobs)).tolist():
        try:
            found[k] = changed(blobs[k].as_py())
        except PlistError as error:
            unread.append((k, str(error)))
    return found, unread


def changes(
    spoken: Spoken, past: Mapping[int, Changed], people: Addresses, same: Same
) -> Iterator[Problem]:
    """Note who changed a message, and what it said before: a change is evidence."""
    for k, one in past.items():
        who = named(people, int(spoken.sender[k]), owner=bool(spoken.from_me[k])) or "nobody named"
        at, row = (int(spoken.start[k]),) * 2, (spoken.table, int(spoken.row[k]))
        for deed, when, text in one.past():
            at_time = f" at {written(when)}" if when else ""
            before = "is not given" if text is None else f"was: {short(text)}"
            what = f"{deed} by {who}{at_time}; the text before {before}"
            yield same.problem(at, deed, what, Severity.NOTE, row)


def earlier_texts(spoken: Spoken, past: Mapping[int, Changed], same: Same) -> pa.RecordBatch | None:
    """List what a batch's messages said before they were edited or unsent."""
    found = [
        (same.exhibit, int(spoken.start[k]), text, when)
        for k, one in past.items()
        for _, when, text in one.past()
        if text is not None
    ]
    return table_of(schema.EARLIER_TEXTS, found)


def unread_changes(
    spoken: Spoken, unread: Iterable[tuple[int, str]], same: Same
) -> Iterator[Problem]:
    """Name the rows of whose changes something is kept that cannot be read."""
    for k, why in unread:
        at, row = (int(spoken.start[k]),) * 2, (spoken.table, int(spoken.row[k]))
        what = f"what is kept of its changes cannot be read: {why}"
        yield same.problem(at, "past-unread", what, Severity.DOUBT, row)


def remarks(
    heard: Heard, rows: Rows, roster: Roster, people: Addresses, same: Same
) -> list[Problem]:
    """Say what of a batch's rows is doubtful, or has no place in a table."""
    spoken = heard.spoken
    return [
        same.problem(
            (int(spoken.start[k]),) * 2, code, what, severity, (spoken.table, int(spoken.row[k]))
        )
        for k, code, what, severity in chain(
            _unclear(heard), _elsewhere(heard, roster, people), _wordless(spoken, rows)
        )
    ]


def _unclear(heard: Heard) -> Iterator[_Remark]:
    for k, size in heard.bodies.unread:
        lost = heard.spoken.text[k].as_py() is None
        what = f"attributedBody, {size} bytes, is no archive of a text that can be read"
        yield k, "body-unread", what, Severity.LOSS if lost else Severity.DOUBT
    for k, other in heard.bodies.differing:
        what = f"the row's text is read; its attributedBody says otherwise: {short(other)}"
        yield k, "texts-differ", what, Severity.DOUBT
    for k in heard.by_address:
        what = "no chat holds this row; it stands under the address it names"
        yield k, "chat-by-address", what, Severity.DOUBT


def _elsewhere(heard: Heard, roster: Roster, people: Addresses) -> Iterator[_Remark]:
    """Say which rows stand in more chats than the one they are told in."""
    if heard.joined is None:
        return
    joined = heard.joined.messages
    at, owner = joined.of(heard.spoken.row)
    chats = joined.numbers["chat_id"][at]
    places = roster.place(chats).tolist()
    again = np.concatenate([[False], owner[1:] == owner[:-1]]) if len(owner) else owner
    for j in np.flatnonzero(again).tolist():
        where = named(people, places[j], owner=False) or f"chat {int(chats[j])}"
        what = f"the row stands in another chat too: {where}"
        yield int(owner[j]), "several-chats", what, Severity.DOUBT


def _wordless(spoken: Spoken, rows: Rows) -> Iterator[_Remark]:
    item, action = rows.numbers("item_type"), rows.numbers("group_action_type")
    for k in np.flatnonzero(item > 0).tolist():
        told = codes.ACTIONS.get((int(item[k]), int(action[k])))
        if told is not None:
            yield k, "told-without-words", told, Severity.NOTE
    error = rows.numbers("error")
    for k in np.flatnonzero((error != 0) & spoken.from_me).tolist():
        yield k, "not-sent", f"failed to send: error {int(error[k])}", Severity.NOTE
