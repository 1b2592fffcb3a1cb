"""Write a copy as WhatsApp's text export does, byte by byte known.

A record runs from the first byte of its line, a left-to-right mark before the bracket included, to
the first byte of the next record; the first record of a file saved on a desktop includes the
byte-order mark.
"""

from collections.abc import Iterator
from datetime import datetime

from witnessbox.example.archive import zipped
from witnessbox.example.clock import wall
from witnessbox.example.layouts import Layout, layout, stamp, wording
from witnessbox.example.model import Copy, Export, Line, Message, Notice, Phone, Source
from witnessbox.example.people import BY_KEY
from witnessbox.example.phones import PHONE

LRM = "\u200e"
_ANDROID_FILES = {
    "image": ("IMG", "jpg"),
    "video": ("VID", "mp4"),
    "audio": ("PTT", "opus"),
    "sticker": ("STK", "webp"),
    "document": ("DOC", "pdf"),
}
_IOS_FILES = {
    "image": ("PHOTO", "jpg"),
    "video": ("VIDEO", "mp4"),
    "audio": ("AUDIO", "opus"),
    "sticker": ("STICKER", "webp"),
    "document": ("DOCUMENT", "pdf"),
}


def render(copy: Copy) -> Export:
    """Write one copy out."""
    phone = PHONE[copy.plan.phone]
    form = layout(phone.layout)
    writer = _Writer(copy, phone, form)
    records = [record.encode() for record in writer.records()]
    if phone.desktop:
        records = [record.replace(b"\n", b"\r\n") for record in records]
        records[0] = b"\xef\xbb\xbf" + records[0]
    partial = None
    if copy.plan.cut < 1.0:
        last = copy.lines[-1].entry
        records[-1] = _broken_off(records[-1])
        partial = last.key
    return _export(copy, phone, form, records, partial)


def _broken_off(record: bytes) -> bytes:
    """Keep a record's header and half of its text, cut between two characters."""
    text_at = record.index(b": ", record.index(b" - ")) + 2
    kept = record[: (text_at + len(record)) // 2]
    return kept.decode(errors="ignore").encode()


def _export(
    copy: Copy, phone: Phone, form: Layout, records: list[bytes], partial: str | None
) -> Export:
    folder = f"{phone.key}-{BY_KEY[phone.owner].family.lower().replace(' ', '-')}"
    starts, ends, at = [], [], 0
    for record in records:
        starts.append(at)
        at += len(record)
        ends.append(at)
    text = b"".join(records)
    keys = tuple(line.entry.key for line in copy.lines)
    if form.family == "ios":
        path = f"{folder}/WhatsApp Chat - {copy.title}.zip"
        name, content = f"{path}/_chat.txt", zipped([("_chat.txt", text)])
    else:
        path = f"{folder}/{wording(form.locale)['file'].format(title=copy.title)}"
        name, content = path, text
    source = Source(name, text, keys, tuple(starts), tuple(ends))
    forged = _header_like(copy, source)
    return Export(copy, path, content, (source,), forged, partial, phone.names)


def _header_like(copy: Copy, source: Source) -> tuple[int, int] | None:
    """Find the bytes of the line that imitates a header."""
    for line, start, end in zip(copy.lines, source.starts, source.ends, strict=True):
        if line.form == "forged":
            return source.content.index(b"\n", start) + 1, end
    return None


class _Writer:
    """The lines of one copy, in order, as its phone writes them."""

    def __init__(self, copy: Copy, phone: Phone, form: Layout) -> None:
        self._copy = copy
        self._phone = phone
        self._form = form
        self._words = wording(form.locale)
        self._names = dict(phone.names)
        self._files = 0

    def records(self) -> Iterator[str]:
        """Write every record, its line end included."""
        android = self._form.family == "android"
        for line in self._copy.lines:
            entry = line.entry
            when = wall(entry.at_ms, self._phone.zone, self._phone.offset_s)
            written = stamp(self._form, when)
            if isinstance(entry, Notice):
                text = self._notice(entry)
                if android:
                    yield f"{written} - {text}\n"
                else:
                    yield f"[{written}] {self._notice_author(entry)}: {LRM}{text}\n"
                continue
            body = self._body(line, entry, when)
            name = self._names[entry.sender]
            if android:
                yield f"{written} - {name}: {body}\n"
            else:
                yield f"{LRM if body.startswith(LRM) else ''}[{written}] {name}: {body}\n"

    def _notice_author(self, notice: Notice) -> str:
        acted = notice.actor or notice.member
        by_person = notice.event in {"added", "joined", "left", "removed", "icon"}
        if self._phone.notice_author == "actor" and by_person and acted:
            return self._names[acted]
        return self._copy.title

    def _notice(self, notice: Notice) -> str:
        """Say what happened in the phone's language, from its owner's side."""
        owner, key = self._phone.owner, notice.event
        if notice.actor == owner:
            key = f"{key}-by-me"
        elif notice.member == owner:
            key = f"{key}-me"
        return self._words[key].format(
            actor=self._names.get(notice.actor or "", ""),
            member=self._names.get(notice.member or "", ""),
            before=notice.before,
            after=notice.after,
        )

    def _body(self, line: Line, entry: Message, when: datetime) -> str:
        mark = LRM if self._form.family == "ios" else ""
        if line.form == "placeholder":
            words = self._words["deleted-by-me" if entry.sender == self._phone.owner else "deleted"]
            return f"{mark}{words.rstrip('.')}." if mark else words
        if line.form == "edited":
            return f"{entry.text} {mark}{self._words['edited']}"
        if line.form == "before-edit" and entry.before is not None:
            return entry.before
        return entry.text if entry.kind == "text" else mark + self._special(entry, when, mark)

    def _special(self, entry: Message, when: datetime, mark: str) -> str:
        """Write what is not typed text: a file, a poll or a place."""
        if entry.kind == "media":
            return self._media(entry, when)
        if entry.kind == "poll":
            return self._poll(entry, mark)
        return self._words["location"].format(link=entry.text)

    def _media(self, entry: Message, when: datetime) -> str:
        """Name the file that came with a message, or say that it was left out."""
        kind = entry.media or "image"
        ios = self._form.family == "ios"
        if not self._copy.plan.attached:
            return self._words[f"ios-{kind}"] if ios else self._words["omitted"]
        self._files += 1
        if ios:
            word, ending = _IOS_FILES[kind]
            name = f"{self._files:08d}-{word}-{when:%Y-%m-%d-%H-%M-%S}.{ending}"
            return self._words["ios-attached"].format(name=name)
        word, ending = _ANDROID_FILES[kind]
        name = f"{word}-{when:%Y%m%d}-WA{self._files % 10_000:04d}.{ending}"
        caption = f"\n{entry.text}" if entry.text else ""
        return self._words["attached"].format(name=name) + caption

    def _poll(self, entry: Message, mark: str) -> str:
        question, *options = entry.text.split("\n")
        rows = [self._words["poll"], question]
        for row in options:
            option, votes = row.rsplit("|", 1)
            rows.append(mark + self._words["option"].format(option=option, votes=votes))
        return "\n".join(rows)
