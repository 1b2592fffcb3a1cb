"""What kind of message a block is, what it says, what it carries, who reacted.  Pure."""

from collections.abc import Iterator

from witnessbox.evidence.model import Kind
from witnessbox.intake.media import media_of
from witnessbox.intake.telegram_html.block import Block, Reacted, Role

_MOST_UNNAMED = 20  # reactions without a name that become rows of their own
_KINDS = {
    "media_call": Kind.CALL,
    "media_contact": Kind.CONTACT,
    "media_location": Kind.LOCATION,
    "media_live_location": Kind.LOCATION,
    "media_venue": Kind.LOCATION,
    "media_poll": Kind.POLL,
    "media_game": Kind.SHARE,
    "media_invoice": Kind.SHARE,
    "sticker_wrap": Kind.STICKER,
}
_MEDIA = {
    "photo_wrap": "image",
    "media_photo": "image",
    "video_file_wrap": "video",
    "media_video": "video",
    "animated_wrap": "gif",
    "sticker_wrap": "sticker",
    "media_voice_message": "audio",
    "media_audio_file": "audio",
    "media_contact": "contact",
}
_NO_FILE = frozenset((Kind.CALL, Kind.LOCATION, Kind.POLL, Kind.SHARE))


def text_of(block: Block, *, service: bool) -> str | None:
    """Give what a message says: its words, else what stands in their place."""
    if service:
        return block.words(Role.SERVICE)
    said = block.words(Role.TEXT)
    if said is not None or block.media is None:
        return said
    if block.media == "media_poll":
        return "\n".join(filter(None, (block.words(Role.QUESTION), _answers(block)))) or None
    if _KINDS.get(block.media) in (Kind.CONTACT, Kind.LOCATION, Kind.CALL, Kind.SHARE):
        parts = (block.words(role) for role in (Role.TITLE, Role.DESCRIPTION, Role.STATUS))
        return "\n".join(filter(None, parts)) or None
    return None


def _answers(block: Block) -> str | None:
    """Give a poll's answers, which the page marks with a hyphen each."""
    written = block.words(Role.ANSWER)
    if written is None:
        return None
    return "\n".join(line.removeprefix("- ") for line in written.split("\n"))


def kind_of(block: Block, text: str | None, *, service: bool) -> Kind:
    """Tell what a message is by the classes of its page, never by its wording."""
    if service:
        return Kind.NOTICE
    if block.media is not None:
        sticker = block.media == "media_photo" and block.words(Role.TITLE) == "Sticker"
        return Kind.STICKER if sticker else _KINDS.get(block.media, Kind.MEDIA)
    return Kind.EMPTY if text is None else Kind.TEXT


def attached(block: Block, kind: Kind) -> Iterator[tuple[str | None, str, bool]]:
    """Give the files a message carries, or says were left out, and where its links lead."""
    links = list(block.links)
    if kind in _NO_FILE:
        links += block.files
    elif block.media is not None:
        media = "sticker" if kind is Kind.STICKER else _MEDIA.get(block.media)
        for name in block.files:
            yield name, media or media_of(name), False
        if not block.files and block.media != "media_contact":
            name_shown = None if media else block.words(Role.TITLE)
            yield name_shown, media or media_of(name_shown or ""), True
    for link in links:
        yield link, "link", False


def reacted(mark: Reacted) -> tuple[list[str | None], int]:
    """Give who gave a mark, None for each who is not named, and how many more there were."""
    digits = mark.count.isascii() and mark.count.isdecimal() and len(mark.count) < 10
    count = int(mark.count) if digits else 1
    unnamed = max(0, count - len(mark.names))
    rows = min(unnamed, _MOST_UNNAMED)
    return [*mark.names, *[None] * rows], unnamed - rows
