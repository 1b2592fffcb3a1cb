"""What the numbers and names in Apple's messages database mean."""

from witnessbox.evidence.model import Kind

NOTHING, STICKER, VOTE = 0, 1000, 4000
PLAIN = (NOTHING, 2, 3)
"""Kinds of association that are messages like others: an app's first message, and its answers."""

ADDED, TAKEN_BACK = 2000, 3000
MARKS = ("love", "like", "dislike", "laugh", "emphasise", "question", "emoji", "sticker")
"""What a tapback's number says beyond 2000, or 3000 where it is taken back."""
EMOJI = MARKS.index("emoji")

MEMBERS, NAME, GROUP = 1, 2, 3
"""Kinds of rows by which a group changes: who is in it, its name, anything else."""

ACTIONS = {
    (GROUP, 1): "the group's picture was changed",
    (GROUP, 2): "the group's picture was removed",
    (GROUP, 4): "the background was changed",
    (GROUP, 6): "the background was removed",
    (4, 0): "a location was shared, or no longer",
    (5, 0): "a recording was kept",
    (6, 0): "a call or a session of SharePlay",
}
"""What a row without words tells, by its kind and its action."""
MOST_ITEM = 6

EVENT_OF = {
    (MEMBERS, 0): "added",
    (MEMBERS, 1): "removed",
    (NAME, 0): "subject",
    (GROUP, 0): "left",
}

_APPS = {
    "com.apple.messages.URLBalloonProvider": Kind.TEXT,  # a text with a link in it
    "com.apple.messages.Polls": Kind.POLL,
    "com.apple.findmy.FindMyMessagesApp": Kind.LOCATION,
}


def app_of(bundle: str) -> str:
    """Name the app of a message by the last part of its bundle's name."""
    return bundle.rpartition(":")[2] or bundle


def app_kind(bundle: str) -> Kind:
    """Say what sort of thing an app's message is."""
    return _APPS.get(app_of(bundle), Kind.SHARE) if bundle else Kind.TEXT
