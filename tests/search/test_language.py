import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.search.language import All, Field, Not, Phrase, Some, Word, parse
from witnessbox.search.model import QueryError

PIECES = ["kettle", "kett*", '"on my way"', "-", "(", ")", "OR", "sender:", "in:x", " ", '"', "*"]


def word(text: str, column: int) -> Word:
    return Word(text, prefix=False, column=column)


def test_words_stand_side_by_side_and_all_must_hold() -> None:
    assert parse("kettle lamp") == All((word("kettle", 1), word("lamp", 8)))


def test_or_binds_looser_than_standing_side_by_side() -> None:
    assert parse("a b OR c") == Some((All((word("a", 1), word("b", 3))), word("c", 8)))


def test_or_is_a_word_unless_it_stands_in_capitals_by_itself() -> None:
    assert parse("or") == word("or", 1)
    assert parse("ORder") == word("ORder", 1)


def test_a_minus_excludes_only_in_front() -> None:
    assert parse("-lamp") == Not(word("lamp", 2))
    assert parse("e-mail") == word("e-mail", 1)


def test_fields_take_words_and_phrases() -> None:
    assert parse('sender:"Ana Holt"') == Field("sender", "Ana Holt", 8)
    assert parse("other:thing") == word("other:thing", 1)


def test_curly_quotation_marks_make_phrases_too() -> None:
    assert parse("“on my way”") == Phrase("on my way", 1)


def test_an_empty_query_asks_for_everything() -> None:
    assert parse("  ") == All(())


def test_brackets_that_go_too_deep_are_refused() -> None:
    with pytest.raises(QueryError, match="deeper"):
        parse("(" * 30 + "a" + ")" * 30)


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    assert 1 <= refused_at(text) <= len(text) + 1


def refused_at(text: str) -> int:
    try:
        parse(text)
    except QueryError as error:
        return error.column
    return 1
