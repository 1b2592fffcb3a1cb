"""Scores order reading, name what they are about, and carry the words that made them."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.screening.model import SCORED, Category
from witnessbox.screening.scoring import BLOCK_TEXTS, Screener, score_texts, shipped


@pytest.fixture(scope="module")
def screener() -> Screener:
    return shipped()


def scores(screener: Screener, *texts: str | None) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = score_texts(pa.array(texts, pa.string()), screener).to_pylist()
    return rows


def of(rows: list[dict[str, object]], text: int, category: Category) -> dict[str, object]:
    (row,) = (row for row in rows if (row["text"], row["category"]) == (text, category))
    return row


@pytest.mark.parametrize(
    ("text", "category", "reason"),
    [
        ("send them all back", Category.RACISM, "send them all back"),
        ("typical women drivers", Category.MISOGYNY, "women drivers"),
        ("thats so gay", Category.HOMOPHOBIA_TRANSPHOBIA, "thats so gay"),
        ("he is a nutter", Category.ABLEISM, "nutter"),
        ("all about the shekels", Category.ANTISEMITISM, "shekels"),
        ("creeping sharia again", Category.ISLAMOPHOBIA, "creeping sharia"),
        ("she was asking for it", Category.SEXUAL_VIOLENCE, "she was asking for it"),
        ("keep the wife in check", Category.DOMESTIC_ABUSE, "keep the wife in check"),
        ("what an id1ot", Category.BULLYING_THREAT, "id1ot"),
    ],
)
def test_a_category_is_named_by_the_words_as_written(
    screener: Screener, text: str, category: Category, reason: str
) -> None:
    row = of(scores(screener, text), 0, category)
    assert row["reasons"][0] == reason  # type: ignore[index]
    assert row["severity"] > 0  # type: ignore[operator]


def test_an_unkind_message_ranks_above_a_kind_one(screener: Screener) -> None:
    rows = scores(screener, "women are stupid and belong in the kitchen", "see you at lunch")
    unkind, kind = of(rows, 0, Category.ABUSE), of(rows, 1, Category.ABUSE)
    assert unkind["score"] > kind["score"]  # type: ignore[operator]


def test_a_disguise_does_not_change_a_score(screener: Screener) -> None:
    rows = scores(screener, "women are stupid", "W0MEN are 5tup1d", "w o m e n are stupid")
    assert len({of(rows, text, Category.ABUSE)["score"] for text in range(3)}) == 1


def test_a_message_that_names_a_group_is_scored_for_it_without_severity(
    screener: Screener,
) -> None:
    row = of(scores(screener, "the mosque is open to visitors"), 0, Category.ISLAMOPHOBIA)
    assert (row["severity"], row["source"]) == (0, "lexicon")


def test_a_head_may_name_a_category_without_the_lexicon(screener: Screener) -> None:
    row = of(scores(screener, "she only got promoted because of her legs"), 0, Category.MISOGYNY)
    assert (row["severity"], row["source"]) == (0, "classifier")


def test_texts_without_words_have_a_score_and_no_reasons(screener: Screener) -> None:
    rows = scores(screener, None, "", "?!")
    assert [row["category"] for row in rows] == ["abuse"] * 3
    assert [row["reasons"] for row in rows] == [[], [], []]


def test_no_texts_give_no_rows(screener: Screener) -> None:
    none = score_texts(pa.array([], pa.string()), screener)
    assert (none.num_rows, none.schema) == (0, SCORED)


def test_a_text_scores_the_same_in_any_block(screener: Screener) -> None:
    texts = ["hello there"] * BLOCK_TEXTS + ["you idiot"]
    far = [row for row in scores(screener, *texts) if row["text"] == BLOCK_TEXTS]
    alone = scores(screener, "you idiot")
    assert [{**row, "text": 0} for row in far] == alone


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_every_text_is_scored_once_for_abuse_with_words_it_holds(texts: list[str]) -> None:
    rows = score_texts(pa.array(texts, pa.string()), shipped()).to_pylist()
    assert [row["text"] for row in rows if row["category"] == "abuse"] == list(range(len(texts)))
    assert len({(row["text"], row["category"]) for row in rows}) == len(rows)
    for row in rows:
        assert 0 <= row["score"] <= 1
        assert all(reason in texts[row["text"]] for reason in row["reasons"])
