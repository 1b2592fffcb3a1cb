"""Telegram's exports are read whole: every chat of an account, every message, every doubt."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake.parsers import telegram_json
from witnessbox.intake.parsers.telegram_json import identify
from witnessbox.intake.telegram import chats
from witnessbox.intake.telegram.mending import mend

NAME = "ChatExport_2024-03-01/result.json"
SOUND = samples(telegram_json)
SENT = 1_709_298_000
POLL = {"question": "Tea?", "answers": [{"text": "Yes"}]}
POINT = {"latitude": 1.5, "longitude": 2.0}


def said(number: int, text: Any = "hi", **fields: Any) -> dict[str, Any]:
    given_ = {"id": number, "type": "message", "date_unixtime": str(SENT + number)}
    return given_ | {"from": "Ana", "from_id": "user1", "text": text} | fields


def told(number: int, action: str, **fields: Any) -> dict[str, Any]:
    given_ = {"id": number, "type": "service", "date_unixtime": str(SENT + number)}
    return given_ | {"actor": "Ana", "actor_id": "user1", "action": action} | fields


def chat(*messages: dict[str, Any], **frame: Any) -> dict[str, Any]:
    head = {"name": "Nights", "type": "private_supergroup", "id": 77} | frame
    return head | {"messages": list(messages)}


def account(*listed: dict[str, Any], left: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {"about": "x", "personal_information": {"user_id": 5}}
    found["chats"] = {"about": "x", "list": list(listed)}
    return found | ({"left_chats": {"about": "x", "list": list(left)}} if left else {})


def written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def read(data: bytes, table: str = "messages", name: str = NAME) -> list[dict[str, Any]]:
    return rows(batches(telegram_json, data, name), table)


def codes(data: bytes) -> list[str]:
    return [row["code"] for row in read(data, "problems") if row["code"] != "envelope"]


def one(**fields: Any) -> dict[str, Any]:
    (row,) = read(written(chat(said(1, **fields))))
    return row


def test_a_message_has_its_time_sender_and_text() -> None:
    row = one(text="hello")
    assert (row["sender"], row["text"], row["kind"]) == ("Ana", "hello", "text")
    assert row["sent_at"].timestamp() == SENT + 1
    assert (row["stamp"], row["zone"], row["precision"]) == (str(SENT + 1), "UTC", "second")
    assert (row["conversation"], row["thread"]) == ("Nights", "channel77")


def test_the_pieces_of_a_text_are_put_together_as_written() -> None:
    link = {"type": "text_link", "text": "rota", "href": "https://example.org/"}
    data = written(chat(said(1, text=["the ", link, {"type": "bold", "text": "!"}])))
    assert read(data)[0]["text"] == "the rota!"
    found = [(row["name"], row["media"]) for row in read(data, "attachments")]
    assert found == [("https://example.org/", "link")]


def test_without_utc_the_local_time_is_read_in_the_assumed_zone() -> None:
    row = one(date="2019-07-01T12:00:00", date_unixtime=None)
    assert (row["zone"], row["stamp"]) == ("Europe/London", "2019-07-01T12:00:00")
    assert row["sent_at"].isoformat() == "2019-07-01T11:00:00+00:00"
    assert row["wall_at"].isoformat() == "2019-07-01T12:00:00"


@pytest.mark.parametrize(
    ("date", "unixtime", "found"),
    [
        ("2019-07-01T12:00:00+01:00", None, []),
        ("2024-03-01T13:00:00", str(SENT), []),
        ("2024-03-01T18:45:00", SENT, []),
        ("2024-03-01T13:07:00", str(SENT), ["times-differ"]),
        ("2024-03-09T13:00:00", str(SENT), ["times-differ"]),
        ("2019-10-27T01:30:00", None, ["zone-hour-twice"]),
        ("2019-03-31T01:30:00", None, ["zone-hour-skipped"]),
        (None, None, ["no-time"]),
        (None, "soon", ["no-time"]),
        (None, "9" * 19, ["no-time"]),
        ("soon", None, ["no-time"]),
    ],
)
def test_what_a_time_leaves_open_is_said(
    date: str | None, unixtime: str | int | None, found: list[str]
) -> None:
    data = written(chat(said(1, date=date, date_unixtime=unixtime)))
    assert codes(data) == found
    assert (read(data)[0]["sent_at"] is None) == (found == ["no-time"])


def test_messages_stand_in_the_order_of_their_times() -> None:
    data = written(chat(said(3, text="b"), said(1, text="a"), said(3, text="c")))
    ordered = sorted(read(data), key=lambda row: row["sequence"])
    assert [row["text"] for row in ordered] == ["a", "b", "c"]
    assert "time-runs-back" in codes(data)


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"text": ""}, "empty", None),
        ({"text": [], "photo": "photos/1.jpg"}, "media", None),
        ({"file": "a.pdf"}, "media", "hi"),
        ({"media_type": "sticker", "file": "s.webp", "text": ""}, "sticker", None),
        ({"self_destruct_period_seconds": 5, "text": ""}, "media", None),
        ({"poll": POLL, "text": ""}, "poll", "Tea?\nYes"),
        ({"poll": {"question": [{"text": "Tea?"}]}, "text": ""}, "poll", "Tea?"),
        ({"location_information": POINT, "text": ""}, "location", "1.5, 2.0"),
        ({"place_name": "Depot", "address": "Low Road", "text": ""}, "location", "Depot, Low Road"),
        ({"contact_information": {"first_name": "Dee"}, "text": ""}, "contact", "Dee"),
        ({"game_title": "Draughts", "text": ""}, "share", "Draughts"),
        ({"type": "service", "actor": "Ana", "action": "group_call"}, "call", "hi"),
        ({"type": "service", "action": "pin_message", "text": ""}, "notice", "pin_message"),
        ({"type": "service", "information_text": "hello", "text": ""}, "notice", "hello"),
        ({"type": "service", "text": ""}, "notice", None),
        ({"type": "unsupported"}, "text", "hi"),
    ],
)  # fmt: skip
def test_the_kind_of_a_message_shows_in_its_fields(
    fields: dict[str, Any], kind: str, text: str | None
) -> None:
    row = one(**fields)
    assert (row["kind"], row["text"]) == (kind, text)
    if kind in ("notice", "call"):
        assert row["sender"] == ("Ana" if kind == "call" else None)


def test_a_file_left_out_is_an_attachment_without_a_name_or_with_the_name_it_had() -> None:
    out = "(File not included. Change data exporting settings to download.)"
    big = "(File exceeds maximum size. Change data exporting settings to download.)"
    data = written(
        chat(
            said(1, photo=out),
            said(2, file=out, file_name="rota.pdf"),
            said(3, file=f"rota.pdf {big}", mime_type="image/gif"),
            said(4, file="v/a.ogg", media_type="voice_message", mime_type="audio/ogg"),
            said(5, file="v/a.mp4", mime_type="video/mp4"),
            said(6, media_type="animation"),
            said(7, file="plan.pdf"),
            said(8, contact_vcard="c.vcard", contact_information={}),
        )
    )
    found = [(row["name"], row["media"], row["omitted"]) for row in read(data, "attachments")]
    assert found == [
        (None, "image", True),
        ("rota.pdf", "document", True),
        ("rota.pdf", "gif", True),
        ("v/a.ogg", "audio", False),
        ("v/a.mp4", "video", False),
        (None, "gif", True),
        ("plan.pdf", "document", False),
        ("c.vcard", "contact", False),
    ]


def test_who_came_and_went_is_kept() -> None:
    data = written(
        chat(
            told(1, "create_group", title="Nights", members=["Ana", "Bo"]),
            told(2, "invite_members", members=["Cy", None]),
            told(3, "remove_members", members=["Cy"]),
            told(4, "remove_members", members=["Ana"]),
            told(5, "join_group_by_request"),
            told(6, "edit_group_title", title="Days"),
            told(7, "invite_members"),
            told(8, "remove_members"),
        )
    )
    found = [(row["event"], row["member"]) for row in read(data, "memberships")]
    assert found == [
        ("created", None),
        ("joined", "Ana"),
        ("added", "Bo"),
        ("added", "Cy"),
        ("added", None),
        ("removed", "Cy"),
        ("left", "Ana"),
        ("joined", "Ana"),
        ("subject", None),
    ]
    assert [row["name"] for row in read(data, "participants")] == ["Ana", "Ana", "Bo", "Cy"]


def test_reactions_keep_the_names_they_have_and_count_the_others() -> None:
    named = {"from": "Bo", "date_unixtime": str(SENT)}
    many = [
        {"type": "emoji", "count": 3, "emoji": "👍", "recent": [named, {"from": "Cy"}]},
        {"type": "custom_emoji", "document_id": "stickers/1.webm"},
        {"type": "paid", "count": 10**12},
    ]
    data = written(chat(said(1, reactions=many, edited="2024-03-01T13:00:00")))
    found = read(data, "reactions")
    assert [(row["actor"], row["reaction"]) for row in found[:4]] == [
        ("Bo", "👍"),
        ("Cy", "👍"),
        (None, "👍"),
        (None, "stickers/1.webm"),
    ]
    assert [row["reacted_at"] and row["reacted_at"].timestamp() for row in found[:2]] == [
        SENT,
        None,
    ]
    assert [row["reaction"] for row in found[4:]] == ["paid"] * 20
    assert codes(data) == ["many-reactions", "edited-or-reacted"]


@pytest.mark.parametrize(
    ("fields", "edited"),
    [
        ({}, False),
        ({"edited": "2024-03-01T13:00:00"}, True),
        ({"edited_unixtime": str(SENT)}, True),
        ({"edited": "1970-01-01T01:00:00"}, False),
        ({"edited_unixtime": "0"}, False),
    ],
)
def test_an_edits_time_may_be_a_reactions(fields: dict[str, Any], edited: bool) -> None:  # noqa: FBT001
    data = written(chat(said(1, **fields)))
    assert read(data)[0]["edited"] is edited
    assert codes(data) == (["edited-or-reacted"] if edited else [])


def test_what_no_column_holds_is_a_note() -> None:
    data = written(
        chat(
            said(1, forwarded_from="Bo"),
            said(2, saved_from="Days"),
            said(3, author="Cy"),
            said(4, self_destruct_period_seconds=9),
        )
    )
    assert codes(data) == ["forwarded", "forwarded", "signed", "self-destructing"]


def test_a_message_the_exporter_could_not_write_is_a_row_and_a_doubt() -> None:
    data = written(chat({"id": 1, "type": "unsupported"}))
    (row,) = read(data)
    assert (row["kind"], row["sender"], row["sent_at"]) == ("empty", None, None)
    assert codes(data) == ["no-time", "unsupported-message"]


def test_a_deleted_account_is_named_by_its_number() -> None:
    assert one(**{"from": None})["sender"] == "user1"
    assert one(**{"from": None, "from_id": None})["sender"] is None
    data = written(
        chat(told(1, "phone_call", actor=None), told(2, "phone_call", actor=None, actor_id=None))
    )
    assert [row["sender"] for row in read(data)] == ["user1", None]


@pytest.mark.parametrize(
    ("frame", "thread", "platform_id"),
    [
        ({"type": "public_channel"}, "channel77", "channel77/1"),
        ({"type": "private_group"}, "chat77", "chat77@5/1"),
        ({"type": "personal_chat"}, "user77@5", "user77@5/1"),
        ({"type": "saved_messages", "name": None}, "saved_messages77@5", "saved_messages77@5/1"),
        ({"type": 4, "id": []}, "chat result from byte 163@5", "chat result from byte 163@5/1"),
    ],
)
def test_no_two_messages_share_a_name(frame: dict[str, Any], thread: str, platform_id: str) -> None:
    (row,) = read(written(account(chat(said(1, reply_to_message_id=3), **frame))))
    assert (row["thread"], row["platform_id"]) == (thread, platform_id)
    assert row["reply_to"] == platform_id[:-1] + "3"


def test_an_account_nobody_named_is_told_apart_by_its_exhibit() -> None:
    (row,) = read(written(chat(said(1), type="personal_chat")))
    assert row["thread"] == "user77@" + "e" * 16


def test_a_reply_into_another_chat_names_that_chat() -> None:
    row = one(reply_to_message_id=8, reply_to_peer_id="channel9")
    assert row["reply_to"] == "channel9/8"


def test_numbers_that_no_message_of_a_group_has_are_named() -> None:
    numbers = [1, 2, 4, 9, 11, 13, 15, 17]
    data = written(chat(*(said(number) for number in numbers)))
    (note,) = [row for row in read(data, "problems") if row["code"] == "numbers-missing"]
    assert "has: 9 (3, 5 to 8, 10, 12, 14, …)" in note["what"]
    few = written(chat(said(1), said(3), said(4) | {"id": None}))
    assert "has: 1 (2): deleted" in read(few, "problems")[-1]["what"]
    assert codes(written(chat(said(1), said(3), type="private_group"))) == []


def said_of(data: bytes) -> list[tuple[str, str]]:
    return [(row["conversation"], row["text"]) for row in read(data)]


def test_an_account_that_nobody_left_a_chat_of_ends_as_it_should() -> None:
    document = account(chat(said(1))) | {"left_chats": {"about": "x", "list": []}}
    assert codes(written(document)) == []


def test_every_chat_of_an_account_is_read_and_kept_apart() -> None:
    document = account(
        chat(said(1, text="a"), name='Bo "{" [the other]'),
        chat(name="Empty"),
        chat(said(1, text='"messages": [ {"name": "x", "messages": ['), name="Cy"),
        left=(chat(said(1, text="c"), name="Gone"),),
    )
    expected = [
        ('Bo "{" [the other]', "a"),
        ("Cy", '"messages": [ {"name": "x", "messages": ['),
        ("Gone", "c"),
    ]
    tight = json.dumps(document, separators=(",", ":")).encode()
    for data in (written(document), tight, b"\xef\xbb\xbf" + tight + b"\n"):
        assert said_of(data) == expected
        assert codes(data) == []


def test_an_account_without_chats_is_said_to_have_none() -> None:
    data = written({"about": "x", "personal_information": {"user_id": 5}})
    (row,) = read(data, "problems")
    assert (row["code"], row["what"]) == ("envelope", "an account without chats")


@pytest.mark.parametrize("owner", ["[]", "{", "null"])
def test_an_owner_who_cannot_be_read_leaves_the_exhibits_name(owner: str) -> None:
    document = account(chat(said(1), type="personal_chat"))
    data = written(document).replace(b'"user_id": 5', f'"user_id": {owner}'.encode())
    assert read(data)[0]["thread"] == "user77@" + "e" * 16


def test_keys_behind_the_messages_are_read_too() -> None:
    data = json.dumps(chat(said(1)), sort_keys=True).encode()
    (row,) = read(data)
    assert (row["conversation"], row["thread"]) == ("Nights", "channel77")


def test_an_account_cut_off_between_two_chats_says_so() -> None:
    data = written(account(chat(said(1), name="Bo"), chat(said(2), name="Cy")))
    at = data.index(b"Cy")
    found = codes(data[: data.rindex(b"}", 0, at) + 1])
    assert "cut-off" in found
    assert "cut-off" not in codes(data)


def test_damage_in_one_chat_does_not_hide_the_next() -> None:
    data = written(account(chat(said(1, text="a"), name="Bo"), chat(said(2, text="b"), name="Cy")))
    hurt = data.replace(b'"text": "a"', b'"text": "a')
    assert said_of(hurt) == [("Cy", "b")]
    assert "broken-message" in codes(hurt)


@pytest.mark.parametrize("hurt", [b'"messeges": [', b'"messages": {'])
def test_messages_whose_chat_is_damaged_are_not_taken_for_the_one_before(hurt: bytes) -> None:
    data = written(account(chat(said(1, text="a"), name="Bo"), chat(said(2, text="b"), name="Cy")))
    head, _, tail = data.rpartition(b'"messages": [')
    first, second = said_of(head + hurt + tail)
    assert first == ("Bo", "a")
    assert second[1] == "b"
    assert second[0].startswith("result from byte ")
    assert "chat-unsure" in codes(head + hurt + tail)


def test_a_head_that_cannot_be_read_costs_the_chats_name_only() -> None:
    data = written(account(chat(said(1, text="a"), name="Bo"), chat(said(2, text="b"), name="Cy")))
    first, second = said_of(data.replace(b'"name": "Cy"', b'"name": Cy'))
    assert (first, second[1]) == (("Bo", "a"), "b")
    assert second[0].startswith("result from byte ")


def test_a_key_written_twice_is_in_doubt() -> None:
    data = written(chat(said(1))).replace(b'"from":', b'"from": "Bo", "from":')
    assert read(data)[0]["sender"] == "Ana"
    assert codes(data) == ["duplicate-key"]
    assert codes(written(chat(said(1))).replace(b'"name"', b'"name": "x", "name"')) == [
        "duplicate-key"
    ]
    assert codes(written(chat(said(1, text="x"))).replace(b'"x"', b'"\\u0041"')) == []


def test_fields_of_the_wrong_type_are_left_out_and_named() -> None:
    data = written(chat(said(1, text={"a": 1}, photo=5)))
    assert [row["text"] for row in read(data)] == [None]
    what = [row["what"] for row in read(data, "problems") if row["code"] == "wrong-type"]
    assert what == [f"{key} is not what it should be; left out" for key in ("photo", "text")]


def test_damaged_characters_are_shown_and_named() -> None:
    data = written(chat(said(1, text="half X"), said(2, text="whole"))).replace(b"X", b"\xf0")
    assert [row["text"] for row in read(data)] == ["half �", "whole"]
    assert codes(data) == ["damaged-text"]


def test_a_number_too_long_to_be_one_does_no_harm() -> None:
    long = b"1" * 5000
    data = written(chat(said(1, width=7), said(2))).replace(b'"width": 7', b'"width": ' + long)
    assert [row["text"] for row in read(data)] == ["hi", "hi"]
    assert codes(data) == []
    escaped = data.replace(b'"hi"', b'"\\u0041"')
    assert [row["text"] for row in read(escaped)] == ["A", "A"]
    broken = data.replace(b'"hi"', b"7", 1)
    assert [row["text"] for row in read(broken)] == [None, "hi"]
    assert codes(broken) == ["no-time", "unreadable-message"]


def test_control_characters_and_bare_names_of_files_are_read() -> None:
    data = written(
        chat(said(1, text="a FEED b"), said(2, text=[{"text": "☕", "document_id": "FILE"}]))
    )
    data = data.replace(b"FEED", b"\\x0C").replace(b'"FILE"', b"video_files/sticker (2).webm")
    assert [row["text"] for row in read(data)] == ["a \f b", "☕"]
    assert codes(data) == ["not-json"] * 2


def test_mending_leaves_sound_json_alone() -> None:
    sound = b'{"text": "a \\\\x0C \\n", "document_id": "1", "n": [{"document_id": null}]}'
    assert json.loads(mend(sound)) == json.loads(sound)


def test_an_unnamed_chat_is_named_after_what_it_is_or_its_file() -> None:
    assert one()["conversation"] == "Nights"
    unnamed = [
        read(written(chat(said(1), name=None)))[0]["conversation"],
        read(written({"messages": [said(1)]}))[0]["conversation"],
        read(b'x "messages": [' + written(said(1)) + b"]}")[0]["conversation"],
    ]
    assert unnamed == ["private_supergroup 77", "result", "result"]


def test_a_chats_own_brackets_that_cannot_be_read_still_have_their_bytes() -> None:
    data = written(chat(said(1), size=0)).replace(b'"size": 0', b'"size": ' + b"1" * 5000)
    assert read(data)[0]["conversation"] in ("result", "Nights")
    assert read(b'{"messages": []}') == []


def test_more_chats_than_an_account_can_have_are_not_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chats, "_MOST_CHATS", 2)
    many = account(*(chat(said(n, text=str(n)), name=str(n)) for n in range(4)))
    found = said_of(written(many))
    assert found[:2] == [("0", "0"), ("1", "1")]
    assert all(name.startswith("result from byte ") for name, _ in found[2:])


@pytest.mark.parametrize(
    ("head", "ours"),
    [
        (b'\xef\xbb\xbf {"name": "x", "type": "personal_chat", "id": 1, "messages": [', True),
        (b'{"messages": [{"id": 1, "type": "message", "date_unixtime": "1"', True),
        (b'{"about": "x", "personal_information": {"user_id": 1,', True),
        (b'{"participants": [], "messages": [{"sender_name": "A", "timestamp_ms": 1}]}', False),
        (b'{"type": "personal_chat", "id": 1}', False),
        (b'[{"type": "personal_chat", "messages": [', False),
        (b'{"messages": [{"id": "a", "type": "text"}]}', False),
        (b'{"messages": [{"type": "message", "date_unixtime": "1"', True),
        (b'{"messages": [{"type": "message", "text": "1"', False),
    ],
)
def test_its_own_files_are_known_by_their_keys(head: bytes, *, ours: bool) -> None:
    assert identify("x.json", head) is ours


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_file_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(telegram_json, damaged(sample.read_bytes(), seed), NAME)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_explained(data: bytes) -> None:
    batches(telegram_json, data, NAME)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=8))
def test_texts_come_back_as_they_were_said(texts: list[str]) -> None:
    half = len(texts) // 2
    first, second = (
        chat(*(said(n, text=text) for n, text in enumerate(part)), name=name)
        for name, part in (("Bo", texts[:half]), ("Cy", texts[half:]))
    )
    expected = [("Bo", text) for text in texts[:half]] + [("Cy", text) for text in texts[half:]]
    assert said_of(written(account(first, second))) == expected


def test_small_windows_find_the_same_chats(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(account(*(chat(said(n, text=str(n)), name=str(n)) for n in range(9))))
    expected = said_of(data)
    monkeypatch.setattr(chats, "_WINDOW_BYTES", 300)
    assert [text for _, text in said_of(data)] == [text for _, text in expected]


def test_what_a_chat_says_of_itself_in_the_wrong_type_is_not_read() -> None:
    (row,) = read(written(chat(said(1), type=4)))
    assert (row["conversation"], row["thread"]) == ("Nights", "chat77@" + "e" * 16)
