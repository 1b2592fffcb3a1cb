"""What belongs to messages: files, quotations, reactions, and who came and went."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind
from witnessbox.intake.chatstorage import codes, wire
from witnessbox.intake.chatstorage.people import Roster
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Same, Spoken
from witnessbox.intake.database.keyed import Kept, kept, keyed
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY, OWNER, People
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.sqlite.tables import Rows, Tables

MEDIA = "ZWAMEDIAITEM"
_PLACES_WITH_FILES = [place_of(kind) for kind in (Kind.MEDIA, Kind.STICKER)]
_QUOTED_ID = 5
_STANZA = frozenset("0123456789ABCDEFabcdef")
_MOST_STANZA = 64
_LAST_MS = 1 << 47
_OWN = frozenset(("left",))


def media_of(tables: Tables) -> Kept:
    """Read which files there are, by their own row ids."""
    return keyed(tables, MEDIA, "Z_PK", ("ZMESSAGE",), ("ZMEDIALOCALPATH", "ZTITLE"))


def quotes_of(tables: Tables) -> Kept:
    """Read which messages quote which, by the message that quotes."""
    found = kept(MEDIA, (), ("key_id", "text_data"))
    for rows in tables.rows(MEDIA, ("ZMESSAGE", "ZMETADATA"), shared=True):
        keys = [_quoted(blob) if blob else None for blob in rows.blobs("ZMETADATA").to_pylist()]
        there = np.flatnonzero([key is not None for key in keys])
        places = (rows.numbers("ZMESSAGE", -1), rows.rowid, rows.start, rows.end)
        texts = [keys[k] for k in there], [None] * len(there)
        found.add([place[there] for place in places], [pa.array(one, pa.string()) for one in texts])
    return found


def _quoted(blob: bytes) -> str | None:
    for part in wire.parts(blob, _QUOTED_ID):
        found = wire.text(part)
        if found and len(found) <= _MOST_STANZA and _STANZA.issuperset(found):
            return found
    return None


def attachments(spoken: Spoken, rows: Rows, media: Kept, same: Same) -> pa.RecordBatch | None:
    """List the files a batch of messages names, or says nothing more of."""
    wanted = rows.numbers("ZMEDIAITEM", -1)
    near = media.near(wanted)
    at, there = near.first(wanted)
    # Rows of this table also stand for links and quotations, which are no files.
    chosen = np.flatnonzero(np.isin(spoken.kind, _PLACES_WITH_FILES))
    place = pa.array(at[chosen], mask=~there[chosen])
    paths, titles = (
        near.texts[name].take(place).to_pylist() for name in ("ZMEDIALOCALPATH", "ZTITLE")
    )
    types = rows.numbers("ZMESSAGETYPE")[chosen].tolist()
    found = []
    for start, kind, path, title in zip(
        spoken.start[chosen].tolist(), types, paths, titles, strict=True
    ):
        name = path or (None if kind in codes.CAPTIONED else title)
        found.append((same.exhibit, start, name, codes.MEDIA_OF.get(kind, "unknown"), not path))
    return table_of(schema.ATTACHMENTS, found)


def reactions(spoken: Spoken, people: People, all_marks: Kept, same: Same) -> pa.RecordBatch | None:
    """List the reactions to a batch's messages."""
    marks = all_marks.near(spoken.row)
    at, owner = marks.of(spoken.row)
    starts, times = spoken.start[owner].tolist(), marks.numbers["at_ms"][at].tolist()
    told = (marks.texts[name].take(pa.array(at)).to_pylist() for name in ("by", "mark"))
    found = []
    owners = (marks.numbers["own"][at] == 1).tolist()
    for start, by, mark, at_ms, own in zip(starts, *told, times, owners, strict=True):
        actor = people.name(people.place(by)) if by else OWNER if own else None
        found.append((same.exhibit, start, actor, mark, at_ms or None))
    return table_of(schema.REACTIONS, found)


def memberships(
    spoken: Spoken, rows: Rows, people: Correspondents, roster: Roster, same: Same
) -> pa.RecordBatch | None:
    """List who came and went.

    The change concerns the addresses that stand in the row's text, made by the row's group member;
    else that member, made by the address it came from, if that is a person's.
    """
    types, events = rows.numbers("ZMESSAGETYPE"), rows.numbers("ZGROUPEVENTTYPE")
    members = roster.member(rows.numbers("ZGROUPMEMBER", -1))
    senders = people.by_text(rows.text("ZFROMJID"))
    group = people.is_group()
    senders = np.where(group[senders], NOBODY, senders)
    texts = spoken.text.to_pylist()
    found = []

    def name(place: int) -> str | None:
        return None if place == NOBODY else people.name(place)

    for k in np.flatnonzero(types == codes.GROUP_EVENT).tolist():
        event = codes.EVENT_OF.get(int(events[k]))
        if event is None:
            continue
        member, sender = name(int(members[k])), name(int(senders[k]))
        text = texts[k]
        named = [
            people.name(people.place(one.strip()))
            for one in (text or "").split(",")
            if _address(one)
        ]
        by = OWNER if spoken.from_me[k] else sender
        actor, who = _concerned(event, by, member, text, named)
        when = int(spoken.at_ms[k])
        span = (same.exhibit, int(spoken.start[k]), int(spoken.end[k]), name(int(spoken.chat[k])))
        at_ms = when if 0 < when < _LAST_MS else None
        found += [(*span, event, actor, one, at_ms) for one in who]
    return table_of(schema.MEMBERSHIPS, found)


def _concerned(
    event: str, by: str | None, member: str | None, text: str | None, named: list[str]
) -> tuple[str | None, Sequence[str | None]]:
    """Tell who made a change, and whom it concerns; for a subject, what it is now."""
    if event == "subject":
        return member or by, [text]
    if event == "created":
        return member or by, named or [None]
    if named:
        return member or by, named
    if event in _OWN:
        return member or by, [member or by]
    return by, [member]


def _address(text: str) -> bool:
    user, at, server = text.strip().partition("@")
    return bool(at) and user.isdigit() and server in {"s.whatsapp.net", "lid"}
