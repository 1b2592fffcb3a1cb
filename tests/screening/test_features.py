"""Features are the same for the same words, wherever in a stream they stand."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening import features
from witnessbox.screening.features import RUN_LENGTHS, Features, extract, words_of
from witnessbox.screening.normalise import clean


def of(*texts: str) -> Features:
    return extract(clean(pa.array(texts, pa.string())))


def hashes(found: Features, message: int) -> list[set[int]]:
    pair_message = found.word_message[found.pair_first]
    return [
        set(found.words[found.word_message == message].tolist()),
        set(found.pairs[pair_message == message].tolist()),
        *(
            set(run[place == message].tolist())
            for run, place in zip(found.runs, found.run_message, strict=True)
        ),
    ]


def test_pairs_tell_the_order_of_words_apart_and_stop_at_a_message() -> None:
    found = of("tea cake", "cake tea")
    assert found.words[0] == found.words[3]
    assert len(found.pairs) == 2
    assert found.pairs[0] != found.pairs[1]


def test_runs_lie_within_a_word_and_the_spaces_around_it() -> None:
    found = of("tea at 6")
    # " te", "tea", "ea ", " at", "at ", " 6 "; " tea", "tea ", " at "; " tea "
    assert [len(run) for run in found.runs] == [6, 3, 1]


def test_the_ends_of_a_message_count_as_spaces() -> None:
    alone, inside = of("tea"), of("a tea a")
    for length in range(len(RUN_LENGTHS)):
        assert set(alone.runs[length].tolist()) <= set(inside.runs[length].tolist())


def test_a_stream_longer_than_the_powers_at_hand_is_hashed_all_the_same() -> None:
    long = "no " * (features._FIRST_POWERS // 3) + "tea"
    assert words_of(clean(pa.array([long])))[-1] == words_of(clean(pa.array(["tea"])))[0]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_message_has_the_same_features_alone_and_among_others(texts: list[str]) -> None:
    together = of(*texts)
    for place, text in enumerate(texts):
        assert hashes(together, place) == hashes(of(text), 0)
