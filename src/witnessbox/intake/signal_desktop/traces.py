"""Traces of deletion in Signal Desktop's database, each with what it shows and no more.

Rows of messages carry no counter: SQLite gives the next number after the highest that is there, so
the last numbers come again once their rows are gone, and a gap shows that the row before its end
was there when the next one came.  A message that disappeared by its timer leaves the same gap as
one that was deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.freed import Contents, Sign
from witnessbox.intake.database.keyed import Keyed
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.database.residue import Index
from witnessbox.intake.database.traces import MOST_SHOWN, Living, Trace, counter_of, row_gaps
from witnessbox.intake.signal_desktop import beside as tables_beside
from witnessbox.intake.signal_desktop.beside import MESSAGES, belonging
from witnessbox.intake.signal_desktop.forgotten import INDEXED
from witnessbox.intake.signal_desktop.remarks import written
from witnessbox.intake.signal_desktop.spoken import Scene, Told, at_ms
from witnessbox.intake.signal_desktop.texts import opened
from witnessbox.intake.signal_desktop.words import Line, read
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

_TEXTS = {tables_beside.FILES: ("path", "fileName"), tables_beside.REACTIONS: ("emoji", "fromId")}
SIGN = Sign(
    identity="id",
    said="body",
    at="sent_at",
    whole=("schemaVersion", "received_at", "hasAttachments"),
    flags=(),
    contents=Contents("json", opened),
)
"""By what a message is known in freed space."""


def gaps(living: Living, tables: Tables) -> Iterator[Trace]:
    """Find row ids that no message has."""
    renumbered = "; its rows have no numbers of their own, and SQLite may give theirs anew"
    more = "" if tables.layouts[MESSAGES].key else renumbered
    for start, end, table, row, kind, what in row_gaps(living, counter_of(tables, MESSAGES)):
        yield start, end, table, row, kind, what + more


def orphans(tables: Tables, scene: Scene) -> Iterator[Trace]:
    """Find files, reactions and other rows whose message is not there."""
    for table, kind, noun in (
        (tables_beside.FILES, "orphan-media", "a file"),
        (tables_beside.DOWNLOADS, "orphan-media", "the fetching of a file"),
        (tables_beside.REACTIONS, "orphan-reaction", "a reaction"),
        (tables_beside.EDITS, "orphan-edit", "an edit"),
        (tables_beside.MENTIONS, "orphan-mention", "a mention"),
        (tables_beside.PINS, "orphan-pin", "the pinning"),
        (tables_beside.SENT, "orphan-sent", "a copy kept for sending again"),
    ):
        texts = _TEXTS.get(table, ())
        numbers = ("sentAt", "targetTimestamp")
        found = belonging(tables, table, scene.beside.ids, numbers, texts)
        for k in np.flatnonzero(found.key == NOBODY).tolist():
            key = found.texts["messageId"][k].as_py()
            what = f"{noun} of message {key}, which is not there{_more(found, k, scene)}"
            yield int(found.start[k]), int(found.end[k]), table, int(found.row[k]), kind, what


def _more(found: Keyed, k: int, scene: Scene) -> str:
    told = {name: found.texts[name][k].as_py() for name in found.texts}
    sent = at_ms(int(found.numbers["sentAt"][k] or found.numbers["targetTimestamp"][k]))
    parts = [f"sent at {written(sent)}" if sent else None, told.get("emoji")]
    parts += [scene.name(told.get("fromId")), told.get("path") or told.get("fileName")]
    return "".join(f"; {part}" for part in parts if part)


@dataclass(slots=True)
class Quotes:
    """Which messages are quoted and which are there, learnt batch by batch.

    A quotation names its message by the time it was sent at; an edited message answers to the time
    of each of its versions.
    """

    there: list[Ints] = field(default_factory=list)
    quoted: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    homeless: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def note(self, told: Told, scene: Scene) -> None:
        """Take in a batch of messages."""
        spoken = told.spoken
        self.there.append(spoken.at_ms)
        for k, line in enumerate(told.lines):
            versions = [at_ms(one.timestamp) for one in line.edit_history or ()]
            if versions:
                self.there.append(np.array([one or 0 for one in versions], np.int64))
            place = int(spoken.start[k]), int(spoken.end[k]), int(spoken.row[k])
            when = at_ms(line.quote.id) if line.quote is not None else None
            if when is not None:
                self.quoted.append((*place, when, _quotation(line, scene)))
            home = told.homes[k]
            if home and home not in scene.roster.known:
                self.homeless.setdefault(home, place)

    def absent(self, edits: Keyed) -> Iterator[Trace]:
        """Find quotations of messages, and conversations of messages, that are not there."""
        there = np.concatenate([edits.numbers["sentAt"], *self.there])
        times = np.array([one[3] for one in self.quoted], np.int64)
        for k in np.flatnonzero(~np.isin(times, there)).tolist():
            start, end, row, when, words = self.quoted[k]
            what = f"message {row} quotes one sent at {written(when)}, which is not there{words}"
            yield start, end, MESSAGES, row, "quote-of-absent", what
        for home, (start, end, row) in self.homeless.items():
            what = f"a message of conversation {home[:MOST_SHOWN]}, which is not there"
            yield start, end, MESSAGES, row, "orphan-message", what


def _quotation(line: Line, scene: Scene) -> str:
    quote = line.quote
    assert quote is not None  # noqa: S101  only quotations are asked about
    who = scene.name(quote.author_aci or quote.author_uuid or quote.author)
    by = f", by {who}" if who else ""
    return f"{by}: “{quote.text[:MOST_SHOWN]}”" if quote.text else f"{by}, without its words"


def searchable(rows: Rows) -> pa.Array:
    """Give what the search index holds of messages: their bodies, of polls the question."""
    bodies, texts = rows.text("body"), rows.text("json")
    polls = pc.match_substring(texts, '"poll"').fill_null(False)  # noqa: FBT003
    if not pc.any(polls).as_py():
        return bodies
    asked = [
        read(text, Line)[0].poll if poll else None
        for text, poll in zip(texts.to_pylist(), polls.to_pylist(), strict=True)
    ]
    questions = pa.array([None if one is None else one.question for one in asked], pa.string())
    return pc.coalesce(questions, bodies)


INDEX = Index(INDEXED, "c0", MESSAGES, ("body", "json"), searchable)
