"""The people of known data as a phone knows them: addresses, and an address book beside."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from witnessbox.validation.model import Talk
from witnessbox.validation.writers.rows import database

GROUP = "120000000000000001@g.us"
NUMBER = "+44 7700 900124"
"""Of the card that known data show."""

_SERVER = "s.whatsapp.net"
_FIRST = 447_700_901_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BOOK = """
CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL,
 display_name TEXT, wa_name TEXT);
"""
_CONTACTS = """
CREATE TABLE ZWAADDRESSBOOKCONTACT ( Z_PK INTEGER PRIMARY KEY, ZWHATSAPPID VARCHAR, ZLID VARCHAR,
 ZFULLNAME VARCHAR );
"""


@dataclass(frozen=True, slots=True)
class Phone:
    """The people of one talk by their numbers; whose name is a number has no other."""

    users: dict[str, str]  # by name

    def address(self, name: str) -> str:
        """Give somebody's address."""
        return f"{self.users[name]}@{_SERVER}"

    def row(self, name: str) -> int:
        """Give the row id of somebody's address; the group's is 1."""
        return list(self.users).index(name) + 2

    def shown(self, name: str) -> str:
        """Give the name somebody is read under."""
        return f"+{self.users[name]}" if name.startswith("+") else name

    @property
    def addresses(self) -> list[tuple[int, str, str, str]]:
        """Give every address as Android keeps it: row id, user, server, both."""
        user, _, server = GROUP.partition("@")
        group = (1, user, server, GROUP)
        people = [
            (row, user, _SERVER, f"{user}@{_SERVER}")
            for row, user in enumerate(self.users.values(), 2)
        ]
        return [group, *people]

    def book(self) -> bytes:
        """Give Android's address book."""
        named = [name for name in self.users if not name.startswith("+")]
        rows = [(n, self.address(name), name, None) for n, name in enumerate(named, 1)]
        return database(_BOOK, [("wa_contacts", row) for row in rows])

    def contacts(self) -> bytes:
        """Give an iPhone's address book."""
        named = [name for name in self.users if not name.startswith("+")]
        rows = [(n, self.address(name), None, name) for n, name in enumerate(named, 1)]
        return database(_CONTACTS, [("ZWAADDRESSBOOKCONTACT", row) for row in rows])


def phone(talk: Talk) -> Phone:
    """Give everybody of a talk a number of the range that is kept for drama."""
    numbers = {
        name: "".join(filter(str.isdigit, name)) if name.startswith("+") else str(_FIRST + place)
        for place, name in enumerate(talk.people)
    }
    return Phone(numbers)


def ms_of(at: datetime) -> int:
    """Give a moment as milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def card_of(name: str) -> str:
    """Write a contact card."""
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:{NUMBER}\nEND:VCARD"
