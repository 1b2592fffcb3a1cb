"""The keys of a line of ``data.json``, read fast where sound and with care where not."""

from collections.abc import Sequence

import msgspec

from witnessbox.intake.careful import Doubt, taken, unpacked
from witnessbox.intake.signal.model import ADDED, Attached, Earlier, Said, Sticker


class Drawn(msgspec.Struct, frozen=True, gc=False):
    """A sticker; without ``extension`` its picture is not in the export."""

    id: str | int | None = None
    packId: str | None = None  # noqa: N815 - as written
    emoji: str | None = None
    extension: str | None = None


class File(msgspec.Struct, frozen=True, gc=False):
    """A file; ``missing_kind`` says of what sort one is that was left out."""

    name: str | None = None
    path: str | None = None
    missing_kind: str | None = None


class Version(msgspec.Struct, frozen=True, gc=False):
    """What a message said before."""

    date: str | None = None
    body: str | None = None


class Named(msgspec.Struct, frozen=True, gc=False):
    """A reaction written as an object."""

    name: str | None = None
    emoji: str | None = None


class Line(msgspec.Struct, frozen=True):
    """One message as the export writes it; versions before 2026 lack the last four keys."""

    date: str | None = None
    sender: str | None = None
    body: str | None = None
    quote: str | None = None
    sticker: Drawn | str | None = None
    reactions: list[list[str | None] | Named] | None = None
    attachments: list[File] | None = None
    deleted: bool | None = None
    call: bool | None = None
    missed: bool | None = None
    edits: list[Version] | None = None


_one = msgspec.json.Decoder(Line).decode
_MARKS = (b'"sender":', b'"quote":', b'"sticker":', b'"reactions":', b"\\u00")


def read(piece: bytes) -> tuple[Said, tuple[Doubt, ...]] | None:
    """Read one line, with what is in doubt about it; None where it is no whole object."""
    try:
        line = _one(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_with_care(piece)
    if max(map(piece.count, _MARKS)) > 1:
        return _read_with_care(piece)
    return _said(line), ()


def _read_with_care(piece: bytes) -> tuple[Said, tuple[Doubt, ...]] | None:
    if not piece.startswith(b"{"):
        return None
    values, doubts = unpacked(piece)
    if values is None:
        return None
    line, more = taken(values, Line)
    return _said(line), (*doubts, *more)


def _said(line: Line) -> Said:
    return Said(
        stamp=line.date,
        sender=line.sender or None,
        text=_bare(line.body),
        quote=_quoted(line.quote) if line.quote else None,
        sticker=_sticker(line.sticker),
        attached=_attached(line.attachments) if line.attachments else (),
        reactions=tuple(map(_reaction, line.reactions)) if line.reactions else (),
        deleted=bool(line.deleted),
        call=bool(line.call),
        earlier=_earlier(line.edits) if line.edits else (),
    )


def _attached(files: Sequence[File]) -> tuple[Attached, ...]:
    return tuple(
        Attached(None if one.missing_kind else one.path or None, one.name) for one in files
    )


def _earlier(versions: Sequence[Version]) -> tuple[Earlier, ...]:
    return tuple(Earlier(one.date, _bare(one.body)) for one in versions)


def _bare(body: str | None) -> str | None:
    return (body or "").removesuffix(ADDED) or None


def _quoted(quote: str) -> str | None:
    """Take off what makes a quotation one in Markdown."""
    lines = (line.removeprefix("> ") for line in quote.strip("\n").split("\n"))
    return "\n".join(lines) or None


def _sticker(drawn: Drawn | str | None) -> Sticker | None:
    if not drawn:
        return None
    if isinstance(drawn, str):
        return Sticker(drawn)
    path = None
    if drawn.extension and drawn.packId and drawn.id is not None:
        path = f"../exported_stickers/{drawn.packId}/{drawn.id}.{drawn.extension}"
    return Sticker(drawn.emoji or "sticker", path)


def _reaction(one: list[str | None] | Named) -> tuple[str | None, str | None]:
    if isinstance(one, Named):
        return one.name, one.emoji
    actor, emoji, *_ = [*one, None, None]
    return actor, emoji
