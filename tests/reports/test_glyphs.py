import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.reports.glyphs import (
    FONTS,
    FontError,
    coverage,
    font_files,
    right_to_left,
    showable,
    unshowable,
)

COVERED = coverage(font_files(FONTS))


@pytest.mark.parametrize("character", ["a", "é", "ж", "α", "ع", "ש", "क", "ก", "😀", "’", "…"])
def test_the_fonts_draw_the_scripts_a_report_meets(character: str) -> None:
    assert showable(character, COVERED) == character


def test_a_character_no_font_draws_is_named_not_dropped() -> None:
    assert showable("see 明天", COVERED) == "see [U+660E][U+5929]"
    assert unshowable("see 明天", COVERED) == {"[U+660E]", "[U+5929]"}


def test_a_screen_is_trusted_to_draw_what_the_fonts_cannot() -> None:
    assert showable("see 明天") == "see 明天"


def test_marks_that_turn_text_round_are_made_visible() -> None:
    assert showable("pay \u202e001") == "pay [U+202E]001"
    assert showable("bell\x07 line\u2028") == "bell[U+0007] line[U+2028]"


def test_emoji_joined_into_one_keep_their_joiners() -> None:
    family = "👩\u200d👧\ufe0f"
    assert showable(family, COVERED) == family


def test_line_ends_become_one_kind() -> None:
    assert showable("a\r\nb\rc\td") == "a\nb\nc    d"
    assert unshowable("a\r\nb\tc", COVERED) == frozenset()


@settings(deadline=None)
@given(st.text())
def test_nothing_that_is_shown_lies_outside_the_fonts(text: str) -> None:
    allowed = {*"\n\u200c\u200d\u200e\u200f\ufe0e\ufe0f"}
    assert all(ord(one) in COVERED or one in allowed for one in showable(text, COVERED))


@pytest.mark.parametrize(
    ("text", "answer"),
    [("hello", False), ("مرحبا", True), ("  12 שלום", True), ("ok مرحبا", False), ("12…", False)],
)
def test_a_paragraph_runs_as_its_first_letter_does(text: str, *, answer: bool) -> None:
    assert right_to_left(text) is answer


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    torn = tmp_path / "torn.ttf"
    torn.write_bytes(b"\0\1")
    with pytest.raises(FontError, match=r"torn\.ttf"):
        coverage([torn])


def test_fonts_in_a_collection_are_read_too(tmp_path: Path) -> None:
    font = (FONTS / "NotoSansHebrew-Regular.ttf").read_bytes()
    shift = 16
    tables = struct.unpack_from(">H", font, 4)[0]
    moved = bytearray(font)
    for number in range(tables):
        at = 12 + 16 * number + 8
        struct.pack_into(">I", moved, at, struct.unpack_from(">I", font, at)[0] + shift)
    collection = tmp_path / "two.ttc"
    collection.write_bytes(struct.pack(">4sIII", b"ttcf", 0x10000, 1, shift) + bytes(moved))
    assert coverage([collection]) == coverage([FONTS / "NotoSansHebrew-Regular.ttf"])
