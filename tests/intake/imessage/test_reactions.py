"""Tapbacks and votes hang on the messages they are of."""

from pathlib import Path

from tests.intake.imessage.mac import FULL, Fill, guid, message, tapback
from tests.intake.imessage.reading import (
    ANA_ADDRESS,
    BO_ADDRESS,
    CY_ADDRESS,
    OWNER,
    made,
    said_of,
    told,
    traces,
)
from tests.intake.reading import rows


def test_a_reaction_hangs_on_its_message_and_its_row_is_a_note(tmp_path: Path) -> None:
    full = made(tmp_path, *FULL)
    starts = dict(told(full, "row", "start"))
    assert told(full, "start", "actor", "reaction", table="reactions") == [
        (starts[2], BO_ADDRESS, "like"),
        (starts[2], CY_ADDRESS, "☕"),
    ]
    what = f"this row is the reaction “like” of {BO_ADDRESS} to message 2"
    assert said_of(full, "reaction-told-in-message")[0] == (6, what)


def test_every_sort_of_tapback_has_its_name(tmp_path: Path) -> None:
    marks = [tapback(n, 1, 1998 + n) for n in range(2, 10)]
    found = made(tmp_path, message(1, "Tea?"), *marks)
    assert [mark for (mark,) in told(found, "reaction", table="reactions")] == [
        *("love", "like", "dislike", "laugh", "emphasise", "question", "emoji", "sticker"),
    ]


def test_a_reaction_taken_back_does_not_stand_but_is_noted(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        tapback(2, 1, 2001),
        tapback(3, 1, 3001),
        tapback(4, 1, 2001, handle_id=2),
        tapback(5, 1, 3000, is_from_me=1),
        tapback(6, 1, 2000, date=0),
    )
    assert told(found, "actor", "reaction", table="reactions") == [
        (ANA_ADDRESS, "love"),
        (BO_ADDRESS, "like"),
    ]
    assert rows(found, "reactions")[0]["reacted_at"] is None
    what = f"this row takes back the reaction “like” of {ANA_ADDRESS} to message 1"
    assert said_of(found, "reaction-taken-back")[0] == (3, what)
    assert [number for number, _ in said_of(found, "reaction-taken-back")] == [3, 5]
    assert told(found, "row") == [(1,)]


def test_a_reaction_may_come_before_its_message_and_on_any_part_of_it(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        tapback(1, 3, 2000, associated_message_guid=f"bp:{guid(3)}"),
        tapback(2, 3, 2001, associated_message_guid=guid(3)),
        message(3, "Tea?"),
    )
    assert told(found, "reaction", table="reactions") == [("love",), ("like",)]


def test_a_reaction_to_an_absent_message_is_a_message_and_a_trace(tmp_path: Path) -> None:
    full = made(tmp_path, *FULL)
    (one,) = [row for row in rows(full, "messages") if row["row"] == 8]
    assert (one["reply_to"], one["text"]) == (guid(90), "Liked “message 90”")
    what = f"message 8 reacts to {guid(90)}, which is not there: Liked “message 90”"
    assert traces(full, "reaction-to-absent") == [("message", 8, what)]


def test_a_reaction_to_nothing_is_a_message(tmp_path: Path) -> None:
    found = made(tmp_path, tapback(1, 9, 2000, associated_message_guid=None, text=None))
    assert told(found, "row", "kind", "reply_to") == [(1, "empty", None)]


def test_a_vote_hangs_on_its_poll_and_is_a_message_too(tmp_path: Path) -> None:
    def vote(number: int, to: str | None, **more: object) -> Fill:
        return message(
            number, None, associated_message_type=4000, associated_message_guid=to, **more
        )

    poll = message(1, None, balloon_bundle_id="com.apple.messages.Polls")
    found = made(tmp_path, poll, vote(2, guid(1), is_from_me=1), vote(3, guid(70)), vote(4, None))
    assert told(found, "kind", "reply_to") == [
        ("poll", None),
        ("poll", guid(1)),
        ("poll", guid(70)),
        ("poll", None),
    ]
    starts = dict(told(found, "row", "start"))
    assert told(found, "start", "voter", "choice", table="votes") == [(starts[1], OWNER, None)]
