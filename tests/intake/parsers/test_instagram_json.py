"""Instagram's threads are read whole; what only a wording shows stays a row and is a doubt."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake.parsers import instagram_json, messenger_json
from witnessbox.intake.parsers.instagram_json import identify

NAME = "your_instagram_activity/messages/inbox/nights_17841/message_1.json"
SOUND = samples(instagram_json)
NOON = 1_709_294_400_000


def said(sender: str, seconds: int, **fields: Any) -> dict[str, Any]:
    return {"sender_name": sender, "timestamp_ms": NOON + seconds * 1000} | fields


def download(*messages: dict[str, Any]) -> bytes:
    return json.dumps({"participants": [{"name": "Ana"}], "messages": list(messages)}).encode()


def read(data: bytes, table: str = "messages", name: str = NAME) -> list[dict[str, Any]]:
    return rows(batches(instagram_json, data, name), table)


def doubts(data: bytes, code: str) -> list[tuple[int, str]]:
    return [(row["start"], row["what"]) for row in read(data, "problems") if row["code"] == code]


@pytest.mark.parametrize(
    ("content", "reaction"),
    [
        ("Liked a message", "❤"),
        ("Reacted 👍🏽 to your message ", "👍🏽"),
        ("Reacted 1️⃣ to a message", "1️⃣"),
    ],
)
def test_a_row_that_tells_of_a_reaction_is_a_notice_with_that_reaction(
    content: str, reaction: str
) -> None:
    data = download(said("Bo", 0, content=content.encode().decode("latin-1")))
    (row,) = read(data)
    assert (row["kind"], row["sender"], row["text"]) == ("notice", None, content)
    (found,) = read(data, "reactions")
    assert (found["start"], found["actor"], found["reaction"]) == (row["start"], "Bo", reaction)
    assert len(doubts(data, "reaction-by-wording")) == 1
    assert [row["messages"] for row in read(data, "participants")] == [0, 0]


@pytest.mark.parametrize(
    "content", ["Liked a message!", "Reacted badly to your message", "Reacted  to your message"]
)
def test_other_words_stay_words(content: str) -> None:
    data = download(said("Bo", 0, content=content), said("Bo", 1, content="Liked" + "!" * 90))
    assert {row["kind"] for row in read(data)} == {"text"}
    assert doubts(data, "reaction-by-wording") == []


def test_an_edit_keeps_both_versions_and_names_the_likely_earlier_one() -> None:
    data = download(
        said("Ana", 30, content="see you at six (edited)"),
        said("Bo", 20, content="see you at four"),
        said("Ana", 15, content="or not"),
        said("Ana", 10, content="see you at five"),
    )
    edited, _, _, earlier = read(data)
    assert [row["edited"] for row in read(data)] == [True, False, False, False]
    assert edited["text"] == "see you at six (edited)"
    ((at, what),) = doubts(data, "edit-by-wording")
    assert at == edited["start"]
    assert what.endswith(f"at byte {earlier['start']}")


def test_an_edit_is_found_in_a_file_that_runs_oldest_first() -> None:
    data = download(
        said("Ana", 0, content="the blue kettle"),
        said("Ana", 9, content="the blue kettle, please (edited)"),
    )
    ((_, what),) = doubts(data, "edit-by-wording")
    assert what.endswith(f"at byte {read(data)[0]['start']}")


@pytest.mark.parametrize(
    "earlier",
    [
        said("Bo", 0, content="the blue kettle"),
        said("Ana", -7200, content="the blue kettle"),
        said("Ana", 0, content="on my way"),
        said("Ana", 0, photos=[{"uri": "p.jpg"}]),
    ],
)
def test_an_edit_without_its_earlier_version_says_so(earlier: dict[str, Any]) -> None:
    data = download(said("Ana", 9, content="the blue kettle (edited)"), earlier)
    ((_, what),) = doubts(data, "edit-by-wording")
    assert "no earlier version" in what


def test_an_edit_is_decided_long_before_the_end_of_the_file() -> None:
    later = [said("Bo", -n, content=f"number {n}") for n in range(99)]
    data = download(said("Ana", 9, content="tea (edited)"), said("Ana", 5, content="tea"), *later)
    ((_, what),) = doubts(data, "edit-by-wording")
    assert "likely the message of 2024-03-01 12:00:05 UTC" in what


def test_an_edit_without_a_time_is_marked_and_compared_with_nothing() -> None:
    data = download({"sender_name": "Ana", "content": "tea (edited)"})
    assert read(data)[0]["edited"]
    assert doubts(data, "edit-by-wording") == []


HEAD = b'{"participants": [], "messages": [{"sender_name": "A", "timestamp_ms": 1, '


@pytest.mark.parametrize(
    ("name", "rest", "ours"),
    [
        (NAME, b"", True),
        ("instagram-ana.zip/messages/inbox/a_1/message_1.json", b"", True),
        ("message_1.json", b'"photos": [{"uri": "your_instagram_activity/m/1.jpg"}]', True),
        ("message_1.json", b'"photos": [{"uri": "your_facebook_activity/m/1.jpg"}]', False),
        ("message_1.json", b'"share": {"link": "https:\\/\\/www.instagram.com\\/p\\/a"}', True),
        ("message_1.json", b'"share": {"link": "https://ig.me/j/a"}', True),
        (
            "message_1.json",
            b'"a": {"link": "https://instagram.com/p/a"}, "b": {"link": "https://example.org"}',
            False,
        ),
        (
            "your_facebook_activity/messages/inbox/a/message_1.json",
            b'"share": {"link": "https://instagram.com/p/a"}',
            False,
        ),
        ("message_1.json", b"", False),
    ],
)
def test_a_thread_is_instagrams_by_its_folders_its_files_or_its_links(
    name: str, rest: bytes, *, ours: bool
) -> None:
    head = HEAD + rest
    assert (identify(name, head), messenger_json.identify(name, head)) == (ours, not ours)


@pytest.mark.parametrize("head", [b"[]", b'{"theme": "dark"}', b"", b"\xff\xfe"])
def test_what_is_no_thread_is_declined_wherever_it_lies(head: bytes) -> None:
    assert not identify(NAME.replace("message_1", "settings"), head)


def test_only_a_thread_known_by_its_links_is_in_doubt() -> None:
    data = download(said("Ana", 0, share={"link": "https://www.instagram.com/p/a/"}))
    names = (NAME, "message_1.json")
    found = [
        [row["code"] for row in read(data, "problems", name) if row["severity"] == "doubt"]
        for name in names
    ]
    assert found == [[], ["platform-unsure"]]


@settings(deadline=None)  # how long it takes is not what is tested
@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_file_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(instagram_json, damaged(sample.read_bytes(), seed), NAME)


@settings(deadline=None)  # how long it takes is not what is tested
@given(st.lists(st.sampled_from(["a", "a (edited)", "Liked a message", "b"]), max_size=99))
def test_no_row_is_lost_whatever_was_said(texts: list[str]) -> None:
    chance = random.Random(len(texts))  # noqa: S311 - times, not secrets
    messages = [said("Ana", chance.randint(0, 99), content=text) for text in texts]
    assert [row["text"] for row in read(download(*messages))] == texts
