"""Mojibake is repaired, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake.mojibake import is_wide, repaired

WHOLE = st.text(st.characters(exclude_categories=["Cs"]))


@given(WHOLE.filter(lambda text: not text.isascii()))
def test_what_was_written_byte_by_byte_comes_back(text: str) -> None:
    assert repaired(text.encode().decode("latin-1")) == text


@given(st.text())
def test_no_string_makes_the_repair_fail(text: str) -> None:
    fixed = repaired(text)
    assert fixed is None or fixed.encode().decode("latin-1") == text


@given(WHOLE.filter(is_wide))
def test_a_string_with_a_character_beyond_latin_1_is_left_alone(text: str) -> None:
    assert repaired(text) is None


@pytest.mark.parametrize("text", ["", "plain", "café", "naïve Ö", "Ã"])
def test_clean_text_is_left_alone(text: str) -> None:
    assert repaired(text) is None
    assert not is_wide(text)
