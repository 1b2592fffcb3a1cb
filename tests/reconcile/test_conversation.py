"""Whole conversations, laid together from copies whose truth is known."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reconcile.chats import (
    MILLISECOND,
    MINUTE,
    SECOND,
    Phone,
    Said,
    chat,
    dropping,
    held,
    no_memberships,
    rows,
    source,
)
from tests.reconcile.outcomes import Outcome, together
from witnessbox.reconcile.kernel import reconcile
from witnessbox.reconcile.plan import plan
from witnessbox.reconcile.sketch import sketch

HOUR = 3_600_000
ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND)
BEN = Phone("ben", ("~ A", "Benny", "Cyrus", "07700 900123", "El"), MINUTE, language="de")
CY = Phone("cy", ("Anna H", "Sarge", "C", "D", "E"), MINUTE, language="fr")


def truth_pairs(said: list[Said], phones: tuple[Phone, ...]) -> int:
    counts = Counter(one.number for phone in phones for one in held(said, phone))
    return sum(n * (n - 1) // 2 for n in counts.values())


def found_pairs(outcome: Outcome) -> Counter[bool]:
    groups = defaultdict(list)
    for row in outcome.sightings:
        groups[row["message"]].append(row["start"])
    return Counter(a == b for seen in groups.values() for a, b in combinations(seen, 2))


def missing(outcome: Outcome) -> set[tuple[str, int]]:
    copies = {copy.source.copy: copy.source.exhibits[0] for copy in outcome.planned.copies}
    return {
        (copies[row["copy"]], row["start"] // 1000)
        for row in outcome.discrepancies
        if row["kind"] == "missing"
    }


def lacking(said: list[Said], phone: Phone, others: tuple[Phone, ...]) -> set[int]:
    """Say what a phone truly lacks inside its window that the others show."""
    own = [one.number for one in held(said, phone)]
    each = [{one.number for one in held(said, other)} for other in others]
    elsewhere = set[int].intersection(*each)  # what one phone alone holds may have been put in
    first, last = said[own[0]].at_ms + 3 * MINUTE, said[own[-1]].at_ms - 3 * MINUTE
    return {n for n in elsewhere - set(own) if first < said[n].at_ms < last}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10_000),
    drop=st.sampled_from([0.02, 0.1, 0.2]),
    skews=st.tuples(st.integers(-300, 300), st.integers(-300, 300)),
    units=st.tuples(*[st.sampled_from([MINUTE, SECOND])] * 3),
)
def test_copies_are_laid_together_and_every_gap_is_told(
    seed: int, drop: float, skews: tuple[int, int], units: tuple[int, int, int]
) -> None:
    said = chat(1200, seed=seed)
    stood = frozenset(range(seed % 90, 1200, 97))
    bases = (
        replace(ANA, unit_ms=units[0]),
        replace(BEN, unit_ms=units[1], skew_ms=skews[0] * 60_000 + 7_000, placeholders=stood),
        replace(CY, unit_ms=units[2], skew_ms=skews[1] * 60_000 - 11_000),
    )
    phones = tuple(dropping(said, phone, drop, seed + i) for i, phone in enumerate(bases))
    outcome = together(said, *phones)
    pairs = found_pairs(outcome)
    assert pairs[True] >= 0.995 * (pairs[True] + pairs[False])
    assert pairs[True] >= 0.995 * truth_pairs(said, phones)
    told = missing(outcome)
    for phone in phones:
        others = tuple(other for other in phones if other is not phone)
        gaps = {n for n in lacking(said, phone, others) if said[n].kind != "notice"}
        known = {n for exhibit, n in told if exhibit == phone.exhibit}
        assert len(gaps & known) >= 0.98 * len(gaps) - 1  # a repeat may take another's place


def test_order_follows_the_copies() -> None:
    said = chat(800)
    outcome = together(said, dropping(said, ANA, 0.1, 1), dropping(said, BEN, 0.1, 2))
    numbers = [row["start"] // 1000 for row in outcome.messages]
    assert sum(a > b for a, b in pairwise(numbers)) <= 4
    assert [row["position"] for row in outcome.messages] == list(range(len(numbers)))


def test_names_are_matched_by_what_was_said_under_them() -> None:
    said = chat(600)
    outcome = together(said, ANA, BEN, CY)
    persons = [[name.person for name in copy.names] for copy in outcome.planned.copies]
    by_name = {name.name: name.person for copy in outcome.planned.copies for name in copy.names}
    for known in zip(ANA.names, BEN.names, CY.names, strict=True):
        assert len({by_name[name] for name in known}) == 1
    assert {len(set(column)) for column in persons} == {5}
    assert "Dee" in {row["sender_name"] for row in outcome.messages}


def test_a_placeholder_stands_for_the_message_the_others_hold() -> None:
    said = chat(400)
    texts = [one.number for one in said if one.kind == "text" and len(one.text) > 12]
    stood = frozenset(texts[50:60])
    outcome = together(said, ANA, replace(BEN, placeholders=stood), CY)
    deleted = {row["start"] // 1000: row for row in outcome.messages if row["deleted"]}
    assert set(deleted) == stood
    assert all(deleted[n]["text"] == said[n].text for n in stood)
    told = [row for row in outcome.discrepancies if row["kind"] == "placeholder"]
    assert {row["start"] // 1000 for row in told} == stood
    behind = [row for row in outcome.sightings if row["matched_by"] == "placeholder"]
    assert {row["kind"] for row in behind} == {"deleted"}
    assert len(behind) == 10


def test_altered_words_are_matched_and_told() -> None:
    said = chat(400)
    target = next(one for one in said[100:] if one.kind == "text" and len(one.text) > 20)
    outcome = together(said, ANA, replace(BEN, altered={target.number: target.text + " not"}), CY)
    (told,) = [row for row in outcome.discrepancies if row["kind"] == "text-differs"]
    assert (told["exhibit"], told["start"]) == (BEN.exhibit, target.number * 1000)
    quoted = next(row for row in outcome.messages if row["message"] == told["message"])
    assert quoted["text"] == target.text


def test_a_line_only_one_copy_holds_is_told() -> None:
    said = chat(400)
    target = next(one for one in said[200:] if one.kind == "text" and len(one.text) > 12)
    without = frozenset([target.number])
    outcome = together(said, ANA, replace(BEN, drops=without), replace(CY, drops=without))
    (told,) = [row for row in outcome.discrepancies if row["kind"] == "only-here"]
    assert (told["exhibit"], told["start"]) == (ANA.exhibit, target.number * 1000)
    assert "2 other phones" in told["what"]
    assert not [row for row in outcome.discrepancies if row["kind"] == "missing"]


def test_a_line_only_one_of_two_phones_holds_is_told_of_both() -> None:
    said = chat(400)
    target = next(one for one in said[200:] if one.kind == "text" and len(one.text) > 12)
    outcome = together(said, ANA, replace(BEN, drops=frozenset([target.number])))
    assert sorted(row["kind"] for row in outcome.discrepancies) == ["missing", "only-here"]


def test_lines_that_losses_explain_are_told_as_missing_where_they_are() -> None:
    said = chat(1200)
    lost = [frozenset(range(start, 1200, 4)) for start in (1, 2)]
    both = replace(BEN, drops=lost[0] | {40}), replace(CY, drops=lost[1] | {40})
    outcome = together(said, ANA, *both)
    told = [row for row in outcome.discrepancies if row["start"] == 40_000]
    assert sorted(row["kind"] for row in told) == ["missing", "missing", "only-here"]


def test_what_stands_at_the_edge_of_a_window_is_asked_of_nobody() -> None:
    said = chat(300)
    near = replace(said[200], number=300, text="not in the other copy", at_ms=said[200].at_ms + 9)
    said = [*said[:201], near, *said[201:]]
    outcome = together(said, ANA, replace(CY, last=200))
    assert not [row for row in outcome.discrepancies if row["start"] == 300_000]


def test_repeats_are_told_apart_by_their_order() -> None:
    said = chat(300)
    at = said[150].at_ms
    oks = [replace(said[150 + i], text="ok", kind="text", who=1, at_ms=at + i) for i in range(10)]
    said[150:160] = oks
    said[160:] = [replace(one, at_ms=one.at_ms + 60_000) for one in said[160:]]
    phones = (ANA, replace(BEN, drops=frozenset([150, 151, 152])), CY)
    outcome = together(said, *phones)
    held_by = Counter(
        row["message"] for row in outcome.sightings if 150 <= row["start"] // 1000 < 160
    )
    assert sorted(held_by.values()) == [2, 2, 2, 3, 3, 3, 3, 3, 3, 3]


def test_repeats_on_two_sides_of_a_message_are_not_taken_for_one_another() -> None:
    said = chat(300)
    at = said[150].at_ms
    texts = ("ok", "fetch the long ladder", "ok", "where is the old ladder", "ok")
    for i, text in enumerate(texts):
        said[150 + i] = Said(150 + i, at + 2_000 * i, 1, "text", text)
    said[155:] = [replace(one, at_ms=one.at_ms + 60_000) for one in said[155:]]
    first, second = replace(BEN, drops=frozenset([154])), replace(CY, drops=frozenset([150]))
    outcome = together(said, first, second)
    assert found_pairs(outcome)[False] == 0
    assert missing(outcome) == {(first.exhibit, 154), (second.exhibit, 150)}


def test_equal_words_in_an_hour_that_a_clock_doubles_are_matched() -> None:
    said = chat(300)
    texts = [one.number for one in said[150:170] if one.kind == "text" and len(one.text) > 12][:3]
    phone = replace(BEN, steps=((texts[0], HOUR), (texts[2] + 1, -HOUR)))
    outcome = together(said, ANA, phone, CY)
    assert not missing(outcome) & {(phone.exhibit, number) for number in texts}


def test_an_edited_message_is_matched_and_said_to_be_one() -> None:
    said = chat(300)
    target = next(one for one in said[100:] if one.kind == "text" and len(one.text) > 20)
    changed = replace(BEN, altered={target.number: "never mind"}, edited=frozenset([target.number]))
    outcome = together(said, ANA, changed)
    (told,) = [row for row in outcome.discrepancies if row["kind"] == "edited"]
    assert "marked as edited" in told["what"]


@pytest.mark.parametrize("kind", ["text", "media"])
def test_a_message_that_came_late_is_matched_and_moves_no_other(kind: str) -> None:
    said = chat(400, pace_ms=20_000)
    late = frozenset(range(60, 360, 25))
    said = [replace(one, kind=kind, text="ok") if one.number in late else one for one in said]
    said = [replace(one, who=max(one.who, 0)) if one.number in late else one for one in said]
    phones = (replace(ANA, late=late), BEN, CY)
    pairs = found_pairs(together(said, *phones))
    assert pairs[False] == 0
    assert pairs[True] == truth_pairs(said, phones)


def test_a_clock_that_steps_is_followed() -> None:
    said = chat(1500)
    phone = replace(BEN, skew_ms=HOUR, steps=((500, HOUR), (1100, -HOUR)))
    outcome = together(said, ANA, phone, CY)
    steps = [row for row in outcome.clocks if row["copy"] == source(phone).copy]
    offsets = [row["offset_ms"] for row in steps]
    assert offsets == pytest.approx([-HOUR, -2 * HOUR, -HOUR], abs=5_000)
    assert [row["since_row"] for row in steps] == [0, 500, 1100]
    assert "steps 2 times" in steps[0]["doubt"]
    pairs = found_pairs(outcome)
    assert pairs[True] >= 0.99 * truth_pairs(said, (ANA, phone, CY))


def test_a_clock_that_drifts_is_followed_and_told() -> None:
    said = [replace(one, at_ms=one.at_ms + one.number * 1_200_000) for one in chat(1500)]
    drifting = [
        replace(one, at_ms=one.at_ms + (one.at_ms - said[0].at_ms) // 50_000) for one in said
    ]
    ordered = sorted([(said, ANA), (drifting, BEN), (said, CY)], key=lambda it: source(it[1]).copy)
    tables = [rows(*one) for one in ordered]
    (planned,) = plan([source(p) for _, p in ordered], [sketch(t) for t in tables]).conversations
    made = reconcile(planned, tables, no_memberships())
    outcome = Outcome(planned, *(table.to_pylist() for table in made[:6]))
    assert found_pairs(outcome)[True] >= 0.998 * truth_pairs(said, (ANA, BEN, CY))
    (clock,) = (row for row in outcome.clocks if row["copy"] == source(BEN).copy)
    assert clock["drift_ppb"] == pytest.approx(-20_000, abs=2_500)
    assert "drifts by up to 1." in clock["doubt"]


def test_a_copy_with_too_few_texts_in_common_keeps_its_clock_and_says_so() -> None:
    said = chat(60)
    apart = [replace(ANA, last=20), replace(BEN, first=50)]
    sources = [replace(source(p), thread="120363000000000001@g.us") for p in apart]
    tables = [rows(said, phone) for phone in apart]
    (planned,) = plan(sources, [sketch(table) for table in tables]).conversations
    clocks = reconcile(planned, tables, no_memberships())[3].to_pylist()
    assert {row["main_ms"] for row in clocks} == {0}
    assert any("too few texts" in (row["doubt"] or "") for row in clocks)


def test_platform_ids_match_whatever_the_clock_says() -> None:
    said = chat(300)
    first = replace(ANA, unit_ms=MILLISECOND, platform_ids=True)
    second = replace(CY, platform_ids=True, skew_ms=5 * HOUR + 1_234_567, steps=((150, 777_000),))
    outcome = together(said, first, second)
    assert found_pairs(outcome) == Counter({True: 300})
    assert {row["matched_by"] for row in outcome.sightings} == {"platform-id"}


def test_time_that_runs_back_in_a_copy_is_told_where_it_does() -> None:
    said = chat(300)
    said[200] = replace(said[200], at_ms=said[200].at_ms - 40 * 24 * HOUR)
    outcome = together(said, ANA)
    (told,) = [row for row in outcome.discrepancies if row["kind"] == "time-runs-back"]
    assert told["start"] == 200_000
    assert [row["start"] // 1000 for row in outcome.messages][198:203] == [198, 199, 200, 201, 202]


@pytest.mark.parametrize("hours", [-7, 9])
def test_a_time_that_somebody_changed_is_told_of_the_copy_that_has_it(hours: int) -> None:
    said = chat(400)
    at = next(one.number for one in said[200:] if one.kind == "text" and one.text == "ok")
    changed = [
        replace(one, at_ms=one.at_ms + hours * HOUR) if one.number == at else one for one in said
    ]
    each = [(said, ANA), (changed, BEN), (said, CY)]
    ordered = sorted(each, key=lambda it: source(it[1]).copy)
    tables = [rows(*one) for one in ordered]
    (planned,) = plan([source(p) for _, p in ordered], [sketch(t) for t in tables]).conversations
    made = reconcile(planned, tables, no_memberships())
    outcome = Outcome(planned, *(table.to_pylist() for table in made[:6]))
    assert found_pairs(outcome) == Counter({True: 3 * len(said)})
    (told,) = [row for row in outcome.discrepancies if row["kind"] == "time-differs"]
    assert (told["exhibit"], told["start"]) == (BEN.exhibit, at * 1000)


def test_the_window_of_a_copy_ends_with_its_first_and_last_message() -> None:
    said = chat(500)
    outcome = together(said, ANA, replace(BEN, first=100, last=300))
    assert missing(outcome) == set()
    assert not [row for row in outcome.discrepancies if row["kind"] == "only-here"]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_copies_changes_nothing(seed: int) -> None:
    said = chat(500, seed=seed)
    phones = [dropping(said, phone, 0.1, i) for i, phone in enumerate((ANA, BEN, CY))]
    first = together(said, *phones)
    assert together(said, *phones[::-1]) == first
