"""What notices tell of a conversation's members.  Pure."""

from dataclasses import dataclass
from functools import lru_cache

from witnessbox.intake.whatsapp.wordings import recognise, wordings


@dataclass(frozen=True, slots=True)
class Change:
    """One change of who is in a conversation or what it is called; names as written."""

    event: str
    actor: str | None
    member: str | None


@lru_cache(maxsize=4096)
def changes(text: str) -> tuple[Change, ...]:
    """Read the changes a notice tells: one for each member it names.

    For a new name of the group, ``member`` is that name.
    """
    found = recognise(text)
    if found is None or not found[0].event:
        return ()
    event, slots = found[0].event, found[1].groupdict()
    actor = slots.get("actor")
    if event in {"created", "subject"}:
        return (Change(event, actor, slots.get("title")),)
    return tuple(Change(event, actor, member) for member in _apart(slots.get("member")))


def _apart(members: str | None) -> list[str | None]:
    """Take a list of names apart at its commas and its last conjunction."""
    if members is None:
        return [None]
    parts = members.split(", ")
    for conjunction in wordings().conjunctions:
        head, middle, last = parts[-1].partition(conjunction)
        if middle:
            return [*parts[:-1], head, last]
    return list(parts)
