"""Who the addresses (JIDs) in a database stand for.

Since 2025 a correspondent may stand under a hidden address (LID); ``jid_map`` leads to the one with
the telephone number.  Names come from the address book in ``wa.db`` where that came along: its name
for the contact, else the name the contact chose.  Without either the telephone number stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from witnessbox.intake.database.keyed import addresses
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.sqlite.image import Flags
from witnessbox.intake.sqlite.tables import Tables

_PHONE, _GROUP = "s.whatsapp.net", "g.us"


@dataclass(slots=True)
class Correspondents(People):
    """WhatsApp's addresses: a group's are told by their server, a person's by a number."""

    def is_group(self) -> Flags:
        """Say of each place whether it is a group's; the last says no, for nobody."""
        return self.once(_groups)

    def shown(self, raw: str) -> str:
        """Give the telephone number, or the address where it has none."""
        user, _, server = raw.partition("@")
        return f"+{user}" if server == _PHONE and user.isdigit() else raw


def _groups(people: People) -> Flags:
    groups = (raw.endswith("@" + _GROUP) for raw in (*people.raw, ""))
    return np.fromiter(groups, np.bool_, len(people.raw) + 1)


def contacts_of(tables: Tables | None) -> dict[str, str]:
    """Read the address book of ``wa.db``; nothing where it did not come along."""
    found: dict[str, str] = {}
    if tables is None:
        return found
    wanted = ("jid", "display_name", "wa_name", "given_name")
    for rows in addresses(tables, "wa_contacts", wanted):
        columns = [rows.text(name).to_pylist() for name in wanted]
        for jid, shown, chosen, given in zip(*columns, strict=True):
            name = shown or given or chosen
            if jid and name:
                found.setdefault(jid, name)
    return found


def people_of(tables: Tables, contacts: Mapping[str, str]) -> Correspondents:
    """Read the addresses of a database, which hidden ones are known, and the groups' subjects."""
    people = Correspondents(contacts)
    raw = _addresses(tables)
    for rows in addresses(tables, "jid_map", ("lid_row_id", "jid_row_id")):
        pairs = zip(rows.numbers("lid_row_id"), rows.numbers("jid_row_id"), strict=True)
        for hidden, known in pairs:
            if int(hidden) in raw and int(known) in raw:
                people.phone_of[raw[int(hidden)]] = raw[int(known)]
    order = sorted(raw)
    people.rows = np.array(order, np.int64)
    people.rows_place = np.array([people.place(raw[row]) for row in order], np.int64)
    _legacy_subjects(tables, people)
    for rows in addresses(tables, "chat", ("jid_row_id", "subject")):
        places = people.by_row(rows.numbers("jid_row_id"))
        for place, subject in zip(places.tolist(), rows.text("subject").to_pylist(), strict=True):
            if place != NOBODY and subject:
                people.subjects[place] = subject
    return people


def _addresses(tables: Tables) -> dict[int, str]:
    found: dict[int, str] = {}
    for rows in addresses(tables, "jid", ("user", "server", "raw_string")):
        columns = [rows.text(name).to_pylist() for name in ("raw_string", "user", "server")]
        for row, raw, user, server in zip(rows.rowid.tolist(), *columns, strict=True):
            found[row] = raw or f"{user or ''}@{server or ''}"
    return found


def _legacy_subjects(tables: Tables, people: Correspondents) -> None:
    for rows in addresses(tables, "chat_list", ("key_remote_jid", "subject")):
        columns = (rows.text("key_remote_jid").to_pylist(), rows.text("subject").to_pylist())
        for raw, subject in zip(*columns, strict=True):
            if raw and subject and raw.endswith("@" + _GROUP):
                people.subjects[people.place(raw)] = subject
