"""Files of messages: out of their own table since 2025, out of each message's ``json`` before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from witnessbox.intake.database.keyed import Keyed
from witnessbox.intake.media import by_mime
from witnessbox.intake.signal_desktop.codes import GIF_FLAG
from witnessbox.intake.signal_desktop.words import File, Line
from witnessbox.intake.sqlite.image import Ints

_ROOT = -1  # of a file of the message as it is now; else the number of an earlier version
_ATTACHED, _STICKER, _LONG_TEXT = "attachment", "sticker", "long-message"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a message: where the app keeps it, how its sender named it, of what sort it is."""

    path: str | None
    sent_as: str | None
    media: str
    sealed: bool  # kept encrypted, with a key of its own

    @property
    def name(self) -> str | None:
        """Give the name by which it is found."""
        return self.path or self.sent_as


@dataclass(frozen=True, slots=True)
class Files:
    """What one message carries; ``text`` is the file that holds the whole of a long text."""

    kept: tuple[Kept, ...] = ()
    text: Kept | None = None


_NONE = Files()


def files_of(messages: Ints, lines: Sequence[Line], table: Keyed) -> list[Files]:
    """Give the files of a batch of messages; the table goes before the ``json``."""
    at, owner = table.of(messages)
    found = [_of_line(line) for line in lines]
    rows: dict[int, list[int]] = {}
    for place, message in zip(at.tolist(), owner.tolist(), strict=True):
        if table.numbers["editHistoryIndex"][place] == _ROOT:
            rows.setdefault(message, []).append(place)
    for message, places in rows.items():
        places.sort(key=lambda place: int(table.numbers["orderInMessage"][place]))
        listed = [(table.texts["attachmentType"][k].as_py(), _of_row(table, k)) for k in places]
        kept = tuple(one for kind, one in listed if kind in (_ATTACHED, _STICKER))
        text = next((one for kind, one in listed if kind == _LONG_TEXT), None)
        before = found[message]
        found[message] = Files(kept or before.kept, text or before.text)
    return found


def _of_row(table: Keyed, place: int) -> Kept:
    told = {name: values[place].as_py() for name, values in table.texts.items()}
    file = File(
        path=told["path"],
        file_name=told["fileName"],
        content_type=told["contentType"],
        local_key=told["localKey"],
        flags=int(table.numbers["flags"][place]),
    )
    return _kept(file, "sticker" if told["attachmentType"] == _STICKER else None)


def _of_line(line: Line) -> Files:
    kept = tuple(_of_json(line))
    text = None if line.body_attachment is None else _kept(line.body_attachment)
    return Files(kept, text) if kept or text else _NONE


def _of_json(line: Line) -> Iterator[Kept]:
    for file in line.attachments or ():
        yield _kept(file)
    if line.sticker is not None:
        yield _kept(line.sticker.data or File(), "sticker")


def _kept(file: File, media: str | None = None) -> Kept:
    animated = bool((file.flags or 0) & GIF_FLAG) or file.content_type == "image/gif"
    return Kept(
        path=file.path or None,
        sent_as=file.file_name or None,
        media=media or ("gif" if animated else by_mime(file.content_type)),
        sealed=bool(file.path and file.local_key),
    )
