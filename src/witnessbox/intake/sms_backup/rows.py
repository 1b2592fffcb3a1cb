"""Messages of a backup as rows: who wrote, in which conversation, when, and with what."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from witnessbox.evidence.model import Kind, Precision, Severity
from witnessbox.intake.careful import Doubt
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.media import media_of
from witnessbox.intake.sms_backup.words import Attributes, Written

OWNER = "Me"
"""Who wrote what the phone sent: a backup does not say whose it is."""

_RECEIVED, _SENT = "1", "2"
_UNSENT = {"3": "a draft", "4": "waiting to be sent", "5": "failed to send", "6": "queued"}
_DONE = (_RECEIVED, _SENT)
_FROM = "137"  # the type of the address a message came from
_TOKEN = "insert-address-token"  # noqa: S105 - stands for the phone's own number
_NOBODY = ("", "null", "(Unknown)")
_SECONDS_BELOW = 100_000_000_000  # as milliseconds, a time before March 1973
_LAST_MS = 253_402_300_799_999  # the year 9999
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_MEDIA_OF = (
    ("image/gif", "gif"),
    ("image/", "image"),
    ("video/", "video"),
    ("audio/", "audio"),
    ("text/x-vcard", "contact"),
    ("text/vcard", "contact"),
)
_LAYOUT = "application/smil"
_File = tuple[str | None, str, bool]  # name, media, left out


@dataclass(slots=True)
class Book:
    """The names a backup has for numbers, as messages with one other party tell them."""

    names: dict[str, Counter[str]] = field(default_factory=dict)
    parties: dict[tuple[str | None, ...], "_Party"] = field(default_factory=dict)  # told already

    def note(self, number: str, name: str, times: int) -> None:
        """Take the name so many messages have for their one other party."""
        if number not in _NOBODY and "~" not in number and name not in _NOBODY:
            self.names.setdefault(number, Counter())[name] += times

    def name(self, number: str) -> str:
        """Give the name most often used for a number, else the number."""
        known = self.names.get(number)
        return number if known is None else min(known, key=lambda one: (-known[one], one))


@dataclass(slots=True)
class Heard:
    """What is carried from one piece of a backup to the next."""

    index: int = 0
    last_ms: int = 0
    messages: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Party:
    """The conversation a message is in, and who wrote it; ``number`` is the writer's."""

    conversation: str
    thread: str | None
    sender: str
    number: str | None


def add(rows: Gathered, book: Book, heard: Heard, place: tuple[int, int], written: Written) -> None:
    """Put one message into rows."""
    start, end = place
    own = written.own
    at, doubts = _time(own.get("date"))
    if at is not None:
        heard.last_ms = at
    party = _known_party(book, written)
    text, more = _text(written)
    for doubt in (*written.doubts, *doubts, *more):
        rows.doubt(start, doubt.code, doubt.what)
    box = _box(written)
    if box not in _DONE:
        _tell_box(rows, start, box)
    files = list(_files(written)) if written.parts else []
    rows.attachments += [(start, *one) for one in files]
    heard.messages[party.conversation, party.sender, party.number] += 1
    rows.messages.append(
        Told(
            start=start,
            end=end,
            conversation=party.conversation,
            thread=party.thread,
            sequence=sequence(heard.last_ms, heard.index),
            kind=_kind(files, text),
            sender=party.sender,
            text=text,
            stamp=own.get("date"),
            sent_at=at,
            precision=Precision.MILLISECOND if written.tag == "sms" else Precision.SECOND,
            zone="UTC",
            platform_id=_given(own, "m_id"),
        )
    )
    heard.index += 1


def _kind(files: list[_File], text: str | None) -> Kind:
    """Tell what a message is by what it holds; one whose files are all cards is a contact."""
    if not files:
        return Kind.TEXT if text else Kind.EMPTY
    return Kind.CONTACT if all(media == "contact" for _, media, _ in files) else Kind.MEDIA


def _given(attributes: Attributes, key: str) -> str | None:
    value = attributes.get(key)
    return None if value in (None, "", "null") else value


def _time(written: str | None) -> tuple[int | None, Sequence[Doubt]]:
    """Read a time in milliseconds; seconds are taken for what they are, with a doubt."""
    at = int(written) if written is not None and _NUMBER.fullmatch(written) else 0
    if not 0 < at <= _LAST_MS:
        what = "no time" if written is None else f"{written[:60]} is no time"
        return None, [Doubt("no-time", what)]
    if at < _SECONDS_BELOW:
        return at * 1000, [Doubt("time-in-seconds", f"{at} is read as seconds, not milliseconds")]
    return at, ()


def _box(written: Written) -> str:
    return written.own.get("type" if written.tag == "sms" else "msg_box", "")


def _tell_box(rows: Gathered, start: int, box: str) -> None:
    """Say of a message that it was neither received nor sent."""
    unsent = _UNSENT.get(box)
    if unsent is None:
        what = "it does not say whether it was received or sent"
        rows.doubt(start, "unknown-direction", what)
    else:
        what = f"{unsent}: it stands in the backup and was not sent"
        rows.problem(start, start, "not-sent", what, Severity.NOTE)


def _known_party(book: Book, written: Written) -> _Party:
    """Say who wrote a message and in which conversation, as of one with the same names."""
    if written.addresses:
        return _party(book, written)
    own = written.own
    key = own.get("address"), own.get("contact_name"), _box(written)
    party = book.parties.get(key)
    if party is None:
        party = book.parties[key] = _party(book, written)
    return party


def _party(book: Book, written: Written) -> _Party:
    """Say who wrote a message and in which conversation; a group is the set of its numbers."""
    numbers = sorted(
        {one for one in written.own.get("address", "").split("~") if one not in _NOBODY}
    )
    named = _given(written.own, "contact_name")
    if named in _NOBODY:
        named = None
    whole = named or ", ".join(map(book.name, numbers)) or "no number"
    thread = "~".join(numbers) or None
    if _box(written) == _SENT or _box(written) in _UNSENT:
        return _Party(whole, thread, OWNER, None)
    writers = [
        one["address"]
        for one in written.addresses
        if one.get("type") == _FROM and one.get("address", "") not in (*_NOBODY, _TOKEN)
    ]
    if len(numbers) == 1 and writers in ([], numbers):
        return _Party(whole, thread, whole, numbers[0])
    if writers:
        return _Party(whole, thread, book.name(writers[0]), writers[0])
    return _Party(whole, thread, whole, None)


def _text(written: Written) -> tuple[str | None, Sequence[Doubt]]:
    if written.tag == "sms":
        body = written.own.get("body")
        if body == "null":
            return body, [Doubt("null-text", "null: the word, or that there is no text")]
        return body, ()
    said = [_given(written.own, "sub")]
    said += [_given(one, "text") for one in written.parts if one.get("ct") == "text/plain"]
    return "\n".join(one for one in said if one is not None) or None, ()


def _files(written: Written) -> Iterator[_File]:
    for part in written.parts:
        sort = part.get("ct", "")
        if sort == _LAYOUT or (sort == "text/plain" and _given(part, "text") is not None):
            continue
        name = _given(part, "cl") or _given(part, "name") or _given(part, "fn")
        media = next((what for head, what in _MEDIA_OF if sort.lower().startswith(head)), None)
        yield name, media or media_of(name or ""), _given(part, "data") is None
