"""Parts of messages that were deleted of late."""

from pathlib import Path

from tests.intake.imessage.mac import ANA, AT, MINUTE, archive, guid, message, mine, row
from tests.intake.imessage.reading import ANA_ADDRESS, OWNER, made, told, traces
from tests.intake.reading import rows


def test_parts_deleted_of_late_are_messages_with_their_words(tmp_path: Path) -> None:
    add = "INSERT INTO recoverable_message_part VALUES(?,?,?,?,?)"
    found = made(
        tmp_path,
        message(1, "left", ANA),
        mine(2, "right", ANA),
        message(3, "both", ANA, handle_id=0),
        row(add, ANA, 1, 0, AT + 9 * MINUTE, archive("gone")),
        row(add, ANA, 2, 0, 9 * 10**11, archive(b"gone \xff")),
        row(add, ANA, 3, 0, AT, b"none"),
        row(add, 99, 98, 0, AT, archive("whose")),
    )
    parts = [one for one in rows(found, "messages") if one["table"] == "recoverable_message_part"]
    assert [(one["text"], one["sender"], one["thread"], one["reply_to"]) for one in parts] == [
        ("gone", ANA_ADDRESS, ANA_ADDRESS, guid(1)),
        ("gone \ufffd", OWNER, ANA_ADDRESS, guid(2)),
        (None, ANA_ADDRESS, ANA_ADDRESS, guid(3)),
        ("whose", None, None, None),
    ]
    assert [what for _, _, what in traces(found, "recently-deleted")][:2] == [
        "a part of message 1 was deleted at 2023-03-08T20:35:40Z and can still be recovered",
        "a part of message 2 was deleted and can still be recovered",
    ]
    codes = {code for (code,) in told(found, "code", table="problems")}
    assert {"undecodable-text", "body-unread", "no-time", "no-conversation"} <= codes
