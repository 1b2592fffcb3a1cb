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
from witnessbox.intake.database.residue import Index
from witnessbox.intake.database.traces import MOST_SHOWN, Living, Trace, counter_of, row_gaps
from witnessbox.intake.numbered import Numbered
from witnessbox.intake.ordered import KEY, Ordered, keys_of
from witnessbox.intake.signal_desktop import beside as tables_beside
from witnessbox.intake.signal_desktop.beside import MESSAGES
from witnessbox.intake.signal_desktop.forgotten import INDEXED
from witnessbox.intake.signal_desktop.remarks import written
from witnessbox.intake.signal_desktop.spoken import Scene, Told, at_ms
from witnessbox.intake.signal_desktop.texts import opened
from witnessbox.intake.signal_desktop.words import Line, read
from witnessbox.intake.sqlite.tables import Rows, Tables

_PLACE = [pa.field(name, pa.int64()) for name in ("start", "end", "row")]
_WORDS = pa.field("words", pa.string())
_QUOTED = pa.schema([(KEY, pa.int64()), ("nth", pa.int64()), *_PLACE, _WORDS])
_ABSENT = pa.schema([(KEY, pa.int64()), *_PLACE, _WORDS, ("when", pa.int64())])
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


def orphans(scene: Scene) -> Iterator[Trace]:
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
        for found in scene.beside.orphans[table].parts():
            for k, key in enumerate(found.texts["messageId"].to_pylist()):
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

    there: Numbered = field(default_factory=Numbered)  # times
    quoted: Ordered = field(default_factory=lambda: Ordered(_QUOTED))  # by the time quoted
    homeless: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def note(self, told: Told, scene: Scene) -> None:
        """Take in a batch of messages."""
        spoken = told.spoken
        self.there.note(spoken.at_ms, spoken.row, spoken.start)
        versions: list[int] = []
        quoted: list[tuple[int, int, int, int, int, str]] = []
        for k, line in enumerate(told.lines):
            versions += [at_ms(one.timestamp) or 0 for one in line.edit_history or ()]
            place = int(spoken.start[k]), int(spoken.end[k]), int(spoken.row[k])
            when = at_ms(line.quote.id) if line.quote is not None else None
            if when is not None:
                nth = self.quoted.count + len(quoted)
                quoted.append((when, nth, *place, _quotation(line, scene)))
            home = told.homes[k]
            if home and home not in scene.roster.known:
                self.homeless.setdefault(home, place)
        times = np.array(versions, np.int64)
        self.there.note(times, times, times)
        if quoted:
            columns = zip(zip(*quoted, strict=True), _QUOTED, strict=True)
            arrays = [pa.array(values, each.type) for values, each in columns]
            self.quoted.add(pa.RecordBatch.from_arrays(arrays, schema=_QUOTED))

    def absent(self, beside: tables_beside.Beside) -> Iterator[Trace]:
        """Find quotations of messages, and conversations of messages, that are not there."""
        for several in (beside.edits, beside.lost_edits):
            for part in several.parts():
                self.there.note(part.numbers["sentAt"], part.row, part.start)
        there, found = self.there.taken(), Ordered(_ABSENT)
        for part in self.quoted.in_order():
            gone = part.filter(pa.array(~there.among(keys_of(part))))
            columns = [gone.column(name) for name in ("nth", *_ABSENT.names[1:-1], KEY)]
            found.add(pa.RecordBatch.from_arrays(columns, schema=_ABSENT))
        for part in found.in_order():
            told = (part.column(name).to_pylist() for name in _ABSENT.names[1:])
            for start, end, row, words, when in zip(*told, strict=True):
                what = (
                    f"message {row} quotes one sent at {written(when)}, which is not there{words}"
                )
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
