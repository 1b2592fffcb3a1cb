"""Copies written into WhatsApp's databases, all of one phone's into one, as the phones keep them.

A row's id says when the phone got the message, and ids have gaps.  A message has the same platform
id on every phone.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from benchmarks.reconcile.clocks import shown_ms
from benchmarks.reconcile.model import Copy, Entry, Form, Line, Person, Phone

from witnessbox.example.model import Notice
from witnessbox.validation.writers.rows import Value

Row = tuple[str, tuple[Value, ...]]


def digits(person: Person) -> str:
    """Give somebody's number as addresses have it."""
    return "".join(filter(str.isdigit, person.number))


def address(person: Person) -> str:
    """Give somebody's address."""
    return f"{digits(person)}@s.whatsapp.net"


def chat_address(copy: Copy, everyone: dict[str, Person]) -> str:
    """Give a conversation's address as one phone has it."""
    return copy.talk.address or address(everyone[copy.other])


def stanza(entry: Entry, phone: Phone) -> str:
    """Give the platform's id: phones agree on a message's, and each makes up those of notices."""
    own = phone.key if isinstance(entry, Notice) else ""
    return "3EB0" + sha256(f"{entry.key}{own}".encode()).hexdigest()[:16].upper()


def push_names(phone: Phone, everyone: dict[str, Person]) -> dict[str, str]:
    """Give the names people chose, as far as the phone has them; none is another's name there."""
    taken = {name for key, name in phone.names if key in phone.saved}
    found: dict[str, str] = {}
    for one in everyone.values():
        known = one.key == phone.owner.key or one.key in phone.saved or one.key[-1] in "13579"
        if not known and one.given not in taken:
            taken.add(one.given)
            found[one.key] = one.given
    return found


def numbered(copies: Sequence[Copy]) -> Iterator[tuple[int, int, Line]]:
    """Give all lines of a phone in the order they came: row id, which copy, line."""
    came = sorted(
        (line.came_ms, at, place, line)
        for at, copy in enumerate(copies)
        for place, line in enumerate(copy.lines)
    )
    row = 0
    for _, at, place, line in came:
        row += 1 + (place * 7919 % 97 == 0)
        yield row, at, line


def at_ms(phone: Phone, line: Line) -> int:
    """Give a line's time as the phone has it."""
    return shown_ms(phone.clock, line.at_ms)


def wording(line: Line) -> str | None:
    """Give the words a database has of a message."""
    said = line.entry
    text: str | None = getattr(said, "text", None)
    if line.form is Form.PLACEHOLDER or getattr(said, "kind", "") == "location":
        return None
    if line.form is Form.BEFORE_EDIT:
        return getattr(said, "before", None)
    if getattr(said, "kind", "") == "poll" and text:
        return text.split("\n")[0]
    return text or None
