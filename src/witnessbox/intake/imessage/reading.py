"""A messages database from its first table to its last."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Precision, Problem, Severity
from witnessbox.intake.database import columns, log
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.freed import freed_rows
from witnessbox.intake.database.identities import Identities
from witnessbox.intake.database.keyed import Kept
from witnessbox.intake.database.reading import Chosen, Reading
from witnessbox.intake.database.traces import Living, Trace
from witnessbox.intake.imessage import beyond, codes, traces
from witnessbox.intake.imessage.bodies import BODY, decoded
from witnessbox.intake.imessage.files import Files, files_of
from witnessbox.intake.imessage.parts import PARTS, parents_of, parts_of
from witnessbox.intake.imessage.people import Addresses, Roster, roster_of
from witnessbox.intake.imessage.reactions import Hanging, Hung, notes, reactions
from witnessbox.intake.imessage.spoken import (
    IDENTITY,
    MESSAGE,
    Around,
    Heard,
    is_reaction,
    spoken_of,
)
from witnessbox.intake.imessage.times import since_2001
from witnessbox.intake.imessage.traces import Lists, Naming
from witnessbox.intake.numbered import Numbered
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.tables import Rows, Tables

_MOST_TOLD = 30
_ARCHIVES = frozenset((*BODY, "part_text"))
COMPARED = {
    MESSAGE: ("text", "attributedBody", "guid", "date", "handle_id", "date_edited"),
    PARTS: ("part_text",),
}
"""What of a row is compared with what the log makes of it."""

WANTED = {
    MESSAGE: (
        *("guid", "text", "subject", "attributedBody", "service", "handle_id", "is_from_me"),
        *("date", "date_read", "date_delivered", "date_played", "date_edited", "date_retracted"),
        *("item_type", "group_action_type", "group_title", "other_handle", "cache_roomnames"),
        *("associated_message_type", "associated_message_guid", "associated_message_emoji"),
        *("balloon_bundle_id", "payload_data", "expressive_send_style_id", "is_audio_message"),
        *("message_summary_info", "thread_originator_guid", "reply_to_guid", "error"),
        *("address", "flags", "group_id", "is_madrid", "madrid_flags", "madrid_guid"),
        *("madrid_handle", "madrid_roomname", "madrid_attributedBody"),
    ),
    PARTS: ("chat_id", "message_id", "part_index", "part_text"),
}


def told(rows: Rows, names: tuple[str, ...]) -> list[pa.Array]:
    """Give the compared columns as texts; of an archive, its words."""
    return [
        decoded(rows.blobs(name))[0] if name in _ARCHIVES else log.told(rows, (name,))[0]
        for name in names
    ]


@dataclass(slots=True)
class MessagesReading(Reading):
    """A database, or what its log holds, on its way into rows."""

    people: Addresses
    roster: Roster = field(kw_only=True)
    naming: Naming = field(default_factory=Naming)
    beside: Counter[str] = field(default_factory=Counter)  # what no table holds

    def read(self) -> Iterator[Batch]:
        """Read every message-bearing table; the last batch says what shows only at the end."""
        files, lists = files_of(self.tables), Lists.of(self.tables)
        known, hanging = self._sorted_out(lists)
        for rows in self.batches(MESSAGE):
            self.gather(rows)
            problems = self.faults(rows)
            told = hanging.of(rows.rowid)
            names = columns.names_of(self.people)
            problems += notes(rows, told, hanging, names, self.same)
            rest = rows.only(~told) if told.any() else rows
            yield self._messages(rest, files, hanging, problems)
        parents: Kept | None = None
        for rows in self.batches(PARTS):
            parents = parents or parents_of(self.tables)
            heard = parts_of(rows, parents, self.people, self.roster)
            problems = self.faults(rows) + self._doubts(heard, rows)
            yield self.batch(heard.spoken, columns.names_of(self.people), problems)
        yield Batch(problems=problem_rows(self._beside()))
        yield from self.last(self._shown(files, lists, known, hanging))

    def _sorted_out(self, lists: Lists) -> tuple[Identities, Hanging]:
        """Learn which messages name which others; what is not told by this exhibit has nothing."""
        hung, sound, told = Hung(), Numbered(), Numbered()
        for rows in self.tables.rows(MESSAGE, WANTED[MESSAGE], shared=True):
            mine = np.ones(len(rows), np.bool_)
            if self.chosen is None:
                self.naming.note(rows)
            else:
                mine = self.chosen(MESSAGE, rows)
            sound.note(rows.rowid, rows.rowid, rows.start)
            told.note(*(one[mine] for one in (rows.rowid, rows.rowid, rows.start)))
            hung.note(rows, mine, self.people, self.roster)
        asked = [hung.asked, *self.naming.asked.values(), *lists.asked.values()]
        known = Identities(self.tables, IDENTITY, asked, sound.taken())
        return known, hung.on(known, told.taken())

    def _messages(
        self, rows: Rows, files: Files, hanging: Hanging, problems: list[Problem]
    ) -> Batch:
        past, unread = beyond.past_of(rows)
        carried = files.of(rows.rowid)
        heard = spoken_of(rows, self.people, Around(self.roster, carried), past)
        spoken = heard.spoken
        self._note(heard, rows)
        names = columns.names_of(self.people)
        problems += self._doubts(heard, rows)
        problems += beyond.changes(spoken, past, self.people, self.same)
        problems += beyond.unread_changes(spoken, unread, self.same)
        marks, votes = reactions(spoken, hanging, names, self.same)
        batch = self.batch(
            spoken,
            names,
            problems,
            attachments=carried.attachments(spoken, heard.unlisted, self.same),
            reactions=marks,
            votes=votes,
            earlier_texts=beyond.earlier_texts(spoken, past, self.same),
            memberships=beyond.memberships(spoken, rows, self.people, self.same),
            acknowledgements=beyond.acknowledgements(spoken, rows, self.people, names, self.same),
        )
        return replace(batch, messages=columns.restated(batch.messages, **_times(rows)))

    def _doubts(self, heard: Heard, rows: Rows) -> list[Problem]:
        found = self.text_doubts(heard.spoken, heard.doubtful)
        return found + beyond.remarks(heard, rows, self.roster, self.people, self.same)

    def _note(self, heard: Heard, rows: Rows) -> None:
        """Note what is told at the end."""
        spoken, link = heard.spoken, rows.numbers("associated_message_type")
        unknown = heard.doubtful.unknown
        item = rows.numbers("item_type")[unknown]
        inside = (item >= 0) & (item <= codes.MOST_ITEM)
        self.types.update(np.where(inside, link[unknown], item).tolist())
        if self.chosen is None:
            self.naming.note_words(spoken, is_reaction(link))
        for one in rows.text("service").drop_null().value_counts().to_pylist():
            self.beside[f"messages by {one['values'][:40]}"] += one["counts"]
        payload = rows.blobs("payload_data").is_valid().to_numpy(zero_copy_only=False)
        if payload.any():
            bundles = rows.text("balloon_bundle_id").filter(pa.array(payload))
            for one in bundles.fill_null("").value_counts().to_pylist():
                app = codes.app_of(one["values"])[:80] or "apps without a name"
                self.beside[f"contents kept by {app}"] += one["counts"]
        effects = rows.text("expressive_send_style_id")
        self.beside["effects of sending"] += len(effects) - effects.null_count

    def _shown(
        self, files: Files, lists: Lists, known: Identities, hanging: Hanging
    ) -> Iterator[Trace]:
        living = Living(MESSAGE, self.rows, self.sorts)
        yield from traces.gaps(living, self.tables, self.roster, files)
        yield from traces.orphans(living, self.roster, files)
        yield from traces.recently_deleted(self.tables, self.roster)
        yield from lists.traces(self.tables, known)
        yield from freed_rows(self.tables, MESSAGE, traces.SIGN)
        yield from self.naming.absent(known, hanging)

    def _beside(self) -> list[Problem]:
        most = sorted(self.beside.most_common(_MOST_TOLD))
        told = [f"{count:,} {what}" for what, count in most if count]
        if not told:
            return []
        what = f"in the database and in no table: {', '.join(told)}"
        return [self.same.problem((0, 0), "beside-the-tables", what, Severity.NOTE)]

    def listed(self) -> Iterator[tuple[int, int]]:
        """Give the members of each chat as the database lists them."""
        if self.chosen is not None:
            return
        members = self.roster.members
        chats = self.roster.place(members.key).tolist()
        who = self.people.by_row(members.numbers["handle_id"]).tolist()
        yield from (
            (chat, one) for chat, one in zip(chats, who, strict=True) if min(chat, one) >= 0
        )


def _times(rows: Rows) -> dict[str, pa.Array]:
    """Give the times as the database holds them, and how fine they are."""
    dates, known = rows.integers("date")
    _, fine = since_2001(dates)
    precision = pc.if_else(pa.array(fine), Precision.MILLISECOND.value, Precision.SECOND.value)
    stamp = pc.cast(pa.array(dates, mask=~known), pa.string())
    return {"stamp": stamp, "precision": precision.dictionary_encode()}


def reading_of(
    tables: Tables, contacts: dict[str, str], same: Same, chosen: Chosen | None = None
) -> MessagesReading:
    """Set out to read a database, or the rows of it that are chosen."""
    people, roster = roster_of(tables, contacts)
    return MessagesReading(tables, people, same, WANTED, chosen, roster=roster)
