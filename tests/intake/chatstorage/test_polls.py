"""Polls of iPhones: what was asked, what could be chosen, and who chose what."""

from pathlib import Path
from typing import Any

import pytest

from tests.intake.chatstorage.iphone import (
    Fill,
    database,
    field,
    group,
    info,
    poll,
    said,
    vote,
)
from tests.intake.reading import batches, rows
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import whatsapp_ios

OWNER = "owner of this phone"
CY, DEE = "447700900103@s.whatsapp.net", "190000000000004@lid"
DRINKS = "Tea or coffee?", "Tea", "Coffee"


def read(place: Path, *fills: Fill) -> list[Batch]:
    return batches(whatsapp_ios, database(place / "a.sqlite", *fills), "ChatStorage.sqlite")


def asked(*blobs: bytes, text: str | None = None) -> tuple[Fill, Fill]:
    """Give polls of the group, each with its blob."""
    count = range(1, len(blobs) + 1)
    rows = ((n, n, blob) for n, blob in zip(count, blobs, strict=True))
    return said(*(group(n, text, 1, kind=46) for n in count)), info(*rows)


def told(found: list[Batch]) -> list[tuple[Any, ...]]:
    return [(one["voter"], one["choice"], one["voted_at"]) for one in rows(found, "votes")]


def doubts(found: list[Batch]) -> list[tuple[str, int, str]]:
    return [
        (one["severity"], one["row"], one["what"])
        for one in rows(found, "problems")
        if one["code"] in {"poll-unread", "receipt-unread"}
    ]


def test_a_poll_says_what_was_asked_and_what_could_be_chosen(tmp_path: Path) -> None:
    found = read(tmp_path, *asked(poll(*DRINKS), poll("Again?", "Yes")))
    texts = [(one["kind"], one["text"]) for one in rows(found, "messages")]
    assert texts == [("poll", "Tea or coffee?\nTea\nCoffee"), ("poll", "Again?\nYes")]
    assert rows(found, "problems") == []


def test_a_question_that_the_row_holds_too_is_said_once(tmp_path: Path) -> None:
    found = read(tmp_path, *asked(poll(*DRINKS), text="Tea or coffee?"))
    assert [one["text"] for one in rows(found, "messages")] == ["Tea or coffee?\nTea\nCoffee"]


def test_each_choice_is_a_vote_and_the_owner_s_has_no_address(tmp_path: Path) -> None:
    votes = vote(CY, 1) + vote(DEE, 0, 1) + vote(None, 0)
    other = poll("Again?", "Yes", votes=vote(None) + vote(CY))
    found = read(tmp_path, *asked(poll(*DRINKS, votes=votes), other))
    assert told(found) == [
        ("cy", "Coffee", None),
        ("Dee", "Tea", None),
        ("Dee", "Coffee", None),
        (OWNER, "Tea", None),
        ("cy", None, None),
    ]
    starts = [one["start"] for one in rows(found, "messages")]
    assert [one["start"] for one in rows(found, "votes")] == [starts[0]] * 4 + [starts[1]]
    (note,) = rows(found, "problems")
    assert (note["code"], note["severity"]) == ("blob-reading", "note")
    assert note["what"].startswith("votes read out of blobs that have no published definition: 5;")


@pytest.mark.parametrize(
    "blob",
    [
        poll(*DRINKS) * 2,
        poll("Tea or coffee?"),
        poll("", "Tea"),
        poll("x" * 1025, "Tea"),
        poll("Which?", *map(str, range(65))),
        field(8, field(3, field(1, "Tea"))),
        field(8, field(2, "Which?") * 2 + field(3, field(1, "Tea"))),
        field(8, field(2, "Which?") + field(3, "Tea")),
        field(8, field(2, "Which?") + field(3, field(1, b"\xff"))),
        field(8, field(2, 5) + field(3, field(1, "Tea"))),
        field(8, field(2, "Which?") + field(3, field(1, "Tea") * 2)),
        field(8, 5),
        field(8, b"\xff"),
    ],
)
def test_a_poll_that_is_not_written_as_known_is_a_doubt(tmp_path: Path, blob: bytes) -> None:
    found = read(tmp_path, *asked(blob, text="Which?"))
    assert [one["text"] for one in rows(found, "messages")] == ["Which?"]
    what = "not read: a poll whose question or options are not written as they are known"
    assert doubts(found) == [("doubt", 1, what)]


@pytest.mark.parametrize(
    "votes",
    [
        vote(CY, 2),
        vote(CY, 0, 0),
        vote("somebody", 0),
        vote("447700900103@g.us", 0),
        field(5, field(1, 0)),
        field(5, field(1, 0) + field(4, CY) * 2),
        field(5, field(1, 0) + field(4, 5)),
        field(5, field(1, b"\0\1") + field(4, CY)),
        field(5, b"\xff"),
        field(6, 5),
        field(6, field(1, 1 << 63)),
    ],
)
def test_a_vote_that_is_not_written_as_known_is_a_doubt(tmp_path: Path, votes: bytes) -> None:
    sound = vote(CY, 0)
    found = read(tmp_path, *asked(poll(*DRINKS, votes=sound + votes)))
    assert told(found) == [("cy", "Tea", None)]
    what = "not read: a vote that is not written as votes are known, or for an option not there"
    assert doubts(found) == [("doubt", 1, what)]


def test_votes_of_many_are_all_told(tmp_path: Path) -> None:
    votes = b"".join(vote(f"{447700900000 + n}@s.whatsapp.net", n % 2) for n in range(5_000))
    found = read(tmp_path, *asked(poll(*DRINKS, votes=votes)))
    choices = [choice for _, choice, _ in told(found)]
    assert choices == ["Tea", "Coffee"] * 2_500


def test_two_polls_of_one_message_each_have_their_own_options(tmp_path: Path) -> None:
    first, second = (poll(*DRINKS, votes=vote(CY, 1)), poll("Again?", "Yes", votes=vote(CY, 0)))
    found = read(tmp_path, said(group(1, None, kind=46)), info((1, 1, first), (2, 1, second)))
    assert [choice for _, choice, _ in told(found)] == ["Coffee", "Yes"]


def test_a_poll_whose_blob_breaks_off_is_a_doubt(tmp_path: Path) -> None:
    found = read(tmp_path, *asked(poll(*DRINKS) + poll(*DRINKS)[:-1], text="Which?"))
    assert [one["text"] for one in rows(found, "messages")] == ["Which?"]
    what = "not read: a blob of receipts that breaks off or is no blob"
    assert doubts(found) == [("doubt", 1, what)]


def test_what_looks_like_a_poll_in_another_message_is_none(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        said(group(1, "hello"), group(2, None, kind=46)),
        info((1, 1, poll(*DRINKS, votes=vote(CY, 1)))),
    )
    assert [one["text"] for one in rows(found, "messages")] == ["hello", None]
    assert (rows(found, "votes"), rows(found, "problems")) == ([], [])
