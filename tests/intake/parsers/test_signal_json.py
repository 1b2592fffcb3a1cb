"""Signal's JSON lines are read whole: every line, every byte, every doubt."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parsers import signal_json
from witnessbox.intake.parsers.signal_json import identify

NAME = "export/Nights/data.json"
SOUND = samples(signal_json)


def line(**fields: Any) -> bytes:
    said = {"date": "2024-03-01T13:00:00", "sender": "Ana", "body": "hi  ", "reactions": []}
    return json.dumps(said | fields, ensure_ascii=False).encode() + b"\n"


def read(
    data: bytes, table: str = "messages", name: str = NAME, limits: Limits = DEFAULT
) -> list[dict[str, Any]]:
    return rows(batches(signal_json, data, name, limits=limits), table)


def codes(data: bytes) -> list[str]:
    return [row["code"] for row in read(data, "problems")]


def test_a_message_is_its_line() -> None:
    data = line() + line(sender="Me", body="  two  ")
    first, second = read(data)
    assert (first["text"], second["text"], second["start"]) == ("hi", "  two", first["end"])
    assert (first["sender"], second["sender"]) == ("Ana", "Me")
    assert first["conversation"] == "Nights"
    assert [row["sequence"] for row in (first, second)] == [0, 1]


@pytest.mark.parametrize(
    ("date", "precision", "wall"),
    [
        ("2024-03-01T13:00:00", "second", True),
        ("2024-03-01T13:00:00.250000", "millisecond", True),
        ("2024-03-01T13:00:00+01:00", "second", False),
    ],
)
def test_a_time_is_as_fine_as_it_is_written(date: str, precision: str, *, wall: bool) -> None:
    (row,) = read(line(date=date))
    assert (row["precision"], row["stamp"]) == (precision, date)
    assert (row["wall_at"] is not None, row["zone"]) == (wall, "Europe/London" if wall else "UTC")


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({}, "text", "hi"),
        ({"body": "  "}, "empty", None),
        ({"body": None}, "empty", None),
        ({"deleted": True}, "deleted", "hi"),
        ({"call": True, "missed": True}, "call", "hi"),
        ({"sticker": "🐺", "body": "  "}, "sticker", "🐺"),
        ({"sticker": "", "body": "  "}, "empty", None),
        ({"sticker": {"emoji": None}, "body": "  "}, "sticker", "sticker"),
        ({"attachments": [{"name": "a.jpg", "path": "media/a.jpg"}]}, "media", "hi"),
        ({"sender": "No-Sender", "body": "  "}, "notice", None),
    ],
)
def test_the_kind_of_a_message_shows_in_its_fields(
    fields: dict[str, Any], kind: str, text: str | None
) -> None:
    (row,) = read(line(**fields))
    assert (row["kind"], row["text"]) == (kind, text)
    assert row["deleted"] == (kind == "deleted")


def test_files_there_and_left_out_are_attachments() -> None:
    files = [
        {"name": "a.jpg", "path": "./media/a.jpg"},
        {"name": "", "path": "", "missing_kind": "media"},
        {"name": "b.pdf", "path": "x", "missing_kind": "attachment"},
        {"path": "media/c.m4a"},
    ]
    data = line(attachments=files, sticker={"id": 7, "packId": "p", "extension": "webp"})
    found = [(row["name"], row["media"], row["omitted"]) for row in read(data, "attachments")]
    assert found == [
        ("media/a.jpg", "image", False),
        (None, "unknown", True),
        (None, "document", True),
        ("media/c.m4a", "audio", False),
        ("../exported_stickers/p/7.webp", "sticker", False),
    ]


def test_reactions_are_pairs_or_objects() -> None:
    given_by = [["Bo", "👍"], {"name": "Cy", "emoji": "❤"}, ["Dee"]]
    found = read(line(reactions=given_by), "reactions")
    assert [(row["actor"], row["reaction"]) for row in found] == [
        ("Bo", "👍"),
        ("Cy", "❤"),
        ("Dee", None),
    ]


def test_what_was_said_before_an_edit_and_what_is_quoted_is_noted() -> None:
    edits = [{"date": "2024-03-01T12:59:00", "body": "hello  "}, {"body": None}]
    data = line(edits=edits, quote="\n\n> one\n> two\n\n")
    assert read(data)[0]["edited"]
    assert [row["what"] for row in read(data, "problems")] == [
        "in reply to: one\ntwo",
        "until its edit, from 2024-03-01T12:59:00: hello",
        "before its edit: ",
    ]
    assert [(row["text"], row["replaced_at"]) for row in read(data, "earlier_texts")] == [
        ("hello", None)
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\n", ["blank-line"]),
        (b"nonsense\n", ["broken-message"]),
        (b"[1]\n", ["broken-message"]),
        (b'{"date": "2024', ["cut-off"]),
        (b'{"sender": "\n', ["broken-message"]),
        (b'{"a": ' + b"[" * 100_000 + b"\n", ["broken-message"]),
        (line(date=7), ["wrong-type", "no-time"]),
        (line(date="soon"), ["no-time"]),
        (line(sender=None), ["no-sender"]),
        (line(body="x  ").replace(b"x", b"\xff"), ["damaged-text"]),
        (line(body="x  ").replace(b"x", b"\\ud83d"), ["damaged-text"]),
        (line().replace(b'"sender"', b'"sender": "Bo", "sender"'), ["duplicate-key"]),
        (line(extra=0).replace(b": 0", b": " + b"1" * 5000), []),
    ],
)
def test_what_is_not_as_it_should_be_is_named(data: bytes, expected: list[str]) -> None:
    assert codes(data) == expected


def test_a_line_too_long_is_a_loss() -> None:
    small = Limits(text_message_bytes=200)
    long = line(body="a" * 500)
    assert [row["text"] for row in read(long + line(), limits=small)] == ["hi"]
    (lost,) = read(long + line(), "problems", limits=small)
    assert (lost["code"], lost["severity"]) == ("message-too-long", "loss")
    assert lost["what"] == f"a line of {len(long)} bytes; one of more than 200 is not read"


def test_times_that_run_back_are_in_doubt_but_for_an_hour() -> None:
    times = ("2024-03-01T13:00:00", "2024-03-01T12:00:00", "2024-03-01T10:00:00")
    (doubt,) = read(b"".join(line(date=time) for time in times), "problems")
    assert doubt["what"] == "places where times run back by more than an hour: 1"


def test_everyone_heard_is_a_participant() -> None:
    found = read(line() + line(sender="Me") + line(), "participants")
    assert [(row["name"], row["messages"]) for row in found] == [("Ana", 2), ("Me", 1)]


@pytest.mark.parametrize("head", [b"", b"{}", b'{"messages": []}', b'{"date": "x"}\n' + line()])
def test_other_json_is_declined(head: bytes) -> None:
    assert not identify(NAME, head)


def test_a_file_outside_its_folder_is_named_after_itself() -> None:
    assert {read(line(), name=name)[0]["conversation"] for name in ("Ana.json", "x/Ana.json")} == {
        "Ana"
    }


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_file_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(signal_json, damaged(sample.read_bytes(), seed), NAME)
