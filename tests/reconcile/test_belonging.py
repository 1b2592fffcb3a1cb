"""Copies that a person held to be one conversation, or two."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.reconcile.chats import Phone, Said, chat, rows, source
from witnessbox.reconcile.blocking import conversations
from witnessbox.reconcile.decision import Belonging, Verdict, opposed
from witnessbox.reconcile.sketch import Sketch, sketch

NAMES = ("Ana", "Ben", "Cy", "Dee", "Eli")
PHONES = tuple(Phone(name, NAMES, title=name) for name in ("ana", "ben", "cy", "dee"))
BLUE = chat(120, seed=1)


def copy(phone: Phone) -> str:
    return source(phone).copy


def grouped(copies: list[tuple[list[Said], Phone]], *words: Belonging) -> set[frozenset[str]]:
    """Group the phones' copies, by the phones' names."""
    sketches: list[Sketch] = [sketch(rows(said, phone)) for said, phone in copies]
    found = conversations([source(phone) for _, phone in copies], sketches, words)
    return {frozenset(copies[place][1].name for place in group) for group in found}


def one(first: Phone, second: Phone) -> Belonging:
    return Belonging(copy(first), copy(second), verdict=Verdict.SAME)


def two(first: Phone, second: Phone) -> Belonging:
    return Belonging(copy(first), copy(second), verdict=Verdict.APART)


ANA, BEN, CY, DEE = PHONES


def test_copies_that_share_nothing_are_one_conversation_where_somebody_says_so() -> None:
    copies = [(BLUE, ANA), (chat(60, seed=2), BEN)]
    assert grouped(copies) == {frozenset(["ana"]), frozenset(["ben"])}
    assert grouped(copies, one(BEN, ANA)) == {frozenset(["ana", "ben"])}


def test_a_copy_held_apart_leaves_and_the_others_stay() -> None:
    copies = [(BLUE, phone) for phone in (ANA, BEN, CY)]
    assert grouped(copies) == {frozenset(["ana", "ben", "cy"])}
    assert grouped(copies, two(ANA, BEN), two(ANA, CY)) == {
        frozenset(["ana"]),
        frozenset(["ben", "cy"]),
    }


def test_of_what_links_copies_held_apart_the_pair_with_least_in_common_is_left_out() -> None:
    # Ana and Cy share nothing but what Ben has of both; more of Ana's.
    copies = [(BLUE, replace(ANA, last=90)), (BLUE, BEN), (BLUE, replace(CY, first=91))]
    assert grouped(copies) == {frozenset(["ana", "ben", "cy"])}
    assert grouped(copies, two(ANA, CY)) == {frozenset(["ana", "ben"]), frozenset(["cy"])}


def test_what_is_held_to_be_one_is_held_apart_together() -> None:
    other = chat(60, seed=2)
    copies = [(BLUE, ANA), (BLUE, BEN), (other, CY)]
    assert grouped(copies, one(ANA, CY), two(BEN, CY)) == {
        frozenset(["ana", "cy"]),
        frozenset(["ben"]),
    }


def test_a_decision_about_a_copy_that_is_gone_says_nothing() -> None:
    copies = [(BLUE, ANA), (BLUE, BEN)]
    assert grouped(copies, two(ANA, DEE), one(CY, BEN)) == {frozenset(["ana", "ben"])}


@given(st.lists(st.tuples(st.permutations(PHONES), st.booleans()), max_size=6))
def test_whatever_is_decided_holds(asked: list[tuple[list[Phone], bool]]) -> None:
    words: list[Belonging] = []
    for (first, second, *_), is_one in asked:
        word = Belonging(
            copy(first), copy(second), verdict=Verdict.SAME if is_one else Verdict.APART
        )
        if word.id not in {it.id for it in words} and not opposed(words, word):
            words.append(word)
    copies = [(chat(40, seed=1 + place // 2), phone) for place, phone in enumerate(PHONES)]
    groups = grouped(copies, *words)
    named = {copy(phone): phone.name for phone in PHONES}
    for word in words:
        together = any({named[word.first], named[word.second]} <= group for group in groups)
        assert together is word.same
