"""Samples, from the draw to what a reviewer gets."""

import pyarrow as pa
import pytest

from tests.people import ANA, BO
from tests.reports import reviewed
from tests.reports.reviewed import AT
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import Ledger
from witnessbox.review import record, samples
from witnessbox.review.coding import ReviewError
from witnessbox.review.samples import Asked
from witnessbox.screening.material import Purpose
from witnessbox.screening.sampling import draw_uniform, population_hash


@pytest.fixture
def begun(folder: Folder, sqlite_ledger: Ledger) -> Folder:
    """Six hundred messages in reading order; nobody has read any."""
    reviewed.begun(folder)
    return folder


def test_a_sealed_sample_is_drawn_from_what_nobody_read(
    begun: Folder, sqlite_ledger: Ledger
) -> None:
    reviewed.read(sqlite_ledger, list(range(50)))
    made = samples.draw(begun, sqlite_ledger, Asked(Purpose.SEALED, 20, seed=9), ANA, AT)
    unread = pa.array([reviewed.name(place) for place in range(50, reviewed.MESSAGES)])
    assert made.population == len(unread)
    assert made.population_sha256 == population_hash(unread)
    assert list(made.messages) == draw_uniform(unread, 20, 9).to_pylist()
    (kept,) = samples.material(begun, sqlite_ledger).draws
    assert (kept.purpose, kept.messages, kept.position) == (Purpose.SEALED, made.messages, 50)


def test_the_seed_follows_from_the_ledger_as_it_was(begun: Folder, sqlite_ledger: Ledger) -> None:
    reviewed.read(sqlite_ledger, [0])
    head = sqlite_ledger.head()
    made = samples.draw(begun, sqlite_ledger, Asked(Purpose.SEALED, 5), ANA, AT)
    assert made.seed == int(head.hash[:12], 16)


def test_a_control_sample_comes_before_reading(begun: Folder, sqlite_ledger: Ledger) -> None:
    samples.draw(begun, sqlite_ledger, Asked(Purpose.CONTROL, 5), ANA, AT)
    reviewed.read(sqlite_ledger, [0])
    with pytest.raises(ReviewError, match="before anything is read"):
        samples.draw(begun, sqlite_ledger, Asked(Purpose.CONTROL, 5), ANA, AT)


def test_a_second_reading_is_drawn_from_what_was_found_not_relevant(
    begun: Folder, sqlite_ledger: Ledger
) -> None:
    reviewed.read(sqlite_ledger, list(range(10)))
    made = samples.draw(begun, sqlite_ledger, Asked(Purpose.SECOND_READING, 5), ANA, AT)
    harmless = {reviewed.name(place) for place in (1, 3, 5, 7, 9)}
    assert set(made.messages) == harmless
    assert samples.waiting(begun, sqlite_ledger, ANA.id) == ()
    assert {one.message for one in samples.waiting(begun, sqlite_ledger, BO.id)} == harmless


def test_a_sample_that_waits_is_read_before_the_next(begun: Folder, sqlite_ledger: Ledger) -> None:
    made = samples.draw(begun, sqlite_ledger, Asked(Purpose.SEALED, 3), ANA, AT)
    with pytest.raises(ReviewError, match="not read whole"):
        samples.draw(begun, sqlite_ledger, Asked(Purpose.SEALED, 3), ANA, AT)
    reviewed.read(sqlite_ledger, [reviewed.place_of(one) for one in made.messages])
    samples.draw(begun, sqlite_ledger, Asked(Purpose.SEALED, 3), ANA, AT)


def test_what_was_drawn_comes_mixed_and_says_nothing_of_its_rank(
    begun: Folder, sqlite_ledger: Ledger
) -> None:
    made = samples.draw(begun, sqlite_ledger, Asked(Purpose.SEALED, 30), ANA, AT)
    waits = samples.waiting(begun, sqlite_ledger, ANA.id)
    assert {one.message for one in waits} == set(made.messages)
    assert [one.message for one in waits] != sorted(made.messages)
    assert not hasattr(waits[0], "score")


def test_what_a_reviewer_read_of_a_sample_stays_at_hand(
    begun: Folder, sqlite_ledger: Ledger
) -> None:
    made = samples.draw(begun, sqlite_ledger, Asked(Purpose.SEALED, 4), ANA, AT)
    reviewed.read(sqlite_ledger, [reviewed.place_of(made.messages[0])])
    served = samples.served(begun, sqlite_ledger, ANA.id)
    assert sorted(one.read for one in served) == [False, False, False, True]
    assert len(samples.waiting(begun, sqlite_ledger, BO.id)) == 3


def test_more_than_there_is_is_refused(begun: Folder, sqlite_ledger: Ledger) -> None:
    with pytest.raises(ReviewError, match="no sealed sample: 601 messages"):
        samples.draw(begun, sqlite_ledger, Asked(Purpose.SEALED, 601), ANA, AT)
    assert sqlite_ledger.head().length == 0


def test_without_messages_nothing_is_drawn(folder: Folder, sqlite_ledger: Ledger) -> None:
    with pytest.raises(ReviewError, match="run 'witnessbox run' first"):
        samples.draw(folder, sqlite_ledger, Asked(Purpose.SEALED, 1), ANA, AT)


def test_only_the_last_word_stands_and_a_withdrawn_one_does_not(
    begun: Folder, sqlite_ledger: Ledger
) -> None:
    reviewed.read(sqlite_ledger, [0, 1])
    reviewed.read(sqlite_ledger, [0])
    record.withdraw(sqlite_ledger, reviewed.coded(1, ANA, relevant=False), ANA, AT, "a slip")
    reads = samples.material(begun, sqlite_ledger).reads
    assert [(one.message, one.stands) for one in reads] == [
        ("m0000", False),
        ("m0001", False),
        ("m0000", True),
    ]
