"""What belongs to messages of one batch: files, reactions, votes, receipts, changes of groups."""

from collections.abc import Iterator

import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY, OWNER
from witnessbox.intake.signal_desktop import codes
from witnessbox.intake.signal_desktop.notices import changes
from witnessbox.intake.signal_desktop.spoken import Scene, Told, at_ms
from witnessbox.intake.signal_desktop.words import Line
from witnessbox.intake.sqlite.image import Ints

_WITH_FILES = frozenset(map(place_of, (Kind.MEDIA, Kind.STICKER)))
_Heard = tuple[str | None, str, int | None]


def attachments(told: Told, same: Same) -> pa.RecordBatch | None:
    """List the files a batch names, or says nothing more of."""
    found: list[tuple[str, int, str | None, str, bool]] = []
    kinds = told.spoken.kind.tolist()
    for start, kind, files in zip(told.spoken.start.tolist(), kinds, told.files, strict=True):
        found += [(same.exhibit, start, one.name, one.media, not one.path) for one in files.kept]
        if not files.kept and kind in _WITH_FILES:
            found.append((same.exhibit, start, None, "unknown", True))
    return table_of(schema.ATTACHMENTS, found)


def reactions(told: Told, scene: Scene, same: Same) -> pa.RecordBatch | None:
    """List the reactions to a batch's messages; an empty one was taken back.

    What stands in a message's ``json`` goes before what the table of reactions has.
    """
    table = scene.beside.marks.near(told.spoken.row)
    listed: dict[int, list[int]] = {}
    for place, message in zip(*(each.tolist() for each in table.of(told.spoken.row)), strict=True):
        listed.setdefault(message, []).append(place)
    found = []
    for k, (start, line) in enumerate(zip(told.spoken.start.tolist(), told.lines, strict=True)):
        marks = {
            (scene.name(one.from_id), one.emoji): at_ms(one.timestamp)
            for one in line.reactions or ()
        }
        for place in listed.get(k, ()):
            who, emoji = (table.texts[name][place].as_py() for name in ("fromId", "emoji"))
            when = int(table.numbers["timestamp"][place])
            marks.setdefault((scene.name(who), emoji), at_ms(when))
        found += [(same.exhibit, start, *who, when) for who, when in marks.items()]
    return table_of(schema.REACTIONS, found)


def votes(told: Told, scene: Scene, same: Same) -> pa.RecordBatch | None:
    """List who chose what in a batch's polls; a vote for nothing was taken back."""
    found = []
    for start, line in zip(told.spoken.start.tolist(), told.lines, strict=True):
        poll = line.poll
        options = (poll.options if poll is not None else None) or []
        for vote in (poll.votes if poll is not None else None) or ():
            chosen = vote.option_indexes or [NOBODY]
            for place in chosen:
                choice = options[place] if 0 <= place < len(options) else None
                voter = scene.name(vote.from_conversation_id)
                found.append((same.exhibit, start, voter, choice, at_ms(vote.timestamp)))
    return table_of(schema.VOTES, found)


def acknowledgements(told: Told, statuses: Ints, scene: Scene, same: Same) -> pa.RecordBatch | None:
    """List whom a batch's messages reached, who read them and who played them."""
    rows = zip(told.spoken.start.tolist(), told.types, told.lines, statuses.tolist(), strict=True)
    found = [
        (same.exhibit, start, *one)
        for start, kind, line, status in rows
        for one in (_by_owner(line, status) if kind == codes.INCOMING else _by_others(line, scene))
    ]
    return table_of(schema.ACKNOWLEDGEMENTS, found)


def earlier(line: Line, now: str | None) -> Iterator[tuple[str, int | None, int | None]]:
    """Give each text that a message had before, the last one first: since when, and until when.

    The newest version, which comes first, is what the message says.
    """
    until = None
    for k, version in enumerate(line.edit_history or ()):
        since = at_ms(version.timestamp)
        if k or (version.body or "") != (now or ""):
            yield version.body or "", since, until
        until = since


def earlier_texts(told: Told, same: Same) -> pa.RecordBatch | None:
    """List what a batch's messages said before they were edited."""
    found = [
        (same.exhibit, start, text, until)
        for k, (start, line) in enumerate(zip(told.spoken.start.tolist(), told.lines, strict=True))
        if line.edit_history
        for text, _, until in earlier(line, told.spoken.text[k].as_py())
        if text
    ]
    return table_of(schema.EARLIER_TEXTS, found)


def _by_owner(line: Line, status: int) -> Iterator[_Heard]:
    event = codes.READ_STATUS.get(status)
    if event is not None:
        yield OWNER, event, at_ms(line.read_at)


def _by_others(line: Line, scene: Scene) -> Iterator[_Heard]:
    for who, state in (line.send_state_by_conversation_id or {}).items():
        event, person = codes.ACKNOWLEDGED.get(state.status or ""), scene.name(who)
        if event is not None and person != OWNER:
            yield person, event, at_ms(state.updated_at)
    for event, people in (("delivered", line.delivered_to), ("read", line.read_by)):
        for who in people or ():
            yield scene.name(who), event, None


def memberships(told: Told, scene: Scene, same: Same) -> pa.RecordBatch | None:
    """List who came and went, as the app's own rows tell it."""
    found: list[tuple[object, ...]] = []
    spoken = told.spoken
    for k, line in enumerate(told.lines):
        for event, actor, member in changes(line, scene.name):
            chat = int(spoken.chat[k])
            where = None if chat == NOBODY else scene.people.name(chat)
            span = (same.exhibit, int(spoken.start[k]), int(spoken.end[k]), where)
            found.append((*span, event, actor, member, at_ms(int(spoken.at_ms[k]))))
    return table_of(schema.MEMBERSHIPS, found)
