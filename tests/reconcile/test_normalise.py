import numpy as np
import pyarrow as pa
import pytest

from witnessbox.reconcile.normalise import codes_of, fold, folded_texts


def folded(texts: list[str], kinds: list[str], edited: list[bool]) -> list[str | None]:
    polling = np.array([kind == "poll" for kind in kinds])
    column = folded_texts(pa.array(texts, pa.string()), polling, np.array(edited))
    return list(column.to_pylist())


def test_case_accents_width_and_invisible_marks_do_not_count() -> None:
    column = fold(pa.array(["\u200eCAFÉ\u202f\u00a0 ｏｋ\n\n👍\ufe0f", "한국 कल", None]))
    assert column.to_pylist() == ["cafe ok 👍", "한국 कल", None]


def test_a_column_in_chunks_is_folded_chunk_by_chunk() -> None:
    column = pa.chunked_array([["A", "É"], [], [None]], pa.string())
    assert fold(column).to_pylist() == ["a", "e", None]
    assert fold(pa.chunked_array([], pa.string())).to_pylist() == []


def test_the_edited_mark_is_left_out_where_a_message_is_edited() -> None:
    text = "On my way \u200e<This message was edited>"
    assert folded([text, text], ["text", "text"], [True, False]) == [
        "on my way",
        "on my way <this message was edited>",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "POLL:\nWho drives?\nOPTION: Me (2 votes)",
        "UMFRAGE:\nWho drives?\nOPTION: Me (1)",
        "\u200eSONDAGE :\nWho drives?\n\u200eOPTION : Me (2 votes)\n\u200eOPTION : You (0 vote)",
        "アンケート：\nWho drives?\nオプション： Me",
        "Who drives?\nMe\nYou",
        "Who drives?",
        "\nWho drives? \nMe: in the van",
    ],
)
def test_a_poll_is_known_by_its_question(text: str) -> None:
    assert folded([text], ["poll"], [False]) == ["who drives?"]


@pytest.mark.parametrize(
    ("text", "question"),
    [("Pick one:\nMe\nYou", "pick one:"), ("POLL:", "poll:"), ("", ""), ("\u200e\n", "")],
)
def test_what_is_no_heading_over_a_poll_is_its_question(text: str, question: str) -> None:
    assert folded([text], ["poll"], [False]) == [question]


def test_equal_texts_have_equal_codes_in_chunks_too() -> None:
    texts = pa.chunked_array([["A", None], ["a", "b"]], pa.string())
    codes = codes_of(folded_texts(texts, np.zeros(4, bool), np.zeros(4, bool)))
    assert codes[0] == codes[2] != codes[3]
    assert codes[1] == -1


def test_no_texts_fold_to_none() -> None:
    empty = folded_texts(pa.chunked_array([], pa.string()), np.zeros(0, bool), np.zeros(0, bool))
    assert len(empty) == 0
