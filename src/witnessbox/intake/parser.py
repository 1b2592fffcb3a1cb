"""What a parser is: one module a format, with ``FORMAT``, ``identify`` and ``parse``.

A parser yields *batches of columns* in file order.  The spans of a source's messages and problems
tile it (see ``evidence.model``).  Nothing is dropped: what cannot be read is a problem.

A database *accounts* for rows instead of bytes: it names the tables that hold messages and how many
rows each has (``holdings``), and every such row is a message or a problem that owns bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Literal, Protocol

import pyarrow as pa

from witnessbox.errors import WitnessboxError
from witnessbox.evidence import schema
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.settlement import Settled

HEAD_BYTES = 1 << 16
"""How much of a file ``identify`` is shown."""


class UnknownFormatError(WitnessboxError):
    """No parser recognises the file; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format's stable name, its title for people, and the version of its parser."""

    name: str
    title: str
    version: int
    platform: str  # "whatsapp", "messenger"
    accounts: Literal["bytes", "rows"] = "bytes"
    fallback: bool = False  # asked only about files that no other format recognises

    @property
    def label(self) -> str:
        """Name the parser and its version as rows carry them."""
        return f"{self.name}/{self.version}"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read.

    ``name`` is its path as received, containers first: ``WhatsApp Chat - Nights.zip/_chat.txt``.
    ``open`` gives a new, seekable, binary stream of its ``size_bytes`` bytes.  ``beside`` are the
    other databases, and companions of databases, that lay in the same folder when they came; of a
    table, its column mapping.
    """

    exhibit: str
    name: str
    size_bytes: int
    open: Callable[[], BinaryIO]
    beside: "tuple[Source, ...]" = ()
    limits: Limits = DEFAULT

    @property
    def path(self) -> PurePosixPath:
        """Give the name as a path."""
        return PurePosixPath(self.name)


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a source does not say: the time zone it is read in, why that one, and what was settled.

    ``stated`` where somebody said so for this device; else it is no more than likely.  ``settled``
    are the readings people chose where the source leaves a doubt, in the order of the ledger.
    """

    zone: str  # IANA name
    why: str
    stated: bool = False
    settled: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Columns read from one stretch of a source, each as its table's schema has them.

    A table that got no rows is None.
    """

    messages: pa.RecordBatch | None = None
    problems: pa.RecordBatch | None = None
    participants: pa.RecordBatch | None = None
    attachments: pa.RecordBatch | None = None
    reactions: pa.RecordBatch | None = None
    votes: pa.RecordBatch | None = None
    acknowledgements: pa.RecordBatch | None = None
    earlier_texts: pa.RecordBatch | None = None
    memberships: pa.RecordBatch | None = None
    traces: pa.RecordBatch | None = None
    holdings: pa.RecordBatch | None = None


BATCH_TABLES = (
    schema.MESSAGES,
    schema.PROBLEMS,
    schema.PARTICIPANTS,
    schema.ATTACHMENTS,
    schema.REACTIONS,
    schema.VOTES,
    schema.ACKNOWLEDGEMENTS,
    schema.EARLIER_TEXTS,
    schema.MEMBERSHIPS,
    schema.TRACES,
    schema.HOLDINGS,
)


class Parser(Protocol):
    """A parser module."""

    FORMAT: Format

    def identify(self, name: str, head: bytes) -> bool:
        """Say whether a file of this name that begins with these bytes is in this format."""

    def parse(self, source: Source, assumption: Assumption) -> Iterator[Batch]:
        """Read a source from its first byte to its last."""


def choose(parsers: Sequence[Parser], name: str, head: bytes) -> Parser:
    """Pick the one parser that recognises a file.

    Raises UnknownFormatError where none does, or more than one.
    """
    claiming = [parser for parser in parsers if parser.identify(name, head)]
    found = [parser for parser in claiming if not parser.FORMAT.fallback] or claiming
    if len(found) == 1:
        return found[0]
    titles = ", ".join(parser.FORMAT.title for parser in (found or parsers))
    if found:
        raise UnknownFormatError(f"{name} looks like more than one format ({titles}); report it")
    raise UnknownFormatError(
        f"{name} is in no format this version reads; looked for: {titles}. "
        "Check that it is a chat export; the file itself is kept."
    )
