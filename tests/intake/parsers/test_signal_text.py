"""Signal's pages are read whole, and what was typed is told from what the exporter added."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parsers import signal_text, whatsapp_text
from witnessbox.intake.parsers.signal_text import identify
from witnessbox.intake.signal import pages

NAME = "export/Nights/chat.md"
SOUND = samples(signal_text)
HEAD = "[2024-03-01 13:00:00] Ana: "


def page(*bodies: str) -> bytes:
    return "".join(f"{HEAD}{body}\n\n" for body in bodies).encode()


def read(
    data: bytes, table: str = "messages", name: str = NAME, limits: Limits = DEFAULT
) -> list[dict[str, Any]]:
    return rows(batches(signal_text, data, name, limits=limits), table)


def codes(data: bytes, name: str = NAME) -> list[str]:
    return [row["code"] for row in read(data, "problems", name)]


def test_a_message_has_its_time_on_the_exporters_clock_its_sender_and_text() -> None:
    (row,) = read(page("hi\nthere  "))
    assert (row["sender"], row["text"], row["kind"]) == ("Ana", "hi\nthere", "text")
    assert (row["stamp"], row["precision"]) == ("2024-03-01 13:00:00", "second")
    assert row["wall_at"].isoformat() == "2024-03-01T13:00:00"
    assert (row["zone"], row["conversation"], row["thread"]) == ("Europe/London", "Nights", None)


@pytest.mark.parametrize(
    ("body", "text", "given"),
    [
        ("hi  \n(- Bo: 👍, Cy: ❤ -)", "hi", [("Bo", "👍"), ("Cy", "❤")]),
        ("hi  \n(- 👍 -)", "hi", [(None, "👍")]),
        ("hi\n(- Bo: 👍 -)  ", "hi\n(- Bo: 👍 -)", []),
        ("hi\n(- Bo: 👍 -)", "hi\n(- Bo: 👍 -)", []),
    ],
)
def test_a_reaction_is_one_only_behind_the_exporters_mark(
    body: str, text: str, given: list[tuple[str | None, str]]
) -> None:
    data = page(body)
    (row,) = read(data)
    assert row["text"] == text
    assert [(one["actor"], one["reaction"]) for one in read(data, "reactions")] == given


@pytest.mark.parametrize(
    ("body", "text", "names"),
    [
        ("look  ![a.jpg](./media/a.jpg)  ", "look", ["media/a.jpg"]),
        ("  [a](./media/a)  [b.pdf](./media/b.pdf)  ", None, ["media/a", "media/b.pdf"]),
        ("  ![a[1].jpg](./media/a[1].jpg)  ", None, ["media/a[1].jpg"]),
        ("  [old\u2003name](./media/old%20name)  ", None, ["media/old%20name"]),
        ("[a](./media/a)  ", "[a](./media/a)", []),
        ("  [a](https://example.org)  ", "  [a](https://example.org)", []),
        ("  a](./media/a)  ", "  a](./media/a)", []),
        ("  (aside)  ", "  (aside)", []),
    ],
)
def test_files_stand_behind_the_text(body: str, text: str | None, names: list[str]) -> None:
    data = page(body)
    (row,) = read(data)
    assert (row["text"], row["kind"]) == (text, "media" if names else "text")
    assert [one["name"] for one in read(data, "attachments")] == names


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("  \n(( 🐺 ))", None),
        ("  [🐺](../exported_stickers/a/7.webp)  ", "../exported_stickers/a/7.webp"),
        ("  \n(- Bo: ❤ -)[🐺](../exported_stickers/a/7.webp)  ", "../exported_stickers/a/7.webp"),
        ("  [](../exported_stickers/a/7.webp)  ", "../exported_stickers/a/7.webp"),
    ],
)
def test_a_sticker_is_there_or_left_out(body: str, path: str | None) -> None:
    data = page(body)
    (row,) = read(data)
    assert (row["kind"], row["text"]) == ("sticker", "sticker" if "[]" in body else "🐺")
    (one,) = read(data, "attachments")
    assert (one["name"], one["media"], one["omitted"]) == (path, "sticker", path is None)


@pytest.mark.parametrize(
    ("body", "quote", "text"),
    [
        ("\n\n> one\n> two\n\nyes  ", "one\ntwo", "yes"),
        ("\n\n> one", None, "\n\n> one"),
        ("\n\n> one\nno\n\nyes  ", None, "\n\n> one\nno\n\nyes"),
        ("> one  ", None, "> one"),
    ],
)
def test_a_quotation_is_not_what_the_replier_said(body: str, quote: str | None, text: str) -> None:
    data = page(body)
    (row,) = read(data)
    assert row["text"] == text
    noted = [one["what"] for one in read(data, "problems") if one["code"] == "quotes"]
    assert noted == ([] if quote is None else [f"in reply to: {quote}"])


def test_a_long_quotation_is_cut_short_in_its_note() -> None:
    data = page(f"\n\n> {'a' * 3000}\n\nyes  ")
    (note,) = read(data, "problems")
    assert len(note["what"]) < 2100


def test_a_deleted_message_is_told_from_one_that_says_so() -> None:
    gone, typed = read(page("(This message was deleted)", "(This message was deleted)  "))
    assert (gone["kind"], gone["deleted"], gone["text"]) == ("deleted", True, None)
    assert (typed["kind"], typed["text"]) == ("text", "(This message was deleted)")


def test_a_head_in_a_body_stays_there_and_is_in_doubt() -> None:
    data = page("look\n[2024-02-01 08:00:00] Bo: never said  ", *["hi  "] * 5)
    assert len(read(data)) == 6
    (doubt,) = read(data, "problems")
    assert (doubt["code"], doubt["start"]) == ("head-in-a-body", data.index(b"[2024-02"))


def test_where_messages_end_in_many_ways_every_head_counts() -> None:
    data = page("a", "b  ", "c")
    assert [row["text"] for row in read(data)] == ["a", "b", "c"]
    assert codes(data) == ["odd-end", "odd-end"]


def test_the_writers_of_plain_pages_leave_no_mark() -> None:
    data = b"[2019-12-24, 12:23] Jo: hi\n[2019-12-24, 12:24] Al:\nyo"
    assert [(row["sender"], row["text"]) for row in read(data)] == [("Jo", "hi"), ("Al", "\nyo")]
    assert codes(data) == []


@pytest.mark.parametrize(("end", "expected"), [("", ["cut-off"]), ("  ", [])])
def test_a_file_cut_in_a_message_is_in_doubt(end: str, expected: list[str]) -> None:
    assert codes(page(*["hi  "] * 5) + f"{HEAD}half{end}".encode()) == expected


def test_line_ends_of_windows_are_line_ends() -> None:
    data = page("hi\nthere  \n(- Bo: 👍 -)").replace(b"\n", b"\r\n")
    (row,) = read(data)
    assert row["text"] == "hi\nthere"
    assert len(read(data, "reactions")) == 1


def test_bytes_that_are_not_utf_8_are_in_doubt_and_a_replacement_typed_is_not() -> None:
    assert codes(page("\ufffd  ")) == []
    assert codes(page("x  ").replace(b"x", b"\xff")) == ["damaged-text"]


def test_no_sender_is_nobody() -> None:
    data = page("  ", "hm  ").replace(b"Ana", b"No-Sender")
    assert [(row["sender"], row["kind"]) for row in read(data)] == [
        (None, "notice"),
        (None, "text"),
    ]
    assert codes(data) == ["no-sender"] * 2
    assert read(data, "participants") == []


@pytest.mark.parametrize(
    ("stamp", "code"),
    [
        ("2024-13-01 13:00:00", "no-time"),
        ("2024-10-27 01:30:00", "zone-hour-twice"),
        ("2024-03-31 01:30:00", "zone-hour-skipped"),
    ],
)
def test_a_time_that_was_not_or_was_twice_is_in_doubt(stamp: str, code: str) -> None:
    data = page("hi  ").replace(b"2024-03-01 13:00:00", stamp.encode())
    assert codes(data) == [code]
    assert read(data)[0]["stamp"] == stamp


def test_what_has_no_head_is_no_message() -> None:
    with pytest.raises(ValueError, match="begins with its head"):
        pages.read(b"no head")


def test_messages_stand_in_the_order_of_the_file_and_steps_back_are_in_doubt() -> None:
    data = page("a  ") + page("b  ").replace(b"13:00:00", b"09:00:00")
    assert [row["text"] for row in sorted(read(data), key=lambda row: row["sequence"])] == [
        "a",
        "b",
    ]
    assert codes(data) == ["time-runs-back"]


def test_a_mark_at_the_start_and_text_before_the_first_head_are_accounted_for() -> None:
    assert codes(b"\xef\xbb\xbf" + page("hi  ")) == ["no-head"]
    assert codes(b"lost\n" + page("hi  ")) == ["no-head"]


def test_a_message_too_long_keeps_its_beginning() -> None:
    small = Limits(text_message_bytes=200)
    data = page("a" * 70 + "\n" + "b" * 70 + "\n" + "c" * 300 + "  ", "short  ")
    first, second = read(data, limits=small)
    assert (first["text"].count("b"), second["text"]) == (70, "short")
    told = {row["code"]: row["what"] for row in read(data, "problems", limits=small)}
    assert told["message-too-long"] == "the rest of a message of more than 200 bytes"


def test_no_limit_is_so_low_that_heads_are_not_found() -> None:
    data = page("a" * 70 + "\n" + "b" * 70 + "  ", "short  ")
    found = read(data, limits=Limits(text_message_bytes=1))
    assert [row["text"] for row in found] == ["a" * 70, "short"]


@pytest.mark.parametrize(
    ("name", "head", "ours"),
    [
        (NAME, HEAD.encode() + b"hi", True),
        ("index.md", b"\xef\xbb\xbf[2019-12-24, 12:23] Jo: hi", True),
        ("chat.txt", b"[2019-12-24, 12:23] Jo: hi", True),
        ("chat.txt", b"[2019-12-24, 12:23:05] Jo: hi", False),
        ("chat.txt", b"[2019-12-24 12:23:05] Jo: hi", False),
        ("README.md", b"# Read me\n", False),
        ("_chat.txt", b"[24/12/2019, 12:23:05] Jo: hi", False),
    ],
)
def test_pages_are_known_by_their_heads(name: str, head: bytes, *, ours: bool) -> None:
    assert identify(name, head) == ours
    assert not (ours and whatsapp_text.identify(name, head))


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_file_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(signal_text, damaged(sample.read_bytes(), seed), NAME)


PIECES = [
    "hi",
    "  ",
    "\n",
    "> ",
    "(- Bo: x -)",
    "(( x ))",
    "[a](./media/a)  ",
    HEAD,
    "](./",
    "\r\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_whatever_is_typed_every_byte_is_explained(pieces: list[str]) -> None:
    batches(signal_text, "".join(pieces).encode(), NAME)


@given(st.lists(st.sampled_from(["hi", "\n(- Bo: x -)", "\n(( x ))", "\n", " a"]), min_size=1))
def test_nothing_typed_without_the_mark_is_taken_for_the_exporters(pieces: list[str]) -> None:
    typed = "".join(pieces)
    (row,) = read(page(f"{typed}  "))
    assert row["text"] == typed


def test_reading_takes_time_in_proportion() -> None:
    many = random.Random(3).choices(["  [a](./media/a)  ", "\n(- Bo: x -)", "hi"], k=20_000)  # noqa: S311
    (row,) = read(page("".join(many) + "  "))
    assert row["kind"] in ("text", "media")
