"""Who chose what in polls."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.intake.database.columns import Names, Same, Spoken, always
from witnessbox.intake.database.keyed import Kept, keyed
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Tables

_LAST_MS = 1 << 47


@dataclass(frozen=True, slots=True)
class Votes:
    """The tables that hold votes."""

    marks: Kept  # keyed by the vote
    chosen: Kept  # keyed by the vote
    options: Kept  # keyed by their own row ids


def votes_of(tables: Tables) -> Votes:
    """Read the tables that hold votes."""
    vote = "message_add_on_poll_vote"
    key = "message_add_on_row_id"
    return Votes(
        keyed(tables, vote, key, ("sender_timestamp",)),
        keyed(tables, f"{vote}_selected_option", key, ("message_poll_option_id",)),
        keyed(tables, "message_poll_option", "_id", (), ("option_name",)),
    )


def votes(
    spoken: Spoken, people: Correspondents, names: Names, every: Kept, held: Votes, same: Same
) -> pa.RecordBatch | None:
    """List the votes in a batch's polls; one that chooses nothing was taken back.

    ``every`` are the rows of ``message_add_on`` by the message they belong to.
    """
    if not len(held.marks):
        return None
    added = every.near(spoken.row)
    at, owner = added.of(spoken.row)
    marks = held.marks.near(added.row[at])
    mark, voted = marks.first(added.row[at])
    at, owner, mark = at[voted], owner[voted], mark[voted]
    choices = held.chosen.near(added.row[at])
    chosen, vote = choices.of(added.row[at])
    none = np.setdiff1d(np.arange(len(at)), vote)
    vote = np.concatenate([vote, none])
    option = choices.numbers["message_poll_option_id"][chosen]
    option = np.concatenate([option, np.full(len(none), -1)])
    order = np.argsort(vote, kind="stable")
    vote, option = vote[order], option[order]
    if not len(vote):
        return None
    told = added.numbers
    message = owner[vote]
    by = people.by_row(told["sender_jid_row_id"][at[vote]])
    # In a conversation of two the other side is not named again.
    chat = spoken.chat[message]
    by = np.where((by == NOBODY) & ~people.is_group()[chat], chat, by)
    when = marks.numbers["sender_timestamp"][mark[vote]]
    when = np.where(when > 0, when, told["timestamp"][at[vote]])
    columns = {
        "exhibit": always(same.exhibit, len(vote)),
        "start": pa.array(spoken.start[message]),
        "voter": people_column(names, by, told["from_me"][at[vote]] == 1),
        "choice": held.options.near(option).text("option_name", option),
        "voted_at": moments(when),
    }
    return pa.RecordBatch.from_pydict(columns, schema=schema.VOTES.schema)


def people_column(names: Names, places: Ints, from_me: Flags) -> pa.DictionaryArray:
    """Name people by their places; the owner where it was theirs, null where nobody is named."""
    found = np.where(from_me, names.owner, names.name_place[places])
    nobody = ~from_me & (places == NOBODY)
    return pa.DictionaryArray.from_arrays(
        pa.array(found.astype(np.int32), mask=nobody), names.names
    )


def moments(at_ms: Ints) -> pa.Array:
    """Give moments as UTC; null where the number is no time."""
    none = (at_ms <= 0) | (at_ms >= _LAST_MS)
    return pa.array(at_ms, mask=none).cast(pa.timestamp("ms", tz="UTC"))
