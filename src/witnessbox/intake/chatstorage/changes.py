"""Changes of a group's members in a table of their own, whose codes nobody has explained."""

from collections.abc import Iterator

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.chatstorage.spoken import at_ms
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.database.traces import MOST_SHOWN
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.msgstore.receipts import written
from witnessbox.intake.sqlite.tables import Tables

_CHANGES = "ZWAGROUPMEMBERSCHANGE"


def member_changes(tables: Tables, people: Correspondents, same: Same) -> Iterator[Problem]:
    """Say which changes there are: when, in which group, of whom, and their code as it stands."""
    wanted = ("ZCHANGETYPE", "ZCHANGEDATE", "ZGROUPJID", "ZMEMBERJIDS")
    for rows in tables.rows(_CHANGES, wanted, shared=True):
        groups = people.by_text(rows.text("ZGROUPJID")).tolist()
        members, codes = rows.text("ZMEMBERJIDS").to_pylist(), rows.numbers("ZCHANGETYPE", -1)
        when = at_ms(rows, "ZCHANGEDATE").tolist()
        for k, group in enumerate(groups):
            who = "a group that is not named" if group == NOBODY else people.name(group)
            what = f"a change of members of {who}, whose code nobody has explained: {int(codes[k])}"
            what += f"; {written(when[k])}" if when[k] > 0 else ""
            what += f"; of {members[k][:MOST_SHOWN]}" if members[k] else ""
            start = int(rows.start[k])
            place = _CHANGES, int(rows.rowid[k])
            yield same.problem((start, start), "member-change", what, Severity.NOTE, place)
