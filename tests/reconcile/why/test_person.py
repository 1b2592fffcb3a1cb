from pathlib import Path

import pyarrow as pa
import pytest

from tests.reconcile.why.kept import Kept, kept
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import COPIES, LINKS, PEOPLE
from witnessbox.ledger.store import open_ledger
from witnessbox.reconcile.why.explaining import of_person
from witnessbox.reconcile.why.model import Asked, PersonWhy, Sort, ToldLink, WhyError
from witnessbox.reconcile.why.person import Material, explain
from witnessbox.reconcile.why.reading import names_of

DEE = {"Ana Holt": "Dee", "Ben Marsh": "07700 900123", "Cy Orr": "D"}
"""One person's name on each custodian's phone."""

Name = tuple[str, str]  # custodian, and the name on their phone


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The copies, with one link of each state in place of those that were found."""
    root: Path = tmp_path_factory.mktemp("linked")
    folder = Folder(root)
    stored = kept(folder, open_ledger(f"sqlite:///{folder.ledger}", "linked", folder.head))
    rows = [
        _link(stored, ("Ana Holt", "Dee"), ("Ben Marsh", "07700 900123"), 12.0, "joined"),
        _link(stored, ("Cy Orr", "D"), ("Ana Holt", "Dee"), 34.4, "joined"),
        _link(stored, ("Ben Marsh", "El"), ("Ana Holt", "Dee"), 2.0, "proposed"),
        _link(stored, ("Ana Holt", "Dee"), ("nobody", "Deirdre"), -8.0, "refused"),
    ]
    plain = pa.schema(
        [(f.name, pa.string() if f.name in {"rule", "state"} else f.type) for f in LINKS.schema]
    )
    made = pa.Table.from_pylist(rows, schema=plain).cast(LINKS.schema)
    stored.tables.write(LINKS, "operation", made.to_batches())
    return stored


def _link(stored: Kept, first: Name, second: Name, weight: float, state: str) -> dict[str, object]:
    copies = {row["custodian"]: row["copy"] for row in stored.tables.read(COPIES).to_pylist()}
    people = {
        (row["copy"], row["name"]): row["person"] for row in stored.tables.read(PEOPLE).to_pylist()
    }
    ends = [(copies.get(custodian, "01gone"), name) for custodian, name in (first, second)]
    return {
        "link": f"01{first[1]}{second[1]}",
        "first_copy": ends[0][0],
        "first_name": ends[0][1],
        "second_copy": ends[1][0],
        "second_name": ends[1][1],
        "first_person": people.get(ends[0]),
        "second_person": people.get(ends[1]),
        "rule": "texts",
        "texts_agreed": 12,
        "texts_against": 1,
        "traits_agreed": 2,
        "traits_against": 0,
        "weight": weight,
        "speaks_for": ["12 texts stand under both names (+40.0)"],
        "speaks_against": None,
        "state": state,
    }


def _dee(stored: Kept) -> PersonWhy:
    rows = stored.tables.read(PEOPLE).to_pylist()
    (person,) = {row["person"] for row in rows if row["name"] == "Dee"}
    return of_person(stored.tables, Asked(Sort.PERSON, person))


def _ends(link: ToldLink) -> tuple[str, str]:
    return link.first.name, link.second.name


def test_a_person_is_told_with_every_name_on_every_copy(linked: Kept) -> None:
    told = _dee(linked)
    assert {one.copy.custodian: one.name for one in told.names} == DEE
    assert [one.copy.number for one in told.names] == [1, 2, 3]
    assert {one.title for one in told.names} == {"Team Blue"}


def test_what_joins_the_names_comes_strongest_first(linked: Kept) -> None:
    told = _dee(linked)
    assert [(_ends(one), one.weight) for one in told.joined] == [
        (("D", "Dee"), 34.4),
        (("Dee", "07700 900123"), 12.0),
    ]
    strongest = told.joined[0]
    assert strongest.odds.startswith("more than a thousand million times likelier if they are one")
    assert (strongest.texts_agreed, strongest.texts_against) == (12, 1)
    assert strongest.speaks_for == ("12 texts stand under both names (+40.0)",)
    assert strongest.speaks_against == ()
    assert strongest.led == "texts that both copies hold stand under both names"


def test_whom_they_may_be_too_stands_apart_with_this_persons_name_first(linked: Kept) -> None:
    proposed, refused = _dee(linked).apart
    assert (_ends(proposed), proposed.state) == (("Dee", "El"), "proposed")
    rows = linked.tables.read(PEOPLE).to_pylist()
    assert (proposed.other, proposed.other_label) in {
        (row["person"], row["label"]) for row in rows if row["name"] == "El"
    }
    assert (refused.state, refused.second.copy, refused.other) == ("refused", None, "")
    assert refused.other_label == "Deirdre"


def test_without_links_only_the_names_are_told(stored: Kept) -> None:
    (person,) = {
        row["person"] for row in stored.tables.read(PEOPLE).to_pylist() if row["name"] == "Dee"
    }
    names = names_of(stored.tables, [person])
    told = explain(Material(names=names, links=(), labels={}, copies={}, titles={}))
    assert (told.label, told.joined, told.apart) == (names[0].label, (), ())
    assert told.names == ()  # of copies that are no longer listed nothing is said


def test_somebody_who_is_gone_is_said_to_be_gone(stored: Kept) -> None:
    with pytest.raises(WhyError, match="there is no person 01ff"):
        of_person(stored.tables, Asked(Sort.PERSON, "01ff"))
