"""What notices tell, in persons, whatever the language and the names."""

import pytest

from tests.reconcile.chats import Phone, source
from witnessbox.intake.database.people import OWNER
from witnessbox.reconcile.alignment import OWN
from witnessbox.reconcile.model import Name, PlannedCopy
from witnessbox.reconcile.notices import Change, concerned, told


def copy(phone: str, **names: str) -> PlannedCopy:
    """Give a phone's copy: names by person; the first is the owner's."""
    known = tuple(
        Name(name, person, name, 1, owner=not place)
        for place, (person, name) in enumerate(names.items())
    )
    return PlannedCopy(source(Phone(phone, ())), known)


COPIES = (
    copy("ana", ana="You", bo="Bo", dee="+44 7700 900123", jo="~ Jo"),
    copy("bo", bo=OWNER, ana="Anna H", cy="Jo", dee="Dee"),
    copy("cy", cy="Cyrus", ana="Annie"),
)


def tell(*notices: tuple[int, Change]) -> tuple[list[int], list[int]]:
    """Give the events and the persons of notices, by their copies' places."""
    changes = {("x", at): change for at, (_, change) in enumerate(notices)}
    listed = [(place, "x", at, "text") for at, (place, _) in enumerate(notices)]
    event, about = told(changes, COPIES, listed)
    return event.tolist(), about.tolist()


def added(*names: str | None) -> Change:
    return Change("added", names)


def test_two_phones_names_for_one_person_are_one() -> None:
    event, about = tell((1, added("Anna H")), (2, added("Annie")), (0, added("Bo")))
    assert event[0] == event[1] == event[2]
    assert about[0] == about[1] != about[2]


@pytest.mark.parametrize("name", ["You", "dich", OWNER])
def test_a_notice_that_speaks_to_the_owner_means_the_owner(name: str) -> None:
    _, about = tell((1, added(name)), (0, added("Bo")))
    assert about[0] == about[1]


def test_a_number_is_one_person_on_every_phone() -> None:
    _, about = tell((1, added("Dee")), (2, added("+44 7700 900123")))
    assert about[0] == about[1]


def test_a_name_somebody_chose_is_not_the_same_name_in_an_address_book() -> None:
    _, about = tell((0, added("Jo")), (0, added("~ Jo")), (1, added("Jo")))
    assert about[0] == -1
    assert len(set(about)) == 3


@pytest.mark.parametrize("names", [("Stranger",), (None,), ("Bo", "Stranger"), ()])
def test_whom_nobody_knows_is_not_known(names: tuple[str | None, ...]) -> None:
    assert tell((0, added(*names)))[1] == [-1]


def test_several_people_are_the_same_in_any_order() -> None:
    _, about = tell((0, added("Bo", "You")), (2, added("Annie")), (1, added("Anna H", OWNER)))
    assert about[0] == about[2] != about[1]


def test_a_new_name_of_the_group_is_what_the_notice_is_about() -> None:
    titles = [Change("subject", (title,)) for title in ("Tea fund", "tea  FUND", "Nights", None)]
    _, about = tell(*((place % 3, title) for place, title in enumerate(titles)))
    assert about[0] == about[1] != about[2]
    assert about[3] == -1


def test_a_group_is_made_once_whoever_tells_of_it() -> None:
    _, about = tell((0, Change("created", (None,))), (2, Change("created", (None,))))
    assert about[0] == about[1] >= 0


def test_without_a_change_a_notice_in_words_has_no_event_and_others_are_the_phones_own() -> None:
    words = ("Ana changed this group's icon", "Deine Sicherheitsnummer für Bo hat sich geändert")
    listed = [(0, "x", at, text) for at, text in enumerate((*words, "", None))]
    event, about = told({}, COPIES, listed)
    assert event.tolist() == [-1, OWN, OWN, OWN]
    assert about.tolist() == [-1] * 4


@pytest.mark.parametrize(
    ("event", "actor", "member", "who"),
    [
        ("added", "Ana", "Bo", "Bo"),
        ("added", "Ana", None, None),
        ("left", "Bo", None, "Bo"),
        ("left", None, "Bo", "Bo"),
        ("created", "Ana", "Tea fund", None),
        ("subject", "Ana", "Nights", "Nights"),
    ],
)
def test_whom_a_change_concerns(
    event: str, actor: str | None, member: str | None, who: str | None
) -> None:
    assert concerned(event, actor, member) == who
