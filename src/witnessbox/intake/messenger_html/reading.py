"""One page of Messenger conversations on its way into rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from witnessbox.evidence.model import Kind, Severity
from witnessbox.intake.clock import NO_TIME
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.messenger.survey import folder_of
from witnessbox.intake.messenger_html import block as blocks
from witnessbox.intake.messenger_html import dates
from witnessbox.intake.messenger_html.block import Block
from witnessbox.intake.messenger_html.heads import listed, members, thread_names, title
from witnessbox.intake.messenger_html.pieces import Part, Piece, pieces
from witnessbox.intake.messenger_html.reactions import apart
from witnessbox.intake.messenger_html.survey import Survey, part_of, survey
from witnessbox.intake.parser import Assumption, Batch, Source
from witnessbox.intake.zone import to_utc

_TOGETHER = 2_048  # messages a batch
_PER_PART = 10_000
_CLOSED = b"</html"


def read_page(source: Source, assumption: Assumption, label: str) -> Iterator[Batch]:
    """Read a page from its first byte to its last; memory grows with the batch."""
    with source.open() as stream:
        known = survey(stream, source.limits.html_block_bytes)
    reading = _Reading(source, assumption, label, known)
    with source.open() as stream:
        for piece in pieces(stream, source.limits.html_block_bytes):
            reading.take(piece)
            if reading.full:
                yield reading.batch()
    yield reading.batch()
    yield reading.last()


@dataclass(slots=True)
class _Talk:
    """The conversation that is being read, and who took part in it."""

    name: str
    thread: str | None
    listed: tuple[str, ...] = ()
    heard: Counter[str] = field(default_factory=Counter)

    @property
    def people(self) -> dict[str, None]:
        """Give everyone listed or heard, the list first."""
        return dict.fromkeys([*self.listed, *self.heard])


@dataclass(frozen=True, slots=True)
class _Row:
    """A message whose time is not yet worked out."""

    start: int
    end: int
    index: int
    block: Block
    talk: _Talk


class _Reading:
    """Takes a page piece by piece; gives rows when there are enough, the rest at the end."""

    def __init__(self, source: Source, assumption: Assumption, label: str, known: Survey) -> None:
        self._exhibit, self._label = source.exhibit, label
        self._most = source.limits.html_block_bytes
        self._zone = assumption.zone
        self._known = known
        self._path = source.path
        folder = folder_of(source.path)
        name = folder.split("/")[1] if folder else source.path.stem
        self._talk = _Talk(name, folder)
        self._talks = {name: self._talk}
        self._rows: list[_Row] = []
        self._index = part_of(source.path) * _PER_PART
        self._gathered = Gathered(self._exhibit, label)
        self._last_ms = 0
        self._twice = self._never = False
        self._guessed = 0  # reactions split where letters begin
        self._several: Counter[str] = Counter()
        self._reached = 0
        self._ended = False

    @property
    def full(self) -> bool:
        """Say whether there is enough for a batch."""
        return len(self._rows) >= _TOGETHER

    def take(self, piece: Piece) -> None:
        """Take the next piece of the page."""
        self._reached = piece.end
        self._ended = _CLOSED in piece.data.lower()
        if piece.part is Part.HEAD:
            self._head(piece)
        elif piece.part is Part.THREAD:
            self._thread(piece)
        elif piece.part is Part.BLOCK:
            self._block(piece)
        else:
            what = f"{len(piece.data):,} bytes; a message of more than {self._most:,} is not read"
            self._loss(piece.start, piece.end, "too-long", what)

    def _head(self, piece: Piece) -> None:
        if not self._known.blocks:
            what = "no message in a form known here"
            self._loss(piece.start, piece.end, "no-messages", what)
            return
        named = title(piece.data)
        if named:
            self._talk.name = named
            self._talks = {named: self._talk}
        self._envelope(piece.start, piece.end, "the head of the page")

    def _thread(self, piece: Piece) -> None:
        names = thread_names(piece.data)
        if names:
            self._talk = self._talks.setdefault(names, _Talk(names, names, listed(names)))
        self._envelope(piece.start, piece.end, f"the head of the conversation of {names}")

    def _block(self, piece: Piece) -> None:
        found = blocks.read(piece.data)
        end = piece.start + found.end
        if piece.data[found.end :].strip():
            self._envelope(end, piece.end, "the page between its messages or behind them")
        else:
            end = piece.end
        if found.is_message:
            if not found.closed:
                what = "the message is not closed; its words may go on where the page does not"
                self._gathered.doubt(piece.start, "cut-off", what)
            self._rows.append(_Row(piece.start, end, self._index, found, self._talk))
            self._index += 1
        elif found.closed:
            said = blocks.plain(piece.data[: found.end])
            if not self._talk.listed:
                self._talk.listed = members(said)
            self._envelope(piece.start, end, f"a block without a time: {said[:200]}")
        else:
            self._loss(piece.start, end, "cut-off", "the page ends inside a message")

    def _envelope(self, start: int, end: int, what: str) -> None:
        self._gathered.problem(start, end, "envelope", what, Severity.NOTE)

    def _loss(self, start: int, end: int, code: str, what: str) -> None:
        self._gathered.problem(start, end, code, what, Severity.LOSS)

    def batch(self) -> Batch:
        """Turn what was taken into rows."""
        rows, gathered = self._rows, self._gathered
        self._rows, self._gathered = [], Gathered(self._exhibit, self._label)
        written = [dates.read(row.block.stamp or "") for row in rows]
        walls = [NO_TIME if one is None else one.wall_ms for one in written]
        moments = to_utc(np.array(walls, np.int64), self._zone)
        for row, one, utc, twice, never in zip(
            rows,
            written,
            moments.utc.tolist(),
            moments.twice.tolist(),
            moments.never.tolist(),
            strict=True,
        ):
            zoneless = one is not None and one.offset_ms is None
            self._zone_doubt(row.start, gathered, zoneless and twice, zoneless and never)
            self._message(row, one, utc, gathered)
        return gathered.batch()

    def _zone_doubt(self, at: int, gathered: Gathered, twice: bool, never: bool) -> None:  # noqa: FBT001
        """Name where a run of hours begins that the zone shows twice or skips."""
        if twice and not self._twice:
            what = f"{self._zone} shows this hour twice; read as the first"
            gathered.doubt(at, "zone-hour-twice", what)
        if never and not self._never:
            what = f"{self._zone} skips this hour; was the phone abroad?"
            gathered.doubt(at, "zone-hour-skipped", what)
        self._twice, self._never = twice, never

    def _message(
        self, row: _Row, written: dates.Written | None, utc: int, gathered: Gathered
    ) -> None:
        block, talk = row.block, row.talk
        sent_at = None if written is None else utc
        wall_at, zone = None, None
        if written is None:
            what = f"{block.stamp} is no date and time in a language and order known here"
            gathered.doubt(row.start, "no-time", what)
        elif written.offset_ms is not None:
            sent_at, zone = written.wall_ms - written.offset_ms, "UTC"
            self._several.update([written.several] if written.several else [])
        else:
            wall_at, zone = written.wall_ms, self._zone
        self._last_ms = self._last_ms if sent_at is None else sent_at
        if block.damaged:
            gathered.doubt(row.start, "damaged-text", "damaged characters, shown as U+FFFD")
        if block.sender is not None:
            talk.heard[block.sender] += 1
        gathered.messages.append(
            Told(
                start=row.start,
                end=row.end,
                conversation=talk.name,
                thread=talk.thread,
                sequence=sequence(self._last_ms, row.index, newest_first=self._known.newest_first),
                kind=_kind(block),
                sender=block.sender,
                text=block.text,
                stamp=block.stamp,
                wall_at=wall_at,
                sent_at=sent_at,
                precision=None if written is None else written.precision,
                zone=zone,
            )
        )
        self._beside(row, gathered)

    def _beside(self, row: _Row, gathered: Gathered) -> None:
        """Take the files, links and reactions of a message."""
        for name, media in row.block.files:
            gathered.attachments.append((row.start, name, media, False))
        for link in row.block.links:
            gathered.attachments.append((row.start, link, "link", False))
        for one in row.block.reactions:
            found = apart(one, row.talk.people)
            self._guessed += not found.sure
            at = self._at(found.stamp)
            gathered.reactions.append((row.start, found.actor, found.reaction, at))

    def _at(self, stamp: str | None) -> int | None:
        written = dates.read(stamp) if stamp else None
        if written is None:
            return None
        if written.offset_ms is not None:
            return written.wall_ms - written.offset_ms
        return int(to_utc(np.array([written.wall_ms], np.int64), self._zone).utc[0])

    def last(self) -> Batch:
        """Give who was there, and what shows only over the whole page; call it after the rest."""
        for code, what in self._remarks():
            self._gathered.doubt(self._reached, code, what)
        self._gathered.participants = [
            (talk.name, name, None, talk.heard[name], name in talk.listed)
            for talk in self._talks.values()
            for name in talk.people
        ]
        return self._gathered.batch()

    def _remarks(self) -> Iterator[tuple[str, str]]:
        if self._known.mixed_order:
            yield "time-runs-back", "the messages do not stand in the order of their times"
        if self._known.blocks and not self._ended:
            yield "cut-off", "the page ends before its markup does"
        for name, count in self._several.items():
            what = f"{count} times are in {name}, which is the name of several zones"
            yield "zone-abbreviation", what
        if self._guessed:
            what = (
                f"{self._guessed} reactions are written as emoji and name in one; the name is held "
                "to begin where letters do"
            )
            yield "reaction-run-together", what


def _kind(block: Block) -> Kind:
    """Tell what a message is by what it carries, never by its wording."""
    if block.files:
        stickers = all(media == "sticker" for _, media in block.files)
        return Kind.STICKER if stickers else Kind.MEDIA
    if block.links:
        return Kind.SHARE
    return Kind.TEXT if block.text else Kind.EMPTY
