"""What is folded quickly is folded as with care."""

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from witnessbox.reconcile.normalise import fold, folded_with_care
from witnessbox.reconcile.octets import needs_care


@given(
    st.lists(
        st.text() | st.text("aB é’…ʼ😂🏽\u200d\u0301가ᄀ\u09c7\u09be \t", max_size=6) | st.none()
    )
)
@example(["ᄀ", "ᅡ", "가"])
@example(["\u09c7\u09be"])
def test_every_text_is_folded_as_if_with_care(texts: list[str | None]) -> None:
    column = pa.array(texts, pa.string())
    assert fold(column).to_pylist() == [
        None if text is None else folded_with_care(text) for text in texts
    ]


def test_emoji_and_quotation_marks_need_no_care_and_accents_and_joiners_do() -> None:
    column = pa.array(["plain", "don’t 😂", "é", "👩\u200d🚒", "a  b", "tab\t", "", None, "😂"])
    assert needs_care(column).tolist() == [
        False,
        False,
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
