"""The words of a message, out of its text or its archive."""

from pathlib import Path

from tests.intake.imessage.mac import archive, message, row
from tests.intake.imessage.reading import made, said_of, told


def test_words_are_read_out_of_archives_of_every_length(tmp_path: Path) -> None:
    texts = ["k", "é" * 60, "a" * 127, "b" * 128, "c" * 300, "d" * 40_000, "😀" * 20_000]
    fills = [
        message(n, None, attributedBody=archive(text, mutable=n % 2 == 0))
        for n, text in enumerate(texts, 1)
    ]
    found = made(tmp_path, *fills)
    assert [text for (text,) in told(found, "text")] == texts
    assert told(found, "code", table="problems") == [("beside-the-tables",)]


def test_a_text_that_is_no_sound_text_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    broken = archive(b"tea \xff")
    other = archive("tea").replace(b"NSAttributedString", b"NSAttributedStrand")
    found = made(
        tmp_path,
        message(1, None, attributedBody=broken),
        message(2, None, attributedBody=other),
        message(3, "tea", attributedBody=other),
        message(4, "tea", attributedBody=broken),
        message(5, None, attributedBody=b""),
        row("UPDATE message SET text=CAST(x'74ff' AS TEXT) WHERE ROWID=4"),
    )
    assert told(found, "text", "kind") == [
        ("tea \ufffd", "text"),
        (None, "empty"),
        ("tea", "text"),
        ("t\ufffd", "text"),
        (None, "empty"),
    ]
    doubts = told(found, "code", "row", "severity", table="problems")[:-1]
    assert sorted(doubts) == [
        ("body-unread", 2, "loss"),
        ("body-unread", 3, "doubt"),
        ("texts-differ", 4, "doubt"),
        ("undecodable-text", 1, "doubt"),
        ("undecodable-text", 4, "doubt"),
    ]


def test_a_text_and_an_archive_that_say_different_things_are_a_doubt(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea", attributedBody=archive("Coffee")),
        message(2, "Tea", attributedBody=archive("Tea")),
        message(3, "", attributedBody=archive("Tea")),
    )
    assert told(found, "text") == [("Tea",)] * 3
    what = "the row's text is read; its attributedBody says otherwise: Coffee"
    assert said_of(found, "texts-differ") == [(1, what)]


def test_a_subject_is_the_first_line(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "at nine", subject="Rota"),
        message(2, None, subject="Rota"),
        message(3, None),
        message(4, "at ten", subject=""),
    )
    assert told(found, "text") == [("Rota\nat nine",), ("Rota",), (None,), ("at ten",)]
