"""Who was in a group when, as the lists of its members tell it."""

from collections.abc import Iterator

import numpy as np

from witnessbox.evidence import schema
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.parser import Batch
from witnessbox.intake.sqlite.tables import Tables

_LAST_MS = 1 << 47
_PAST, _NOW = "group_past_participant_user", "group_participant_user"


def members_over_time(tables: Tables, people: People, same: Same) -> Iterator[Batch]:
    """List when members were added, left or were removed, where the lists say when."""
    for table, time in ((_NOW, "add_timestamp"), (_PAST, "timestamp")):
        wanted = ("group_jid_row_id", "user_jid_row_id", "is_leave", time)
        for rows in tables.rows(table, wanted, shared=True):
            groups, users = (people.by_row(rows.numbers(name)) for name in wanted[:2])
            left, when = rows.numbers("is_leave"), rows.numbers(time)
            known = (when > 0) & (when < _LAST_MS)
            found = []
            for k in np.flatnonzero(known | (table == _PAST)).tolist():
                chat, who = (
                    None if place == NOBODY else people.name(int(place))
                    for place in (groups[k], users[k])
                )
                event = "added" if table == _NOW else "left" if left[k] else "removed"
                actor = who if event == "left" else None
                at_ms = int(when[k]) if known[k] else None
                span = same.exhibit, int(rows.start[k]), int(rows.end[k])
                found.append((*span, chat, event, actor, who, at_ms))
            yield Batch(memberships=table_of(schema.MEMBERSHIPS, found))
