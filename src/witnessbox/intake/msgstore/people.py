"""Who the addresses (JIDs) in a database stand for.

Since 2025 a correspondent may stand under a hidden address (LID); ``jid_map`` leads to the one with
the telephone number.  Names come from the address book in ``wa.db`` where that came along: its name
for the contact, else the name the contact chose.  Without either the telephone number stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Tables

OWNER = "owner of this phone"
"""The sender of what was sent from the phone: the database does not name its owner."""
NOBODY = -1
_PHONE, _GROUP = "s.whatsapp.net", "g.us"


@dataclass(slots=True)
class People:
    """Addresses by their place in ``raw``; names are worked out once, when all are known."""

    contacts: Mapping[str, str]
    raw: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    rows: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    rows_place: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    subjects: dict[int, str] = field(default_factory=dict)  # of groups, by place
    phone_of: dict[str, str] = field(default_factory=dict)  # hidden address → known one

    def place(self, raw: str) -> int:
        """Give an address's place, the known one for a hidden one."""
        known = self.phone_of.get(raw, raw)
        if known not in self.places:
            self.places[known] = len(self.raw)
            self.raw.append(known)
        return self.places[known]

    def by_row(self, rows: Ints) -> Ints:
        """Give the places of rows of the table of addresses; -1 where there is no such row."""
        if not len(self.rows):
            return np.full(len(rows), NOBODY, np.int64)
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[at] == rows, self.rows_place[at], NOBODY)

    def by_text(self, texts: pa.Array) -> Ints:
        """Give the places of addresses that are written out; -1 where there is none."""
        encoded = texts.dictionary_encode()
        places = [self.place(raw) if raw else NOBODY for raw in encoded.dictionary.to_pylist()]
        lookup = np.array([*places, NOBODY], np.int64)
        indices = encoded.indices.fill_null(len(places)).to_numpy(zero_copy_only=False)
        found: Ints = lookup[indices.astype(np.int64)]
        return found

    def is_group(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        """Say of each place whether it is a group's; the last says no, for nobody."""
        return np.array([*(raw.endswith("@" + _GROUP) for raw in self.raw), False], np.bool_)

    def name(self, place: int) -> str:
        """Give the name to show for an address."""
        raw = self.raw[place]
        subject = self.subjects.get(place)
        if subject:
            return subject
        named = self.contacts.get(raw)
        if named:
            return named
        user, _, server = raw.partition("@")
        return f"+{user}" if server == _PHONE and user.isdigit() else raw


def contacts_of(tables: Tables | None) -> dict[str, str]:
    """Read the address book of ``wa.db``; nothing where it did not come along."""
    found: dict[str, str] = {}
    if tables is None:
        return found
    wanted = ("jid", "display_name", "wa_name", "given_name")
    for rows in tables.rows("wa_contacts", wanted, shared=True):
        columns = [rows.text(name).to_pylist() for name in wanted]
        for jid, shown, chosen, given in zip(*columns, strict=True):
            name = shown or given or chosen
            if jid and name:
                found.setdefault(jid, name)
    return found


def people_of(tables: Tables, contacts: Mapping[str, str]) -> People:
    """Read the addresses of a database, which hidden ones are known, and the groups' subjects."""
    people = People(contacts)
    raw = _addresses(tables)
    for rows in tables.rows("jid_map", ("lid_row_id", "jid_row_id"), shared=True):
        pairs = zip(rows.numbers("lid_row_id"), rows.numbers("jid_row_id"), strict=True)
        for hidden, known in pairs:
            if int(hidden) in raw and int(known) in raw:
                people.phone_of[raw[int(hidden)]] = raw[int(known)]
    order = sorted(raw)
    people.rows = np.array(order, np.int64)
    people.rows_place = np.array([people.place(raw[row]) for row in order], np.int64)
    _legacy_subjects(tables, people)
    for rows in tables.rows("chat", ("jid_row_id", "subject"), shared=True):
        places = people.by_row(rows.numbers("jid_row_id"))
        for place, subject in zip(places.tolist(), rows.text("subject").to_pylist(), strict=True):
            if place != NOBODY and subject:
                people.subjects[place] = subject
    return people


def _addresses(tables: Tables) -> dict[int, str]:
    found: dict[int, str] = {}
    for rows in tables.rows("jid", ("user", "server", "raw_string"), shared=True):
        columns = [rows.text(name).to_pylist() for name in ("raw_string", "user", "server")]
        for row, raw, user, server in zip(rows.rowid.tolist(), *columns, strict=True):
            found[row] = raw or f"{user or ''}@{server or ''}"
    return found


def _legacy_subjects(tables: Tables, people: People) -> None:
    for rows in tables.rows("chat_list", ("key_remote_jid", "subject"), shared=True):
        columns = (rows.text("key_remote_jid").to_pylist(), rows.text("subject").to_pylist())
        for raw, subject in zip(*columns, strict=True):
            if raw and subject and raw.endswith("@" + _GROUP):
                people.subjects[people.place(raw)] = subject
