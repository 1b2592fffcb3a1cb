"""Decisions as records: which word stands, and which cannot stand beside others."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.reconcile.decision import (
    Belonging,
    Decided,
    Decision,
    Identity,
    Offset,
    Verdict,
    Window,
    decided,
    fault,
    link_id,
    opposed,
    undone,
)
from witnessbox.reconcile.model import CopyName, GivenOffset, GivenWindow

MARCH, APRIL = "2024-03-01T00:00:00.000+00:00", "2024-04-01T00:00:00.000+00:00"

MARCH_MS = 1_709_251_200_000


def name(of: str) -> CopyName:
    return CopyName(f"copy {of}", of)


def same(one: str, other: str) -> Identity:
    return Identity(name(one), name(other), verdict=Verdict.SAME)


def apart(one: str, other: str) -> Identity:
    return Identity(name(one), name(other), verdict=Verdict.APART)


EACH: tuple[Decision, ...] = (
    same("a", "b"),
    Belonging("c1", "c2", verdict=Verdict.APART),
    Offset("c1", 60_000),
    Offset("c1", 90_000, MARCH),
    Window("c1", MARCH, APRIL),
    Window("c1", APRIL, None),
)


def test_all_that_stands_is_given_by_kind() -> None:
    found = decided(EACH)
    assert found.identities == (same("a", "b"),)
    assert found.belongings == (Belonging("c1", "c2", verdict=Verdict.APART),)
    assert set(found.offsets) == {GivenOffset("c1", 60_000), GivenOffset("c1", 90_000, MARCH_MS)}
    assert set(found.windows) == {
        GivenWindow("c1", MARCH_MS, MARCH_MS + 31 * 86_400_000),
        GivenWindow("c1", MARCH_MS + 31 * 86_400_000, None),
    }


def test_the_last_word_stands_whichever_way_round_a_pair_is_named() -> None:
    assert decided([same("a", "b"), apart("b", "a")]).identities == (apart("b", "a"),)
    assert link_id(name("a"), name("b")) == link_id(name("b"), name("a"))
    assert (
        Belonging("c1", "c2", verdict=Verdict.SAME).id
        == Belonging("c2", "c1", verdict=Verdict.APART).id
    )
    assert decided([Offset("c", 1), Offset("c", 2)]).offsets == (GivenOffset("c", 2),)


@pytest.mark.parametrize("one", EACH)
def test_what_is_undone_stands_no_more_and_can_be_decided_again(one: Decision) -> None:
    assert undone(one).id == one.id
    assert decided([one, undone(one)]) == Decided()
    assert decided([one, undone(one), one]) == decided([one])


def test_the_order_of_words_about_different_things_changes_nothing() -> None:
    assert len({decided(order) for order in permutations(EACH[:4])}) == 1


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (same("a", "a"), "named twice"),
        (Belonging("c1", "c1", verdict=Verdict.SAME), "named twice"),
        (Offset("c1", 4_000_000_000_000), "more than a century"),
        (Offset("c1", -4_000_000_000_000), "more than a century"),
        (Window("c1", None, None), "a beginning or an end"),
        (Window("c1", APRIL, MARCH), "ends after it begins"),
        (Window("c1", MARCH, MARCH), "ends after it begins"),
    ],
)
def test_what_makes_no_sense_is_said(decision: Decision, why: str) -> None:
    assert why in fault(decision)


def test_what_makes_sense_has_no_fault() -> None:
    assert [fault(one) for one in EACH] == [""] * len(EACH)


def test_names_that_are_one_by_a_chain_cannot_be_held_apart() -> None:
    stands = [same("a", "b"), same("b", "c"), same("x", "y")]
    assert opposed(stands, apart("a", "c")) == stands[:2]
    assert opposed(stands, apart("a", "x")) == []


def test_a_join_that_would_bring_together_what_is_held_apart_names_all_in_its_way() -> None:
    stands = [same("a", "b"), same("c", "d"), apart("a", "d")]
    assert opposed(stands, same("b", "c")) == [stands[2], stands[0], stands[1]]
    assert opposed(stands, same("b", "e")) == []


def test_the_same_two_may_be_decided_the_other_way() -> None:
    assert opposed([same("a", "b")], apart("b", "a")) == []
    assert opposed([apart("a", "b")], same("a", "b")) == []


LETTERS = "abcde"


@given(
    st.lists(
        st.tuples(st.sampled_from(LETTERS), st.sampled_from(LETTERS), st.booleans()).filter(
            lambda it: it[0] != it[1]
        ),
        max_size=12,
    )
)
def test_what_was_let_in_one_by_one_never_contradicts_itself(
    asked: list[tuple[str, str, bool]],
) -> None:
    stands: dict[str, Identity] = {}
    for one, other, is_same in asked:
        new = Identity(name(one), name(other), verdict=Verdict.SAME if is_same else Verdict.APART)
        in_the_way = opposed(list(stands.values()), new)
        assert all(it in stands.values() for it in in_the_way)
        if not in_the_way:
            stands[new.id] = new
    group = {name(letter): {name(letter)} for letter in LETTERS}
    for word in stands.values():
        if word.same:
            together = group[word.first] | group[word.second]
            group |= dict.fromkeys(together, together)
    assert all(one.second not in group[one.first] for one in stands.values() if not one.same)
