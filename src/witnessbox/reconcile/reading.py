"""Reading who is who out of the tables, with what people decided since they were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from witnessbox.evidence.schema import COPIES, LINKS, PEOPLE
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.decision import Belonging, Decision, Identity, Offset
from witnessbox.reconcile.model import CopyName, LinkState
from witnessbox.reconcile.record import Word

_ORDER = (
    LinkState.PROPOSED,
    LinkState.PARTED,
    LinkState.REFUSED,
    LinkState.ACCEPTED,
    LinkState.JOINED,
)


@dataclass(frozen=True, slots=True)
class ShownCopy:
    """One copy, as people know it."""

    copy: str  # id
    conversation: str  # id
    title: str
    custodian: str
    messages: int
    offset_ms: int
    offset_doubt: str | None

    @property
    def called(self) -> str:
        """Say whose copy of what it is."""
        return f"{self.custodian or 'nobody named'}'s copy of {self.title or 'untitled'!r}"


@dataclass(frozen=True, slots=True)
class ShownName:
    """One name one copy uses, whose that copy is, and the person behind the name."""

    copy: ShownCopy
    name: str
    person: str  # id
    label: str
    messages: int
    owner: bool

    @property
    def key(self) -> CopyName:
        """Give the name as decisions have it."""
        return CopyName(self.copy.copy, self.name)

    @property
    def called(self) -> str:
        """Say the name, and on whose phone it stands."""
        return f"{self.name!r} in {self.copy.called}"


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One person, under every name of theirs; the names most written under first."""

    person: str  # id
    label: str
    names: tuple[ShownName, ...]

    @property
    def messages(self) -> int:
        """Count the messages under all names, once for every copy."""
        return sum(one.messages for one in self.names)

    @property
    def custodian(self) -> str:
        """Name whose phone they own, nothing where none is known."""
        return next((one.copy.custodian for one in self.names if one.owner), "")


@dataclass(frozen=True, slots=True)
class ShownLink:
    """One link between two names, and the word on it that stands in the ledger."""

    link: str  # id
    first: ShownName
    second: ShownName
    rule: str
    weight: float
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    state: LinkState  # as the tables have it
    word: Word | None

    @property
    def open(self) -> bool:
        """Say whether it waits for somebody's word."""
        return self.state is LinkState.PROPOSED and self.word is None

    @property
    def due(self) -> bool:
        """Say whether the tables were made before what the ledger says now."""
        decided = self.state in {LinkState.ACCEPTED, LinkState.REFUSED}
        if self.word is None:
            return decided
        accepted = isinstance(self.word.decision, Identity) and self.word.decision.same
        told = {LinkState.ACCEPTED, LinkState.PARTED} if accepted else {LinkState.REFUSED}
        return self.state not in told


def copies(tables: Tables) -> dict[str, ShownCopy]:
    """Give every copy by its id, those of one conversation together."""
    columns = [
        "copy",
        "conversation",
        "title",
        "custodian",
        "messages",
        "offset_ms",
        "offset_doubt",
    ]
    rows = tables.read(COPIES, columns=columns).to_pylist()
    ordered = sorted(rows, key=lambda row: (row["conversation"], row["copy"]))
    return {row["copy"]: ShownCopy(**row) for row in ordered}


def people(tables: Tables) -> list[ShownPerson]:
    """Give every person, who stands by most messages first."""
    known = copies(tables)
    names: dict[str, list[ShownName]] = {}
    for row in tables.read(PEOPLE).to_pylist():
        if row["copy"] in known:
            names.setdefault(row["person"], []).append(_name(row, known))
    found = [
        ShownPerson(
            person,
            theirs[0].label,
            tuple(sorted(theirs, key=lambda one: (-one.messages, one.copy.copy, one.name))),
        )
        for person, theirs in names.items()
    ]
    return sorted(found, key=lambda one: (-one.messages, one.person))


def _name(row: Mapping[str, Any], known: Mapping[str, ShownCopy]) -> ShownName:
    return ShownName(
        known[row["copy"]],
        row["name"],
        row["person"],
        row["label"],
        row["messages"],
        row["owner"],
    )


def links(
    tables: Tables, everybody: list[ShownPerson], standing: Mapping[str, Word]
) -> list[ShownLink]:
    """Give every link: those proposed first, those that evidence made last, the heaviest first."""
    names = {one.key: one for person in everybody for one in person.names}
    found = []
    for row in tables.read(LINKS).to_pylist():
        first = names.get(CopyName(row["first_copy"], row["first_name"]))
        second = names.get(CopyName(row["second_copy"], row["second_name"]))
        if first is not None and second is not None:
            found.append(_link(row, (first, second), standing))
    return sorted(found, key=lambda one: (_ORDER.index(one.state), -one.weight, one.link))


def _link(
    row: Mapping[str, Any], names: tuple[ShownName, ShownName], standing: Mapping[str, Word]
) -> ShownLink:
    return ShownLink(
        row["link"],
        *names,
        rule=row["rule"],
        weight=row["weight"],
        speaks_for=tuple(row["speaks_for"]),
        speaks_against=tuple(row["speaks_against"]),
        state=LinkState(row["state"]),
        word=standing.get(row["link"]),
    )


def in_words(decision: Decision, known: Mapping[str, ShownCopy]) -> str:
    """Say what was decided; a copy that is gone is named by its id."""

    def called(copy: str) -> str:
        return known[copy].called if copy in known else f"copy {copy}, which is gone"

    if isinstance(decision, Identity):
        ends = " and ".join(f"{one.name!r} in {called(one.copy)}" for one in decision.ends)
        return f"{ends} are {'one person' if decision.same else 'two people'}"
    if isinstance(decision, Belonging):
        ends = " and ".join(called(one) for one in decision.ends)
        return f"{ends} are {'one conversation' if decision.same else 'two conversations'}"
    since = f" from {decision.since_at} on" if decision.since_at else ""
    if isinstance(decision, Offset):
        return f"{called(decision.copy)}{since}: {offset_in_words(decision.offset_ms)}"
    until = f" until {decision.until_at}" if decision.until_at else ""
    return f"{called(decision.copy)} could have known what was sent{since}{until}"


def offset_in_words(offset_ms: int) -> str:
    """Say how a clock is off by which so much is to be added."""
    if not offset_ms:
        return "its clock is right"
    seconds, rest = divmod(abs(offset_ms), 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = f"{hours}:{minutes:02}:{seconds:02}" + (f".{rest:03}" if rest else "")
    return f"its clock is {parts} {'slow' if offset_ms > 0 else 'fast'}"
