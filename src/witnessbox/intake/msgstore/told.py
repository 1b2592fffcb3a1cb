"""Words of messages that stand in other tables than the message: polls, places, cards, changes.

Each table becomes lines of text, kept by the message they belong to.  A message says what its own
row says, then these lines.  How a change is written, `subject: “A” → “B”`, is this program's way;
every name and value in it is the database's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.intake.cards import cards
from witnessbox.intake.database.columns import Names, Spoken
from witnessbox.intake.database.keyed import Keyed
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY, OWNER, People
from witnessbox.intake.msgstore import codes
from witnessbox.intake.msgstore.beyond import Beyond
from witnessbox.intake.ordered import KEY, Ordered, keys_of
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables
from witnessbox.intake.texts import beside, place

_MOST_CHARACTERS = 1 << 16  # of one message's lines


_LINES = pa.schema([pa.field(KEY, pa.int64()), pa.field("line", pa.string())])


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that belong to messages, those of one message in their order."""

    rows: Ordered = field(default_factory=lambda: Ordered(_LINES))

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, messages: Ints, lines: Sequence[str]) -> None:
        """Take lines, each with the message it belongs to."""
        columns = [pa.array(messages), pa.array(lines, pa.string())]
        self.rows.add(pa.RecordBatch.from_arrays(columns, schema=_LINES))

    def near(self, messages: Ints) -> "Near":
        """Give the lines of these messages."""
        rows = self.rows.near(messages)
        return Near(keys_of(rows), rows.column("line"))


@dataclass(frozen=True, slots=True)
class Near:
    """The lines of some messages."""

    key: Ints
    line: pa.Array

    def of(self, message: int) -> list[str]:
        """Give a message's lines."""
        low, high = np.searchsorted(self.key, (message, message + 1)).tolist()
        found: list[str] = self.line.slice(low, high - low).to_pylist()
        return found


@dataclass(frozen=True, slots=True)
class Told:
    """What other tables say in words, by message."""

    lines: dict[int, Lines]  # by kind
    values: Lines  # what a change put an end to
    changes: Lines  # that are told whole


def told_of(tables: Tables, people: People) -> Told:
    """Read the tables that hold words of messages."""
    places = ("latitude", "longitude", "place_name", "place_address", "url")
    events = ("name", "description", "location_name", "location_address")
    timers = ("setting_duration", "pre_setting_duration")
    numbers = ("old_jid_row_id", "new_jid_row_id")
    return Told(
        {
            place_of(Kind.POLL): lines_of(tables, "message_poll_option", ("option_name",), _texts),
            place_of(Kind.LOCATION): lines_of(tables, "message_location", places, _places),
            place_of(Kind.CONTACT): lines_of(tables, "message_vcard", ("vcard",), _cards),
            place_of(Kind.SHARE): lines_of(tables, "message_group_invite", _INVITED, _invitations),
            place_of(Kind.EVENT): lines_of(tables, "message_event", events, _texts),
            place_of(Kind.MEDIA): lines_of(tables, "message_album", _COUNTED, _albums),
        },
        lines_of(tables, "message_system_value_change", ("old_data",), _texts),
        lines_of(
            tables,
            "message_system_number_change",
            numbers,
            lambda rows, _: _numbers(rows, people),
            lines_of(tables, "message_ephemeral_setting", timers, _timers),
        ),
    )


_INVITED, _COUNTED = ("group_name", "invite_code"), ("image_count", "video_count")
_Make = Callable[[Rows, Sequence[str]], Iterator[str | None]]


def lines_of(
    tables: Tables, table: str, names: Sequence[str], make: _Make, before: Lines | None = None
) -> Lines:
    """Read a table as one line a row, behind others; a row that says nothing gives none."""
    found = Lines() if before is None else before
    for rows in tables.rows(table, ("message_row_id", *names), shared=True):
        tables.faults += [f"{table}: {fault.what}" for fault in rows.faults]
        made = list(make(rows, names))
        there = np.array([bool(line) for line in made], np.bool_)
        lines = [line[:_MOST_CHARACTERS] for line in made if line]
        found.add(rows.numbers("message_row_id", -1)[there], lines)
    return found


def _texts(rows: Rows, names: Sequence[str]) -> Iterator[str | None]:
    for values in zip(*(rows.text(name).to_pylist() for name in names), strict=True):
        yield ", ".join(filter(None, values))


def _places(rows: Rows, names: Sequence[str]) -> Iterator[str | None]:
    texts = zip(*(rows.text(name).to_pylist() for name in names[2:]), strict=True)
    points = zip(*(rows.reals(name).tolist() for name in names[:2]), strict=True)
    for (name, address, url), point in zip(texts, points, strict=True):
        yield place(name, address, point, url)


def _cards(rows: Rows, names: Sequence[str]) -> Iterator[str | None]:
    for card in rows.text(names[0]).to_pylist():
        yield "\n".join(cards(card or ""))


def _invitations(rows: Rows, names: Sequence[str]) -> Iterator[str | None]:
    groups, invited = (rows.text(name).to_pylist() for name in names)
    for group, code in zip(groups, invited, strict=True):
        yield ", ".join(
            f"{what} “{value}”" for what, value in (("group", group), ("code", code)) if value
        )


def _albums(rows: Rows, names: Sequence[str]) -> Iterator[str | None]:
    for pictures, videos in zip(*(rows.numbers(name).tolist() for name in names), strict=True):
        yield f"album: pictures {pictures}, videos {videos}"


def _timers(rows: Rows, names: Sequence[str]) -> Iterator[str | None]:
    (now, known), (before, told) = (rows.integers(name) for name in names)
    for k in range(len(rows)):
        was = f"{before[k]} s → " if told[k] else ""
        yield f"disappearing messages: {was}{now[k]} s" if known[k] else None


def _numbers(rows: Rows, people: People) -> Iterator[str | None]:
    old, new = (people.by_row(rows.numbers(f"{one}_jid_row_id")) for one in ("old", "new"))
    for was, now in zip(old.tolist(), new.tolist(), strict=True):
        shown = [people.shown(people.raw[one]) if one != NOBODY else "?" for one in (was, now)]
        yield f"number: “{shown[0]}” → “{shown[1]}”"


def worded(spoken: Spoken, told: Told, beyond: Beyond, people: People, names: Names) -> Spoken:
    """Put what other tables say beside what the messages of a batch say themselves."""
    notice = place_of(Kind.NOTICE)
    kinds = [kind for kind, lines in told.lines.items() if len(lines)]
    chosen = np.flatnonzero(np.isin(spoken.kind, [*kinds, notice]))
    if not len(chosen):
        return spoken
    of_kind = {
        kind: told.lines[kind].near(spoken.row[spoken.kind == kind])
        for kind in np.unique(spoken.kind[chosen]).tolist()
        if kind != notice
    }
    changes = _changes(spoken.row[spoken.kind == notice], told, beyond, people, names)
    texts = spoken.text.take(pa.array(chosen)).to_pylist()
    found = []
    for k, text in zip(chosen.tolist(), texts, strict=True):
        if spoken.kind[k] == notice:
            found.append(changes.told(spoken, k, text))
        else:
            found.append(beside(text, of_kind[int(spoken.kind[k])].of(int(spoken.row[k]))))
    mask = np.zeros(len(spoken.row), np.bool_)
    mask[chosen] = True
    text = pc.replace_with_mask(spoken.text, pa.array(mask), pa.array(found, pa.string()))
    return replace(spoken, text=text)


@dataclass(frozen=True, slots=True)
class _Changes:
    """What the system's own messages say."""

    values: Near
    changes: Near
    events: Keyed
    members: Keyed
    people: People
    names: Names

    def told(self, spoken: Spoken, k: int, text: str | None) -> str | None:
        row = spoken.row[k : k + 1]
        at, there = self.events.first(row)
        action = int(self.events.numbers["action_type"][at[0]]) if there[0] else -1
        event = codes.EVENT_OF.get(action)
        old = self.values.of(int(row[0]))
        what = "subject" if event == "subject" else codes.VALUE_OF.get(action)
        if what and old:
            return f"{what}: “{old[0]}” → “{text or ''}”"
        lines = self.changes.of(int(row[0]))
        who = self._members(row) if event else []
        if who:
            lines = [f"{event}: {', '.join(who)}{self._by(spoken, k, who)}", *lines]
        return beside(text, lines)

    def _members(self, row: Ints) -> list[str]:
        listed, _ = self.members.of(row)
        places = self.people.by_row(self.members.numbers["user_jid_row_id"][listed])
        return [self._name(one) for one in places.tolist() if one != NOBODY]

    def _by(self, spoken: Spoken, k: int, who: Sequence[str]) -> str:
        sender = int(spoken.sender[k])
        actor = self._name(sender) if sender != NOBODY else OWNER if spoken.from_me[k] else None
        return f" (by {actor})" if actor and actor not in who else ""

    def _name(self, at: int) -> str:
        found: str = self.names.names[int(self.names.name_place[at])].as_py()
        return found


def _changes(rows: Ints, told: Told, beyond: Beyond, people: People, names: Names) -> _Changes:
    """Set out to say what the system's own messages of these rows say."""
    return _Changes(
        told.values.near(rows),
        told.changes.near(rows),
        beyond.events.near(rows),
        beyond.members.near(rows),
        people,
        names,
    )
