"""What devices told of messages: that they reached somebody, were read or played.

The table of receipts may be far longer than that of messages, so it is gone through a stretch at a
time when all messages are known.  A receipt whose message is not there is a trace.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.intake.database.columns import Names, Same, always, names_of
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.database.traces import Trace
from witnessbox.intake.msgstore.votes import moments, people_column
from witnessbox.intake.ordered import KEY, Ordered, keys_of
from witnessbox.intake.parser import Batch
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

USERS, DEVICES = "receipt_user", "receipt_device"
DELIVERED, READ, PLAYED = EVENTS = ("delivered", "read", "played")
_USER_TIMES = dict(
    zip(("receipt_timestamp", "read_timestamp", "played_timestamp"), EVENTS, strict=True)
)
_DEVICE = re.compile(r"(\d+)(?:\.\d+)?(?::\d+)?@(\S+)")
_LAST_MS = 253_402_300_799_999


@dataclass(slots=True)
class Receipts:
    """Receipts on their way into rows, beside the messages that are there."""

    tables: Tables
    people: People
    starts: "Starts"
    same: Same
    orphans: list[Trace] = field(default_factory=list)

    def read(self) -> Iterator[Batch]:
        """Give the acknowledgements of messages that are there; note the receipts of others.

        What was noted is to be taken after every batch.
        """
        names = names_of(self.people)
        times = tuple(_USER_TIMES)
        wanted = ("message_row_id", "receipt_user_jid_row_id", *times)
        for rows in self._rows(USERS, wanted):
            who = self.people.by_row(rows.numbers("receipt_user_jid_row_id"))
            found = self.starts.of(rows.numbers("message_row_id", -1))
            self._orphaned(rows, found[1], "a receipt", times)
            for time, event in _USER_TIMES.items():
                yield self._told(rows, found, who, names, (time, event))
        yield from self._devices()

    def _devices(self) -> Iterator[Batch]:
        if not self.tables.has(DEVICES):
            return
        user, time = _users(self.people), "receipt_device_timestamp"
        names = names_of(self.people)
        for rows in self._rows(DEVICES, ("message_row_id", "receipt_device_jid_row_id", time)):
            who = user[self.people.by_row(rows.numbers("receipt_device_jid_row_id"))]
            found = self.starts.of(rows.numbers("message_row_id", -1))
            self._orphaned(rows, found[1], "a device's receipt", ())
            yield self._told(rows, found, who, names, (time, DELIVERED))

    def _rows(self, table: str, wanted: tuple[str, ...]) -> Iterator[Rows]:
        for rows in self.tables.rows(table, wanted, shared=True):
            faults = {f"{table}: {fault.what}": None for fault in rows.faults}
            self.tables.faults += faults
            yield rows

    def _told(
        self,
        rows: Rows,
        found: tuple[Ints, Flags],
        who: Ints,
        names: Names,
        told: tuple[str, str],
    ) -> Batch:
        (start, there), (time, event) = found, told
        when = rows.numbers(time)[there]
        return acknowledged(self.same, start[there], names, who[there], event, when)

    def _orphaned(self, rows: Rows, there: Flags, noun: str, times: tuple[str, ...]) -> None:
        if there.all():
            return
        messages = rows.numbers("message_row_id", -1)
        told = [rows.numbers(name) for name in times]
        for k in np.flatnonzero(~there).tolist():
            what = f"{noun} of message {int(messages[k])}, which is not there"
            what += "".join(
                f"; {name.removesuffix('_timestamp')} {written(int(when[k]))}"
                for name, when in zip(times, told, strict=True)
                if when[k] > 0
            )
            span = int(rows.start[k]), int(rows.end[k])
            row = int(rows.rowid[k])
            self.orphans.append((*span, rows.layout.name, row, "orphan-receipt", what))


_STARTS = pa.schema([pa.field(KEY, pa.int64()), pa.field("start", pa.int64())])


@dataclass(slots=True)
class Starts:
    """The bytes messages begin at, by their row ids."""

    _rows: Ordered = field(default_factory=lambda: Ordered(_STARTS))

    def note(self, rows: Ints, starts: Ints) -> None:
        """Tell where some messages begin."""
        arrays = [pa.array(rows), pa.array(starts)]
        self._rows.add(pa.RecordBatch.from_arrays(arrays, schema=_STARTS))

    def of(self, messages: Ints) -> tuple[Ints, Flags]:
        """Give where messages begin, and which of them are there."""
        found = self._rows.near(messages)
        known = keys_of(found)
        if not len(known):
            return messages, np.zeros(len(messages), np.bool_)
        at = np.minimum(np.searchsorted(known, messages), len(known) - 1)
        return found.column("start").to_numpy()[at], known[at] == messages


def acknowledged(same: Same, start: Ints, names: Names, who: Ints, event: str, when: Ints) -> Batch:
    """Put acknowledgements of one event into their table; those without a time are none."""
    told = when > 0
    count = int(told.sum())
    if not count:
        return Batch()
    columns = {
        "exhibit": always(same.exhibit, count),
        "start": pa.array(start[told]),
        "person": people_column(names, who[told], np.zeros(count, np.bool_)),
        "event": always(event, count),
        "acknowledged_at": moments(when[told]),
    }
    found = pa.RecordBatch.from_pydict(columns, schema=schema.ACKNOWLEDGEMENTS.schema)
    return Batch(acknowledgements=found)


def written(at_ms: int) -> str:
    """Write a moment as traces do."""
    at = datetime.fromtimestamp(min(at_ms, _LAST_MS) / 1000, UTC)
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _users(people: People) -> Ints:
    """Give for each address that of the person whose device it is; nobody's for nobody."""
    found = [
        people.place(f"{device[1]}@{device[2]}") if (device := _DEVICE.fullmatch(raw)) else place
        for place, raw in enumerate(list(people.raw))
    ]
    return np.array([*found, NOBODY], np.int64)
