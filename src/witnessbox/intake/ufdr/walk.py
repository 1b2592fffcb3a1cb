"""A report from its first byte to its last, as stretches that tile it, whatever state it is in.

The report is fed to a hardened parser a piece at a time.  Of its models only those that belong to
the message or chat at hand are held; all others are counted.  A message ends where the next element
begins or the element around it ends, so that white space falls to the message it follows.

After damage, a message whose tags still close is mended and read by itself; else reading goes on at
the next thing that begins like a chat or a message.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from witnessbox.intake.hardened_xml import RefusedXmlError, hardened
from witnessbox.intake.limits import Limits
from witnessbox.intake.ufdr import plain
from witnessbox.intake.ufdr.builder import ELEMENT_BYTES, Builder, fragment
from witnessbox.intake.ufdr.damage import MESSAGE_TAG, XmlErrors, closing, mended, next_start, told
from witnessbox.intake.ufdr.model import (
    CHAT,
    MESSAGE_TYPES,
    Broken,
    Closed,
    Frame,
    Model,
    Stretch,
    Talk,
)

PIECE_BYTES = 1 << 20
_WHITE, _WHITE_BYTES = b" \t\r\n", 256
_MOST_EXTRACTIONS = 1_000
_AROUND_CHATS = ["project", "decodedData", "modelType"]
_AROUND_MESSAGES = [*_AROUND_CHATS, "model", "multiModelField"]


class Walk(Builder):
    """One report on its way; ``_reached`` is the byte up to which all is given out."""

    def __init__(self, stream: BinaryIO, size_bytes: int, limits: Limits) -> None:
        super().__init__(limits)
        self._limits = limits
        self._stream, self._size_bytes = stream, size_bytes
        self.extractions: set[str] = set()
        self._out: list[Stretch] = []
        self._reached = 0
        self._message_at: int | None = None  # where the open message began
        self._message_tags: list[str] = []  # the elements around it
        self._ended: tuple[int, Model] | None = None  # a message whose next element is awaited
        self._dull = 0  # depth of a record that is only counted
        self._records, self._files, self._type = 0, 0, ""
        self._chat_tags = list(_AROUND_CHATS)
        self._after_damage = False
        self._parser = hardened()
        self._offset = 0  # of the parser's byte 0
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "modelType": self._start_type,
            "file": self._count_file,
            "extractionInfo": self._note_extraction,
        }

    def run(self) -> Iterator[list[Stretch]]:
        """Give the stretches in order, some at a time."""
        self.listen(self._parser)
        self._stream.seek(0)
        at, damages = 0, 0
        while True:
            data = self._stream.read(PIECE_BYTES)
            try:
                self._feed(data, at)
                if at + len(data) - self._here() > self.longest_bytes:
                    raise RefusedXmlError(f"markup longer than {self.longest_bytes:,} bytes")
            except XmlErrors as error:
                damages += 1
                at = self._recover(error, last=damages > self._limits.ufdr_damages)
                data = b"more" if at < self._size_bytes else b""
            else:
                at += len(data)
            yield self._taken()
            if not data:
                break
        self._around(self._size_bytes)
        yield self._taken()

    def _feed(self, data: bytes, base: int) -> None:
        """Give a piece to the parser, but for what plain messages hold.

        The parser does not see from one plain message to the next: to it they are all one.
        """
        at = 0
        while (tag := MESSAGE_TAG.search(data, at)) is not None:
            self._parser.Parse(data[at : tag.end()], False)  # noqa: FBT003 - expat's own
            at = tag.end()
            if self._message_at == base + tag.start() and self._is_plain_place():
                at = self._pass_plain(data, at, base)
        self._parser.Parse(data[at:], not data)

    def _is_plain_place(self) -> bool:
        """Say whether a message that was just begun can be read without the parser."""
        return self.is_clear and len(self.tags) + plain.DEEPEST <= self.deepest

    def _pass_plain(self, data: bytes, at: int, base: int) -> int:
        """Read messages from behind a start tag on, while they are plain; say where they end."""
        first, most_bytes = at, self.longest_bytes // ELEMENT_BYTES
        while (end := plain.fill(self.models[-1], data, at, most_bytes)) is not None:
            at = end
            if self._message_at is None or (next_ := plain.following(data, at)) is None:
                break
            start, at, message = next_
            self._ended = self._message_at, self.models[-1]
            self._settle(base + start)
            self._message_at, self.models[-1], self.held = base + start, message, ELEMENT_BYTES
        self._offset += at - first
        return at

    def _taken(self) -> list[Stretch]:
        taken, self._out = self._out, []
        return taken

    def _here(self) -> int:
        return self._offset + self._parser.CurrentByteIndex

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        if self._dull:
            self.tags.append(tag)
            if len(self.tags) > self.deepest:
                raise RefusedXmlError(f"elements lie more than {self.deepest} deep in one another")
            return
        if self._ended is not None:
            self._settle(self._here())
        noted = self._starts.get(tag)
        if noted is not None:
            noted(attributes)
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if self._dull:
            self.tags.pop()
            if len(self.tags) < self._dull:
                self._dull = 0
            return
        if self._ended is not None:
            self._settle(self._here())
        if self._records or (self._files and tag == "taggedFiles"):
            self._around(self._here())
        super().end(tag)

    def open(self, model: Model) -> None:
        """Begin a model: a chat, a message, a part of one, or a record to count."""
        inside = self._message_at is not None
        if not inside and model.type in MESSAGE_TYPES and self._is_place_of_messages():
            self._around(self._here())
            self._message_at, self._message_tags = self._here(), self.tags[:-1]
            self.held = 0
            self.models.append(model)
        elif self.models:
            super().open(model)
        elif model.type == CHAT:
            self._chat_tags = self.tags[:-1]
            self.held = 0
            self.models.append(model)
        else:
            self._records += 1
            self._dull = len(self.tags)

    def _is_place_of_messages(self) -> bool:
        """Say whether a message here is no part of another: in a chat itself, or in nothing."""
        return not self.models or (len(self.models) == 1 and self._chat() is not None)

    def close(self, model: Model) -> None:
        """End a model; a message waits for the element that follows it."""
        if self._message_at is not None and self.tags == self._message_tags:
            self._ended = self._message_at, model
            self._message_at = None
            self.held = 0
        elif not self.models:
            self._out.append(Closed(self._here(), model))

    def _settle(self, end: int) -> None:
        if self._ended is not None:
            start, message = self._ended
            self._out.append(Talk(start, end, message, self._chat(), None, self._after_damage))
            self._reached, self._ended, self._after_damage = end, None, False

    def _chat(self) -> Model | None:
        return self.models[0] if self.models and self.models[0].type == CHAT else None

    def _around(self, end: int) -> None:
        """Give out what lies around messages, up to a byte."""
        self._settle(end)
        if end > self._reached:
            self._out.append(Frame(self._reached, end, *self._description()))
            self._reached = end
        self._records = self._files = 0

    def _description(self) -> tuple[str, str]:
        if self._chat() is not None:
            return "envelope", "a chat's own fields, around its messages"
        if self._records:
            kind = self._type or "unknown type"
            return "other-records", f"{self._records:,} records ({kind}) that are no messages"
        if self._files:
            return "envelope", f"a list of {self._files:,} files of the phone"
        return "envelope", "the report around its records"

    def _start_type(self, attributes: dict[str, str]) -> None:
        self._type = attributes.get("type", "")

    def _count_file(self, _attributes: dict[str, str]) -> None:
        if self._message_at is None:  # what a message holds is not around it
            self._files += 1

    def _note_extraction(self, attributes: dict[str, str]) -> None:
        if len(self.extractions) < _MOST_EXTRACTIONS:
            self.extractions.add(attributes.get("id", ""))

    def _recover(self, error: Exception, *, last: bool) -> int:
        """Give out what is damaged; say where reading goes on."""
        at = self._error_at(error)
        if self._ended is not None:
            self._settle(at)
        found = None if last else self._saved(at)
        if found is None:
            self._lose(at, error, last=last)
        else:
            self._restart(found, self._message_tags)
        return self._reached

    def _error_at(self, error: Exception) -> int:
        index = (
            self._parser.ErrorByteIndex
            if isinstance(error, expat.ExpatError)
            else self._parser.CurrentByteIndex
        )
        return min(max(self._offset + index, self._reached), self._size_bytes)

    def _saved(self, at: int) -> int | None:
        """Mend the open message and read it by itself; say where it ends, None where it cannot."""
        start = self._message_at
        if start is None:
            return None
        self._stream.seek(start)
        piece = self._stream.read(min(self.longest_bytes, self._size_bytes - start))
        length = closing(piece)
        if length < 0 or start + length <= at:
            return None
        message = fragment(mended(piece[:length]), self._limits)
        if message is None:
            return None
        del self.models[1 if self._chat() is not None else 0 :]
        hurt = "characters that XML does not allow, or that are no UTF-8, are shown as U+FFFD"
        after = piece[length : length + _WHITE_BYTES]
        end = start + length + len(after) - len(after.lstrip(_WHITE))
        self._out.append(Talk(start, end, message, self._chat(), hurt, self._after_damage))
        self._reached, self._message_at, self._after_damage = end, None, False
        return end

    def _lose(self, at: int, error: Exception, *, last: bool) -> None:
        """Give out what cannot be read, up to the next chat or message."""
        start, search = self._message_at, max(at, self._reached + 1)
        if start is None:
            self._around(at)
        found = None if last else next_start(self._stream, search)
        end = self._size_bytes if found is None else found[0]
        code, what = told(error, cut=end == self._size_bytes and at >= end)
        if last:
            most = self._limits.ufdr_damages
            code, what = "too-damaged", f"damaged in more than {most:,} places; read no further"
        if start is not None:
            what = f"a message: {what}"
        self._out.append(Broken(self._reached, end, code, what))
        self._reached, self._message_at, self._after_damage = end, None, True
        chat = self._chat()
        stays = found is not None and found[1] != CHAT
        if chat is not None and not stays:
            self._out.append(Closed(end, chat))
            chat = None
        self.models = [] if chat is None else [chat]
        around = self._message_tags or _AROUND_MESSAGES
        self._restart(end, around if chat is not None else self._chat_tags)

    def _restart(self, at: int, tags: list[str]) -> None:
        """Go on from a byte as if these elements were open."""
        prefix = "".join(f"<{tag}>" for tag in tags).encode()
        self._parser = hardened()
        self._parser.Parse(prefix, False)  # noqa: FBT003 - expat's own
        self._offset = at - len(prefix)
        self.tags, self._dull, self.held = list(tags), 0, 0
        holders = [tag for tag in tags if tag in ("modelField", "multiModelField")]
        self.holders = ["Messages" if self.models else "" for _ in holders]
        self.forget()
        self.listen(self._parser)
        self._stream.seek(at)
