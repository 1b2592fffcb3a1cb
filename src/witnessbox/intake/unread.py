"""Files that are no chat export this version reads, told apart by their name and first bytes.

A picture is nothing to worry about; a chat export of a format not read yet is.  The difference is
what an investigator needs to know about an exhibit without messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from witnessbox.evidence.model import Severity
from witnessbox.intake.beside import companion_of
from witnessbox.intake.crypt.opening import is_encrypted

_ENDINGS = (
    ("a picture", "jpg jpeg png gif webp heic heif hif avif bmp tif tiff svg"),
    ("a video", "mp4 mov webm mkv 3gp avi m4v"),
    ("a sound recording", "opus ogg oga mp3 m4a aac wav amr"),
    ("a sticker", "was tgs"),
    ("a document", "pdf doc docx xls xlsx ppt pptx odt ods odp rtf csv"),
    ("a contact card", "vcf"),
    ("a calendar entry", "ics"),
)
_ENDING_OF = {ending: what for what, endings in _ENDINGS for ending in endings.split()}
_STARTS = (
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG\r\n", "a picture"),
    (b"GIF8", "a picture"),
    (b"OggS", "a sound recording"),
    (b"ID3", "a sound recording"),
    (b"%PDF-", "a document"),
    (b"BEGIN:VCARD", "a contact card"),
)
_SYSTEM_NAMES = (".DS_Store", "Thumbs.db", "desktop.ini")
_SIGNAL_FILES = "attachments.noindex"
_ARCHIVE_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
_DATABASE = b"SQLite format 3\0"
_KEYS = b'"messages"'
_READ_BESIDE = {
    "wa.db": "the address book of WhatsApp on Android; its names are read with msgstore.db",
    "ContactsV2.sqlite": "WhatsApp's address book on iPhones; it is read with ChatStorage.sqlite",
    "LID.sqlite": "WhatsApp's hidden addresses on iPhones; they are read with ChatStorage.sqlite",
}


@dataclass(frozen=True, slots=True)
class Unread:
    """Why an exhibit gives no messages."""

    code: str
    what: str
    severity: Severity


def why_unread(name: str, head: bytes, looked_for: Sequence[str]) -> Unread:
    """Say what an exhibit is that no parser recognised."""
    return (
        _encrypted(name, head)
        or _no_export(PurePosixPath(name), head)
        or _known_export(name, head)
        or Unread(
            "unrecognised",
            f"in no format this version reads ({', '.join(looked_for)})",
            Severity.LOSS,
        )
    )


def _encrypted(name: str, head: bytes) -> Unread | None:
    if not head or not is_encrypted(name):
        return None
    what = "an encrypted WhatsApp backup that was not opened; receive it again with its key"
    return Unread("encrypted-backup", what, Severity.LOSS)


def _no_export(path: PurePosixPath, head: bytes) -> Unread | None:
    if not head:
        return Unread("empty-file", "a file of no bytes", Severity.NOTE)
    if path.name in _SYSTEM_NAMES or "__MACOSX" in path.parts:
        what = "left by an operating system, not a chat export"
        return Unread("not-a-chat-export", what, Severity.NOTE)
    what_it_is = _ENDING_OF.get(path.suffix.lower().lstrip(".")) or next(
        (what for start, what in _STARTS if head.startswith(start)), None
    )
    if what_it_is is None and head[4:8] == b"ftyp":
        what_it_is = "a video"
    if what_it_is is None and head[8:12] == b"WEBP":
        what_it_is = "a picture"
    if what_it_is is None and _SIGNAL_FILES in path.parts:
        what_it_is = "a file that Signal Desktop keeps, encrypted since 2024"
    if what_it_is is None:
        return None
    unseen = "; videos are not looked at" if what_it_is == "a video" else ""
    return Unread("not-a-chat-export", f"{what_it_is}, not a chat export{unseen}", Severity.NOTE)


def _known_export(name: str, head: bytes) -> Unread | None:
    """Recognise exports that a later version may read, to say so by their name."""
    beside = _READ_BESIDE.get(PurePosixPath(name).name)
    if beside is not None and head.startswith(_DATABASE):
        return Unread("read-beside", beside, Severity.NOTE)
    for holds, what in (
        (companion_of(name) is not None, f"a companion of the database {companion_of(name)}"),
        (head.startswith(_DATABASE), "an app's database"),
        (head.startswith(_ARCHIVE_STARTS), "an archive that is not opened; unpack it and receive"),
        (_KEYS in head and "instagram" in name.lower(), "an Instagram chat export"),
        (_is_page(head, b"instagram"), "an Instagram download as HTML; ask for it as JSON"),
        (_is_page(head, b"facebook"), "a Facebook download's page that is no conversation"),
    ):
        if holds:
            sentence = f"{what}, which this version does not read"
            return Unread("unread-format", sentence, Severity.LOSS)
    return None


def _is_page(head: bytes, of: bytes) -> bool:
    start = head[:1024].lstrip().lower()
    return start.startswith((b"<html", b"<!doctype html")) and of in head.lower()
