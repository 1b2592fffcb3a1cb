"""Messages of a database as rows of our tables."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind, Precision, Problem, Severity, Span
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.kinds import KINDS, Kinds, place_of
from witnessbox.intake.database.people import NOBODY, OWNER, People
from witnessbox.intake.sqlite.image import Flags, Ints

_FIRST_MS, _LAST_MS = 1, 253_402_300_799_999  # a time of 0 is none; the year 9999


@dataclass(frozen=True, slots=True)
class Spoken:
    """A batch of messages of one table, column by column; places are those of ``People``."""

    table: str
    row: Ints
    start: Ints
    end: Ints
    chat: Ints
    sender: Ints  # NOBODY for the owner as well
    from_me: Flags
    at_ms: Ints
    kind: Kinds
    text: pa.Array
    key: pa.Array
    reply_to: pa.Array
    edited: Flags
    deleted: Flags
    sequence: Ints

    def only(self, chosen: Flags) -> "Spoken":
        """Keep some of the rows."""
        if chosen.all():
            return self
        mask = pa.array(chosen)
        kept = {
            each.name: value.filter(mask) if isinstance(value, pa.Array) else value[chosen]
            for each in fields(self)
            if not isinstance(value := getattr(self, each.name), str)
        }
        return replace(self, **kept)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Rows of a batch whose text is no sound text, and rows of a type nobody has explained."""

    bad_text: list[int]
    unknown: Ints


@dataclass(frozen=True, slots=True)
class Same:
    """What is the same in every row of one exhibit."""

    exhibit: str
    parser: str

    def problem(
        self,
        at: tuple[int, int],
        code: str,
        what: str,
        severity: Severity,
        row: tuple[str, int | None] | None = None,
    ) -> Problem:
        """Make a problem of this exhibit."""
        table, number = row or (None, None)
        span = Span(self.exhibit, *at)
        return Problem(span, self.parser, code, what, severity, table, number)


@dataclass(slots=True)
class Names:
    """Each place's name and address as dictionaries: values stand once, places point at them."""

    name_place: Ints
    names: pa.Array
    thread_place: Ints
    threads: pa.Array
    owner: int

    def sender(self, spoken: Spoken, silent: Flags) -> pa.DictionaryArray:
        """Name the senders; nobody where a message is a notice or names none."""
        nobody = silent | (~spoken.from_me & (spoken.sender == NOBODY))
        return self.of(spoken.sender, spoken.from_me, nobody)

    def of(self, who: Ints, own: Flags, nobody: Flags) -> pa.DictionaryArray:
        """Name people by their places; the owner where it is their ``own``, else ``nobody``."""
        places = np.where(own, self.owner, self.name_place[who])
        return pa.DictionaryArray.from_arrays(
            pa.array(places.astype(np.int32), mask=nobody), self.names
        )


def names_of(people: People) -> Names:
    """Work out the names of all addresses known so far."""
    return people.once(_names_of)


def _names_of(people: People) -> Names:
    shown = (people.name(place) for place in range(len(people.raw)))
    names = pa.array(chain(shown, (OWNER,)), pa.string()).dictionary_encode()
    places = names.indices.to_numpy().astype(np.int64)
    owner = int(places[-1])
    places[-1] = NOBODY
    raw = pa.array(chain(people.raw, ("",)), pa.string())
    return Names(places, names.dictionary, np.arange(len(raw)), raw, owner)


def messages(spoken: Spoken, people: Names, same: Same) -> pa.RecordBatch | None:
    """Put a batch into the table of messages."""
    count = len(spoken.row)
    if not count:
        return None
    notice = spoken.kind == place_of(Kind.NOTICE)
    known = (spoken.at_ms >= _FIRST_MS) & (spoken.at_ms <= _LAST_MS)
    homeless = spoken.chat == NOBODY
    chat = pa.array(people.name_place[spoken.chat].astype(np.int32), mask=homeless)
    thread = pa.array(people.thread_place[spoken.chat].astype(np.int32), mask=homeless)
    columns: dict[str, Any] = {
        "exhibit": always(same.exhibit, count),
        "start": pa.array(spoken.start),
        "end": pa.array(spoken.end),
        "conversation": pa.DictionaryArray.from_arrays(chat, people.names),
        "thread": pa.DictionaryArray.from_arrays(thread, people.threads),
        "sequence": pa.array(spoken.sequence),
        "stamp": pc.cast(pa.array(spoken.at_ms, mask=spoken.at_ms == 0), pa.string()),
        "wall_at": pa.nulls(count, pa.timestamp("ms")),
        "sent_at": pa.array(spoken.at_ms, mask=~known).cast(pa.timestamp("ms", tz="UTC")),
        "precision": always(Precision.MILLISECOND.value, count),
        "zone": always("UTC", count),
        "sender": people.sender(spoken, notice),
        "kind": pa.DictionaryArray.from_arrays(
            pa.array(spoken.kind), pa.array([kind.value for kind in KINDS], pa.string())
        ),
        "text": spoken.text,
        "platform_id": spoken.key,
        "reply_to": spoken.reply_to,
        "edited": pa.array(spoken.edited),
        "deleted": pa.array(spoken.deleted),
        "parser": always(same.parser, count),
        "table": always(spoken.table, count),
        "row": pa.array(spoken.row),
    }
    order = schema.MESSAGES.schema
    return pa.RecordBatch.from_arrays([columns[name] for name in order.names], schema=order)


def restated(batch: pa.RecordBatch | None, **columns: pa.Array) -> pa.RecordBatch | None:
    """Put other values in the place of some of a batch's columns."""
    if batch is None:
        return None
    arrays = batch.columns
    for name, values in columns.items():
        place = batch.schema.get_field_index(name)
        arrays[place] = values.cast(batch.schema.field(place).type)
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def doubts(spoken: Spoken, same: Same) -> list[Problem]:
    """Say which messages have no time, and which no conversation."""
    found = []
    known = (spoken.at_ms >= _FIRST_MS) & (spoken.at_ms <= _LAST_MS)
    for code, what, rows in (
        ("no-time", "the row has no time, or one outside the calendar", ~known),
        ("no-conversation", "the row names no conversation of the database", spoken.chat == NOBODY),
    ):
        for k in np.flatnonzero(rows).tolist():
            at, row = int(spoken.start[k]), (spoken.table, int(spoken.row[k]))
            found.append(same.problem((at, at), code, what, Severity.DOUBT, row))
    return found


def always(value: str, count: int) -> pa.DictionaryArray:
    """Make a column that says the same on every row."""
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(count, np.int32)), pa.array([value], pa.string())
    )


def holdings(rows: Mapping[str, int], same: Same) -> pa.RecordBatch | None:
    """Say how many rows each message-bearing table holds."""
    return table_of(schema.HOLDINGS, [(same.exhibit, *one) for one in sorted(rows.items())])
