import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.reports.pseudonyms import Labelled, Named, assign

PEOPLE = (
    Named("p1", "Dai Morris"),
    Named("p1", "Dai from nights"),
    Named("p2", "Bo Lind"),
    Named("p3", "~ Will"),
)


def test_everybody_has_one_pseudonym_under_all_their_names() -> None:
    called = assign(PEOPLE, {})
    assert [called.of(one) for one in ("p1", "p2", "p3")] == ["Person 01", "Person 02", "Person 03"]
    assert called.mask("Dai Morris") == called.mask("Dai from nights") == "Person 01"


def test_nobody_known_is_said_so() -> None:
    called = assign(PEOPLE, {})
    assert called.of(None) == "the platform"
    assert called.of("p9") == "an unknown person"


def test_names_in_quoted_words_are_replaced() -> None:
    masked = assign(PEOPLE, {}).mask("Tell Dai and Bo Lind, not Bodmin")
    assert masked == "Tell [Person 01] and [Person 02], not Bodmin"


def test_a_small_word_that_is_a_name_elsewhere_stays() -> None:
    assert assign(PEOPLE, {}).mask("will Will go") == "will [Person 03] go"


@pytest.mark.parametrize("number", ["07700 900123", "+44 7700 900123", "(07700) 900-123"])
def test_telephone_numbers_are_replaced(number: str) -> None:
    assert "900" not in assign((), {}).mask(f"ring {number} now")


def test_other_numbers_stay() -> None:
    assert assign((), {}).mask("12/03/2017, 21:04, 1,234 and 3.14159") == (
        "12/03/2017, 21:04, 1,234 and 3.14159"
    )


def test_names_in_a_path_are_replaced_however_they_are_written() -> None:
    called = assign(PEOPLE, {})
    assert called.mask_path("phones/dai_morris/chat with bo lind.txt") == (
        "…/[Person 01]/chat with [Person 02].txt".replace("[Person 01]", "[Person 01]_[Person 01]")
    )
    assert assign((), {}).mask_path("chat.txt") == "chat.txt"


def test_a_name_two_people_share_stands_for_neither() -> None:
    called = assign((Named("p1", "Sam Hill"), Named("p2", "Sam Moor")), {})
    assert called.mask("ask Sam") == "ask [a person]"


def test_a_number_once_given_is_kept_and_newcomers_come_after() -> None:
    called = assign((*PEOPLE, Named("p0", "Cy Marsh")), {"p2": "Person 01", "p1": "Person 07"})
    assert called.of("p2") == "Person 01"
    assert called.of("p1") == "Person 07"
    assert {called.of("p0"), called.of("p3")} == {"Person 08", "Person 09"}


def test_owners_of_one_custodians_copies_are_one_person() -> None:
    called = assign((Named("p1", "Dai", "Dai Morris"), Named("p2", "D.M.", "Dai Morris")), {})
    assert called.of("p1") == called.of("p2")
    assert called.mask("Dai Morris") == called.of("p1")


def test_the_case_files_label_is_used_and_joins_its_names() -> None:
    labels = (Labelled("Officer A", ("Dai Morris", "Bo Lind")),)
    called = assign(PEOPLE, {}, labels)
    assert called.of("p1") == called.of("p2") == "Officer A"
    assert called.called("Officer A", ("Dai Morris", "Bo Lind")) == "Officer A"


def test_a_label_that_gives_the_name_away_is_not_used() -> None:
    called = assign(PEOPLE, {}, (Labelled("PC Dai Morris", ("Dai Morris",)),))
    assert called.of("p1") == "Person 01"
    assert called.called("PC Dai Morris", ("Dai Morris",)) == "Person 01"
    assert called.called("PC Morris", ()) == "PC [Person 01]"


def test_a_name_under_two_labels_joins_nobody() -> None:
    labels = (Labelled("Officer A", ("Dai Morris",)), Labelled("Officer B", ("Dai Morris",)))
    assert assign(PEOPLE, {}, labels).of("p1") == "Officer A"


@settings(deadline=None)
@given(st.permutations(PEOPLE))
def test_pseudonyms_do_not_hang_on_the_order_of_names(people: list[Named]) -> None:
    assert assign(people, {}).by_person == assign(PEOPLE, {}).by_person


@settings(deadline=None)
@given(st.sets(st.sampled_from("abcdefgh"), min_size=1), st.sets(st.sampled_from("abcdefgh")))
def test_two_people_never_share_a_pseudonym(now: set[str], earlier: set[str]) -> None:
    given_before = assign([Named(one, f"N{one}x") for one in sorted(earlier)], {}).by_person
    called = assign([Named(one, f"N{one}x") for one in sorted(now)], given_before).by_person
    assert len(set(called.values())) == len(called)
    assert all(called[one] == given_before[one] for one in now & earlier)
