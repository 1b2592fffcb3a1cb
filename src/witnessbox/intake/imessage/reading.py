"""A messages database from its first table to its last."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Precision, Problem, Severity
from witnessbox.intake.database import columns, log
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.freed import freed_rows
from witnessbox.intake.database.keyed import Keyed
from witnessbox.intake.database.reading import Chosen, Reading
from witnessbox.intake.database.traces import Living, Trace
from witnessbox.intake.imessage import beyond, codes, traces
from witnessbox.intake.imessage.bodies import BODY, decoded
from witnessbox.intake.imessage.files import attachments, files_of
from witnessbox.intake.imessage.identities import Identities
from witnessbox.intake.imessage.parts import PARTS, parents_of, parts_of
from witnessbox.intake.imessage.people import Addresses, Roster, roster_of
from witnessbox.intake.imessage.reactions import HANGING, Hanging, hanging_of, notes, reactions
from witnessbox.intake.imessage.spoken import MESSAGE, Around, Heard, bare, is_reaction, spoken_of
from witnessbox.intake.imessage.times import since_2001
from witnessbox.intake.imessage.traces import Pointing
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
    naming: dict[str, list[Pointing]] = field(default_factory=lambda: defaultdict(list))
    beside: Counter[str] = field(default_factory=Counter)  # what no table holds

    def read(self) -> Iterator[Batch]:
        """Read every message-bearing table; the last batch says what shows only at the end."""
        around = Around(self.roster, files_of(self.tables))
        wanted = HANGING if self.chosen is None else WANTED[MESSAGE]
        hanging = hanging_of(self.tables, self.people, self.roster, wanted, self.chosen)
        for rows in self.batches(MESSAGE):
            self.gather(rows)
            problems = self.faults(rows)
            told = hanging.of(rows.rowid)
            problems += notes(rows, told, hanging, self.same)
            rest = rows.only(~told) if told.any() else rows
            yield self._messages(rest, around, hanging, problems)
        parents: Keyed | None = None
        for rows in self.batches(PARTS):
            parents = parents or parents_of(self.tables)
            heard = parts_of(rows, parents, self.people, self.roster)
            problems = self.faults(rows) + self._doubts(heard, rows)
            yield self.batch(heard.spoken, columns.names_of(self.people), problems)
        yield Batch(problems=problem_rows(self._beside()))
        yield from self.last(self._shown(around, hanging.known))

    def _messages(
        self, rows: Rows, around: Around, hanging: Hanging, problems: list[Problem]
    ) -> Batch:
        past, unread = beyond.past_of(rows)
        heard = spoken_of(rows, self.people, around, past)
        spoken = heard.spoken
        self._note(heard, rows)
        names = columns.names_of(self.people)
        problems += self._doubts(heard, rows)
        problems += beyond.changes(spoken, past, self.people, self.same)
        problems += beyond.unread_changes(spoken, unread, self.same)
        marks, votes = reactions(spoken, hanging, self.same)
        batch = self.batch(
            spoken,
            names,
            problems,
            attachments=attachments(spoken, around.files, heard.unlisted, self.same),
            reactions=marks,
            votes=votes,
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
        marks = pa.array(is_reaction(link))
        for kind, to in (
            ("reaction-to-absent", pc.if_else(marks, spoken.reply_to, None)),
            ("reply-to-absent", pc.if_else(marks, None, bare(rows.text("thread_originator_guid")))),
            ("predecessor-absent", rows.text("reply_to_guid")),
        ):
            there = to.is_valid()
            if to.null_count < len(to):
                kept = there.to_numpy(zero_copy_only=False)
                row, start, end = (one[kept] for one in (spoken.row, spoken.start, spoken.end))
                words = spoken.text.filter(there) if kind == "reaction-to-absent" else None
                self.naming[kind].append(Pointing(row, start, end, to.drop_null(), words))
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

    def _shown(self, around: Around, known: Identities) -> Iterator[Trace]:
        living = Living(MESSAGE, self.rows, self.sorts)
        yield from traces.gaps(living, self.tables, self.roster, around.files)
        yield from traces.orphans(living, self.roster, around.files)
        yield from traces.recently_deleted(self.tables, self.roster)
        yield from traces.listed(self.tables, known)
        yield from freed_rows(self.tables, MESSAGE, traces.SIGN)
        for kind, several in self.naming.items():
            yield from traces.absent(several, known, kind)

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
