"""Messenger's pages are read whole, whatever their year, language and state."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake import html_cuts
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.messenger_html.pieces import Part, pieces
from witnessbox.intake.parsers import messenger_html
from witnessbox.intake.parsers.messenger_html import identify

NAME = "your_facebook_activity/messages/inbox/nights_1/message_1.html"
SOUND = samples(messenger_html)
WHEN = "Mar 01, 2024 1:05 pm"


def said(
    text: str, when: str = WHEN, *, sender: str = "Ana", more: str = "", reactions: str = ""
) -> str:
    return (
        f'<div class="pam _a6-g uiBoxWhite"><h2 class="_a6-h _a6-i">{sender}</h2>'
        f'<div class="_a6-p"><div><div></div><div>{text}</div><div>{more}</div>'
        f'<div><ul class="_a6-q">{reactions}</ul></div></div></div>'
        f'<div class="_3-94 _a6-o">{when}</div></div>'
    )


def page(*blocks: str, title: str = "Nights") -> bytes:
    head = f"<html><head><title>{title}</title></head><body><div>"
    return (head + "".join(blocks) + "</div></body></html>").encode()


def read(
    data: bytes, table: str = "messages", name: str = NAME, limits: Limits = DEFAULT
) -> list[dict[str, Any]]:
    return rows(batches(messenger_html, data, name, limits=limits), table)


def codes(data: bytes) -> list[str]:
    return [row["code"] for row in read(data, "problems") if row["code"] != "envelope"]


def test_spaces_around_words_are_kept_and_the_pages_own_line_ends_are_not() -> None:
    (typed, laid_out, nothing) = read(page(said("  two  "), said("\n  hi\n  "), said("   ")))
    assert (typed["text"], laid_out["text"], nothing["text"]) == ("  two  ", "hi", None)


def test_a_message_has_its_time_sender_and_text() -> None:
    (row,) = read(page(said("hi")))
    assert (row["sender"], row["text"], row["kind"], row["stamp"]) == ("Ana", "hi", "text", WHEN)
    assert (row["conversation"], row["thread"]) == ("Nights", "inbox/nights_1")
    assert row["wall_at"].isoformat() == "2024-03-01T13:05:00"
    assert (row["zone"], row["precision"]) == ("Europe/London", "minute")


def test_a_written_offset_gives_the_time_without_an_assumption() -> None:
    (row,) = read(page(said("hi", "1 March 2024 at 13:05 UTC-07")))
    assert row["sent_at"].isoformat() == "2024-03-01T20:05:00+00:00"
    assert (row["wall_at"], row["zone"]) == (None, "UTC")


def test_a_span_holds_the_message_it_belongs_to_and_not_the_page() -> None:
    data = page(said("one"), said("two"))
    for row in read(data):
        written = data[row["start"] : row["end"]]
        assert written.startswith(b"<div class=")
        assert row["text"].encode() in written
        assert b"</body>" not in written


def test_messages_of_one_minute_stand_in_the_direction_of_the_page() -> None:
    newest = page(
        said("d", "Mar 02, 2024 1:05 pm"), said("c"), said("b"), said("a", "May 1, 2019 1:00")
    )
    oldest = page(
        said("a", "May 1, 2019 1:00"), said("b"), said("c"), said("d", "Mar 2, 2024 1:05 pm")
    )
    for data in (newest, oldest):
        found = sorted(read(data), key=lambda row: row["sequence"])
        assert [row["text"] for row in found] == list("abcd")


def test_a_higher_part_is_older_at_one_minute() -> None:
    first, second = (
        read(page(said("x")), name=NAME.replace("_1.html", f"_{part}.html"))[0]["sequence"]
        for part in (10, 9)
    )
    assert first < second


def test_times_that_run_both_ways_are_in_doubt() -> None:
    days = ("Mar 5, 2024 1:00", "Mar 9, 2024 1:00", "Mar 1, 2024 1:00")
    assert codes(page(*(said("x", day) for day in days))) == ["time-runs-back"]


def test_what_was_typed_cannot_begin_a_message() -> None:
    text = "&lt;div class=&quot;uiBoxWhite&quot;&gt; &amp; <br />2 &lt; 3"
    (row,) = read(page(said(text)))
    assert row["text"] == '<div class="uiBoxWhite"> & \n2 < 3'


@pytest.mark.parametrize(
    ("more", "kind", "attached"),
    [
        (
            '<a href="photos/1.jpg"><img src="photos/1.jpg" /></a>',
            "media",
            [("image", "photos/1.jpg")],
        ),
        ('<audio src="m/audio/2.mp4"></audio>', "media", [("audio", "m/audio/2.mp4")]),
        ('<a href="m/3.pdf">rota</a>', "media", [("document", "m/3.pdf")]),
        ("<img src='stickers_used/4.png'/>", "sticker", [("sticker", "stickers_used/4.png")]),
        ('<a href="https://example.org/">x</a>', "share", [("link", "https://example.org/")]),
        ('<img src="data:image/png;base64,AA" /><a href="#">up</a>', "text", []),
    ],
)
def test_what_a_message_carries_makes_its_kind(
    more: str, kind: str, attached: list[tuple[str, str]]
) -> None:
    data = page(said("look", more=more))
    assert [row["kind"] for row in read(data)] == [kind]
    assert [(row["media"], row["name"]) for row in read(data, "attachments")] == attached


def test_what_a_share_shows_is_told_once_below_the_words() -> None:
    link = "https://example.org/rota"
    shared = f"<p><a href='{link}'>{link}</a></p>"
    more = f"<div>See  {link}</div><div>The rota</div>{shared}"
    both, alone = read(page(said(f"See {link}", more=more), said("", more=shared)))
    assert (both["text"], both["kind"]) == (f"See {link}\nThe rota", "share")
    assert alone["text"] == link


def test_a_body_without_the_usual_parts_is_read_as_it_stands() -> None:
    block = said("x").replace("<div><div></div><div>x</div>", "<p>one</p><p>two</p>")
    assert read(page(block))[0]["text"] == "one\ntwo"


def test_nothing_but_sender_and_time_is_an_empty_message() -> None:
    (row,) = read(page(said("", sender="")))
    assert (row["kind"], row["text"], row["sender"]) == ("empty", None, None)


@pytest.mark.parametrize(
    ("written", "actor", "reaction", "sure"),
    [
        ("😂Bo", "Bo", "😂", True),
        ("👍🏽 ☆Star☆", "☆Star☆", "👍🏽", True),
        ("❤️Somebody Else", "Somebody Else", "❤️", False),
        ("❤️", None, "❤️", False),
        ("Bob", None, "Bob", False),
        ("❤️" + "☆" * 40, None, "❤️" + "☆" * 40, False),
    ],
)
def test_a_reaction_is_taken_apart_where_its_name_is_known_or_letters_begin(
    written: str, actor: str | None, reaction: str, *, sure: bool
) -> None:
    who = "<div class='uiBoxWhite'>Participants: Ana, ☆Star☆ and Bo</div>".replace("'", '"')
    data = page(who, said("hi", reactions=f"<li><span>{written}</span></li>"))
    (row,) = read(data, "reactions")
    assert (row["actor"], row["reaction"], row["reacted_at"]) == (actor, reaction, None)
    assert codes(data) == ([] if sure else ["reaction-run-together"])


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("Jul 1, 2024 1:05 pm", "2024-07-01T12:05:00+00:00"),
        ("1 July 2024, 13:05 UTC+02", "2024-07-01T11:05:00+00:00"),
        ("one fine day", None),
    ],
)
def test_a_reaction_may_have_its_time(when: str, at: str | None) -> None:
    data = page(said("hi", reactions=f"<li>😂Ana<span> ({when})</span></li>"))
    (row,) = read(data, "reactions")
    assert (row["actor"], row["reacted_at"] and row["reacted_at"].isoformat()) == ("Ana", at)


def test_everyone_listed_or_heard_is_a_participant() -> None:
    who = '<div class="uiBoxWhite">Participants: Ana and Bo</div>'
    other = '<div class="uiBoxWhite">Group photo</div>'
    found = read(page(who, other, said("x"), said("y", sender="Cy")), "participants")
    assert [(row["name"], row["messages"], row["listed"]) for row in found] == [
        ("Ana", 1, True),
        ("Bo", 0, True),
        ("Cy", 1, False),
    ]


def test_a_page_without_a_title_is_named_by_its_folder_or_file() -> None:
    for bare in (page(said("x"), title=""), page(said("x")).replace(b"title>", b"p>")):
        assert read(bare)[0]["conversation"] == "nights_1"
        assert read(bare, name="message_1.html")[0]["conversation"] == "message_1"
        assert read(bare, name="message_1.html")[0]["thread"] is None


def old(names: str, *messages: tuple[str, str]) -> str:
    return f'<div class="thread">{names}' + "".join(
        '<div class="message"><div class="message_header"><span class="user">Ana</span>'
        f'<span class="meta">{when}</span></div></div><p>{text}</p>'
        for when, text in messages
    )


def test_a_page_of_before_2018_holds_many_conversations() -> None:
    day = "Friday, 19 June 2015 at {} UTC+02"
    data = page(
        old("Ana, Bo", (day.format("19:17"), "b"), (day.format("19:16"), "a")) + "</div>",
        old("Ana, Cy", (day.format("20:00"), "c")) + "</div>",
        old("", (day.format("20:00"), "d")) + "</div>",
    )
    found = read(data, name="messages.htm")
    assert [(row["text"], row["thread"]) for row in found] == [
        ("b", "Ana, Bo"),
        ("a", "Ana, Bo"),
        ("c", "Ana, Cy"),
        ("d", "Ana, Cy"),
    ]
    assert codes(data) == []


def test_a_zone_whose_name_others_have_is_counted_as_a_doubt() -> None:
    data = page(
        old("Ana", ("June 1, 2015 at 1:54pm CDT", "a"), ("June 1, 2015 at 1:54pm PDT", "b"))
    )
    assert [row["sent_at"].hour for row in read(data)] == [18, 20]
    assert codes(data) == ["zone-abbreviation"]


def test_a_stamp_that_is_none_is_in_doubt_and_the_message_stays() -> None:
    data = page(said("kept", "10/11/2023, 13:05"), said("next"))
    first, second = read(data)
    assert (first["text"], first["sent_at"], first["stamp"]) == ("kept", None, "10/11/2023, 13:05")
    assert codes(data) == ["no-time"]
    assert second["sent_at"] is not None


def test_hours_the_zone_shows_twice_or_skips_are_named_where_they_begin() -> None:
    twice = [said("x", "Oct 29, 2023 1:30 am") for _ in range(3)]
    never = [said("x", "Mar 26, 2023 1:30 am") for _ in range(3)]
    assert codes(page(*twice, *never)) == ["zone-hour-twice", "zone-hour-skipped"]


def test_a_page_of_another_make_is_a_loss_as_a_whole() -> None:
    data = page("<article>Ana: hi</article>")
    (row,) = read(data, "problems")
    assert (row["code"], row["severity"], row["end"]) == ("no-messages", "loss", len(data))


def test_a_page_cut_inside_a_message_says_so() -> None:
    data = page(said("one"), said("two"))
    in_words = data[: data.index(b"two")]
    in_time = data[: data.rindex(b"pm</div>")]
    assert [row["text"] for row in read(in_words)] == ["one"]
    assert codes(in_words) == ["cut-off", "cut-off"]
    assert [row["text"] for row in read(in_time)] == ["one", "two"]
    assert codes(in_time) == ["cut-off", "cut-off"]


def test_bytes_that_are_no_text_are_shown_and_named() -> None:
    data = page(said("tea X")).replace(b"X", b"\xf0")
    assert read(data)[0]["text"] == "tea �"
    assert codes(data) == ["damaged-text"]


def test_elements_beyond_any_depth_do_no_harm() -> None:
    deep = said("<div>" * 3000 + "deep" + "</div>" * 3000)
    (row,) = read(page(deep))
    assert (row["text"], row["stamp"]) == ("deep", WHEN)


def test_tags_that_close_nothing_do_no_harm() -> None:
    assert read(page(said("a</b></span>b")))[0]["text"] == "ab"


def test_more_than_a_message_can_be_is_a_loss_and_reading_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(html_cuts, "WINDOW_BYTES", 1 << 12)
    small = Limits(html_block_bytes=1 << 13)
    data = page(said("one"), said("x" * 30_000), said("three"))
    assert [row["text"] for row in read(data, limits=small)] == ["one", "three"]
    told = {row["code"]: row["what"] for row in read(data, "problems", limits=small)}
    assert "a message of more than 8,192 is not read" in told["too-long"]


def test_a_long_page_comes_in_batches() -> None:
    data = page(*(said(str(number)) for number in range(5_000)))
    found = batches(messenger_html, data, NAME)
    assert sum(batch.messages is not None for batch in found) > 1
    assert [row["text"] for row in rows(found, "messages")] == list(map(str, range(5_000)))


@pytest.mark.parametrize("window", [1, 7, 64, 1 << 20])
def test_the_same_pieces_are_cut_whatever_the_window(
    window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_cuts, "WINDOW_BYTES", window)
    data = page(said("one"), said("two"))
    found = list(pieces(io.BytesIO(data)))
    assert [piece.part for piece in found] == [Part.HEAD, Part.BLOCK, Part.BLOCK]
    assert b"".join(piece.data for piece in found) == data


PAGE = b"<html><title>x</title>"
BLOCK = b'<div class="pam _a6-g uiBoxWhite">'
OLD = b'<div class="message"><div class="message_header">'


@pytest.mark.parametrize(
    ("name", "head", "ours"),
    [
        ("message_1.html", b"\xef\xbb\xbf\n<!DOCTYPE html>" + BLOCK, True),
        ("your_facebook_activity/posts/your_posts_1.html", PAGE + BLOCK, False),
        ("messages.htm", PAGE + OLD, True),
        ("html/12.html", PAGE + OLD, True),
        (NAME, PAGE, True),
        ("message_1.html", PAGE, False),
        ("message_1.html", b"Dear diary" + BLOCK, False),
        ("your_instagram_activity/messages/inbox/a_1/message_1.html", PAGE + BLOCK, False),
        ("message_1.html", PAGE + BLOCK + b'<img src="your_instagram_activity/1.jpg">', False),
    ],
)
def test_its_own_pages_are_known_by_name_and_blocks(name: str, head: bytes, *, ours: bool) -> None:
    assert identify(name, head) is ours


@settings(deadline=None)  # how long it takes is not what is tested
@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_page_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(messenger_html, damaged(sample.read_bytes(), seed), NAME)


@settings(deadline=None)  # how long it takes is not what is tested
@given(st.binary(max_size=200), st.integers(0, 3))
def test_any_bytes_at_all_are_explained(data: bytes, copies: int) -> None:
    batches(messenger_html, BLOCK * copies + data, NAME)
