"""Rows of other tables that belong to messages, which they name by the message's ``id``."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.keyed import Keyed, held
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.signal_desktop.codes import CALL
from witnessbox.intake.signal_desktop.words import Line, read
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Tables

MESSAGES, CALLS, UNPROCESSED = "messages", "callsHistory", "unprocessed"
FILES, REACTIONS = "message_attachments", "reactions"
EDITS, MENTIONS, PINS = "edited_messages", "mentions", "pinnedMessages"
DOWNLOADS, SENT = "attachment_downloads", "sendLogMessageIds"


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
class Ids:
    """The ids of all messages, and their rows."""

    keys: pa.Array
    rows: Ints

    def rows_of(self, texts: pa.Array) -> Ints:
        """Give the rows of the messages of these ids; -1 where there is none."""
        if not len(self.rows):
            return np.full(len(texts), NOBODY, np.int64)
        place = pc.index_in(texts, value_set=self.keys, skip_nulls=True)
        at = place.fill_null(NOBODY).to_numpy(zero_copy_only=False)
        return np.where(at == NOBODY, NOBODY, self.rows[at])


@dataclass(frozen=True, slots=True)
class Beside:
    """What other tables say about messages."""

    ids: Ids
    files: Keyed
    marks: Keyed
    edits: Keyed
    calls: dict[str, CallTold] = field(default_factory=dict)


def beside_of(tables: Tables) -> Beside:
    """Read the tables whose rows belong to messages."""
    ids = _ids_of(tables)
    texts = ("attachmentType", "path", "fileName", "contentType", "localKey")
    numbers = ("editHistoryIndex", "orderInMessage", "flags")
    return Beside(
        ids=ids,
        files=belonging(tables, FILES, ids, numbers, texts),
        marks=belonging(tables, REACTIONS, ids, ("timestamp",), ("emoji", "fromId")),
        edits=belonging(tables, EDITS, ids, ("sentAt",)),
        calls=_calls_of(tables),
    )


def belonging(
    tables: Tables,
    table: str,
    ids: Ids,
    numbers: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> Keyed:
    """Read a table whose ``messageId`` is a message's ``id``; the key is -1 where there is none."""
    found = held(tables, table, "", numbers, ("messageId", *texts))
    rows = ids.rows_of(found.texts["messageId"])
    order = np.argsort(rows, kind="stable")
    return replace(
        found,
        key=rows[order],
        row=found.row[order],
        start=found.start[order],
        end=found.end[order],
        numbers={name: values[order] for name, values in found.numbers.items()},
        texts={name: values.take(pa.array(order)) for name, values in found.texts.items()},
    )


def _ids_of(tables: Tables) -> Ids:
    parts = [(rows.rowid, rows.text("id")) for rows in tables.rows(MESSAGES, ("id",), shared=True)]
    return Ids(
        pa.concat_arrays([pa.array([], pa.string()), *(keys for _, keys in parts)]),
        np.concatenate([np.empty(0, np.int64), *(rows for rows, _ in parts)]),
    )


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
