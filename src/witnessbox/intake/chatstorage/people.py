"""Conversations, group members and names of an iPhone's database.

Names, best first: the address book in ``ContactsV2.sqlite``, the name the conversation or the group
member carries, the name the correspondent chose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from witnessbox.intake.database.keyed import Keyed, addresses, listed
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Tables

SESSIONS, MEMBERS = "ZWACHATSESSION", "ZWAGROUPMEMBER"
_GROUP = "@g.us"
_HIDDEN, _PHONE = "lid", "s.whatsapp.net"

Known = Mapping[str, str]
"""Hidden address → known one."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Conversations and group members by their row ids, and the address of each."""

    sessions: Keyed
    chats: Ints  # of the sessions, as places of ``People``
    members: Keyed
    who: Ints  # of the members

    def chat(self, sessions: Ints) -> Ints:
        """Give the conversations of these row ids; nobody's where there is none."""
        return _found(self.sessions, self.chats, sessions)

    def member(self, members: Ints) -> Ints:
        """Give the group members of these row ids; nobody where there is none."""
        return _found(self.members, self.who, members)

    def listed(self) -> Iterator[tuple[int, int]]:
        """Give each group and the members the database lists for it."""
        groups = self.chat(self.members.numbers["ZCHATSESSION"])
        for group, who in zip(groups.tolist(), self.who.tolist(), strict=True):
            if who != NOBODY:
                yield group, who


def contacts_of(tables: Tables) -> dict[str, str]:
    """Read the address book of ``ContactsV2.sqlite``, under known and hidden addresses alike."""
    found: dict[str, str] = {}
    wanted = ("ZWHATSAPPID", "ZLID", "ZFULLNAME", "ZGIVENNAME")
    for rows in addresses(tables, "ZWAADDRESSBOOKCONTACT", wanted):
        columns = (rows.text(name).to_pylist() for name in wanted)
        for known, hidden, full, given in zip(*columns, strict=True):
            for address in (known, hidden):
                if address and (full or given):
                    found.setdefault(address, full or given)
    return found


def known_of(contacts: Tables | None, accounts: Tables | None) -> dict[str, str]:
    """Read which hidden addresses stand for which known ones, of ``LID.sqlite`` and contacts."""
    found: dict[str, str] = {}
    for tables, table, hidden, known in (
        (accounts, "ZWAZACCOUNT", "ZIDENTIFIER", "ZPHONENUMBER"),
        (contacts, "ZWAADDRESSBOOKCONTACT", "ZLID", "ZWHATSAPPID"),
    ):
        for rows in () if tables is None else addresses(tables, table, (hidden, known)):
            pairs = zip(rows.text(hidden).to_pylist(), rows.text(known).to_pylist(), strict=True)
            for lid, number in pairs:
                if lid and number:
                    found.setdefault(_at(lid, _HIDDEN), _at(number.lstrip("+"), _PHONE))
    return found


def _at(address: str, server: str) -> str:
    return address if "@" in address else f"{address}@{server}"


def roster_of(tables: Tables, names: dict[str, str], known: Known) -> tuple[Correspondents, Roster]:
    """Read who is in the database; ``names`` gains those that stand in it."""
    sessions = listed(
        tables,
        SESSIONS,
        "Z_PK",
        ("ZMESSAGECOUNTER", "ZLASTMESSAGE"),
        ("ZCONTACTJID", "ZPARTNERNAME"),
    )
    members = listed(
        tables, MEMBERS, "Z_PK", ("ZCHATSESSION",), ("ZMEMBERJID", "ZCONTACTNAME", "ZFIRSTNAME")
    )
    chosen = listed(tables, "ZWAPROFILEPUSHNAME", "Z_PK", (), ("ZJID", "ZPUSHNAME"))
    for table, columns in (
        (sessions, ("ZCONTACTJID", "ZPARTNERNAME")),
        (members, ("ZMEMBERJID", "ZCONTACTNAME")),
        (members, ("ZMEMBERJID", "ZFIRSTNAME")),
        (chosen, ("ZJID", "ZPUSHNAME")),
    ):
        address, named = (table.texts[name].to_pylist() for name in columns)
        for one, name in zip(address, named, strict=True):
            if one and name:
                names.setdefault(one, name)
    for hidden, address in known.items():
        if hidden in names:
            names.setdefault(address, names[hidden])
    people = Correspondents(names)
    people.phone_of.update(known)
    chats = people.by_text(sessions.texts["ZCONTACTJID"])
    titles = sessions.texts["ZPARTNERNAME"].to_pylist()
    for place, title in zip(chats.tolist(), titles, strict=True):
        if place != NOBODY and title and people.raw[place].endswith(_GROUP):
            people.subjects[place] = title
    who = people.by_text(members.texts["ZMEMBERJID"])
    return people, Roster(sessions, chats, members, who)


def _found(rows: Keyed, places: Ints, wanted: Ints) -> Ints:
    at, there = rows.first(wanted)
    if not len(places):
        return np.full(len(wanted), NOBODY, np.int64)
    return np.where(there, places[at], NOBODY)
