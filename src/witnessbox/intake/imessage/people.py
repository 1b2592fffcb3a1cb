"""Chats, handles and names of a messages database.

A person stands under one address whatever service carried the message; a conversation of two stands
under the other's address, a group under its own.  Names come from the address book where one lies
beside: the one of iPhones (``ABPerson``, ``ABMultiValue``) or of Macs (``ZABCDRECORD``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from witnessbox.intake.database.keyed import Kept, Keyed, held, keyed
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

CHAT, HANDLE, JOIN = "chat", "handle", "chat_message_join"
RECOVERABLE = "chat_recoverable_message_join"
_GROUP_STYLE = 43
_MOST_NAMED = 8
_TELLING_DIGITS = 9
"""A number is known by its last digits, since books often lack the country's code."""

_BOOKS = (
    ("ABPerson", "ROWID", ("First", "Last", "Organization")),
    ("ZABCDRECORD", "Z_PK", ("ZFIRSTNAME", "ZLASTNAME", "ZORGANIZATION")),
)
_ADDRESSES = (
    ("ABMultiValue", "record_id", "value"),
    ("ZABCDPHONENUMBER", "ZOWNER", "ZFULLNUMBER"),
    ("ZABCDEMAILADDRESS", "ZOWNER", "ZADDRESS"),
)


@dataclass(slots=True)
class Addresses(People):
    """Addresses of people and groups; ``contacts`` are filled from the book as they turn up."""

    contacts: dict[str, str]
    book: Mapping[str, str] = field(kw_only=True)  # by what an address is known by
    groups: set[int] = field(default_factory=set)  # places

    def place(self, raw: str) -> int:
        """Give an address's place, and look it up in the book the first time."""
        if raw not in self.places and (named := self.book.get(key_of(raw))):
            self.contacts[raw] = named
        return People.place(self, raw)

    def is_group(self) -> Flags:
        """Say of each place whether it is a group's; the last says no, for nobody."""
        found = np.zeros(len(self.raw) + 1, np.bool_)
        found[list(self.groups)] = True
        return found


@dataclass(frozen=True, slots=True)
class Roster:
    """Chats by row id with the place of each, and which messages and members are theirs."""

    chats: Keyed
    places: Ints
    messages: Kept  # by message
    recoverable: Kept  # by message
    members: Keyed  # by chat

    def place(self, chats: Ints) -> Ints:
        """Give the places of chats by row id; nobody's where there is none."""
        at, there = self.chats.first(chats)
        if not len(self.places):
            return np.full(len(chats), NOBODY, np.int64)
        return np.where(there, self.places[at], NOBODY)

    def joined(self, messages: Ints) -> "Joined":
        """Give which chats some messages are in."""
        return Joined(self.messages.near(messages), self.recoverable.near(messages))

    def chat(self, messages: Ints, found_in: "Joined") -> Ints:
        """Give the place of the chat each message is in, or was deleted from of late."""
        found = np.full(len(messages), NOBODY, np.int64)
        for joined in (found_in.recoverable, found_in.messages):
            at, there = joined.first(messages)
            if there.any():
                places = self.place(joined.numbers["chat_id"][at])
                found = np.where(there & (places != NOBODY), places, found)
        return found


@dataclass(frozen=True, slots=True)
class Joined:
    """Which chats some messages are in, or were deleted from of late."""

    messages: Keyed
    recoverable: Keyed


def key_of(address: str) -> str:
    """Give what an address is known by: a number by its last digits, else its small letters."""
    digits = "".join(sign for sign in address if sign.isdecimal())
    if "@" in address or not digits:
        return address.strip().lower()
    return digits[-_TELLING_DIGITS:]


def contacts_of(tables: Tables) -> dict[str, str]:
    """Read an address book: names by what their addresses are known by.

    Where two people's addresses are known by the same, neither is named.
    """
    names: dict[int, str] = {}
    for table, key, columns in _BOOKS:
        for rows in tables.rows(table, (key, *columns), shared=True):
            names.update(zip(rows.numbers(key).tolist(), _names(rows, columns), strict=True))
    found: dict[str, str] = {}
    unsure = set()
    for who, address in _addresses(tables):
        name, key = names.get(who), key_of(address)
        if name and found.setdefault(key, name) != name:
            unsure.add(key)
    return {key: name for key, name in found.items() if key not in unsure}


def _addresses(tables: Tables) -> Iterator[tuple[int, str]]:
    for table, owner, column in _ADDRESSES:
        for rows in tables.rows(table, (owner, column), shared=True):
            owners, values = rows.numbers(owner, -1).tolist(), rows.text(column).to_pylist()
            yield from ((who, one) for who, one in zip(owners, values, strict=True) if one)


def _names(rows: Rows, columns: tuple[str, ...]) -> Iterator[str]:
    first, last, firm = (rows.text(name).to_pylist() for name in columns)
    for parts in zip(first, last, firm, strict=True):
        yield " ".join(part for part in parts[:2] if part) or parts[2] or ""


def roster_of(tables: Tables, contacts: Mapping[str, str]) -> tuple[Addresses, Roster]:
    """Read who is in the database, and in which chats."""
    handles = held(tables, HANDLE, "ROWID", (), ("id",))
    texts = ("guid", "chat_identifier", "display_name")
    chats = held(tables, CHAT, "ROWID", ("style",), texts)
    people = Addresses({}, book=contacts)
    people.rows, people.rows_place = handles.key, people.by_text(handles.texts["id"])
    places = np.array([people.place(raw) for raw in _identities(chats)], np.int64)
    roster = Roster(
        chats,
        places,
        keyed(tables, JOIN, "message_id", ("chat_id",)),
        keyed(tables, RECOVERABLE, "message_id", ("chat_id", "delete_date")),
        held(tables, "chat_handle_join", "chat_id", ("handle_id",)),
    )
    _name_groups(people, roster)
    return people, roster


def _identities(chats: Keyed) -> Iterator[str]:
    columns = (chats.texts[name].to_pylist() for name in ("chat_identifier", "guid"))
    for row, identifier, guid in zip(chats.key.tolist(), *columns, strict=True):
        yield identifier or (guid or "").rpartition(";")[2] or f"chat {row}"


def _name_groups(people: Addresses, roster: Roster) -> None:
    """Name each group as it is titled, else by its members."""
    chats = roster.chats
    columns = (chats.texts[name].to_pylist() for name in ("guid", "display_name"))
    styles = chats.numbers["style"].tolist()
    for k, (guid, title) in enumerate(zip(*columns, strict=True)):
        place = int(roster.places[k])
        if styles[k] != _GROUP_STYLE and ";+;" not in (guid or ""):
            continue
        people.groups.add(place)
        low, high = np.searchsorted(roster.members.key, (chats.key[k], chats.key[k] + 1)).tolist()
        first = roster.members.numbers["handle_id"][low : min(high, low + _MOST_NAMED)]
        names = [people.name(one) for one in people.by_row(first).tolist() if one != NOBODY]
        listed = ", ".join(names)
        if high - low > _MOST_NAMED:
            listed += f" and {high - low - _MOST_NAMED} more"
        people.subjects[place] = title or listed or people.raw[place]
