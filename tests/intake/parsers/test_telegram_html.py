"""Telegram's pages are read whole: every block, every byte, every doubt."""

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake import html_cuts
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parsers import telegram_html
from witnessbox.intake.parsers.telegram_html import identify
from witnessbox.intake.telegram_html.notices import changes, is_date

NAME = "ChatExport_2024-03-01/messages.html"
SOUND = samples(telegram_html)
OFF = "Not included, change data exporting settings to download."


def page(*blocks: str, title: str = "Nights") -> bytes:
    return (
        '<!DOCTYPE html><html><body><div class="page_wrap"><div class="page_header">'
        f'<div class="content"><div class="text bold">\n{title} \n</div></div></div>'
        '<div class="page_body chat_page"><div class="history">\n'
        + "\n".join(blocks)
        + "\n</div></div></div></body></html>\n"
    ).encode()


def said(number: int, inner: str = "", name: str | None = "Ana", stamp: str | None = None) -> str:
    stamp = f"01.03.2024 13:{number:02d}:00 UTC+00:00" if stamp is None else stamp
    when = f'<div class="pull_right date details" title="{stamp}">\n13:00\n</div>' if stamp else ""
    who = "" if name is None else f'<div class="from_name">\n{name} \n</div>'
    joined = " joined" if name is None else ""
    return (
        f'<div class="message default clearfix{joined}" id="message{number}">\n'
        f'<div class="body">{when}{who}{inner}</div></div>'
    )


def text(words: str) -> str:
    return f'<div class="text">\n{words}\n       </div>'


def told(number: int, words: str) -> str:
    return (
        f'<div class="message service" id="message{number}">'
        f'<div class="body details">\n{words}\n</div></div>'
    )


def media(sort: str, title: str = "", about: str = "", href: str | None = None) -> str:
    tag = "div" if href is None else "a"
    link = "" if href is None else f' href="{href}"'
    return (
        f'<div class="media_wrap clearfix"><{tag} class="media clearfix {sort}"{link}>'
        f'<div class="fill pull_left"></div><div class="body"><div class="title bold">{title}</div>'
        f'<div class="description">{about}</div></div></{tag}></div>'
    )


def read(
    data: bytes, table: str = "messages", name: str = NAME, limits: Limits = DEFAULT
) -> list[dict[str, Any]]:
    return rows(batches(telegram_html, data, name, limits=limits), table)


def codes(data: bytes) -> list[str]:
    return [row["code"] for row in read(data, "problems") if row["code"] != "envelope"]


def test_a_message_has_its_time_sender_and_text() -> None:
    (row,) = read(page(said(1, text("who has<br>the keys?"))))
    assert (row["sender"], row["text"], row["kind"]) == ("Ana", "who has\nthe keys?", "text")
    assert row["sent_at"].isoformat() == "2024-03-01T13:01:00+00:00"
    assert (row["stamp"], row["zone"], row["wall_at"]) == (
        "01.03.2024 13:01:00 UTC+00:00",
        "UTC",
        None,
    )
    assert (row["conversation"], row["thread"]) == ("Nights", "ChatExport_2024-03-01: Nights")


@pytest.mark.parametrize(
    ("stamp", "utc", "found"),
    [
        ("01.07.2019 12:00:00 UTC+05:30", "2019-07-01T06:30:00+00:00", []),
        ("01.07.2019 12:00:00 UTC-06", "2019-07-01T18:00:00+00:00", []),
        ("01.07.2019 12:00:00", "2019-07-01T11:00:00+00:00", []),
        ("27.10.2019 01:30:00", "2019-10-27T00:30:00+00:00", ["zone-hour-twice"]),
        ("31.03.2019 01:30:00", "2019-03-31T01:30:00+00:00", ["zone-hour-skipped"]),
        ("31.02.2019 01:30:00", None, ["no-time"]),
        ("soon", None, ["no-time"]),
        ("", None, ["no-time"]),
    ],
)
def test_what_a_time_leaves_open_is_said(stamp: str, utc: str | None, found: list[str]) -> None:
    data = page(said(1, text("hi"), stamp=stamp))
    (row,) = read(data)
    assert (row["sent_at"] and row["sent_at"].isoformat()) == utc
    assert codes(data) == found


def test_a_joined_message_is_by_whoever_wrote_the_one_above() -> None:
    data = page(said(1, text("a"), "Ana"), said(2, text("b"), None), said(3, text("c"), "Bo"))
    assert [row["sender"] for row in read(data)] == ["Ana", "Ana", "Bo"]
    assert codes(data) == []


@pytest.mark.parametrize(
    "between", ["", told(2, "Ana changed group photo"), told(-1, "2 May 2024")]
)
def test_a_joined_message_with_nobody_above_it_has_no_sender(between: str) -> None:
    first = said(1, text("a")) + between if between else ""
    data = page(first, said(3, text("b"), None))
    assert read(data)[-1]["sender"] is None
    assert "sender-unknown" in codes(data)


def test_a_message_that_swallowed_another_passes_its_sender_on_to_none() -> None:
    hidden = said(2, text("b"), "Bo").replace('class="message default', 'class="massage default')
    data = page(said(1, text("a")).removesuffix("</div></div>") + hidden, said(3, text("c"), None))
    first, second = read(data)
    assert (first["sender"], second["sender"]) == ("Ana\nBo", None)
    assert codes(data) == ["two-times", "not-closed", "sender-unknown"]


def test_bytes_that_look_like_a_message_without_its_tag_are_a_loss() -> None:
    data = page(said(1, text("a")), "<dXv" + said(2, text("b"), "Bo")[4:], said(3, text("c"), None))
    assert [row["text"] for row in read(data)] == ["a", "c"]
    assert codes(data) == ["broken-message", "sender-unknown"]


def test_what_was_typed_comes_back_as_it_was_typed() -> None:
    typed = "&lt;b&gt; &amp;amp; &quot;x&quot; &apos;y&apos;&#x0B;&#x1F;! <strong>bold</strong>"
    assert read(page(said(1, text(typed))))[0]["text"] == "<b> &amp; \"x\" 'y'\x0b\x1f! bold"


def test_spaces_and_line_ends_at_both_ends_of_what_was_typed_are_kept() -> None:
    data = page(said(1, text("  two  ")), said(2, text("<br>three<br>")), said(3, text("   ")))
    assert [row["text"] for row in read(data)] == ["  two  ", "\nthree\n", None]


def test_a_separator_of_which_the_page_leaves_two_bytes_is_that_separator() -> None:
    data = page(said(1, text("one<br>TWOtwo<br>THREEthree")))
    data = data.replace(b"TWO", b"\x80\xa8").replace(b"THREE", b"\x80\xa9")
    assert read(data)[0]["text"] == "one\u2028two\u2029three"
    assert codes(data) == []


def test_the_same_two_bytes_elsewhere_are_damage() -> None:
    data = page(said(1, text("one TWO"))).replace(b"TWO", b"\x80\xa8")
    assert read(data)[0]["text"] == "one \ufffd\ufffd"
    assert codes(data) == ["damaged-text"]


def test_where_a_link_leads_is_kept_where_its_words_do_not_say_it() -> None:
    links = (
        '<a href="https://example.org/">here</a> <a href="https://example.org">https://example.org'
        '</a> <a href="mailto:a@example.org">a@example.org</a> <a href="tel:1">1</a>'
        '<a href="" onclick="return ShowHashtag(&quot;x&quot;)">#x</a>'
    )
    data = page(said(1, text(links)))
    assert [row["name"] for row in read(data, "attachments")] == ["https://example.org/"]


def test_a_reply_names_its_message_or_the_page_that_has_it() -> None:
    def reply(inner: str) -> str:
        return f'<div class="reply_to details">In reply to {inner}</div>'

    data = page(
        said(1, reply('<a href="#go_to_message7">this message</a>')),
        said(2, reply('<a href="messages.html#go_to_message7">this message</a>')),
        said(3, reply("a message in another chat")),
        told(4, 'Ana pinned <a href="#go_to_message1">this message</a>'),
    )
    found = [row["reply_to"] for row in read(data)]
    own = "e" * 16
    assert found == [f"{own}/7", "messages.html#go_to_message7", None, f"{own}/1"]
    assert codes(data) == ["reply-elsewhere", "notices-without-time"]


def test_who_wrote_forwarded_words_is_a_note_and_carries_on_where_joined() -> None:
    named = (
        '<div class="forwarded body"><div class="from_name">Bo<span class="date details" '
        'title="28.02.2024 09:00:00 UTC+00:00"> 28.02.2024 09:00:00</span></div>'
        f"{text('a')}</div>"
    )
    nameless = f'<div class="forwarded body">{text("b")}</div>'
    data = page(said(1, named), said(2, nameless, None), said(3, nameless, "Cy"))
    assert [row["sender"] for row in read(data)] == ["Ana", "Ana", "Cy"]
    found = [row["what"] for row in read(data, "problems") if row["code"] == "forwarded"]
    assert [what.rpartition("by ")[2] for what in found] == ["Bo", "Bo", "somebody not named"]


def test_what_no_column_holds_is_a_note() -> None:
    signed = text("a") + '<div class="signature details">Cy</div>'
    data = page(
        said(1, signed),
        said(2, text("b"), "Ana via @gif"),
        said(3, media("media_photo", "Self-destructing photo")),
    )
    assert codes(data) == ["signed", "via-bot", "self-destructing"]
    assert [row["sender"] for row in read(data)] == ["Ana"] * 3


@pytest.mark.parametrize(
    ("inner", "kind", "said_", "files"),
    [
        ("", "empty", None, []),
        (media("media_photo", "Photo", OFF), "media", None, [(None, "image", True)]),
        (media("media_photo", "Sticker", OFF), "sticker", None, [(None, "sticker", True)]),
        (media("media_file", "a.mp3", OFF), "media", None, [("a.mp3", "audio", True)]),
        (media("media_file", "a", href="f/a.pdf"), "media", None, [("f/a.pdf", "document", False)]),
        (media("media_file"), "media", None, [(None, "document", True)]),
        (media("media_call", "Bo", "Missed"), "call", "Bo\nMissed", []),
        (media("media_venue", "A", href="http:"), "location", "A", [("http:", "link", False)]),
        (media("media_contact", "Dee"), "contact", "Dee", []),
        (media("media_contact", "Dee", href="c"), "contact", "Dee", [("c", "contact", False)]),
        (media("media_game"), "share", None, []),
        (media("media_poll"), "poll", None, []),
        (media("media_photo") + text("look"), "media", "look", [(None, "image", True)]),
    ],
)  # fmt: skip
def test_the_kind_of_a_message_shows_in_its_classes(
    inner: str, kind: str, said_: str | None, files: list[tuple[str | None, str, bool]]
) -> None:
    data = page(said(1, inner))
    (row,) = read(data)
    assert (row["kind"], row["text"]) == (kind, said_)
    found = [(one["name"], one["media"], one["omitted"]) for one in read(data, "attachments")]
    assert found == files


def test_a_poll_is_its_question_and_answers() -> None:
    poll = (
        '<div class="media_wrap clearfix"><div class="media_poll"><div class="question bold">Tea?'
        '</div><div class="details">Final results</div><div class="answer">- Yes '
        '<span class="details">2 votes</span></div><div class="answer">- No</div>'
        '<div class="total details\t">2 votes</div></div></div>'
    )
    (row,) = read(page(said(1, poll)))
    assert (row["kind"], row["text"]) == ("poll", "Tea?\nYes\nNo")


def test_reactions_keep_the_names_they_have_and_count_the_others() -> None:
    def mark(emoji: str, count: str, *names: str) -> str:
        shown = "".join(f'<div class="initials" title="{name}">X</div>' for name in names)
        return (
            f'<span class="reaction"><span class="emoji">\n{emoji}\n</span><span class="userpics">'
            f'{shown}</span><span class="count">{count}</span></span>'
        )

    marks = mark("👍", "2", "Bo") + mark("☕", "", "Cy") + mark("", "99")
    data = page(said(1, text("a") + f'<span class="reactions">{marks}</span>'))
    found = [(row["actor"], row["reaction"]) for row in read(data, "reactions")]
    assert found == [("Bo", "👍"), (None, "👍"), ("Cy", "☕"), *[(None, None)] * 20]
    assert codes(data) == ["many-reactions"]


def test_service_lines_have_no_time_and_stand_where_the_page_has_them() -> None:
    data = page(
        told(1, "Ana created group &laquo;N&raquo;"), said(2, text("a")), told(3, "Ana removed Bo")
    )
    found = read(data)
    assert [row["kind"] for row in sorted(found, key=lambda row: row["sequence"])] == [
        "notice",
        "text",
        "notice",
    ]
    assert (found[0]["sent_at"], found[0]["sender"], found[0]["text"]) == (
        None,
        None,
        "Ana created group «N»",
    )
    assert codes(data) == ["notices-without-time"]
    assert [row["event"] for row in read(data, "memberships")] == ["created", "removed"]
    assert {row["name"]: row["messages"] for row in read(data, "participants")} == {
        "Ana": 1,
        "Bo": 0,
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Ana created group «N» with members Ana", [("created", None), ("joined", "Ana")]),
        ("Ana invited Bo, Cy and Dee", [("added", "Bo"), ("added", "Cy"), ("added", "Dee")]),
        ("Channel «N» created", [("created", None)]),
        ("Ana invited Bo", [("added", "Bo")]),
        ("Ana invited Bo and Cy", [("added", "Bo"), ("added", "Cy")]),
        ("Ana invited Bo and Cy and Dee", [("added", "Bo and Cy and Dee")]),
        ("Ana invited Bo to the voice chat", []),
        ("Ana removed Bo", [("removed", "Bo")]),
        ("Ana removed Ana", [("left", "Ana")]),
        ("Ana removed group photo", []),
        ("Ana joined group by link from Bo", [("joined", "Ana")]),
        ("Ana joined group by request", [("joined", "Ana")]),
        ("Ana changed group title to «M»", [("subject", None)]),
        ("Channel title changed to «M»", [("subject", None)]),
        ("Ana pinned this message", []),
        ("Ana invited " + "B" * 10_000, []),
    ],
)  # fmt: skip
def test_who_came_and_went_is_read_from_the_lines(
    words: str, expected: list[tuple[str, str | None]]
) -> None:
    assert [(change.event, change.member) for change in changes(words)] == expected


def test_a_line_with_only_a_date_is_the_pages_own() -> None:
    assert is_date("1 March 2024")
    assert is_date("07 juillet 2024")
    assert not is_date("1 March 2024!")
    data = page(told(-1, "1 March 2024"), said(1, text("a")))
    assert codes(data) == ["date-line"]


def test_pages_follow_one_another_by_time_and_by_number() -> None:
    stamp = "01.03.2024 13:00:00 UTC+00:00"
    found = [
        (row["sequence"], row["text"])
        for number in ("10", "", "2")
        for row in read(
            page(*(said(n, text(f"{number}.{n}"), stamp=stamp) for n in (1, 2))),
            name=f"x/messages{number}.html",
        )
    ]
    assert [words for _, words in sorted(found)] == [".1", ".2", "2.1", "2.2", "10.1", "10.2"]


def test_times_that_run_back_are_in_doubt() -> None:
    assert codes(page(said(9), said(5))) == ["time-runs-back"]


def test_a_page_without_a_folder_or_title_is_named_by_what_it_has() -> None:
    bare = page(said(1), title="")
    folder, alone = read(bare)[0], read(bare, name="messages.html")[0]
    assert (folder["conversation"], alone["conversation"]) == ("ChatExport_2024-03-01", "messages")
    assert alone["thread"] is None
    assert read(bare.replace(b"text bold", b"txt"))[0]["conversation"] == "ChatExport_2024-03-01"


def test_a_page_that_is_cut_off_says_so() -> None:
    data = page(said(1, text("a")), said(2, text("b")))
    cut = data[: data.index(b"b\n  ") + 1]
    assert [row["text"] for row in read(cut)] == ["a", "b"]
    assert codes(cut) == codes(cut + b"\n  </di") == ["not-closed", "cut-off"]
    assert read(cut + b"\n  </di")[1]["text"] == "b"
    assert codes(b'<html><div class="history">') == ["no-messages", "cut-off"]


def test_a_page_of_no_bytes_is_a_loss() -> None:
    assert codes(b"") == ["no-messages"]


def test_damaged_characters_are_shown_and_named() -> None:
    data = page(said(1, text("half X"))).replace(b"X", b"\xff")
    assert read(data)[0]["text"] == "half �"
    assert codes(data) == ["damaged-text"]


def test_a_message_without_a_number_has_no_id() -> None:
    data = page(said(1, text("a"))).replace(b' id="message1"', b"")
    assert read(data)[0]["platform_id"] is None


def test_elements_nested_too_deep_are_left_out_of_the_text() -> None:
    deep = text("a" + "<b>" * 500 + "<br>x" + "</b>" * 500 + "z")
    (row,) = read(page(said(1, deep)))
    assert (row["text"][0], row["text"][-1]) == ("a", "z")


def test_tags_that_close_nothing_close_nothing() -> None:
    (row,) = read(page(said(1, text("a</i></span> b<i>c"))))
    assert row["text"] == "a b" + "c"


def test_more_than_can_be_a_message_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_cuts, "WINDOW_BYTES", 2000)
    small = Limits(html_block_bytes=6000)
    data = page(said(1, text("x" * 20_000)), said(2, text("b"), None))
    (row,) = read(data, limits=small)
    assert (row["text"], row["sender"]) == ("b", None)
    told = {row["code"]: row["what"] for row in read(data, "problems", limits=small)}
    assert told["broken-message"] == "more than can be a message: over 6,000 bytes"
    assert "sender-unknown" in told


def test_many_messages_come_in_batches() -> None:
    data = page(*(said(1, text(str(n))) for n in range(5000)))
    found = batches(telegram_html, data, NAME)
    assert len([batch for batch in found if batch.messages is not None]) > 1
    assert [row["text"] for row in rows(found, "messages")] == [str(n) for n in range(5000)]


@pytest.mark.parametrize(
    ("head", "ours"),
    [
        (page(), True),
        (b'\xef\xbb\xbf<html><div class="history">' + told(1, "x").encode(), True),
        (b'<html><div class="page_wrap"><div class="page_body list_page">', False),
        (b'<html><div class="history">', False),
        (b'{"a": "class=page_wrap"}', False),
        (b'<html><div class="page_wrap"><div class="pam _3-95 _2ph- _a6-g uiBoxWhite">', False),
    ],
)
def test_its_own_pages_are_known_by_their_marks(head: bytes, *, ours: bool) -> None:
    assert identify("messages.html", head) is ours


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_page_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(telegram_html, damaged(sample.read_bytes(), seed), NAME)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_explained(data: bytes) -> None:
    batches(telegram_html, data, NAME)


_LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])
_TYPED = st.text(_LETTERS | st.just(" "), min_size=1, max_size=20)


@given(st.lists(_TYPED.filter(str.strip), max_size=6))
def test_texts_come_back_as_they_were_said(words: list[str]) -> None:
    data = page(*(said(n, text(html.escape(one))) for n, one in enumerate(words)))
    assert [row["text"] for row in read(data)] == words
