"""What rows say beyond their words: who read them, who came and went."""

from pathlib import Path

from tests.intake.imessage.mac import ANA, AT, GROUP, MINUTE, message, mine, script
from tests.intake.imessage.reading import (
    ANA_ADDRESS,
    BO_ADDRESS,
    CY_ADDRESS,
    OWNER,
    made,
    said_of,
    told,
)


def test_what_reached_whom_and_was_read_is_told(tmp_path: Path) -> None:
    later = {"date_delivered": AT + MINUTE, "date_read": AT + 2 * MINUTE}
    found = made(
        tmp_path,
        message(1, "Tea?", date_read=AT + MINUTE),
        mine(2, "Yes", **later),
        mine(3, "All of you", GROUP, **later, date_played=AT + 3 * MINUTE),
        message(4, "Late", date_read=9 * 10**11),
    )
    starts = dict(told(found, "start", "row"))
    by_row = sorted(
        (starts[start], event, person)
        for start, event, person in told(
            found, "start", "event", "person", table="acknowledgements"
        )
        if person
    )
    assert by_row == [(1, "read", OWNER), (2, "delivered", ANA_ADDRESS), (2, "read", ANA_ADDRESS)]
    of_group = [
        (event, person)
        for start, event, person in told(
            found, "start", "event", "person", table="acknowledgements"
        )
        if starts[start] == 3
    ]
    assert of_group == [("delivered", None), ("read", None), ("played", None)]


def test_who_came_and_went_is_told(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, None, GROUP, item_type=1, other_handle=2),
        mine(2, None, GROUP, item_type=1, group_action_type=1, other_handle=4),
        message(3, None, GROUP, item_type=2, group_title="Days", group_action_type=1),
        message(4, None, GROUP, item_type=3, handle_id=2),
        message(5, None, GROUP, item_type=3, group_action_type=1),
        message(6, None, GROUP, item_type=1, other_handle=1),
        message(7, None, None, item_type=1, handle_id=0),
        message(8, None, GROUP, item_type=5),
        message(9, None, GROUP, item_type=6, group_action_type=9),
    )
    assert told(found, "event", "actor", "member", table="memberships") == [
        ("added", ANA_ADDRESS, BO_ADDRESS),
        ("removed", OWNER, CY_ADDRESS),
        ("subject", ANA_ADDRESS, "Days"),
        ("left", BO_ADDRESS, BO_ADDRESS),
        ("added", None, None),
    ]
    assert {kind for (kind,) in told(found, "kind")} == {"notice"}
    assert said_of(found, "told-without-words") == [
        (5, "the group's picture was changed"),
        (8, "a recording was kept"),
    ]


def test_a_message_in_several_chats_is_told_once_and_noted(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?", ANA),
        script("INSERT INTO chat_message_join VALUES(1,1,0),(77,1,0)"),
        message(2, "Yes", ANA),
    )
    assert told(found, "thread") == [(ANA_ADDRESS,), (ANA_ADDRESS,)]
    assert said_of(found, "several-chats") == [
        (1, "the row stands in another chat too: Night turn"),
        (1, "the row stands in another chat too: chat 77"),
    ]


def test_a_message_that_failed_to_send_is_said_to_be_so(tmp_path: Path) -> None:
    found = made(tmp_path, mine(1, "Tea?", error=22), message(2, "Yes", error=22))
    assert said_of(found, "not-sent") == [(1, "failed to send: error 22")]
