"""What the numbers in WhatsApp's iPhone database mean; they are not those of Android."""

from witnessbox.evidence.model import Kind
from witnessbox.intake.database.kinds import kind_table

GROUP_EVENT = 6
CAPTIONED = (1, 2, 11, 38, 39, 53)
"""Types whose file's title is what the sender wrote under it."""

_KIND_OF = {
    **dict.fromkeys((0, 7), Kind.TEXT),  # 7: a text with a link in it
    **dict.fromkeys((1, 2, 3, 8, 11, 38, 39, 53, 54, 66), Kind.MEDIA),
    4: Kind.CONTACT,
    5: Kind.LOCATION,
    **dict.fromkeys((GROUP_EVENT, 10), Kind.NOTICE),
    12: Kind.EMPTY,  # waiting for this message
    14: Kind.DELETED,
    15: Kind.STICKER,
    46: Kind.POLL,
    59: Kind.CALL,
}
KINDS = kind_table(_KIND_OF)

MEDIA_OF = {
    1: "image",
    2: "video",
    3: "audio",
    8: "document",
    11: "gif",
    15: "sticker",
    54: "video",
}
EVENT_OF = {
    1: "subject",
    2: "added",
    3: "left",
    7: "removed",
    **dict.fromkeys((10, 11), "admin"),
    12: "created",
}
