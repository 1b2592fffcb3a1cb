"""A Telegram export as JSON, read chat by chat into batches."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from witnessbox.evidence.model import Severity
from witnessbox.intake.careful import load, sound
from witnessbox.intake.gathered import Gathered, batches
from witnessbox.intake.json_spans import Broken, Elements, Frame, Shape, Stretch
from witnessbox.intake.json_walk import walk
from witnessbox.intake.parser import Batch, Source
from witnessbox.intake.telegram.chats import Around, ChatBytes, Layout, Slice, layout
from witnessbox.intake.telegram.mending import mend
from witnessbox.intake.telegram.rows import ChatRows, conversation, severity_of
from witnessbox.intake.telegram.words import Chat, chat_of, read

SHAPE = Shape("messages", ("id", "date", "action", "actor", "author"), mend)
_LOOKED_AT_BYTES = 1 << 16  # of something broken, to see whether a chat ends in it
_OWN_DIGITS = 16  # of an exhibit's name, which stand for an account nobody named
_BEGINS = rb'"type"[ \t\r\n]*:[ \t\r\n]*"[a-z_]+_(?:chat|group|supergroup|channel)"'
_CHAT_BEGINS = re.compile(_BEGINS)
_CHAT_ENDS = re.compile(rb"\][ \t\r\n]*\}|" + _BEGINS)


def read_file(source: Source, zone: str, label: str) -> Iterator[Batch]:
    """Read a source from its first byte to its last."""
    yield from batches(_gathered(source, zone, label))


def _gathered(source: Source, zone: str, label: str) -> Iterator[Gathered]:
    with source.open() as stream:
        plan = layout(stream, source.size_bytes)
        reading = _Reading(source, zone, label, plan)
        for part in plan.parts:
            if isinstance(part, Around):
                yield _around(source, label, part, plan)
            else:
                yield from reading.chat(stream, part)
    rows = Gathered(source.exhibit, label)
    if plan.account and not plan.whole:
        what = "the account does not end as it should: chats may be missing"
        rows.doubt(source.size_bytes, "cut-off", what)
    yield rows


def _around(source: Source, label: str, part: Around, plan: Layout) -> Gathered:
    """Explain what of an account lies in no chat."""
    rows = Gathered(source.exhibit, label)
    only = len(plan.parts) == 1
    what = "an account without chats" if only else "the account around its chats"
    rows.problem(part.start, part.end, "envelope", what, Severity.NOTE)
    return rows


class _Reading:
    """The chats of a file on their way into rows, one after another."""

    def __init__(self, source: Source, zone: str, label: str, plan: Layout) -> None:
        self._source = source
        self._zone = zone
        self._label = label
        self._plan = plan
        self._stem = source.path.stem
        self._chat = self._rows_of(chat_of(dict(plan.behind)), self._stem)

    def _rows_of(self, chat: Chat, place: str) -> ChatRows:
        account = self._plan.owner or self._source.exhibit[:_OWN_DIGITS]
        return ChatRows(conversation(chat, account, place), self._zone)

    def _place(self, start: int) -> str:
        """Name a chat that does not name itself."""
        return f"{self._stem} from byte {start}" if self._plan.account else self._stem

    def chat(self, stream: BinaryIO, part: ChatBytes) -> Iterator[Gathered]:
        """Give the rows of one chat, in the order of its bytes."""
        if self._plan.account:
            self._chat = self._rows_of(Chat(), self._place(part.start))
        longest_bytes = self._source.limits.json_record_bytes
        of_chat: BinaryIO = Slice(stream, part.start, part.end)  # type: ignore[assignment]
        for stretch in walk(of_chat, SHAPE, longest_bytes):
            rows = Gathered(self._source.exhibit, self._label)
            self._take(rows, stretch, part.start)
            yield rows
        rows = Gathered(self._source.exhibit, self._label)
        self._chat.close(rows, part.end)
        yield rows

    def _take(self, rows: Gathered, stretch: Stretch, base: int) -> None:
        if isinstance(stretch, Elements):
            ends = [*stretch.starts[1:], stretch.end]
            for start, end, (one, doubts) in zip(
                stretch.starts, ends, read(stretch.pieces), strict=True
            ):
                self._chat.add(rows, (base + start, base + end), one)
                for doubt in doubts:
                    at = base + start
                    rows.problem(at, at, doubt.code, doubt.what, severity_of(doubt))
        elif isinstance(stretch, Frame):
            self._frame(rows, stretch, base)
        else:
            self._broken(rows, stretch, base)

    def _frame(self, rows: Gathered, stretch: Frame, base: int) -> None:
        start, end = base + stretch.start, base + stretch.end
        try:
            values, repeated = load(sound(mend(stretch.data)))
        except (ValueError, RecursionError):
            values, repeated = {}, []
        told = ", ".join(key for key in values if key != SHAPE.key)
        what = f"the chat around its messages ({told})" if told else "the chat's own brackets"
        rows.problem(start, end, "envelope", what, Severity.NOTE)
        for key in repeated:
            what = f"{key} is written more than once; the last one was read"
            rows.doubt(start, "duplicate-key", what)
        if stretch.start == 0:
            chat = chat_of(values | dict(self._plan.behind))
            self._chat = self._rows_of(chat, self._place(start))

    def _broken(self, rows: Gathered, stretch: Broken, base: int) -> None:
        start, end = base + stretch.start, base + stretch.end
        severity = Severity.LOSS if end > start else Severity.DOUBT
        rows.problem(start, end, stretch.code, stretch.what, severity)
        if end > start and stretch.start > 0 and self._ends_chat(stretch, start, end):
            self._chat.close(rows, end)
            self._chat = self._rows_of(Chat(), f"{self._stem} from byte {end}")
            what = "a chat may end here and another begin: whose messages follow is not known"
            rows.doubt(end, "chat-unsure", what)

    def _ends_chat(self, stretch: Broken, start: int, end: int) -> bool:
        """Say whether the end of a chat's list or the head of another lies in broken bytes."""
        signs = _CHAT_ENDS if stretch.code == "not-a-message" else _CHAT_BEGINS
        with self._source.open() as stream:
            stream.seek(start)
            return signs.search(stream.read(min(end - start, _LOOKED_AT_BYTES))) is not None
