"""Files that messages carry: which there are, and how each is told."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Same, Spoken
from witnessbox.intake.database.keyed import Kept, Keyed, keyed
from witnessbox.intake.media import media_of
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Tables

ATTACHMENT, JOIN = "attachment", "message_attachment_join"
_MEDIA_BY_MIME = ("image", "video", "audio")
_TOLD = ("filename", "transfer_name", "mime_type")
OBJECT = "\ufffc"
"""What stands in a text in the place of a file."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files by row id, and which messages they are of."""

    files: Kept
    joins: Kept  # by message

    def of(self, messages: Ints) -> "Carried":
        """Give the files of some messages."""
        joins = self.joins.near(messages)
        at, owner = joins.of(messages)
        return self._carried(joins.numbers["attachment_id"][at], owner, len(messages))

    def carried(self, joins: Keyed) -> "Carried":
        """Give the files that some rows name, each by itself."""
        numbers = joins.numbers["attachment_id"]
        return self._carried(numbers, np.arange(len(numbers)), len(numbers))

    def _carried(self, numbers: Ints, owner: Ints, messages: int) -> "Carried":
        files = self.files.near(numbers)
        place, there = files.first(numbers)
        return Carried(files, messages, owner, place, there)


@dataclass(frozen=True, slots=True)
class Carried:
    """The files of some messages: a place for each message and file of it."""

    files: Keyed
    messages: int
    owner: Ints  # the message, as a place among them
    at: Ints  # the file, as a place in ``files``
    there: Flags

    def shown(self) -> Flags:
        """Say of each message whether it shows a file; what is hidden is the picture of a link."""
        return self._any(~self._marked("hide_attachment"))

    def stuck(self) -> Flags:
        """Say of each message whether it is a sticker: all its files are."""
        sticker = self._marked("is_sticker")
        return self._any(sticker) & ~self._any(~sticker)

    def name(self, k: int) -> str:
        """Name the file of one place."""
        name = self.files.texts["filename"][int(self.at[k])].as_py() if self.there[k] else None
        return name or "unnamed"

    def _marked(self, name: str) -> Flags:
        found = np.zeros(len(self.at), np.bool_)
        found[self.there] = self.files.numbers[name][self.at[self.there]] != 0
        return found

    def _any(self, chosen: Flags) -> Flags:
        found = np.zeros(self.messages, np.bool_)
        found[self.owner[chosen]] = True
        return found

    def attachments(self, spoken: Spoken, unlisted: Flags, same: Same) -> pa.RecordBatch | None:
        """List the files; ``unlisted`` are messages whose text alone speaks of one."""
        found: list[tuple[str, int, str | None, str, bool]] = []
        at = pa.array(self.at, mask=~self.there)
        told = [self.files.texts[name].take(at).to_pylist() for name in _TOLD]
        stuck = self._marked("is_sticker").tolist()
        starts, there = spoken.start[self.owner].tolist(), self.there.tolist()
        for start, known, sticker, path, name, mime in zip(
            starts, there, stuck, *told, strict=True
        ):
            media = "sticker" if sticker else _media(mime, path, name, known=known)
            found.append((same.exhibit, start, path or name, media, not path))
        alone = unlisted & ~self._any(np.ones(len(self.at), np.bool_))
        found += [
            (same.exhibit, start, None, "unknown", True) for start in spoken.start[alone].tolist()
        ]
        return table_of(schema.ATTACHMENTS, found)


def files_of(tables: Tables) -> Files:
    """Read which files there are."""
    files = keyed(tables, ATTACHMENT, "ROWID", ("is_sticker", "hide_attachment"), _TOLD)
    return Files(files, keyed(tables, JOIN, "message_id", ("attachment_id",)))


def _media(mime: str | None, path: str | None, name: str | None, *, known: bool) -> str:
    """Tell what sort of file it is by its MIME type, else by its name."""
    head, _, kind = (mime or "").partition("/")
    if not known:
        return "unknown"
    if not head:
        return media_of(path or name or "")
    if kind == "gif":
        return kind
    return head if head in _MEDIA_BY_MIME else "document"
