"""What the words in Signal Desktop's database mean."""

OUTGOING, INCOMING, STORY, CALL, GROUP_CHANGE = (
    "outgoing",
    "incoming",
    "story",
    "call-history",
    "group-v2-change",
)
SPOKEN = frozenset((OUTGOING, INCOMING, STORY))
"""Types of rows that a person wrote."""

NOTICES = frozenset(
    (
        GROUP_CHANGE,
        "change-number-notification",
        "chat-session-refreshed",
        "contact-removed-notification",
        "conversation-merge",
        "delivery-issue",
        "group",
        "group-v1-migration",
        "joined-signal-notification",
        "keychange",
        "message-history-unsynced",
        "message-request-response-event",
        "phone-number-discovery",
        "pinned-message-notification",
        "poll-terminate",
        "profile-change",
        "timer-notification",
        "title-transition-notification",
        "universal-timer-notification",
        "verified-change",
    )
)

EVENT_OF = {
    "create": "created",
    "member-add": "added",
    "member-add-from-admin-approval": "added",
    "member-add-from-invite": "joined",
    "member-add-from-link": "joined",
    "member-privilege": "admin",
    "member-remove": "removed",
    "title": "subject",
}
"""What a change of a group is; others are told in the notice's words alone."""

BY_ONESELF = {"added": "joined", "removed": "left"}

ACKNOWLEDGED = {"Delivered": "delivered", "Read": "read", "Viewed": "played"}
UNSENT = frozenset(("Failed", "Pending"))
READ_STATUS = {0: "read", 2: "played"}
"""What the owner did with a message that came in; 1 is unread."""

GIF_FLAG = 8
