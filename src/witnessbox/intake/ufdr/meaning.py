"""What a report's message means: sender, kind, text, what it answers, what it carries.  Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from witnessbox.evidence.model import Kind
from witnessbox.intake.media import media_of
from witnessbox.intake.ufdr.model import Model

_SYSTEM = "System message"
_GONE = frozenset(("Deleted", "Trash"))
_QUOTING = ("ReplyMessageData", "QuotedMessageData")
_EVENTS = (
    ("joined", "joined"),
    ("added", "added"),
    ("removed", "removed"),
    ("kicked", "removed"),
    ("left", "left"),
    ("created", "created"),
    ("admin", "admin"),
    ("subject", "subject"),
    ("name", "subject"),
)
_NO_LABELS: frozenset[str] = frozenset()
_MEDIA = ("image", "video", "audio")


class Party(msgspec.Struct, frozen=True, gc=False):
    """One participant as the report writes it."""

    name: str | None  # its name, else its identifier
    identifier: str | None
    owner: bool
    role: str | None


@dataclass(frozen=True, slots=True)
class Carried:
    """One thing a message carries."""

    name: str | None
    media: str
    omitted: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Who came or went, as a system message tells it."""

    event: str
    member: str | None


def party(model: Model) -> Party:
    """Read a participant."""
    identifier = model.told("Identifier")
    owner = (model.told("IsPhoneOwner") or "").lower() == "true"
    return Party(model.said("Name") or identifier, identifier, owner, model.told("Role"))


def sender_of(message: Model) -> Party | None:
    """Say who sent a message; None where nobody is named."""
    if (first := message.first("From")) is not None:
        return party(first)
    parties = map(party, message.under("Parties"))
    return next((one for one in parties if one.role == "From"), None)


def labels(message: Model) -> frozenset[str]:
    """Give every label of a message."""
    if "Label" not in message.fields and "MessageExtraData" not in message.models:
        return _NO_LABELS
    found = [message.told("Label")]
    found += [one.told("Label") for one in message.under("MessageExtraData")]
    return frozenset(one for one in found if one is not None and one != "Default")


def is_notice(message: Model, sender: Party | None, labelled: frozenset[str]) -> bool:
    """Say whether the platform wrote a message itself: by its structure, not its wording."""
    return (
        "System" in labelled
        or message.first("ActivityLog") is not None
        or (sender is not None and sender.identifier == _SYSTEM)
    )


def text_of(message: Model) -> str | None:
    """Give what was said: the body as written, else a subject, else the place it shares."""
    body = message.said("Body") or message.said("Subject")
    if body is None and (activity := message.first("ActivityLog")) is not None:
        body = activity.said("SystemMessageBody")
    return _degrees(message) if body is None else body


def _degrees(message: Model) -> str | None:
    """Give the place a message shares, in degrees; None where it shares none."""
    if (place := message.first("Position")) is None:
        return None
    latitude, longitude = place.told("Latitude"), place.told("Longitude")
    return None if latitude is None or longitude is None else f"{latitude}, {longitude}"


def is_gone(message: Model) -> bool:
    """Say whether the phone had deleted a message that the tool found all the same."""
    return message.deleted_state in _GONE


def kind_of(message: Model, held: Sequence[Carried], *, notice: bool, text: str | None) -> Kind:
    """Tell what a message is by its fields; ``held`` is what it carries."""
    if notice:
        return Kind.NOTICE
    shared = _shared(message, held)
    if shared is not None:
        return shared
    if text is not None:
        return Kind.TEXT
    return Kind.DELETED if is_gone(message) else Kind.EMPTY


def _shared(message: Model, held: Sequence[Carried]) -> Kind | None:
    """Tell what a message shares beside words; None where that is nothing."""
    if any(one.media == "sticker" for one in held):
        return Kind.STICKER
    if message.under("Attachments", "Attachment"):
        return Kind.MEDIA
    if message.first("SharedContacts") is not None:
        return Kind.CONTACT
    sharing = (message.told("IsLocationSharing") or "").lower() == "true"
    return Kind.LOCATION if sharing or message.first("Position") is not None else None


def reply_to(message: Model) -> str | None:
    """Give the platform's id of the message that this one answers."""
    for extra in message.under("MessageExtraData"):
        if extra.type in _QUOTING:
            inner = extra.first("InstantMessage")
            found = extra.told("OriginalMessageID") or (inner and inner.told("Identifier"))
            if found or (found := _referred(message, extra.told("ReferenceId"))):
                return found
    return None


def _referred(message: Model, reference: str | None) -> str | None:
    """Find the embedded message a quotation refers to by the report's own id."""
    for one in message.under("EmbeddedInstantMessage"):
        if one.id == reference:
            return one.told("Identifier")
    return None


def carried(message: Model) -> Iterator[Carried]:
    """Give the files and contacts of a message."""
    for one in message.under("Attachments", "Attachment"):
        path, name = one.told("attachment_extracted_path"), one.told("Filename")
        media = _media(one.told("ContentType"), path or name)
        yield Carried(path or name or one.told("URL"), media, path is None)
    for contact in message.under("SharedContacts"):
        yield Carried(contact.said("Name"), "contact", omitted=False)


def _media(content_type: str | None, name: str | None) -> str:
    if name is not None and "sticker" in name.lower():
        return "sticker"
    main = (content_type or "").partition("/")[0].lower()
    if main in _MEDIA:
        return "gif" if content_type == "image/gif" else main
    return media_of(name) if name is not None else "unknown"


def changes(message: Model) -> Iterator[Change]:
    """Give who came or went, as the system message's own record tells it."""
    for activity in message.under("ActivityLog"):
        action = (activity.told("Action") or "").lower()
        event = next((event for word, event in _EVENTS if word in action), None)
        if event is not None:
            members = [party(one).name for one in activity.under("Participant", "Participants")]
            yield from (Change(event, member) for member in members or [None])


def title_of(chat: Model) -> str | None:
    """Name a chat: by its title, else by who is in it beside the phone's owner, else by its id."""
    if (name := chat.said("Name")) is not None:
        return name
    parties = [party(one) for one in chat.under("Participants")]
    others = [one.name for one in parties if not one.owner and one.name is not None]
    return ", ".join(others[:8]) or chat.told("Id")
