"""Traces of deletion in an iPhone's database, each with what it shows and no more."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from witnessbox.intake.chatstorage.info import INFO
from witnessbox.intake.chatstorage.people import Roster
from witnessbox.intake.chatstorage.spoken import EPOCH_SECONDS, MESSAGE
from witnessbox.intake.database.freed import Sign
from witnessbox.intake.database.keyed import Kept, Keyed, keyed
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.database.traces import Living, Trace, numbered, row_gaps
from witnessbox.intake.numbered import Runs, Taken
from witnessbox.intake.numbered import gaps as gaps_of
from witnessbox.intake.ordered import KEY, Ordered, keys_of
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

_ENTITY = "WAMessage"
SIGN = Sign(
    identity="ZSTANZAID",
    said="ZTEXT",
    at="ZMESSAGEDATE",
    whole=("ZCHATSESSION", "ZMESSAGETYPE"),
    flags=("ZISFROMME",),
    at_ms=lambda at: (at + EPOCH_SECONDS) * 1000,
)
"""By what a message is known in freed space."""

_SCHEMA = pa.schema(
    [pa.field(name, pa.int64()) for name in (KEY, "low", "high", "row", "start")]
)  # runs of places, by conversation


def gaps(living: Living, tables: Tables, entity: str = _ENTITY) -> Iterator[Trace]:
    """Find row ids that no row has, up to the number Core Data has counted to."""
    counter = None
    for rows in tables.rows("Z_PRIMARYKEY", ("Z_NAME", "Z_MAX"), shared=True):
        for name, most in zip(rows.text("Z_NAME").to_pylist(), rows.numbers("Z_MAX"), strict=True):
            counter = int(most) if name == entity else counter
    yield from row_gaps(living, counter)


class Places:
    """Places in the order of each conversation that messages have, learnt batch by batch."""

    def __init__(self) -> None:
        self._runs = Ordered(_SCHEMA)

    def note(self, rows: Rows, sessions: Ints, sorts: Ints) -> None:
        """Tell the places of a batch of messages; a place of 0 is none."""
        has = np.flatnonzero(sorts > 0)
        if not len(has):
            return
        order = has[np.lexsort((rows.rowid[has], sorts[has], sessions[has]))]
        session, sort = sessions[order], sorts[order]
        apart = (np.diff(session) != 0) | (np.diff(sort) > 1)
        first = np.flatnonzero(np.append(True, apart))
        last = np.append(first[1:], len(order)) - 1
        row, start = rows.rowid[order][first], rows.start[order][first]
        columns = (session[first], sort[first], sort[last], row, start)
        self._runs.add(pa.RecordBatch.from_arrays([*map(pa.array, columns)], schema=_SCHEMA))

    def gaps(self, roster: Roster, people: People) -> Iterator[Trace]:
        """Find places that no message has.

        A conversation numbers its messages from 1; its counter stands at the number to come.
        """
        counters = roster.sessions.numbers["ZMESSAGECOUNTER"].tolist()
        for k, session in enumerate(roster.sessions.key.tolist()):
            place = int(roster.chats[k])
            chat = "a conversation without an address" if place == NOBODY else people.name(place)
            runs = self._of(session)
            for gap in gaps_of(iter((runs,))):
                what = f"{numbered('sort key', gap.low, gap.high)} missing before this row, in "
                what += chat
                yield gap.start, gap.start, MESSAGE, gap.after, "sort-gap", what
            first, last = int(runs.high[-1]) + 1, int(counters[k]) - 1
            if last >= first:
                start = int(roster.sessions.start[k])
                what = f"{numbered('sort key', first, last)} missing at the end of {chat}: "
                what += f"it has counted to {counters[k]}"
                yield start, start, roster.sessions.table, session, "sort-gap", what

    def _of(self, session: int) -> Runs:
        """Give the runs of one conversation, place 0 before them."""
        rows = self._runs.near(np.array([session]))
        low, high, row, start = (
            rows.filter(pa.array(keys_of(rows) == session)).column(name).to_numpy()
            for name in _SCHEMA.names[1:]
        )
        order = np.lexsort((row, low))
        nought = np.zeros(1, np.int64)
        columns = (low[order], high[order], row[order], start[order], row[order])
        return Runs(*(np.concatenate([nought, column]) for column in columns)).joined()


def orphans(living: Living, tables: Tables, media: Kept, roster: Roster) -> Iterator[Trace]:
    """Find receipts, files and last messages whose message is not there."""
    taken, sessions = living.rows.taken(), roster.sessions
    for part in keyed(tables, INFO, "ZMESSAGE").parts():
        yield from _orphans(taken, part, part.key, ("orphan-receipt", "a receipt of message"))
    for part in media.parts():
        told = "orphan-media", "a file of message"
        yield from _orphans(taken, part, part.numbers["ZMESSAGE"], told)
    told = "orphan-last", "the conversation's last message is"
    yield from _orphans(taken, sessions, sessions.numbers["ZLASTMESSAGE"], told)


def _orphans(taken: Taken, rows: Keyed, keys: Ints, told: tuple[str, str]) -> Iterator[Trace]:
    kind, noun = told
    for k in np.flatnonzero((keys > 0) & ~taken.among(keys)).tolist():
        what = f"{noun} {int(keys[k])}, which is not there"
        if kind == "orphan-media":
            what += f": {rows.texts['ZMEDIALOCALPATH'][k].as_py() or 'unnamed'}"
        span = int(rows.start[k]), int(rows.end[k])
        yield *span, rows.table, int(rows.row[k]), kind, what
