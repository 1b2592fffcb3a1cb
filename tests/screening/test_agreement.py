from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening.agreement import alpha, kappa, pairs, readers, share

UNITS = st.lists(st.dictionaries(st.sampled_from("abc"), st.booleans(), min_size=1), max_size=12)


def test_cohens_kappa_is_that_of_the_textbook() -> None:
    both = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert kappa(both) == pytest.approx(0.4)


def test_krippendorffs_alpha_is_that_of_the_published_binary_example() -> None:
    # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section A.
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    units = [{"meg": bool(a), "owen": bool(b)} for a, b in zip(meg, owen, strict=True)]
    assert alpha(units) == pytest.approx(0.095, abs=0.0005)


def test_readers_who_always_agree_have_an_alpha_of_one() -> None:
    assert alpha([{"a": True, "b": True}, {"a": False, "b": False}]) == 1.0


def test_without_messages_read_together_nothing_is_claimed() -> None:
    assert alpha([{"a": True}, {"b": False}]) is None
    assert alpha([{"a": True, "b": True}]) is None
    assert kappa([]) is None
    assert kappa([(True, True)]) is None


@given(UNITS)
def test_alpha_is_what_comparing_every_two_words_gives(units: list[dict[str, bool]]) -> None:
    together = [list(said.values()) for said in units if len(said) > 1]
    words = [word for said in together for word in said]
    if len(set(words)) < 2:
        assert alpha(units) is None
        return
    within = [
        sum(a != b for i, a in enumerate(said) for j, b in enumerate(said) if i != j)
        / (len(said) - 1)
        for said in together
    ]
    across = sum(a != b for a, b in product(words, words)) / (len(words) - 1)
    assert alpha(units) == pytest.approx(1 - sum(within) / across)


def test_a_reader_is_held_against_what_others_found() -> None:
    units = [
        {"ana": True, "bo": True},
        {"ana": False, "bo": True},
        {"ana": True, "bo": False},
        {"ana": False, "bo": False},
        {"ana": True},
    ]
    ana, bo = readers(units)
    assert (ana.read, ana.relevant) == (5, 3)
    assert (ana.missed.hits, ana.missed.trials) == (1, 2)
    assert (ana.alone.hits, ana.alone.trials) == (1, 2)
    assert (bo.read, bo.missed.hits) == (4, 1)
    (pair,) = pairs(units)
    assert (pair.messages, pair.agreed, pair.kappa) == (4, 2, 0.0)


def test_a_share_stands_beside_its_interval() -> None:
    one = share(4, 20)
    assert (one.hits, one.trials) == (4, 20)
    assert one.low < 0.2 < one.high
