"""The keys of a row's ``json`` that are read, fast where sound and with care where not.

What older versions keep here alone stands in columns since; a column goes before its key.
"""

import msgspec

from witnessbox.intake.careful import Doubt, Record, taken, unpacked

LONGEST_CHARACTERS = 1 << 24
"""The longest ``json`` of a row that is read; of a longer one only the columns are."""


class Quote(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """What is quoted; ``id`` is the time at which it was sent."""

    id: int | None = None
    author: str | None = None
    author_aci: str | None = None
    author_uuid: str | None = None
    text: str | None = None


class Reaction(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """One person's mark; without ``emoji`` it was taken back."""

    emoji: str | None = None
    from_id: str | None = None
    timestamp: int | None = None


class Range(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A stretch of the body, counted in units of UTF-16; a mention where it names somebody."""

    start: int = -1
    length: int = 0
    mention_aci: str | None = None
    mention_uuid: str | None = None


class File(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A file; ``local_key`` is there where it is kept encrypted."""

    path: str | None = None
    file_name: str | None = None
    content_type: str | None = None
    local_key: str | None = None
    flags: int | None = None


class Sticker(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A sticker of a pack."""

    emoji: str | None = None
    data: File | None = None


class Version(msgspec.Struct, rename="camel", frozen=True):
    """What a message says or said; the newest stands first."""

    body: str | None = None
    body_ranges: list[Range] | None = None
    timestamp: int | None = None


class State(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """How far a message got with one person, and when that was noted."""

    status: str | None = None
    updated_at: int | None = None


class Vote(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """One person's choices; none where the vote was taken back."""

    from_conversation_id: str | None = None
    option_indexes: list[int] | None = None
    timestamp: int | None = None


class Poll(msgspec.Struct, rename="camel", frozen=True):
    """A poll."""

    question: str | None = None
    options: list[str] | None = None
    votes: list[Vote] | None = None
    terminated_at: int | None = None


class Detail(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """One part of a change of a group."""

    type: str | None = None
    aci: str | None = None
    uuid: str | None = None
    service_id: str | None = None
    conversation_id: str | None = None
    new_title: str | None = None
    new_privilege: int | None = None

    @property
    def who(self) -> str | None:
        """Give whom it concerns."""
        return self.aci or self.uuid or self.service_id or self.conversation_id


class Change(msgspec.Struct, rename="camel", frozen=True):
    """A change of a group, and who made it."""

    by: str | None = msgspec.field(name="from", default=None)
    details: list[Detail] | None = None


class Update(msgspec.Struct, rename="camel", frozen=True):
    """A change of a group of the first kind."""

    joined: list[str] | None = None
    left: str | list[str] | None = None
    name: str | None = None


class Timer(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """After how many seconds messages disappear; not at all without a number."""

    expire_timer: int | None = None
    source: str | None = None
    source_service_id: str | None = None
    source_uuid: str | None = None


class Profile(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A changed name."""

    old_name: str | None = None
    new_name: str | None = None


class Discovered(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A telephone number that was found out."""

    e164: str | None = None


class Asked(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """The poll that ended."""

    question: str | None = None


class Call(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A call as versions before 2023 tell it."""

    call_mode: str | None = None
    was_incoming: bool | None = None
    was_video_call: bool | None = None
    was_declined: bool | None = None
    accepted_time: int | None = None
    creator_uuid: str | None = None


class CardName(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A name on a contact card."""

    display_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    nickname: str | None = None
    organization: str | None = None


class CardNumber(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A number on a contact card."""

    value: str | None = None


class Card(msgspec.Struct, rename="camel", frozen=True):
    """A contact card."""

    name: CardName | None = None
    number: list[CardNumber] | None = None


class Story(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A reaction to a story."""

    emoji: str | None = None


class Line(msgspec.Struct, rename="camel", frozen=True):
    """What is read of a message's ``json``."""

    attachments: list[File] | None = None
    body: str | None = None
    body_attachment: File | None = None
    body_ranges: list[Range] | None = None
    call_history_details: Call | None = None
    call_id: str | None = None
    changed_id: str | None = None
    contact: list[Card] | None = None
    conversation_id: str | None = None
    deleted_for_everyone: bool | None = None
    deleted_for_everyone_by_admin_aci: str | None = None
    deleted_for_everyone_timestamp: int | None = None
    delivered_to: list[str] | None = msgspec.field(name="delivered_to", default=None)
    edit_history: list[Version] | None = None
    edit_message_timestamp: int | None = None
    expiration_timer_update: Timer | None = None
    gift_badge: dict[str, object] | None = None
    group_update: Update | None = msgspec.field(name="group_update", default=None)
    group_v2_change: Change | None = msgspec.field(name="groupV2Change", default=None)
    key_changed: str | None = msgspec.field(name="key_changed", default=None)
    message_request_response_event: str | None = None
    payment: dict[str, object] | None = None
    phone_number_discovery: Discovered | None = None
    poll: Poll | None = None
    poll_terminate_notification: Asked | None = None
    profile_change: Profile | None = None
    quote: Quote | None = None
    reactions: list[Reaction] | None = None
    read_at: int | None = None
    read_by: list[str] | None = msgspec.field(name="read_by", default=None)
    send_state_by_conversation_id: dict[str, State] | None = None
    sent_at: int | None = msgspec.field(name="sent_at", default=None)
    source: str | None = None
    source_service_id: str | None = None
    source_uuid: str | None = None
    sticker: Sticker | None = None
    story_reaction: Story | None = None
    timestamp: int | None = None
    type: str | None = None
    verified: bool | None = None
    verified_changed: str | None = None


class Member(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A member of a group."""

    aci: str | None = None
    uuid: str | None = None
    conversation_id: str | None = None

    @property
    def who(self) -> str | None:
        """Give who it is."""
        return self.aci or self.uuid or self.conversation_id


class Contact(msgspec.Struct, rename="camel", frozen=True):
    """What is read of a conversation's ``json``."""

    members_v2: list[Member] | None = msgspec.field(name="membersV2", default=None)
    nickname_given_name: str | None = None
    nickname_family_name: str | None = None
    pni: str | None = None
    username: str | None = None


class Item(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """One setting of the app."""

    value: str | None = None


def read(text: str | None, kind: type[Record]) -> tuple[Record, list[Doubt]]:
    """Read a row's ``json``, with what is in doubt about it; nothing of one that is no object."""
    if not text:
        return kind(), []
    if len(text) > LONGEST_CHARACTERS:
        what = f"its json has {len(text):,} characters; only its columns are read"
        return kind(), [Doubt("json-too-long", what)]
    try:
        return msgspec.json.decode(text, type=kind), []
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    values, doubts = unpacked(text.encode()) if text.lstrip().startswith("{") else (None, [])
    if values is None:
        what = "its json is no whole object; only its columns are read"
        return kind(), [*(one for one in doubts if one.code != _BROKEN), Doubt("broken-json", what)]
    found, more = taken(values, kind)
    return found, [*doubts, *more]


_BROKEN = "unreadable-message"
