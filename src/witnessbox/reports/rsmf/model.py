"""The words of an RSMF 2.0 manifest as its published schema has them; what is empty is left out."""

from typing import Literal

import msgspec

VERSION = "2.0.0"


class Custom(msgspec.Struct, frozen=True):
    """One further thing to say; the schema wants neither name nor value empty."""

    name: str
    value: str


class Participant(msgspec.Struct, frozen=True, omit_defaults=True):
    """Someone who wrote, reacted, came or went."""

    id: str
    display: str = ""
    custom: tuple[Custom, ...] = ()


class Conversation(msgspec.Struct, frozen=True, omit_defaults=True):
    """The conversation a file has a stretch of; ``participants`` is required, even if empty."""

    id: str
    platform: str
    participants: list[str]
    display: str = ""
    type: Literal["direct", "channel"] | None = None
    custodian: str | None = None
    custom: tuple[Custom, ...] = ()


class Reaction(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sort of reaction to one message."""

    value: str
    count: int
    participants: tuple[str, ...] = ()


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file a message names; ``id`` is its name in the archive."""

    id: str
    display: str = ""
    size: int | None = None


class Edit(msgspec.Struct, frozen=True):
    """That a message was edited by someone."""

    participant: str


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message or a notice."""

    type: Literal["message", "disclaimer", "join", "leave"]
    id: str
    conversation: str
    parent: str | None = None
    participant: str | None = None
    timestamp: str | None = None
    body: str | None = None
    deleted: bool = False
    reactions: tuple[Reaction, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    edits: tuple[Edit, ...] = ()
    custom: tuple[Custom, ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """What one RSMF file says; ``eventcollectionid`` keeps the files of a conversation together."""

    version: str
    eventcollectionid: str
    participants: tuple[Participant, ...]
    conversations: tuple[Conversation, ...]
    events: tuple[Event, ...]
