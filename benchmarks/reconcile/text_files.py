"""A copy written as WhatsApp's text export writes it, and where each record of it begins."""

from benchmarks.reconcile.clocks import shown_ms, wall
from benchmarks.reconcile.model import Copy, Form, Line
from benchmarks.reconcile.people import YOU

from witnessbox.example.archive import zipped
from witnessbox.example.layouts import Layout, layout, stamp, wording
from witnessbox.example.model import Message, Notice

LRM = "\u200e"
_FILES = {
    "image": ("IMG", "PHOTO", "jpg"),
    "video": ("VID", "VIDEO", "mp4"),
    "audio": ("PTT", "AUDIO", "opus"),
    "sticker": ("STK", "STICKER", "webp"),
    "document": ("DOC", "DOCUMENT", "pdf"),
}
_TIMER = {
    "en": (
        "turned on disappearing messages. New messages will disappear from this chat 7 days after "
        "they're sent, except when kept."
    ),
    "de": (
        "hat selbstlöschende Nachrichten aktiviert. Neue Nachrichten verschwinden 7 Tage nach dem "
        "Senden aus diesem Chat, sofern sie nicht behalten werden."
    ),
    "es": (
        "activó los mensajes temporales. Los mensajes nuevos desaparecerán de este chat 7 días "
        "después de enviarse, excepto si se conservan."
    ),
    "fr": (
        "a activé les messages éphémères. Les nouveaux messages disparaîtront de cette discussion "
        "7 jours après leur envoi, sauf s'ils sont conservés."
    ),
    "nl": (
        "heeft zelfverwijderende berichten ingeschakeld. Nieuwe berichten verdwijnen 7 dagen nadat "
        "ze zijn verstuurd uit deze chat, tenzij ze worden bewaard."
    ),
}


def text_file(copy: Copy) -> tuple[str, bytes, bytes, list[int]]:
    """Give a file's name and bytes, the bytes of the text in it, and where each line begins."""
    writer = _Writer(copy)
    starts, records, at = [], [], 0
    for line in copy.lines:
        record = writer.record(line).encode()
        starts.append(at)
        records.append(record)
        at += len(record)
    text = b"".join(records)
    title = copy.title.replace("/", "-")
    if writer.ios:
        return f"WhatsApp Chat - {title}.zip", zipped([("_chat.txt", text)]), text, starts
    return writer.words["file"].format(title=title), text, text, starts


class _Writer:
    """The lines of one copy as its phone writes them."""

    def __init__(self, copy: Copy) -> None:
        self._copy, self._phone = copy, copy.phone
        self._form: Layout = layout(copy.phone.layout)
        self.words = wording(self._form.locale)
        self.ios = self._form.family == "ios"
        self._mark = LRM if self.ios else ""
        self._names = dict(copy.phone.names)
        self._title = copy.title
        self._files = 0

    def record(self, line: Line) -> str:
        """Write one record, its line end included."""
        at = wall(shown_ms(self._phone.clock, line.at_ms), self._phone.zone)
        written = stamp(self._form, at)
        if isinstance(line.entry, Notice):
            text = self._notice(line.entry)
            if self.ios:
                return f"[{written}] {self._author(line.entry)}: {LRM}{text}\n"
            return f"{written} - {text}\n"
        name = self._names[line.entry.sender]
        body = self._body(line, line.entry, f"{at:%Y%m%d}")
        if self.ios:
            return f"{LRM if body.startswith(LRM) else ''}[{written}] {name}: {body}\n"
        return f"{written} - {name}: {body}\n"

    def _author(self, notice: Notice) -> str:
        acted = notice.actor or notice.member
        if acted and not self._phone.titles_ahead and notice.event != "code":
            return self._names[acted]
        return self._title

    def _notice(self, notice: Notice) -> str:
        owner, event = self._phone.owner.key, notice.event
        if event == "timer":
            mine = notice.actor == owner
            actor = YOU[self._form.locale] if mine else self._names[notice.actor or ""]
            return f"{actor} {_TIMER[self._form.locale]}"
        if notice.actor == owner:
            event = f"{event}-by-me"
        elif notice.member == owner:
            event = f"{event}-me"
        return self.words[event].format(
            actor=self._names.get(notice.actor or "", ""),
            member=self._names.get(notice.member or "", ""),
            before=notice.before,
            after=notice.after,
        )

    def _body(self, line: Line, said: Message, day: str) -> str:
        if line.form is Form.PLACEHOLDER:
            mine = said.sender == self._phone.owner.key
            words = self.words["deleted-by-me" if mine else "deleted"]
            return f"{self._mark}{words.rstrip('.')}." if self.ios else words
        if line.form is Form.EDITED:
            return f"{said.text} {self._mark}{self.words['edited']}"
        if line.form is Form.BEFORE_EDIT and said.before is not None:
            return said.before
        if said.kind == "text":
            return said.text
        return self._special(said, day)

    def _special(self, said: Message, day: str) -> str:
        if said.kind == "media":
            return self._media(said, day)
        if said.kind == "poll":
            asked, *options = said.text.split("\n")
            rows = [self._mark + self.words["poll"], asked]
            for row in options:
                option, votes = row.rsplit("|", 1)
                rows.append(self._mark + self.words["option"].format(option=option, votes=votes))
            return "\n".join(rows)
        link = f"https://maps.google.com/?q={said.text}"
        return self._mark + self.words["location"].format(link=link)

    def _media(self, said: Message, day: str) -> str:
        kind = said.media or "image"
        android, ios, ending = _FILES[kind]
        self._files += 1
        # Only Android writes captions, and only under files that it names.
        if not self._copy.with_media:
            return LRM + self.words[f"ios-{kind}"] if self.ios else self.words["omitted"]
        if self.ios:
            name = f"{self._files:08d}-{ios}-{day[:4]}-{day[4:6]}-{day[6:]}.{ending}"
            return LRM + self.words["ios-attached"].format(name=name)
        name = f"{android}-{day}-WA{self._files % 10_000:04d}.{ending}"
        attached = self.words["attached"].format(name=name)
        return f"{attached}\n{said.text}" if said.text else attached
