"""What the numbers in WhatsApp's Android database mean, as far as several readers of it agree."""

from witnessbox.evidence.model import Kind
from witnessbox.intake.database.kinds import kind_table

SYSTEM, DELETED_TYPES = 7, (15, 64)
REACTION_TYPE = 56
LEGACY_SYSTEM_STATUS = 6

_KIND_OF = {
    0: Kind.TEXT,
    **dict.fromkeys((1, 2, 3, 9, 13, 42, 43, 81, 82, 99), Kind.MEDIA),
    **dict.fromkeys((4, 14), Kind.CONTACT),
    **dict.fromkeys((5, 16), Kind.LOCATION),
    **dict.fromkeys((SYSTEM, 36, 112), Kind.NOTICE),
    **dict.fromkeys((8, 10, 90), Kind.CALL),
    **dict.fromkeys(DELETED_TYPES, Kind.DELETED),
    11: Kind.EMPTY,  # waiting for this message
    20: Kind.STICKER,
    24: Kind.SHARE,  # an invitation to a group
    66: Kind.POLL,
    92: Kind.EVENT,
}
KINDS = kind_table(_KIND_OF)

MEDIA_OF = {
    1: "image",
    2: "audio",
    3: "video",
    4: "contact",
    9: "document",
    13: "gif",
    14: "contact",
    20: "sticker",
    42: "image",  # to be seen once, as are 43 and 82
    43: "video",
    81: "video",
    82: "audio",
}
EVENT_OF = {
    1: "subject",
    **dict.fromkeys((4, 12), "added"),
    **dict.fromkeys((5, 13), "left"),
    **dict.fromkeys((7, 14), "removed"),
    11: "created",
    **dict.fromkeys((15, 16), "admin"),
    20: "joined",
}
VALUE_OF = {27: "description"}
"""What a change of value is about, besides the subject."""
