"""The scorers give a perfect answer full marks and a ruined one the marks it deserves."""

from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.reconcile.answer import Answer, Offset
from benchmarks.reconcile.dials import HARD
from benchmarks.reconcile.evidence import deliveries, evidence
from benchmarks.reconcile.known import Known, expected_together, known, persons
from benchmarks.reconcile.model import Form
from benchmarks.reconcile.page import page
from benchmarks.reconcile.results import freeze, kept, of_sheet, of_speed
from benchmarks.reconcile.run import PAGE
from benchmarks.reconcile.scores import Counted, Told, by_strength, deletions, forgeries, pairs
from benchmarks.reconcile.sheet import score
from benchmarks.reconcile.speed import Speed, Took
from benchmarks.reconcile.taking import take_in

DIALS = replace(
    HARD, groups=3, messages=80, large=(), directs=1, bulk_run=(5, 15), forging=700, late=900
)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Known:
    made = evidence(DIALS)
    taken = take_in(tmp_path_factory.mktemp("scores") / "operation", deliveries(made))
    return known(made, taken.seen)


def _in_order(truth: Known) -> dict[str, int]:
    shown = {one.entry for one in truth.seen}
    ordered = sorted(shown, key=lambda entry: truth.entries[entry].at_ms)
    return {entry: place for place, entry in enumerate(ordered)}


@pytest.fixture(scope="module")
def perfect(truth: Known) -> Answer:
    numbers = expected_together(truth)
    who = persons(truth)
    return Answer(
        message=[one.entry for one in truth.seen],
        position=_in_order(truth),
        talk={copy: str(number) for copy, number in numbers.items()},
        missing=[Told(copy, entry) for copy, entry in sorted(truth.due)],
        alone=[at for at, one in enumerate(truth.seen) if one.form is Form.FORGED],
        person=who,
        owners={
            copy: name
            for (copy, name), person in who.items()
            if person == truth.copies[copy].phone.owner.key
        },
        offsets=dict.fromkeys(truth.copies, Offset(0, None)),
        other=[(at, "x") for at, one in enumerate(truth.seen) if one.form is Form.TIME_ALTERED],
    )


def test_a_perfect_answer_has_no_error_and_full_marks(truth: Known, perfect: Answer) -> None:
    sheet = score(truth, perfect)
    for counted in (
        sheet.joins, sheet.missing, sheet.notices, sheet.people, sheet.owners, sheet.forged
    ):  # fmt: skip
        assert counted is not None
        assert counted.right > 0
        assert (counted.wrong, counted.missed) == (0, 0)
    assert sheet.placed[0] > 300
    assert sheet.placed[1] == 0
    assert (sheet.outside, sheet.talks_joined, sheet.talks_split) == (0, 0, 0)
    assert sheet.altered[0] == sheet.altered[1]
    assert not sheet.errors.counts


def test_all_put_together_is_found_whole_and_imprecise(truth: Known, perfect: Answer) -> None:
    one = replace(
        perfect,
        message=["m"] * len(truth.seen),
        position={"m": 0},
        talk=dict.fromkeys(truth.copies, "c"),
        person=dict.fromkeys(perfect.person, "p"),
    )
    sheet = score(truth, one)
    assert sheet.people is not None
    assert sheet.joins.recall == sheet.people.recall == 1
    assert sheet.joins.precision < 0.1 > sheet.people.precision - 0.3
    assert sheet.talks_joined == 1
    assert sheet.errors.counts["joined: of two conversations"] > 0


def test_all_kept_apart_is_precise_and_finds_nothing(truth: Known, perfect: Answer) -> None:
    apart = replace(
        perfect,
        message=[str(at) for at in range(len(truth.seen))],
        position={str(at): -at for at in range(len(truth.seen))},
        talk={copy: copy for copy in truth.copies},
        person={node: str(node) for node in perfect.person},
    )
    sheet = score(truth, apart)
    assert (sheet.joins.precision, sheet.joins.recall) == (1, 0)
    assert sheet.talks_split > 0
    assert sheet.placed[1] > 0
    assert sheet.errors.counts["apart: conversation split"] == sheet.joins.missed


def test_pairs_are_counted_by_hand() -> None:
    assert pairs("aabb", "xxxy") == Counted(right=1, wrong=1, missed=2)


def test_a_message_told_missing_before_its_owner_came_is_a_finding_outside(truth: Known) -> None:
    outside = next(Told(*key) for key, why in sorted(truth.why.items()) if why.name == "NOT_MEMBER")
    held = Told(*min(key for key in truth.held if truth.is_speech(key[1])))
    counted, errors = deletions(truth, [outside, held])
    assert (counted.right, counted.wrong, counted.missed) == (0, 2, len(truth.due))
    assert errors.counts["told: owner not a member"] == 1
    assert errors.counts["told: the copy holds it"] == 1


def test_deletions_are_counted_by_how_strong_they_are_said_to_be(truth: Known) -> None:
    first, second = sorted(truth.due)[:2]
    held = min(key for key in truth.held if truth.is_speech(key[1]))
    told = [Told(*first, "corroborated"), Told(*second, "noted"), Told(*held, "noted")]
    assert by_strength(truth, told) == {"corroborated": (1, 1), "noted": (2, 1)}


def test_a_line_that_stands_alone_since_others_lost_it_is_no_forgery_and_no_error(
    truth: Known,
) -> None:
    alone = next(
        at
        for at, one in enumerate(truth.seen)
        if len(truth.holders[one.entry]) == 1
        and any(
            entry == one.entry and why.name == "DELETED" for (_, entry), why in truth.why.items()
        )
    )
    shared = next(at for at, one in enumerate(truth.seen) if len(truth.holders[one.entry]) > 1)
    counted, bare, errors = forgeries(truth, [alone, shared])
    assert (counted.right, counted.wrong, bare) == (0, 1, 1)
    assert sum(errors.counts[kind] for kind in errors.counts if kind.startswith("marked")) == 1


def test_a_clock_told_an_hour_wrong_is_an_hour_wrong(truth: Known, perfect: Answer) -> None:
    right = score(truth, perfect).clocks
    moved = {copy: Offset(3_600_000, "steps") for copy in truth.copies}
    alike = score(truth, replace(perfect, offsets=moved)).clocks
    assert right is not None
    assert alike is not None
    assert alike.middle_ms == right.middle_ms  # all moved alike: nothing changes between them
    assert alike.moving_doubted == alike.moving
    untold = {copy: Offset(0, "no other copy to compare with") for copy in truth.copies}
    nothing = score(truth, replace(perfect, offsets=untold)).clocks
    assert nothing is not None
    assert (nothing.untold, nothing.moving) == (len(truth.copies), 0)


def test_figures_are_frozen_by_section_and_set_out(
    truth: Known, perfect: Answer, tmp_path: Path
) -> None:
    frozen = tmp_path / "results.json"
    took = Took(1, 2.0, 2.0, 0.0, 100.0)
    freeze({"default": of_sheet(score(truth, perfect), 1.0)}, frozen)
    every = freeze(
        {
            "speed 10": of_speed(
                Speed(10, 2, took, replace(took, cpu_s=0.2, workers_cpu_s=2.0), 0.5)
            )
        },
        frozen,
    )
    assert kept(frozen) == every
    assert every["speed 10"].figures["share_of_two"] == 0.6
    assert "| messages joined: precision | ≥ 0.9999 | 1.00000 |" in page(every)


def test_the_page_says_what_is_frozen() -> None:
    assert PAGE.read_text() == page(kept())
