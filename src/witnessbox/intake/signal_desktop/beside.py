"""Rows of other tables that belong to messages, which they name by the message's ``id``."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.identities import GUID, Identities, Identity, ask, asking
from witnessbox.intake.database.keyed import Kept, kept
from witnessbox.intake.ordered import Ordered
from witnessbox.intake.signal_desktop.codes import CALL
from witnessbox.intake.signal_desktop.words import Line, read
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Tables

MESSAGES, CALLS, UNPROCESSED = "messages", "callsHistory", "unprocessed"
FILES, REACTIONS = "message_attachments", "reactions"
EDITS, MENTIONS, PINS = "edited_messages", "mentions", "pinnedMessages"
DOWNLOADS, SENT = "attachment_downloads", "sendLogMessageIds"
IDENTITY = Identity(MESSAGES, ("id",), lambda rows: rows.text("id"))
"""By what other tables know a message."""

_PLACES = ("nth", "row", "start", "end")
_NAMING = (FILES, DOWNLOADS, REACTIONS, EDITS, MENTIONS, PINS, SENT)
_TOLD = {FILES: ("path", "fileName"), REACTIONS: ("emoji", "fromId")}  # of a row without message


@dataclass(frozen=True, slots=True)
class CallTold:
    """A call as its own table tells it."""

    row: int
    peer: str | None
    ringer: str | None
    words: str  # mode, type, direction and status
    outgoing: bool
    in_message: int | None = None  # the row of the message that tells it too


@dataclass(frozen=True, slots=True)
class Beside:
    """What other tables say about messages; ``orphans`` are rows whose message is not there."""

    files: Kept
    marks: Kept
    edits: Kept
    lost_edits: Kept  # of messages that are not there
    orphans: dict[str, Kept]
    calls: dict[str, CallTold] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Naming:
    """Rows of one table that name messages by their ids, in the order of a digest of those."""

    table: str
    asked: Ordered
    nameless: Kept  # the rows that name none

    def sorted_out(self, known: Identities) -> tuple[Kept, Kept]:
        """Give the rows by the messages they belong to, and those whose message is not there."""
        numbers, texts = self.nameless.numbers, self.nameless.texts
        there, orphans = kept(self.table, numbers, texts), self.nameless
        for part in self.asked.in_order():
            rows, met = known.rows(part)
            places: list[Ints] = [part.column(name).to_numpy() for name in (*_PLACES, *numbers)]
            words = [part.column(name) for name in (GUID, *texts[1:])]
            for found, key, chosen in ((there, rows, met), (orphans, places[0], ~met)):
                mask = pa.array(chosen)
                found.add(
                    [one[chosen] for one in (key, *places[1:])], [one.filter(mask) for one in words]
                )
        return there, orphans


def beside_of(tables: Tables, *, orphans: bool) -> Beside:
    """Read the tables whose rows belong to messages; some only tell of messages that are gone."""
    texts = ("attachmentType", "path", "fileName", "contentType", "localKey")
    several = [
        _naming(tables, FILES, ("editHistoryIndex", "orderInMessage", "flags"), texts),
        _naming(tables, REACTIONS, ("timestamp",), ("emoji", "fromId")),
        _naming(tables, EDITS, ("sentAt",)),
    ]
    told = [
        _naming(tables, table, ("sentAt", "targetTimestamp"), _TOLD.get(table, ()))
        for table in (_NAMING if orphans else ())
    ]
    known = Identities(tables, IDENTITY, [one.asked for one in (*several, *told)])
    (files, _), (marks, _), (edits, lost_edits) = (one.sorted_out(known) for one in several)
    return Beside(
        files,
        marks,
        edits,
        lost_edits,
        {one.table: one.sorted_out(known)[1] for one in told},
        _calls_of(tables),
    )


def _naming(
    tables: Tables, table: str, numbers: Sequence[str] = (), texts: Sequence[str] = ()
) -> _Naming:
    """Read a table whose ``messageId`` is a message's ``id``."""
    texts = ("messageId", *texts)
    found = _Naming(table, asking((*_PLACES, *numbers), texts[1:]), kept(table, numbers, texts))
    count = 0
    for rows in tables.rows(table, (*numbers, *texts), shared=True):
        tables.faults += [f"{table}: {what}" for what in {one.what: None for one in rows.faults}]
        ids, *words = (rows.text(name) for name in texts)
        places = [count + np.arange(len(rows)), rows.rowid, rows.start, rows.end]
        places += [rows.numbers(name) for name in numbers]
        count += len(rows)
        ask(found.asked, ids, *places, *words)
        none = ids.is_null()
        if ids.null_count:
            chosen = none.to_numpy(zero_copy_only=False)
            columns = [one.filter(none) for one in (ids, *words)]
            found.nameless.add([one[chosen] for one in places], columns)
    return found


def _calls_of(tables: Tables) -> dict[str, CallTold]:
    wanted = ("callId", "peerId", "ringerId", "mode", "type", "direction", "status")
    found: dict[str, CallTold] = {}
    for rows in tables.rows(CALLS, wanted, shared=True):
        columns = [rows.text(name).to_pylist() for name in wanted]
        for row, key, peer, ringer, *words in zip(rows.rowid.tolist(), *columns, strict=True):
            if key:
                told = " ".join(word for word in words if word)
                found[key] = CallTold(row, peer, ringer, told, words[2] == "Outgoing")
    for rows in tables.rows(MESSAGES, ("type", "json"), shared=True) if found else ():
        chosen = pc.equal(rows.text("type"), CALL).fill_null(False)  # noqa: FBT003
        texts = rows.text("json").filter(chosen).to_pylist()
        numbers = rows.rowid[chosen.to_numpy(zero_copy_only=False)].tolist()
        for row, text in zip(numbers, texts, strict=True):
            key = read(text, Line)[0].call_id
            if key in found:
                found[key] = replace(found[key], in_message=row)
    return found
