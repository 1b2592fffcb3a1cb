"""Traces of deletion a database holds by itself, each with what it shows and no more.

A number that no row has may never have been a message that anyone saw; a receipt or a file whose
message is gone shows that a row of that number was there; a quotation of a message that is not in
the database shows its words; the search index may keep words that the message itself lost.
"""

from collections.abc import Iterator

import numpy as np

from witnessbox.intake.database.freed import Sign
from witnessbox.intake.database.keyed import keyed
from witnessbox.intake.database.traces import Living, Trace, counter_of, numbered, row_gaps
from witnessbox.intake.numbered import gaps as gaps_of
from witnessbox.intake.sqlite.tables import Tables

SIGNS = {
    "message": Sign(
        identity="key_id",
        said="text_data",
        at="timestamp",
        whole=("chat_row_id", "message_type"),
        flags=("from_me",),
    ),
    "messages": Sign(
        identity="key_id",
        said="data",
        at="timestamp",
        whole=("status",),
        flags=("key_from_me",),
    ),
}
"""By what a row of a message-bearing table is known in freed space."""


def gaps(living: Living, tables: Tables) -> Iterator[Trace]:
    """Find numbers that no row has, between those that rows have and the table's own counter."""
    yield from row_gaps(living, counter_of(tables, living.table))
    yield from _sort_gaps(living)


def _sort_gaps(living: Living) -> Iterator[Trace]:
    for gap in gaps_of(living.sorts.runs()):
        # A sort key that follows the row id tells nothing the row ids do not.
        if gap.after - gap.before == gap.high - gap.low + 2:
            continue
        what = f"{numbered('sort key', gap.low, gap.high)} missing before this row"
        yield gap.start, gap.start, living.table, gap.after, "sort-gap", what


def orphans(living: Living, tables: Tables) -> Iterator[Trace]:
    """Find receipts, files and other rows whose message is not there."""
    for table, kind, noun in (
        ("message_media", "orphan-media", "a file"),
        ("message_edit_info", "orphan-edit", "the time of an edit"),
        ("message_revoked", "orphan-revoke", "the mark of a deletion for everyone"),
        ("message_mentions", "orphan-mention", "a mention"),
        ("message_add_on", "orphan-reaction", "a reaction or vote"),
    ):
        key = "parent_message_row_id" if table == "message_add_on" else "message_row_id"
        texts = ("file_path",) if table == "message_media" else ()
        taken = living.rows.taken()
        for found in keyed(tables, table, key, (), texts).parts():
            for k in np.flatnonzero(~taken.among(found.key)).tolist():
                what = f"{noun} of message {int(found.key[k])}, which is not there"
                what += "".join(f": {found.texts[name][k].as_py() or 'unnamed'}" for name in texts)
                place = int(found.start[k]), int(found.end[k]), table, int(found.row[k])
                yield *place, kind, what
