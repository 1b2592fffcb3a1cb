"""The keys of an RSMF manifest, as frozen records, and what is in doubt about each."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from witnessbox.intake import careful
from witnessbox.intake.careful import Doubt, unpacked


class Custom(msgspec.Struct, frozen=True):
    """One further thing a producer says, in its own words."""

    name: str | None = None
    value: str | int | float | bool | None = None


class Reaction(msgspec.Struct, frozen=True):
    """One sort of reaction, and whose."""

    value: str | None = None
    count: int | None = None
    participants: list[str] | None = None


class Attachment(msgspec.Struct, frozen=True):
    """A file of the archive; ``id`` is its name there."""

    id: str | None = None
    display: str | None = None


class Edit(msgspec.Struct, frozen=True):
    """One change of a body."""

    participant: str | None = None
    timestamp: str | None = None
    previous: str | None = None
    new: str | None = None


class Acknowledgement(msgspec.Struct, frozen=True):
    """One person's device saying that the message reached them or was read."""

    participant: str | None = None
    timestamp: str | None = None
    action: str | None = None


class Event(msgspec.Struct, frozen=True):
    """One event: a message, a coming or going, or what the platform says."""

    id: str | None = None
    type: str | None = None
    parent: str | None = None
    body: str | None = None
    participant: str | None = None
    conversation: str | None = None
    timestamp: str | None = None
    deleted: bool | None = None
    direction: str | None = None
    importance: str | None = None
    reactions: list[Reaction] | None = None
    attachments: list[Attachment] | None = None
    edits: list[Edit] | None = None
    read_receipts: list[Acknowledgement] | None = None
    custom: list[Custom] | None = None


class Participant(msgspec.Struct, frozen=True):
    """Someone the manifest lists."""

    id: str | None = None
    display: str | None = None
    email: str | None = None
    account_id: str | None = None

    @property
    def name(self) -> str:
        """Give the name to show: what the producer displays, else whatever tells them apart."""
        return self.display or self.email or self.account_id or self.id or ""


class Conversation(msgspec.Struct, frozen=True):
    """A conversation the manifest lists; ``participants`` are ids."""

    id: str | None = None
    platform: str | None = None
    display: str | None = None
    participants: list[str] | None = None
    custodian: str | None = None


Record = TypeVar("Record", Event, Participant, Conversation)
_KEYS = frozenset(Event.__struct_fields__)
_IDS = frozenset(("id", "participant", "conversation", "parent", "custodian"))


def read_event(piece: bytes) -> tuple[Event, tuple[Doubt, ...], int]:
    """Read one event, with every field that has the type it should; name the others.

    Give also how many keys it has that RSMF does not know.
    """
    values, doubts = unpacked(piece)
    if values is None:
        return Event(), tuple(doubts), 0
    event, more = taken(values, Event)
    return event, (*doubts, *more), len(values.keys() - _KEYS)


def taken(values: Mapping[str, Any], kind: type[Record]) -> tuple[Record, list[Doubt]]:
    """Take what fits out of an object; an id written as a number is read as text."""
    return careful.taken(values, kind, _IDS)
