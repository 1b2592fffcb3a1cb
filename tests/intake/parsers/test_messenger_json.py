"""Messenger's downloads are read whole: every message, every byte, every doubt."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake.parsers import messenger_json
from witnessbox.intake.parsers.messenger_json import identify

NAME = "messages/inbox/nights_1/message_1.json"
SOUND = samples(messenger_json)


def mojibake(text: str) -> str:
    return text.encode().decode("latin-1")


def spoken(minute: int, **fields: Any) -> dict[str, Any]:
    return {"sender_name": "Ana", "timestamp_ms": 1_709_298_000_000 - minute * 60_000} | fields


def download(*messages: dict[str, Any], **frame: Any) -> bytes:
    document = {"participants": [{"name": "Ana"}, {"name": "Bo"}], "messages": list(messages)}
    return json.dumps(
        document | {"title": "Nights", "thread_path": "inbox/nights_1"} | frame
    ).encode()


def read(data: bytes, table: str = "messages", name: str = NAME) -> list[dict[str, Any]]:
    return rows(batches(messenger_json, data, name), table)


def codes(data: bytes, name: str = NAME) -> list[str]:
    return [row["code"] for row in read(data, "problems", name) if row["code"] != "envelope"]


def test_a_message_has_its_time_sender_and_text() -> None:
    (row,) = read(download(spoken(0, content="hi")))
    assert (row["sender"], row["text"], row["kind"]) == ("Ana", "hi", "text")
    assert row["sent_at"].isoformat() == "2024-03-01T13:00:00+00:00"
    assert (row["stamp"], row["zone"], row["precision"]) == ("1709298000000", "UTC", "millisecond")
    assert (row["wall_at"], row["conversation"], row["thread"]) == (
        None,
        "Nights",
        "inbox/nights_1",
    )


def test_a_span_holds_the_message_it_belongs_to() -> None:
    data = download(spoken(0, content="one"), spoken(1, content="two"))
    for row in read(data):
        written, _ = json.JSONDecoder().raw_decode(data[row["start"] : row["end"]].decode())
        assert written["content"] == row["text"]


def in_sequence(*files: tuple[str, bytes]) -> list[str]:
    found = [
        (row["sequence"], row["text"]) for name, data in files for row in read(data, name=name)
    ]
    assert len({sequence for sequence, _ in found}) == len(found)
    return [text for _, text in sorted(found)]


def test_messages_are_in_the_order_of_their_times_whatever_their_part() -> None:
    early = download(spoken(9, content="b"), spoken(10, content="a"))
    late = download(spoken(1, content="d"), spoken(2, content="c"))
    assert in_sequence(("message_1.json", late), ("message_2.json", early)) == list("abcd")
    assert in_sequence(("message_1.json", early), ("message_2.json", late)) == list("abcd")


def test_at_one_time_older_parts_come_first_and_ten_comes_after_nine() -> None:
    files = [
        (
            f"n/message_{part}.json",
            download(spoken(0, content=f"{part}b"), spoken(0, content=f"{part}a")),
        )
        for part in (1, 2, 9, 10)
    ]
    assert in_sequence(*files) == ["10a", "10b", "9a", "9b", "2a", "2b", "1a", "1b"]


def test_a_message_without_a_time_stays_beside_its_neighbour() -> None:
    timeless = spoken(0, content="b") | {"timestamp_ms": None}
    data = download(spoken(1, content="c"), timeless, spoken(2, content="a"))
    assert in_sequence(("message_1.json", data)) == list("abc")


def test_times_beyond_all_years_still_have_an_order() -> None:
    far = [
        spoken(0, content=text) | {"timestamp_ms": at}
        for text, at in (("b", 2**47), ("a", -(2**45)))
    ]
    assert in_sequence(("message_1.json", download(*far))) == list("ab")


def test_a_file_that_runs_oldest_first_is_seen_to() -> None:
    data = download(spoken(2, content="early"), spoken(1, content="late"))
    assert [row["text"] for row in sorted(read(data), key=lambda row: row["sequence"])] == [
        "early",
        "late",
    ]
    assert codes(data) == []


def test_times_that_run_both_ways_are_in_doubt() -> None:
    assert codes(download(*(spoken(minute) for minute in (5, 9, 1)))) == ["time-runs-back"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "empty"),
        ({"content": ""}, "empty"),
        ({"is_unsent": True}, "deleted"),
        ({"is_unsent": False}, "empty"),
        ({"is_unsent": False, "content": "hi"}, "text"),
        ({"photos": [], "is_unsent_image_by_messenger_kid_parent": False}, "empty"),
        ({"is_unsent_image_by_messenger_kid_parent": True}, "deleted"),
        ({"type": "Subscribe", "users": [{"name": "Bo"}]}, "notice"),
        ({"call_duration": 0, "content": "Ana called you."}, "call"),
        ({"type": "Call"}, "call"),
        ({"sticker": {"uri": "s.png"}}, "sticker"),
        ({"photos": [{"uri": "p.jpg"}], "content": "look"}, "media"),
        ({"share": {"link": "https://example.org/"}}, "share"),
    ],
)
def test_the_kind_of_a_message_shows_in_its_fields(fields: dict[str, Any], kind: str) -> None:
    (row,) = read(download(spoken(0, **fields)))
    assert row["kind"] == kind
    assert row["sender"] == (None if kind == "notice" else "Ana")
    assert row["deleted"] == (kind == "deleted")


def test_who_came_and_went_is_kept() -> None:
    data = download(
        spoken(0, type="Unsubscribe", users=[{"name": "Ana"}]),
        spoken(1, type="Unsubscribe", users=[{"name": "Bo"}]),
        spoken(2, type="Subscribe", users=[{"name": "Bo"}]),
        spoken(3, type="Subscribe"),
    )
    found = [(row["event"], row["actor"], row["member"]) for row in read(data, "memberships")]
    assert found == [
        ("left", "Ana", "Ana"),
        ("removed", "Ana", "Bo"),
        ("added", "Ana", "Bo"),
        ("joined", "Ana", "Ana"),
    ]


@pytest.mark.parametrize(
    ("content", "member", "event"),
    [
        ("Bo joined the group.", "Bo", "joined"),
        ("Ana added Bo to the group.", "Bo", "added"),
        ("Ana left the group.", "Ana", "left"),
        ("Ana removed Bo from the group.", "Bo", "removed"),
        ("Ana hat Bo hinzugefügt.", "Bo", None),
    ],
)
def test_a_list_of_users_makes_a_notice_without_a_type(
    content: str, member: str, event: str | None
) -> None:
    sender = "Bo" if event == "joined" else "Ana"
    data = download(spoken(0, sender_name=sender, content=content, users=[{"name": member}]))
    (row,) = read(data)
    assert (row["kind"], row["sender"]) == ("notice", None)
    found = [(one["event"], one["member"]) for one in read(data, "memberships")]
    assert found == ([] if event is None else [(event, member)])


def test_a_shared_link_is_the_text_where_nothing_was_said() -> None:
    link = "https://example.org/"
    data = download(
        spoken(0, share={"link": link}),
        spoken(1, share={"link": link, "share_text": "Rota"}),
        spoken(2, share={"link": link}, content="mine"),
        spoken(3, share={}),
    )
    assert [row["text"] for row in read(data)] == [link, "Rota", "mine", None]
    assert [row["name"] for row in read(data, "attachments")] == [link] * 3


def test_reactions_are_dated_in_seconds_or_milliseconds() -> None:
    given_at = [1_709_298_000, 1_709_298_000_000, None, 0, 10**18]
    reactions = [{"reaction": "x", "actor": "Bo", "timestamp": at} for at in given_at]
    found = read(download(spoken(0, reactions=reactions)), "reactions")
    assert [row["reacted_at"] and row["reacted_at"].year for row in found] == [2024, 2024] + [
        None
    ] * 3


def test_a_file_that_was_not_downloaded_is_an_attachment_left_out() -> None:
    media = [{"uri": "Failed to download media"}, {"uri": "./media/a.MP4"}, {"uri": "b"}, {}]
    message = {"senderName": "Ana", "timestamp": 1, "media": media}
    data = json.dumps({"threadName": "Ana_4", "messages": [message]}).encode()
    found = [(row["name"], row["media"], row["omitted"]) for row in read(data, "attachments")]
    assert found == [
        (None, "unknown", True),
        ("./media/a.MP4", "video", False),
        ("b", "document", False),
        (None, "unknown", True),
    ]


def test_everyone_listed_or_heard_is_a_participant() -> None:
    found = read(download(spoken(0), spoken(1, sender_name="Cy")), "participants")
    assert [(row["name"], row["messages"], row["listed"]) for row in found] == [
        ("Ana", 1, True),
        ("Bo", 0, True),
        ("Cy", 1, False),
    ]


def test_mojibake_is_repaired_string_by_string_and_counted() -> None:
    data = download(
        spoken(0, content=mojibake("café ☕"), sender_name=mojibake("Zoë")),
        spoken(1, content="café"),
        title=mojibake("Nächte"),
    )
    first, second = read(data)
    assert (first["text"], first["sender"], second["text"]) == ("café ☕", "Zoë", "café")
    assert first["conversation"] == "Nächte"
    (note,) = [row for row in read(data, "problems") if row["code"] == "mojibake-repaired"]
    assert note["severity"] == "note"
    assert note["what"].startswith("2 strings")


def test_a_download_written_two_ways_is_in_doubt() -> None:
    data = download(spoken(0, content=mojibake("café")), spoken(1, content="tea ☕"))
    assert [row["text"] for row in read(data)] == ["café", "tea ☕"]
    assert codes(data) == ["mojibake-repaired", "mojibake-mixed"]


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize(("proof", "text"), [("☕", mojibake("é")), ("\\u2615", "é")])
def test_one_sound_character_shows_that_an_encrypted_chat_is_sound(
    proof: str, text: str, *, escaped: bool
) -> None:
    said = [mojibake("é"), proof]
    messages = [
        {"senderName": "Ana", "timestamp": 9 - n, "text": one} for n, one in enumerate(said)
    ]
    document = {"participants": ["Ana"], "threadName": "Ana_40", "messages": messages}
    data = json.dumps(document, ensure_ascii=escaped).encode()
    first, _ = read(data, name="Ana_40.json")
    assert (first["text"], first["conversation"], first["thread"]) == (text, "Ana", "Ana_40")


@pytest.mark.parametrize("written", ["null", '"soon"', "1.5", "true", "1" * 20, "-" + "1" * 20])
def test_a_time_that_is_none_is_in_doubt_and_the_message_stays(written: str) -> None:
    data = download(spoken(0, content="kept")).replace(b"1709298000000", written.encode())
    (row,) = read(data)
    assert (row["sent_at"], row["text"]) == (None, "kept")
    assert "no-time" in codes(data)


def test_a_number_too_long_to_be_one_costs_the_fields_not_the_message() -> None:
    data = download(spoken(0), spoken(1)).replace(b"1709298000000", b"1" * 5000)
    first, second = read(data)
    assert (first["kind"], second["sender"]) == ("empty", "Ana")
    assert codes(data) == ["no-time", "unreadable-message"]


def test_fields_of_the_wrong_type_are_left_out_and_named() -> None:
    data = download(spoken(0, content=["a"], photos="p", sender_name={}), spoken(1, content="b"))
    first, second = read(data)
    assert (first["sender"], first["text"], second["text"]) == (None, None, "b")
    what = [row["what"] for row in read(data, "problems") if row["code"] == "wrong-type"]
    assert what == [
        "content cannot be a list and was left out",
        'photos cannot be "p" and was left out',
        "sender_name cannot be an object and was left out",
    ]


@pytest.mark.parametrize("key", ["content", "con\\u0074ent"])
def test_a_key_written_twice_is_in_doubt(key: str) -> None:
    data = download(spoken(0, content="one")).replace(
        b'"content"', f'"{key}": "none", "content"'.encode()
    )
    (row,) = read(data)
    assert row["text"] == "one"
    assert codes(data) == ["duplicate-key"]


def test_the_last_of_two_titles_is_read_and_the_doubt_kept() -> None:
    data = download(spoken(0)).replace(b'"title"', b'"title": "First", "title"')
    assert read(data)[0]["conversation"] == "Nights"
    assert codes(data) == ["duplicate-key"]


def test_damaged_characters_are_shown_and_named() -> None:
    half = download(spoken(0, content="half X")).replace(b"X", b"\\ud83d")
    raw = download(spoken(0, content="half X")).replace(b"X", b"\xf0")
    whole = download(spoken(0, content="whole X")).replace(b"X", b"\\ud83d\\ude00")
    assert [read(data)[0]["text"] for data in (half, raw, whole)] == [
        "half �",
        "half �",
        "whole 😀",
    ]
    assert [codes(data) for data in (half, raw, whole)] == [["damaged-text"]] * 2 + [[]]


def test_a_conversation_without_a_title_is_named_by_its_folder_or_file() -> None:
    bare = download(spoken(0), title="", thread_path="")
    named = read(bare, name="x.zip/messages/inbox/nights_1/message_1.json")[0]
    alone = read(bare, name="message_1.json")[0]
    assert (named["conversation"], named["thread"]) == ("nights_1", "inbox/nights_1")
    assert (alone["conversation"], alone["thread"]) == ("message_1", None)


def test_an_unknown_field_may_hold_anything() -> None:
    data = download(spoken(0, content="content", other=0)).replace(b'"other": 0', b'"other": 1e999')
    long = data.replace(b"1e999", b"1" * 5000)
    assert [row["text"] for one in (data, long) for row in read(one)] == ["content"] * 2
    assert codes(data) == codes(long) == []


def test_an_encrypted_chats_own_number_stays_in_its_name() -> None:
    document = {"threadName": "Team_5", "messages": [{"senderName": "Ana", "timestamp": 1}]}
    data = json.dumps(document).encode()
    assert read(data, name="Team_5_2.json")[0]["conversation"] == "Team_5"
    assert read(data, name="Team_5.json")[0]["conversation"] == "Team"


def test_an_invitation_to_instagram_puts_the_platform_in_doubt() -> None:
    link = {"mode": 1, "link": "https://ig.me/j/abc/"}
    assert codes(download(spoken(0), joinable_mode=link)) == ["platform-unsure"]
    assert codes(download(spoken(0), joinable_mode={"mode": 1})) == []


def test_a_frame_that_cannot_be_read_still_has_its_bytes() -> None:
    data = download(spoken(0), size=0).replace(b'"size": 0', b'"size": ' + b"1" * 5000)
    assert read(data)[0]["conversation"] == "nights_1"
    assert "envelope" in [row["code"] for row in read(data, "problems")]


def test_a_frame_of_odd_values_does_no_harm() -> None:
    odd = download(spoken(0), title=5, thread_path=[], participants=[1, None, {"name": 2}, "Bo"])
    assert [row["name"] for row in read(odd, "participants")] == ["Bo", "Ana"]
    assert read(download(spoken(0), participants={}), "participants")[0]["name"] == "Ana"


@pytest.mark.parametrize(
    ("name", "head", "ours"),
    [
        ("message_1.json", b'\xef\xbb\xbf {"participants": [{"name": "A"}, {"na', True),
        ("people.json", b'{"participants": [{"name": "A"}, {"na', False),
        ("message_1.json", b'[{"participants": []}]', False),
        ("x.json", b'{"participants": [], "messages": [], "title": "t"}', False),
        ("x.json", b'{"participants": [], "messages": [], "thread_path": "inbox/a"}', True),
        ("x.json", b'{"messages": [{"sender_name": "A", "timestamp_ms": 1', True),
        ("x.json", b'{"messages": [{"id": 1, "type": "message", "date_unixtime": "1"', False),
        ("x.json", b'{"threadName": "A_1", "messages": []}', True),
        ("instagram-ana/messages/inbox/a/message_1.json", b'{"messages":[],"thread_path":1', False),
    ],
)
def test_its_own_files_are_known_by_keys_and_name(name: str, head: bytes, *, ours: bool) -> None:
    assert identify(name, head) is ours


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_file_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(messenger_json, damaged(sample.read_bytes(), seed), NAME)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_explained(data: bytes) -> None:
    batches(messenger_json, data, NAME)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=8), st.booleans())
def test_texts_come_back_as_they_were_said(said: list[str], escaped: bool) -> None:  # noqa: FBT001
    messages = [spoken(n, content=mojibake(text)) for n, text in enumerate(said)]
    document = {"messages": messages, "title": "t", "thread_path": "inbox/t"}
    data = json.dumps(document, ensure_ascii=escaped).encode()
    assert [row["text"] for row in read(data)] == said
