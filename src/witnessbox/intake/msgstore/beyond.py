"""What belongs to messages of one batch: files, reactions, and who came and went."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Names, Same, Spoken, always
from witnessbox.intake.database.keyed import Kept, keyed
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY, OWNER, People
from witnessbox.intake.media import by_mime
from witnessbox.intake.msgstore import codes
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.sqlite.tables import Rows, Tables

_PLACES_WITH_FILES = [place_of(kind) for kind in (Kind.MEDIA, Kind.STICKER)]
_UTC = pa.timestamp("ms", tz="UTC")
_OWN = frozenset(("left", "joined"))


@dataclass(frozen=True, slots=True)
class Beyond:
    """Tables whose rows belong to messages."""

    media: Kept
    reactions: Kept  # keyed by the message reacted to
    marks: Kept  # keyed by the reaction
    events: Kept
    members: Kept


def beyond_of(tables: Tables, media: Kept) -> Beyond:
    """Read the tables whose rows belong to messages."""
    return Beyond(
        media=media,
        reactions=keyed(
            tables,
            "message_add_on",
            "parent_message_row_id",
            ("from_me", "sender_jid_row_id", "timestamp", "message_add_on_type"),
        ),
        marks=keyed(
            tables,
            "message_add_on_reaction",
            "message_add_on_row_id",
            ("sender_timestamp",),
            ("reaction",),
        ),
        events=keyed(tables, "message_system", "message_row_id", ("action_type",)),
        members=keyed(
            tables, "message_system_chat_participant", "message_row_id", ("user_jid_row_id",)
        ),
    )


def media_of(tables: Tables) -> Kept:
    """Read which files messages carry."""
    texts = ("file_path", "mime_type", "media_name", "media_caption")
    return keyed(tables, "message_media", "message_row_id", (), texts)


def attachments(spoken: Spoken, rows: Rows, beyond: Beyond, same: Same) -> pa.RecordBatch | None:
    """List the files a batch of the table ``message`` names, or says nothing more of."""
    media = beyond.media.near(spoken.row)
    at, there = media.first(spoken.row)
    chosen = np.flatnonzero(there | np.isin(spoken.kind, _PLACES_WITH_FILES))
    place = pa.array(at[chosen], mask=~there[chosen])
    told = ("file_path", "mime_type", "media_name")
    texts = [media.texts[name].take(place).to_pylist() for name in told]
    types = rows.numbers("message_type")[chosen].tolist()
    starts = spoken.start[chosen].tolist()
    found = [
        (same.exhibit, start, path or name, codes.MEDIA_OF.get(kind) or by_mime(mime), not path)
        for start, kind, path, mime, name in zip(starts, types, *texts, strict=True)
    ]
    return table_of(schema.ATTACHMENTS, found)


def legacy_attachments(spoken: Spoken, rows: Rows, same: Same) -> pa.RecordBatch | None:
    """List the files a batch of the table ``messages`` names."""
    files = {
        row: (name, kind)
        for row, name, kind in zip(
            rows.rowid.tolist(),
            rows.text("media_name").to_pylist(),
            rows.text("media_wa_type").to_pylist(),
            strict=True,
        )
    }
    found = []
    for k in np.flatnonzero(np.isin(spoken.kind, _PLACES_WITH_FILES)).tolist():
        name, kind = files[int(spoken.row[k])]
        media = codes.MEDIA_OF.get(int(kind or 0), "unknown")
        found.append((same.exhibit, int(spoken.start[k]), name, media, not name))
    return table_of(schema.ATTACHMENTS, found)


def reactions(
    spoken: Spoken, people: Correspondents, names: Names, beyond: Beyond, same: Same
) -> pa.RecordBatch | None:
    """List the reactions to a batch's messages; an empty mark is one that was taken back."""
    reacted = beyond.reactions.near(spoken.row)
    at, owner = reacted.of(spoken.row)
    marks = beyond.marks.near(reacted.row[at])
    mark, marked = marks.first(reacted.row[at])
    at, owner, mark = at[marked], owner[marked], mark[marked]
    if not len(at):
        return None
    told = {name: values[at] for name, values in reacted.numbers.items()}
    by = people.by_row(told["sender_jid_row_id"])
    chat = spoken.chat[owner]
    # In a conversation of two the other side is not named again.
    who = np.where((by == NOBODY) & ~people.is_group()[chat], chat, by)
    own = told["from_me"] == 1
    sent = marks.numbers["sender_timestamp"][mark]
    when = np.where(sent == 0, told["timestamp"], sent)
    columns = {
        "exhibit": always(same.exhibit, len(at)),
        "start": pa.array(spoken.start[owner]),
        "actor": names.of(who, own, ~own & (who == NOBODY)),
        "reaction": marks.texts["reaction"].take(pa.array(mark)),
        "reacted_at": pa.array(when, mask=(when <= 0) | (when >= 1 << 47)).cast(_UTC),
    }
    order = schema.REACTIONS.schema
    return pa.RecordBatch.from_arrays([columns[name] for name in order.names], schema=order)


def memberships(
    spoken: Spoken, people: People, names: Names, beyond: Beyond, same: Same
) -> pa.RecordBatch | None:
    """List who came and went, as the system's own messages tell it."""
    events, members = beyond.events.near(spoken.row), beyond.members.near(spoken.row)
    at, there = events.first(spoken.row)
    found = []

    def name(place: int) -> str | None:
        return None if place == NOBODY else names.names[int(names.name_place[place])].as_py()

    for k in there.nonzero()[0].tolist():
        event = codes.EVENT_OF.get(int(events.numbers["action_type"][at[k]]))
        if event is None:
            continue
        listed, _ = members.of(spoken.row[k : k + 1])
        rows = members.numbers["user_jid_row_id"][listed]
        actor = name(int(spoken.sender[k])) or (OWNER if spoken.from_me[k] else None)
        who: list[str | None] = [name(int(place)) for place in people.by_row(rows)]
        if not who:
            subject = event in {"subject", "created"}
            who = [spoken.text[k].as_py() if subject else actor if event in _OWN else None]
        when = int(spoken.at_ms[k])
        span = (same.exhibit, int(spoken.start[k]), int(spoken.end[k]), name(int(spoken.chat[k])))
        at_ms = when if 0 < when < 1 << 47 else None
        found += [(*span, event, actor, member, at_ms) for member in who]
    return table_of(schema.MEMBERSHIPS, found)
