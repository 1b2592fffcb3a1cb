"""What a Telegram message is, which files it carries, who it says came or went.  Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from witnessbox.evidence.model import Kind
from witnessbox.intake.media import media_of
from witnessbox.intake.telegram.words import Card, Place, Poll, Written, links, plain

CALLS = frozenset(("phone_call", "group_call", "conference_call"))
_LEFT_OUT = re.compile(
    r"\((?:File|Photo|Story) (?:not included|unavailable|exceeds maximum size)[^()]*\)\Z"
)
_MEDIA = {
    "sticker": "sticker",
    "video_message": "video",
    "video_file": "video",
    "voice_message": "audio",
    "audio_file": "audio",
    "animation": "gif",
}
_CREATED = frozenset(("create_group", "create_channel"))
_TITLED = frozenset(("edit_group_title", "edit_channel_title"))


@dataclass(frozen=True, slots=True)
class Attached:
    """A file a message carries, or says was left out."""

    name: str | None
    media: str
    omitted: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One change of who is in a chat."""

    event: str
    member: str | None


def kind_of(one: Written, text: str | None) -> Kind:
    """Tell what a message is by its fields, never by its wording."""
    if one.type == "service":
        return Kind.CALL if one.action in CALLS else Kind.NOTICE
    for holds, kind in (
        (one.poll is not None, Kind.POLL),
        (one.location_information is not None or one.place_name is not None, Kind.LOCATION),
        (one.contact_information is not None, Kind.CONTACT),
        (one.media_type == "sticker", Kind.STICKER),
        (_carries_files(one), Kind.MEDIA),
        (one.game_title is not None, Kind.SHARE),
        (text is not None, Kind.TEXT),
    ):
        if holds:
            return kind
    return Kind.EMPTY


def _carries_files(one: Written) -> bool:
    return not (
        one.photo is None
        and one.file is None
        and one.media_type is None
        and one.self_destruct_period_seconds is None
    )


def text_of(one: Written) -> str | None:
    """Give what a message says: its text, else what stands in its place."""
    said = plain(one.text)
    if said is not None:
        return said
    if one.type == "service":
        return _told(one)
    return _poll(one.poll) or _card(one.contact_information) or _place(one) or one.game_title


def _told(one: Written) -> str | None:
    """Put a service line's keys together as they stand: the action, a title, the members."""
    if one.information_text:
        return one.information_text
    members = ", ".join(name or "?" for name in one.members or ())
    return " ".join(part for part in (one.action, one.title, members) if part) or None


def _poll(poll: Poll | None) -> str | None:
    if poll is None:
        return None
    lines = [plain(poll.question), *(plain(answer.text) for answer in poll.answers)]
    return "\n".join(line for line in lines if line) or None


def _card(card: Card | None) -> str | None:
    if card is None:
        return None
    return " ".join(filter(None, (card.first_name, card.last_name, card.phone_number))) or None


def _place(one: Written) -> str | None:
    point: Place | None = one.location_information
    where = None if point is None else f"{point.latitude}, {point.longitude}"
    return ", ".join(filter(None, (one.place_name, one.address, where))) or None


def attached(one: Written) -> Iterator[Attached]:
    """Give the files a message carries, and where its links lead."""
    media = _MEDIA.get(one.media_type or "")
    if one.photo is not None:
        yield _file(one.photo, "image", None)
    if one.file is not None:
        yield _file(one.file, media or _by_type(one), one.file_name)
    elif media is not None and one.photo is None:
        yield Attached(one.file_name, media, omitted=True)
    if one.contact_vcard is not None:
        yield _file(one.contact_vcard, "contact", None)
    for link in links(one.text):
        yield Attached(link, "link", omitted=False)


def _file(written: str, media: str, name: str | None) -> Attached:
    left_out = _LEFT_OUT.search(written)
    if left_out is None:
        return Attached(written, media, omitted=False)
    return Attached(name or written[: left_out.start()].strip() or None, media, omitted=True)


def _by_type(one: Written) -> str:
    """Tell what sort of file an unnamed medium is by its MIME type, else by its name."""
    broad, _, fine = (one.mime_type or "").partition("/")
    if fine == "gif":
        return "gif"
    if broad in ("image", "video", "audio"):
        return broad
    return media_of(one.file_name or one.file or "")


def changes(one: Written) -> Iterator[Change]:
    """Tell who came and went by a service line's action."""
    action = one.action or ""
    if action in _CREATED:
        yield Change("created", None)
    elif action in _TITLED:
        yield Change("subject", None)
    elif action.startswith("join_group"):
        yield Change("joined", one.actor)
    if action in _CREATED or action == "invite_members":
        for member in one.members or ():
            yield Change("joined" if member == one.actor else "added", member)
    elif action == "remove_members":
        for member in one.members or ():
            yield Change("left" if member == one.actor else "removed", member)
