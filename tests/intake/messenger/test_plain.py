"""Taking plain messages many at once gives the same rows as taking them one by one."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.reading import batches, rows, samples
from witnessbox.intake.messenger import plain, reading
from witnessbox.intake.parser import BATCH_TABLES
from witnessbox.intake.parsers import messenger_json

NAME = "messages/inbox/nights_1/message_2.json"


def mojibake(text: str) -> str:
    return text.encode().decode("latin-1")


_TEXTS = st.sampled_from(
    ["", "tea", mojibake("café ☕"), "café", "☕", "a\0b", mojibake("é\0"), "Ã"]
)
_MESSAGES = st.fixed_dictionaries(
    {
        "sender_name": st.sampled_from(["Ana", mojibake("Zoë"), "Zoë", "☕"]),
        "timestamp_ms": st.integers(1, 2**42 + 9),
    },
    optional={
        "content": _TEXTS,
        "type": st.sampled_from(["Generic", "Share", "Call", "Unsubscribe"]),
        "photos": st.just([{"uri": "p.jpg"}]),
        "share": st.just({"link": "https://example.org/"}),
        "is_unsent": st.booleans(),
        "media": st.just([]),
        "reactions": st.just([{"reaction": mojibake("❤"), "actor": "Bo"}]),
        "users": st.just([{"name": "Bo"}]),
    },
)


def download(messages: list[dict[str, Any]]) -> bytes:
    return json.dumps({"messages": messages, "title": "t", "thread_path": "inbox/t"}).encode()


def everything(data: bytes) -> dict[str, list[dict[str, Any]]]:
    found = batches(messenger_json, data, NAME)
    return {table.name: rows(found, table.name) for table in BATCH_TABLES}


def both_ways(data: bytes) -> tuple[Any, Any]:
    at_once = everything(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "take", lambda _stretch, _rows: None)
        return at_once, everything(data)


@settings(deadline=None)  # how long it takes is not what is tested
@given(st.lists(_MESSAGES, max_size=12))
def test_any_messages_read_the_same_both_ways(messages: list[dict[str, Any]]) -> None:
    at_once, one_by_one = both_ways(download(messages))
    assert at_once == one_by_one


def test_a_sound_file_is_not_repaired_either_way() -> None:
    wide = {"senderName": "☕", "timestamp": 9, "text": "☕"}
    said = [{"sender_name": "Ana", "timestamp_ms": 5, "content": mojibake("é")}] * 3
    document = {"messages": [wide, None, *said], "threadName": "Ana_4"}
    at_once, one_by_one = both_ways(json.dumps(document).encode())
    assert at_once == one_by_one
    assert [row["text"] for row in at_once["messages"]] == ["☕", *[mojibake("é")] * 3]


@pytest.mark.parametrize("sample", samples(messenger_json), ids=lambda sample: sample.parent.name)
def test_the_samples_read_the_same_both_ways(sample: Any) -> None:
    at_once, one_by_one = both_ways(sample.read_bytes())
    assert at_once == one_by_one


@pytest.mark.parametrize("sample", samples(messenger_json), ids=lambda sample: sample.parent.name)
def test_a_file_too_long_to_keep_reads_the_same(
    sample: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = everything(sample.read_bytes())
    monkeypatch.setattr(reading, "KEPT_BYTES", 0)
    assert everything(sample.read_bytes()) == kept


@pytest.mark.parametrize("odd", [{}, {"timestamp_ms": 10**17}, {"timestamp_ms": 2**80}])
def test_a_stretch_with_an_odd_time_goes_the_long_way(odd: dict[str, Any]) -> None:
    usual = {"sender_name": "Ana", "timestamp_ms": 5, "content": "x"}
    at_once, one_by_one = both_ways(download([usual, {"sender_name": "Bo"} | odd, usual]))
    assert at_once == one_by_one
    assert "no-time" in [row["code"] for row in at_once["problems"]]
