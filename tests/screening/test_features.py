"""Features are the same for the same words, wherever in a stream they stand."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening import features
from witnessbox.screening.features import Features, Runs, extract, runs_of, words_of
from witnessbox.screening.normalise import clean


def of(*texts: str) -> Features:
    return extract(clean(pa.array(texts, pa.string())))


def runs(text: str) -> Runs:
    stream = clean(pa.array([text], pa.string()))
    return runs_of(stream, np.arange(len(stream.starts)))


def hashes(found: Features, message: int) -> list[list[int]]:
    pair_message = found.word_message[found.pair_first]
    return [
        found.words[found.word_message == message].tolist(),
        found.pairs[pair_message == message].tolist(),
    ]


def test_pairs_tell_the_order_of_words_apart_and_stop_at_a_message() -> None:
    found = of("tea cake", "cake tea")
    assert found.words[0] == found.words[3]
    assert len(found.pairs) == 2
    assert found.pairs[0] != found.pairs[1]


def test_each_distinct_word_is_known_by_where_it_first_stands() -> None:
    found = of("tea cake", "", "cake tea")
    assert found.first.tolist() == [0, 1]
    assert found.of.tolist() == [0, 1, 1, 0]


def test_runs_lie_within_a_word_and_the_spaces_around_it() -> None:
    found = runs("tea at 6")
    # " te", "tea", "ea ", " at", "at ", " 6 "; " tea", "tea ", " at "; " tea "
    assert [len(run) for run in found.hashes] == [6, 3, 1]
    assert [bounds.tolist() for bounds in found.bounds] == [
        [0, 3, 5, 6],
        [0, 2, 3, 3],
        [0, 1, 1, 1],
    ]


@given(st.text(alphabet=st.sampled_from("abé🙂"), min_size=1, max_size=8))
def test_a_word_has_the_same_runs_wherever_it_stands(word: str) -> None:
    alone, among = runs(word), runs(f"no é {word}")
    for run, other in zip(alone.hashes, among.hashes, strict=True):
        assert run.tolist() == other.tolist()[len(other) - len(run) :]


def test_a_stream_longer_than_the_powers_at_hand_is_hashed_all_the_same() -> None:
    long = "no " * (features._FIRST_POWERS // 3) + "tea"
    assert words_of(clean(pa.array([long])))[-1] == words_of(clean(pa.array(["tea"])))[0]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_message_has_the_same_features_alone_and_among_others(texts: list[str]) -> None:
    together = of(*texts)
    for place, text in enumerate(texts):
        assert hashes(together, place) == hashes(of(text), 0)
