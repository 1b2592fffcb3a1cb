"""Traces of deletion in an iPhone's database, each with what it shows and no more."""

from collections.abc import Iterator

import numpy as np

from witnessbox.intake.chatstorage.beyond import INFO
from witnessbox.intake.chatstorage.people import Roster
from witnessbox.intake.chatstorage.spoken import EPOCH_SECONDS, MESSAGE
from witnessbox.intake.database.freed import Sign
from witnessbox.intake.database.keyed import Keyed, keyed
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.database.traces import Living, Trace, numbered, row_gaps
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Tables

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


def gaps(living: Living, tables: Tables, entity: str = _ENTITY) -> Iterator[Trace]:
    """Find row ids that no row has, up to the number Core Data has counted to."""
    counter = None
    for rows in tables.rows("Z_PRIMARYKEY", ("Z_NAME", "Z_MAX"), shared=True):
        for name, most in zip(rows.text("Z_NAME").to_pylist(), rows.numbers("Z_MAX"), strict=True):
            counter = int(most) if name == entity else counter
    yield from row_gaps(living, counter)


def sort_gaps(living: Living, sessions: Ints, roster: Roster, people: People) -> Iterator[Trace]:
    """Find places in the order of each conversation that no message has.

    A conversation numbers its messages from 1; its counter stands at the number to come.
    """
    counters = roster.sessions.numbers["ZMESSAGECOUNTER"].tolist()
    order = np.lexsort((living.sorts, sessions))
    ordered = sessions[order]
    for k, session in enumerate(roster.sessions.key.tolist()):
        low, high = np.searchsorted(ordered, (session, session + 1))
        at = order[low:high]
        at = at[living.sorts[at] > 0]
        place = int(roster.chats[k])
        chat = "a conversation without an address" if place == NOBODY else people.name(place)
        sorts = np.concatenate([[0], living.sorts[at]])
        for j in np.flatnonzero(np.diff(sorts) > 1).tolist():
            first, last, row = int(sorts[j]) + 1, int(sorts[j + 1]) - 1, int(at[j])
            what = f"{numbered('sort key', first, last)} missing before this row, in {chat}"
            start = int(living.starts[row])
            yield start, start, MESSAGE, int(living.rows[row]), "sort-gap", what
        first, last = int(sorts[-1]) + 1, int(counters[k]) - 1
        if last >= first:
            start = int(roster.sessions.start[k])
            what = f"{numbered('sort key', first, last)} missing at the end of {chat}: "
            what += f"it has counted to {counters[k]}"
            yield start, start, roster.sessions.table, session, "sort-gap", what


def orphans(living: Living, tables: Tables, media: Keyed, roster: Roster) -> Iterator[Trace]:
    """Find receipts, files and last messages whose message is not there."""
    receipts = keyed(tables, INFO, "ZMESSAGE")
    sessions = roster.sessions
    for table, keys, kind, noun in (
        (receipts, receipts.key, "orphan-receipt", "a receipt of message"),
        (media, media.numbers["ZMESSAGE"], "orphan-media", "a file of message"),
        (
            sessions,
            sessions.numbers["ZLASTMESSAGE"],
            "orphan-last",
            "the conversation's last message is",
        ),
    ):
        for k in np.flatnonzero((keys > 0) & ~np.isin(keys, living.rows)).tolist():
            what = f"{noun} {int(keys[k])}, which is not there"
            if kind == "orphan-media":
                what += f": {table.texts['ZMEDIALOCALPATH'][k].as_py() or 'unnamed'}"
            span = int(table.start[k]), int(table.end[k])
            yield *span, table.table, int(table.row[k]), kind, what
