"""What a copy holds otherwise than the others, or alone: how it is weighed."""

from dataclasses import replace

import pytest

from tests.reconcile.chats import Phone, chat, source
from tests.reconcile.outcomes import Beside, Outcome, laid, together
from witnessbox.reconcile.grounds import Grounded
from witnessbox.reconcile.model import Standing

HOUR = 3_600_000
ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), custodian="Ana Holt")
BEN = Phone("ben", ("A", "Benny Marsh", "C", "D", "E"), custodian="Benny Marsh")
CY = Phone("cy", ("1", "2", "3", "4", "5"), custodian="Cyrus Vale")
SAID = chat(400)
AT = next(one.number for one in SAID[150:] if one.kind == "text" and len(one.text) > 20)


def the(outcome: Outcome, kind: str, phone: Phone = BEN) -> Grounded:
    (told,) = outcome.told(kind, phone)
    return told


def stands(told: Grounded) -> list[tuple[str, str]]:
    return [(one.code, str(one.standing)) for one in told.explanations]


def test_ids_are_unique_and_do_not_change_with_the_order_of_the_copies() -> None:
    phones = (
        replace(ANA, drops=frozenset(range(100, 120)), altered={AT: SAID[AT].text + " not"}),
        replace(BEN, placeholders=frozenset(range(200, 210)), late=frozenset((90, 150))),
        CY,
    )
    outcome = together(SAID, *phones)
    ids = [row["discrepancy"] for row in outcome.discrepancies]
    assert len(set(ids)) == len(ids) > 25
    assert {row["discrepancy"] for row in outcome.grounds} == set(ids)
    again = together(SAID, *phones[::-1])
    assert [row["discrepancy"] for row in again.discrepancies] == ids


def test_every_discrepancy_has_evidence_and_an_explanation_that_is_open() -> None:
    outcome = together(
        SAID,
        replace(ANA, drops=frozenset(range(100, 120)), altered={AT: SAID[AT].text + " not"}),
        replace(BEN, placeholders=frozenset(range(200, 210)), late=frozenset((90, 150))),
        CY,
    )
    for phone in (ANA, BEN, CY):
        for kind in ("missing", "placeholder", "text-differs", "time-runs-back", "only-here"):
            for told in outcome.told(kind, phone):
                assert told.evidence
                assert told.open


def test_a_mark_of_deletion_is_documented_by_the_copy_itself() -> None:
    told = the(together(SAID, ANA, replace(BEN, placeholders=frozenset([AT])), CY), "placeholder")
    assert told.strength == "documented"
    assert stands(told) == [
        ("withdrawn", "open"),
        ("matching", "unlikely"),
        ("deleted-here", "open"),
    ]
    assert {one.copy for one in told.evidence if one.code == "held-by"} == {
        source(ANA).copy,
        source(CY).copy,
    }


@pytest.mark.parametrize(
    ("phones", "ids", "strength"),
    [
        ((ANA, CY), "", "corroborated"),
        ((ANA,), "", "noted"),
        ((ANA, CY), "platform", "documented"),
        ((ANA,), "platform", "supported"),
    ],
)
def test_other_words_are_as_strong_as_those_who_agree(
    phones: tuple[Phone, ...], ids: str, strength: str
) -> None:
    other = replace(BEN, altered={AT: SAID[AT].text + " not"})
    each = [replace(phone, platform_ids=bool(ids)) for phone in (*phones, other)]
    outcome = together(SAID, *each)
    (told,) = [one for phone in each for one in outcome.told("text-differs", phone)]
    assert told.strength == strength


def test_other_words_in_a_file_may_be_an_unmarked_edit_and_in_a_database_hardly() -> None:
    altered = {AT: SAID[AT].text + " not"}
    file = the(together(SAID, ANA, replace(BEN, altered=altered), CY), "text-differs")
    assert ("edited", "open") in stands(file)
    assert ("file-altered", "open") in stands(file)
    rows = replace(BEN, altered=altered, parser="whatsapp-android/2", numbered=True)
    told = the(together(SAID, ANA, rows, CY), "text-differs")
    assert ("edited", "unlikely") in stands(told)
    assert "file-altered" not in dict(stands(told))


def test_an_edit_that_is_marked_is_a_kind_of_its_own_and_no_more_than_noted() -> None:
    changed = replace(BEN, altered={AT: "never mind"}, edited=frozenset([AT]))
    outcome = together(SAID, ANA, changed, CY)
    told = the(outcome, "edited")
    assert told.strength == "noted"
    assert [one.code for one in told.open] == ["edited"]
    (mark,) = [one for one in told.evidence if one.code == "edit-mark"]
    assert mark.copy == source(BEN).copy
    assert not outcome.told("text-differs", BEN)


@pytest.mark.parametrize(
    ("others", "strength", "lost"),
    [(1, "noted", "open"), (2, "noted", "open"), (3, "corroborated", "unlikely")],
)
def test_a_line_put_in_is_corroborated_where_three_phones_do_not_have_it(
    others: int, strength: str, lost: str
) -> None:
    dee = Phone("dee", ("a", "b", "c", "d", "e"), custodian="Dee Lane")
    without = frozenset([AT])
    phones = [replace(phone, drops=without) for phone in (ANA, CY, dee)[:others]]
    told = the(together(SAID, BEN, *phones), "only-here")
    assert told.strength == strength
    assert stands(told) == [
        ("lost-elsewhere", lost),
        ("matching", "unlikely"),
        ("file-altered", "open"),
    ]
    assert [one.code for one in told.evidence][:3] == ["written-here", "before", "after"]


def test_a_row_of_a_database_that_others_lack_is_more_likely_lost_by_them() -> None:
    rows = replace(BEN, parser="whatsapp-android/2", numbered=True)
    without = frozenset([AT])
    phones = (replace(ANA, drops=without), replace(CY, drops=without))
    told = the(together(SAID, rows, *phones), "only-here")
    assert told.strength == "noted"
    assert ("lost-elsewhere", "open") in stands(told)


def test_a_time_that_runs_back_is_noted_and_shows_both_rows() -> None:
    said = [*SAID]
    said[200] = replace(said[200], at_ms=said[200].at_ms - 40 * 24 * HOUR)
    told = the(together(said, BEN), "time-runs-back")
    assert told.strength == "noted"
    spans = [one.span for one in told.evidence if one.span]
    assert [one.start for one in spans] == [200_000, 199_000]
    assert ("late", "open") in stands(told)


@pytest.mark.parametrize(
    ("others", "strength"), [((ANA, CY), "corroborated"), ((ANA,), "supported")]
)
def test_a_changed_time_is_as_strong_as_those_who_have_another(
    others: tuple[Phone, ...], strength: str
) -> None:
    changed = [
        replace(one, at_ms=one.at_ms + 9 * HOUR) if one.number == AT else one for one in SAID
    ]
    outcome = laid([(BEN, changed), *((phone, SAID) for phone in others)], Beside())
    told = the(outcome, "time-differs")
    assert told.strength == strength
    assert dict(stands(told))["late"] == Standing.UNLIKELY
    assert len([one for one in told.evidence if one.code == "other-time"]) == len(others)
