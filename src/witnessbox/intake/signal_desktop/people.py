"""Who stands behind the ids of Signal Desktop's conversations.

A person stands under the service id, which every device in a conversation knows them by; else under
the telephone number, else under the conversation's own id.  A group stands under its group id.
Names, best first: the address book's, the one the owner gave, the one the person chose, the
telephone number, the user name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.people import OWNER, People
from witnessbox.intake.signal_desktop.words import Contact, Item, read
from witnessbox.intake.sqlite.tables import Rows, Tables

CONVERSATIONS, ITEMS = "conversations", "items"
_WANTED = (
    "id",
    "json",
    "type",
    "members",
    "name",
    "profileFullName",
    "profileName",
    "profileFamilyName",
    "e164",
    "serviceId",
    "uuid",
    "groupId",
)
_OWN = ("uuid_id", "number_id", "pni")
_ISOLATES = ("\u2068", "\u2069")  # which the app puts around names of the address book


@dataclass(slots=True)
class Roster:
    """Which conversations there are, whom the groups list, and what is wrong with their rows."""

    known: set[str] = field(default_factory=set)  # ids of conversations
    groups: set[str] = field(default_factory=set)
    own: str | None = None  # what the account's owner stands under
    members: list[tuple[str, str]] = field(default_factory=list)  # group, member
    problems: list[Problem] = field(default_factory=list)


def with_faults(tables: Tables, table: str, wanted: tuple[str, ...]) -> Iterator[Rows]:
    """Read a table beside the messages; rows that cannot be read are named among the faults."""
    for rows in tables.rows(table, wanted, shared=True):
        tables.faults += [f"{table}: {fault.what}" for fault in rows.faults]
        yield rows


def people_of(tables: Tables, same: Same) -> tuple[People, Roster]:
    """Read who is in the database."""
    names: dict[str, str] = {}
    people, roster = People(names), Roster()
    for rows in with_faults(tables, CONVERSATIONS, _WANTED):
        columns = [rows.text(name).to_pylist() for name in _WANTED]
        for k, values in enumerate(zip(*columns, strict=True)):
            told = dict(zip(_WANTED, values, strict=True))
            contact, doubts = read(told["json"], Contact)
            at, row = int(rows.start[k]), (CONVERSATIONS, int(rows.rowid[k]))
            roster.problems += [
                same.problem((at, at), one.code, one.what, Severity.DOUBT, row) for one in doubts
            ]
            _add(people, names, roster, told, contact)
    for one in _owner(tables):
        own = people.phone_of.get(one, one)
        names[own] = OWNER
        roster.own = roster.own or own
    return people, roster


def _add(
    people: People,
    names: dict[str, str],
    roster: Roster,
    told: dict[str, str | None],
    contact: Contact,
) -> None:
    group = told["type"] == "group"
    number, service = told["e164"], told["serviceId"] or told["uuid"]
    own = told["id"] or ""
    main = (told["groupId"] if group else service or number) or number_of(own)
    if not main:
        return
    roster.known |= {own, number_of(own)}
    for alias in (own, number_of(own), number, service, contact.pni, told["groupId"]):
        if alias and alias != main:
            people.phone_of.setdefault(alias, main)
    name = _name(told, contact) or (None if group else number or contact.username)
    if name:
        names.setdefault(main, name)
    if group:
        roster.groups.add(main)
        listed = [one.who for one in contact.members_v2 or ()] or (told["members"] or "").split()
        roster.members += [(main, number_of(one)) for one in listed if one]


def number_of(written: str) -> str:
    """Give a telephone number its plus again.

    Columns declared STRING hold what looks like a number as one.
    """
    return f"+{written}" if written.isascii() and written.isdigit() else written


def _name(told: dict[str, str | None], contact: Contact) -> str | None:
    nickname = _joined(contact.nickname_given_name, contact.nickname_family_name)
    chosen = told["profileFullName"] or _joined(told["profileName"], told["profileFamilyName"])
    return _bare(told["name"]) or nickname or chosen


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


def _bare(name: str | None) -> str | None:
    """Take off the marks of direction that the app puts around a name."""
    opening, closing = _ISOLATES
    if name and name.startswith(opening) and name.endswith(closing):
        return name[1:-1] or None
    return name


def _owner(tables: Tables) -> Iterator[str]:
    """Give the ids of the account; a device's number stands behind a dot."""
    for rows in with_faults(tables, ITEMS, ("id", "json")):
        columns = (rows.text("id").to_pylist(), rows.text("json").to_pylist())
        for key, text in zip(*columns, strict=True):
            if key in _OWN:
                value = read(text, Item)[0].value
                if value:
                    yield value if key == "pni" else value.rpartition(".")[0] or value
