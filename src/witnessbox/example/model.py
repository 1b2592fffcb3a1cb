"""The words of the example: who talks, where, what was truly sent, and which phone holds what.

Times are whole milliseconds since 1970 in UTC, so that every platform adds and rounds them alike.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Officer:
    """One of the invented people."""

    key: str  # "o01"
    given: str
    family: str
    nickname: str
    phone: str  # in the range kept for drama
    profile: str  # the name on Messenger

    @property
    def full(self) -> str:
        """Give the name in full."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of membership, as shares of the two years; ``until`` 1.0 means to the end."""

    officer: str
    since: float
    until: float = 1.0
    came: str = "added"  # created, added, joined
    went: str = "left"  # left, removed; said only where ``until`` is before the end
    by: str = "o01"  # who added or removed them


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation as it is planned: its names in time, members, size and tone."""

    key: str  # "w1" … "w4" on WhatsApp, "m1", "m2" on Messenger
    platform: str
    titles: tuple[tuple[float, str], ...]  # (from which share of the two years, name)
    messages: int  # at full size
    planted: float  # share of the messages that a reviewer should find
    hours: tuple[int, ...]  # weight of each hour of the day
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What was planted in a message: abuse of a category, its defence, or a look-alike of it."""

    role: str  # planted, lookalike, banter-reply, challenge, laugh
    category: str | None = None
    severity: int = 0
    banter: bool = False  # banter was offered as its defence
    lookalike: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was truly sent."""

    key: str  # "w1-00042"
    at_ms: int
    sender: str
    kind: str  # text, media, poll, location
    text: str  # of a media message its caption, often empty
    media: str | None = None  # image, video, audio, sticker, document
    label: Label | None = None
    before: str | None = None  # the first wording, where it was edited
    recalled: bool = False  # deleted for everyone soon after it was sent
    reactions: tuple[tuple[str, str], ...] = ()  # (who, with what)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the platform writes: who came and went, a new name, a changed code."""

    key: str  # "w1-n007"; one that a single phone writes ends in that phone's key
    at_ms: int
    event: str  # encryption, code, created, added, joined, left, removed, subject, icon
    actor: str | None = None
    member: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Talked:
    """A conversation as it truly went."""

    chat: Chat
    messages: tuple[Message, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that was handed over, with its habits."""

    key: str  # "p01"
    owner: str
    layout: str  # of data/layouts.toml
    zone: str
    offset_s: int  # how far its clock runs ahead of the truth
    names: tuple[tuple[str, str], ...]  # (officer, as its address book has them)
    desktop: bool = False  # the text was saved again on a desktop: byte-order mark and CRLF
    notice_author: str = "title"  # iOS: a notice stands under the group's title or who acted


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """One export: a phone's copy of a chat, and what happened to it."""

    reference: str  # exhibit reference
    phone: str
    chat: str
    attached: bool = False  # files are named; else they are only said to be omitted
    cleared: float = 0.0  # the chat was cleared at this share of the two years
    cut: float = 1.0  # the file ends after this share of what it should hold
    deleted: float = 0.0  # share of messages deleted on this phone only
    own_planted_deleted: float = 0.0  # share of its owner's planted messages deleted there
    keeps_recalled: bool = False  # an old app that missed half the deletions and edits
    root: str = ""  # Messenger: the archive's folder of messages


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a copy: a message or notice, and the form it takes there.

    Forms: plain, edited, before-edit, placeholder, forged (its body holds a header-like line).
    """

    entry: Message | Notice
    form: str


@dataclass(frozen=True, slots=True)
class Copy:
    """What one export holds, and what its phone once had and lost."""

    plan: CopyPlan
    lines: tuple[Line, ...]
    deleted: tuple[str, ...]  # keys of messages deleted on this phone only
    title: str  # the conversation's name as the phone last knew it


@dataclass(frozen=True, slots=True)
class Source:
    """One readable file of an export, with the bytes of each of its records."""

    name: str  # as received, containers first
    content: bytes
    keys: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """One file handed over."""

    copy: Copy
    path: str  # below exports/
    content: bytes
    sources: tuple[Source, ...]
    forged_at: tuple[int, int] | None = None  # bytes of the header-like line
    partial: str | None = None  # key of the message the file breaks off in
    names: tuple[tuple[str, str], ...] = field(default=())  # (officer, as written here)
