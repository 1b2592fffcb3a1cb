"""The words of the invented evidence: who, what was truly sent, and what each copy shows of it.

Times are whole milliseconds since 1970, UTC, as they truly were.
"""

from dataclasses import dataclass
from enum import StrEnum

from witnessbox.example.model import Message, Notice

Entry = Message | Notice


class Why(StrEnum):
    """Why a copy does not show a message."""

    DELETED = "deleted"
    DELETED_IN_RUN = "deleted in a run"
    NOT_MEMBER = "owner not a member"
    AFTER_EXPORT = "after the export"
    CLEARED = "before the chat was cleared"
    TIMER = "disappeared by its timer"
    LIMIT = "before what the export is cut to"


DELETED = frozenset((Why.DELETED, Why.DELETED_IN_RUN))


class Form(StrEnum):
    """In which form a copy shows an entry."""

    PLAIN = "plain"
    EDITED = "edited"
    BEFORE_EDIT = "before edit"
    PLACEHOLDER = "placeholder"
    TIME_ALTERED = "time altered"
    FORGED = "forged"


class Style(StrEnum):
    """What a phone hands over."""

    TEXT = "text"
    ANDROID = "msgstore.db"
    IOS = "ChatStorage.sqlite"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the invented people."""

    key: str
    given: str
    family: str
    nickname: str
    number: str  # in the range kept for drama

    @property
    def full(self) -> str:
        """Give the name in full."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class TrueClock:
    """How a phone's clock ran beside the truth."""

    offset_ms: int = 0
    drift_ppm: int = 0
    jumps: tuple[tuple[int, int], ...] = ()  # (since when, by how much from then on)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that is handed over."""

    key: str
    owner: Person
    style: Style
    layout: str  # of its text exports
    zone: str
    zone_stated: bool
    clock: TrueClock
    names: tuple[tuple[str, str], ...]  # (person, as text exports write them)
    saved: frozenset[str]  # people in its address book
    titles_ahead: bool  # iOS: a notice stands under the group's title, else under who acted

    def name(self, person: str) -> str:
        """Give the name text exports write for somebody."""
        return dict(self.names)[person]


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of somebody's membership; ``until`` None lasts to the end."""

    person: str
    since_ms: int
    until_ms: int | None
    came: str  # created, added
    went: str  # left, removed


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as it truly went; of two people where it has no title."""

    key: str
    address: str  # of a group
    titles: tuple[tuple[int, str], ...]  # (since when, name)
    spells: tuple[Spell, ...]
    timer: tuple[int, int] | None  # messages of this time disappear after a week
    messages: tuple[Message, ...]
    notices: tuple[Notice, ...]

    @property
    def direct(self) -> bool:
        """Say whether it is a conversation of two."""
        return not self.titles

    def title(self, at_ms: int) -> str:
        """Give a group's name at a moment."""
        return [name for since, name in self.titles if since <= at_ms or since == 0][-1]


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a copy."""

    entry: Entry
    form: Form
    at_ms: int  # what its time is made from: the true one, unless altered or forged
    came_ms: int  # when the phone got it, which is its place in the copy


@dataclass(frozen=True, slots=True)
class Copy:
    """What one delivery of one phone shows of one conversation."""

    key: str  # "g07/p03/1"
    talk: Talk
    phone: Phone
    number: int  # of the delivery
    style: Style
    exported_ms: int
    with_media: bool
    lines: tuple[Line, ...]
    absent: tuple[tuple[str, Why], ...]

    @property
    def title(self) -> str:
        """Give the conversation's name as this phone last knew it."""
        if not self.talk.direct:
            last = max((line.entry.at_ms for line in self.lines), default=self.exported_ms)
            return self.talk.title(last)
        return self.phone.name(self.other)

    @property
    def other(self) -> str:
        """Give who, of two, is not the phone's owner."""
        return next(it.person for it in self.talk.spells if it.person != self.phone.owner.key)


@dataclass(frozen=True, slots=True)
class Placed:
    """That a copy shows an entry at one place of one exhibit."""

    copy: str
    entry: str
    form: Form


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one phone hands over in one act: files, by their paths below its folder."""

    phone: Phone
    number: int
    files: tuple[tuple[str, bytes], ...]
    placed: tuple[tuple[tuple[str, int], Placed], ...]  # by exhibit, and first byte or row id


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is truly so."""

    people: tuple[Person, ...]
    talks: tuple[Talk, ...]
    copies: tuple[Copy, ...]
