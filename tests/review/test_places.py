"""Messages as people name them."""

import pytest

from tests.review.builders import AB1, AB2, receipt, reconcile, seen
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.tables import Tables
from witnessbox.review.places import Found, Lost, Reference, locate, messages_of

NAMES = (
    receipt(AB1, "AB/1", "phone one.zip/WhatsApp Chat with Nights.txt"),
    receipt(AB2, "AB/2", "phone two.zip/WhatsApp Chat with Nights.txt"),
    receipt("c" * 64, "", "unnamed.txt"),
)
FOUND = Found("m1", Span(AB1, 0, 10))


@pytest.fixture
def tables(folder: Folder) -> Tables:
    reconcile(folder, seen("m1", (AB1, 0), (AB2, 40)), seen("m2", (AB2, 60), (AB1, 60)))
    reconcile(folder, seen("m3", (AB2, 90)), conversation="c2")
    return Tables(folder.tables)


def one(tables: Tables, reference: Reference) -> Found | Lost:
    (answer,) = locate(tables, NAMES, [reference])
    return answer


@pytest.mark.parametrize("exhibit", [AB1, "AB/1", "phone one.zip/WhatsApp Chat with Nights.txt"])
def test_an_exhibit_goes_by_its_hash_its_reference_or_its_path(
    tables: Tables, exhibit: str
) -> None:
    assert one(tables, Reference(exhibit=exhibit, start=0)) == FOUND


def test_a_file_name_two_exhibits_share_is_told_apart_by_the_byte(tables: Tables) -> None:
    name = "WhatsApp Chat with Nights.txt"
    assert one(tables, Reference(exhibit=name, start=40)) == Found("m1", Span(AB2, 40, 50))
    both = one(tables, Reference(exhibit=name, start=60))
    assert isinstance(both, Lost)
    assert "names 2 exhibits" in both.why


def test_a_message_goes_by_its_id_and_gives_the_span_that_is_quoted(tables: Tables) -> None:
    assert one(tables, Reference("m2")) == Found("m2", Span(AB2, 60, 70))


def test_answers_come_in_the_order_of_the_questions(tables: Tables) -> None:
    asked = [Reference("m3"), Reference("no"), Reference(exhibit="AB/1", start=0), Reference("m1")]
    found = locate(tables, NAMES, asked)
    assert [getattr(answer, "message", None) for answer in found] == ["m3", None, "m1", "m1"]


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        (Reference("m9"), "there is no message m9"),
        (Reference(), "names no message"),
        (Reference(exhibit="AB/1"), "names no message"),
        (Reference(start=3), "names no message"),
        (Reference(exhibit="AB/9", start=0), "no exhibit was received as 'AB/9'"),
        (Reference(exhibit="AB/1", start=5), "no message begins at byte 5 of 'AB/1'"),
        (Reference(exhibit="AB/1", start=90), "no message begins at byte 90 of 'AB/1'"),
        (Reference(exhibit="AB/1", start=-1), "no message begins at byte -1"),
        (Reference(exhibit="AB/1", start=1 << 80), "no message begins at byte"),
    ],
)
def test_what_names_nothing_is_lost_with_the_reason(
    tables: Tables, reference: Reference, says: str
) -> None:
    answer = one(tables, reference)
    assert isinstance(answer, Lost)
    assert says in answer.why


def test_nothing_is_found_before_anything_is_reconciled(folder: Folder) -> None:
    assert messages_of(folder, [Span(AB1, 0, 10)]) == {}


def test_spans_belong_to_messages_by_where_they_begin(tables: Tables, folder: Folder) -> None:
    spans = [Span(AB1, 0, 8), Span(AB2, 90, 100), Span(AB2, 0, 10)]
    assert messages_of(folder, spans) == {(AB1, 0): "m1", (AB2, 90): "m3"}


def test_a_reference_is_named_in_errors() -> None:
    assert str(Reference("m1")) == "message m1"
    assert str(Reference(exhibit="AB/1", start=7)) == "AB/1, byte 7"
