"""Invented evidence is the same for a seed, and its truth says what was written and read."""

from dataclasses import replace

import pytest
from benchmarks.reconcile.answer import answer
from benchmarks.reconcile.baselines import by_difference, by_time_and_text
from benchmarks.reconcile.dials import DEFAULT, HARD, Dials
from benchmarks.reconcile.evidence import deliveries, evidence
from benchmarks.reconcile.holding import visits
from benchmarks.reconcile.known import Known, expected_together, known
from benchmarks.reconcile.model import DELETED, Form, Style, Why
from benchmarks.reconcile.people import people, phones
from benchmarks.reconcile.run import measure, written_errors
from benchmarks.reconcile.sheet import score
from benchmarks.reconcile.taking import Taken, take_in

from witnessbox.example.model import Message, Notice
from witnessbox.reconcile import run as reconcile

TINY = replace(
    DEFAULT,
    phones=6,
    people=12,
    groups=6,
    twins=1,
    directs=2,
    messages=90,
    large=(300,),
    phones_a_group=(2, 5),
    limit=150,
    limit_with_media=100,
    bulk_run=(5, 15),
    deleted=40,
    cleared=150,
    timers=500,
    leaving=150,
    back=200,
    forging=400,
    altering=400,
    abroad=500,
    edited=60,
    missed_changes=300,
)
TINY_HARD = replace(HARD, groups=3, messages=60, large=(), directs=1, bulk_run=(5, 15))


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    return take_in(tmp_path_factory.mktemp("truth") / "operation", deliveries(evidence(TINY)))


@pytest.fixture(scope="module")
def truth(taken: Taken) -> Known:
    return known(evidence(TINY), taken.seen)


@pytest.mark.parametrize("dials", [TINY, TINY_HARD])
def test_the_same_seed_gives_the_same_bytes(dials: Dials) -> None:
    first, second = (list(deliveries(evidence(dials))) for _ in range(2))
    assert [one.files for one in first] == [one.files for one in second]


def test_another_seed_gives_other_bytes() -> None:
    other = replace(TINY, seed=2)
    first, second = (list(deliveries(evidence(dials))) for dials in (TINY, other))
    assert [one.files for one in first] != [one.files for one in second]


def test_every_record_that_was_written_is_read_and_every_row_is_explained(taken: Taken) -> None:
    assert (taken.unknown, taken.unread) == (0, 0)
    assert len(taken.seen) > 1000


def test_a_row_says_what_the_truth_says_was_written(truth: Known) -> None:
    texts = [
        (one.text, said.text)
        for one in truth.seen
        if one.form in {Form.PLAIN, Form.FORGED}
        and isinstance(said := truth.entries[one.entry], Message)
        and said.kind == "text"
    ]
    assert len(texts) > 1000
    assert [read for read, _ in texts] == [wrote for _, wrote in texts]


def test_a_message_is_shown_by_a_copy_or_there_is_a_reason_why_not(truth: Known) -> None:
    for key, copy in truth.copies.items():
        absent = {entry for entry, _ in copy.absent}
        shown = {one.key for one in copy.talk.messages if (key, one.key) in truth.held}
        assert not absent & shown
        assert absent | shown == {one.key for one in copy.talk.messages}


def test_all_reasons_for_absence_and_all_forms_come_about(truth: Known) -> None:
    assert set(truth.why.values()) == set(Why)
    assert {one.form for one in truth.seen} == set(Form)
    assert {copy.style for copy in truth.copies.values()} == set(Style)


def test_a_deletion_that_can_be_told_lies_between_messages_the_copy_still_has(truth: Known) -> None:
    assert truth.due
    for copy, entry in truth.due:
        assert truth.why[copy, entry] in DELETED
        at = truth.entries[entry].at_ms
        held = [line.entry.at_ms for line in truth.copies[copy].lines]
        assert min(held) <= at <= max(held)


def test_nobody_speaks_in_a_conversation_they_are_not_in(truth: Known) -> None:
    for talk in {copy.talk.key: copy.talk for copy in truth.copies.values()}.values():
        members = {spell.person for spell in talk.spells}
        assert {said.sender for said in talk.messages} <= members


def test_notices_tell_of_every_change_of_members(truth: Known) -> None:
    for talk in {copy.talk.key: copy.talk for copy in truth.copies.values()}.values():
        ends = [spell for spell in talk.spells if spell.until_ms is not None]
        told = [one for one in talk.notices if one.event in {"left", "removed"}]
        assert len(ends) == len(told)
        assert all(isinstance(one, Notice) for one in told)


def test_twins_bear_one_name_and_say_some_things_twice() -> None:
    talks = {talk.key: talk for talk in evidence(TINY).talks}
    twin = talks["t00"]
    first = talks[f"g{TINY.groups - 1:02}"]
    assert twin.titles[0][1] == first.titles[0][1]
    assert twin.address != first.address
    assert {said.text for said in twin.messages} & {said.text for said in first.messages}


def test_half_the_phones_hand_over_text_alone_and_some_come_twice() -> None:
    handed = list(visits(DEFAULT, phones(DEFAULT, people(DEFAULT))))
    first = [visit.style for visit in handed if visit.number == 1]
    assert first.count(Style.TEXT) == DEFAULT.phones // 2
    assert 0 < sum(visit.number == 2 for visit in handed) < DEFAULT.phones


def test_hard_evidence_is_text_alone_and_lacks_much() -> None:
    truth = evidence(TINY_HARD)
    assert {copy.style for copy in truth.copies} == {Style.TEXT}
    said = sum(len(copy.talk.messages) for copy in truth.copies)
    lost = sum(why in DELETED for copy in truth.copies for _, why in copy.absent)
    assert lost / said > 0.15


def test_the_products_answer_is_scored_whole(taken: Taken, truth: Known) -> None:
    reconcile.run(taken.operation.folder, taken.operation.ledger)
    sheet = score(truth, answer(taken.operation.tables, truth))
    joins, people_told = sheet.joins, sheet.people
    assert sheet.sightings == len(taken.seen)
    assert joins.recall > 0.5
    assert people_told is not None
    assert people_told.f1 > 0.5
    assert "×" in written_errors(sheet)


def test_the_whole_is_measured_at_once_beside_simple_ways() -> None:
    sections, sheet = measure("tiny", TINY_HARD)
    assert set(sections) == {"tiny", "tiny: time and text", "tiny: diff"}
    assert sections["tiny"].figures["sightings"] == sheet.sightings
    assert sections["tiny: diff"].figures["joins_right"] > 0


def test_simple_ways_of_working_are_scored_on_the_same_rows(truth: Known) -> None:
    simple = by_time_and_text(truth)
    compared, small = by_difference(truth, 200)
    assert simple.joins.right + simple.joins.missed > compared.joins.right
    assert 0 < compared.joins.recall < 1
    assert small < {talk.key for talk in evidence(TINY).talks}


def test_copies_that_share_nothing_are_not_expected_together(truth: Known) -> None:
    expected = expected_together(truth)
    for copy, number in expected.items():
        talks = {truth.talk(other) for other, same in expected.items() if same == number}
        assert talks == {truth.talk(copy)}
