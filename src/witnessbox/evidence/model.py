"""The words of evidence: what an exhibit is, where a record lies in it, what could not be read.

Rules kept here:

- A *span* is a half-open range of bytes of one exhibit.
- The spans of an exhibit's messages and problems tile it: every byte lies in exactly one of them.
- A *problem* that owns bytes nobody else could read has a non-empty span.  A problem that is a
  doubt about bytes a message already owns has an **empty** span (``start == end``) at the byte
  where the doubt shows, so that tiling holds either way.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The bytes ``[start, end)`` of the exhibit whose SHA-256 is ``exhibit``."""

    exhibit: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span runs forward from byte 0 on, not {self.start} to {self.end}")

    @property
    def size_bytes(self) -> int:
        """Say how many bytes the span covers."""
        return self.end - self.start


class Kind(StrEnum):
    """What sort of thing a message row is."""

    TEXT = "text"
    NOTICE = "notice"  # written by the platform, not by a person
    MEDIA = "media"
    DELETED = "deleted"  # a placeholder that a message stood here
    CALL = "call"
    POLL = "poll"
    LOCATION = "location"
    CONTACT = "contact"
    EVENT = "event"
    STICKER = "sticker"
    SHARE = "share"
    EMPTY = "empty"  # a sender and a time, and nothing else


class Precision(StrEnum):
    """How finely an export knows the time of a message."""

    MINUTE = "minute"
    SECOND = "second"
    MILLISECOND = "millisecond"


class Severity(StrEnum):
    """How much a problem matters to whoever relies on the exhibit."""

    NOTE = "note"  # worth knowing, nothing is in doubt
    DOUBT = "doubt"  # read one way, could be read another
    LOSS = "loss"  # these bytes could not be read as messages


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read or decided, and where.  ``code`` is a stable kebab-case name.

    ``table`` and ``row`` say which row of a database it is about, where it is about one.
    """

    span: Span
    parser: str
    code: str
    what: str
    severity: Severity
    table: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file as received, named by the SHA-256 of its bytes (lower-case hex)."""

    digest: str
    size_bytes: int
