"""Files that messages carry: which there are, and how each is told."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Same, Spoken
from witnessbox.intake.database.keyed import Keyed, held
from witnessbox.intake.imessage.identities import among
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
    """Files by row id, which messages they are of, and the messages that show one."""

    files: Keyed
    joins: Keyed  # by message
    at: Ints  # the file of each join, as a place in ``files``
    there: Flags
    sticker: Ints  # places in ``files``
    shown: Ints  # messages with a file people saw
    stickers: Ints  # messages whose files are all stickers

    def show(self, messages: Ints) -> Flags:
        """Say of each message whether it shows a file."""
        return among(messages, self.shown)

    def stuck(self, messages: Ints) -> Flags:
        """Say of each message whether it is a sticker."""
        return among(messages, self.stickers)


def files_of(tables: Tables) -> Files:
    """Read which files there are; what is hidden is the picture of a link, or of an app."""
    files = held(tables, ATTACHMENT, "ROWID", ("is_sticker", "hide_attachment"), _TOLD)
    joins = held(tables, JOIN, "message_id", ("attachment_id",))
    at, there = files.first(joins.numbers["attachment_id"])
    hidden, sticker = np.zeros(len(at), np.bool_), np.zeros(len(at), np.bool_)
    hidden[there] = files.numbers["hide_attachment"][at[there]] != 0
    sticker[there] = files.numbers["is_sticker"][at[there]] != 0
    shown = np.unique(joins.key[~hidden])
    stickers = np.setdiff1d(joins.key[sticker], joins.key[~sticker])
    stuck = np.flatnonzero(files.numbers["is_sticker"] != 0)
    return Files(files, joins, at, there, stuck, shown, stickers)


def attachments(spoken: Spoken, files: Files, unlisted: Flags, same: Same) -> pa.RecordBatch | None:
    """List the files of a batch; ``unlisted`` are messages whose text alone speaks of one."""
    found: list[tuple[str, int, str | None, str, bool]] = []
    joined, owner = files.joins.of(spoken.row)
    at = pa.array(files.at[joined], mask=~files.there[joined])
    told = [files.files.texts[name].take(at).to_pylist() for name in _TOLD]
    stuck = among(files.at[joined], files.sticker).tolist()
    starts, there = spoken.start[owner].tolist(), files.there[joined].tolist()
    for start, known, sticker, path, name, mime in zip(starts, there, stuck, *told, strict=True):
        media = "sticker" if sticker and known else _media(mime, path, name, known=known)
        found.append((same.exhibit, start, path or name, media, not path))
    alone = spoken.start[unlisted & ~files.joins.has(spoken.row)].tolist()
    found += [(same.exhibit, start, None, "unknown", True) for start in alone]
    return table_of(schema.ATTACHMENTS, found)


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
