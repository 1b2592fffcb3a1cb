"""What is foretold of a review, and when nothing is."""

import pyarrow as pa

from witnessbox.screening.material import Material, Read
from witnessbox.screening.outlook import outlook

MESSAGES = 2_000


def read_first(relevant: list[bool]) -> Material:
    """Read so many of 2,000 messages, in order."""
    said = [
        Read(at, f"m{at:04}", "ana", ("racism",) if yes else (), stands=True)
        for at, yes in enumerate(relevant)
    ]
    return Material(pa.array([f"m{at:04}" for at in range(MESSAGES)]), tuple(said), ())


def test_as_finds_grow_rare_what_is_left_is_foretold() -> None:
    finds = [at < 40 or (at < 200 and at % 4 == 0) or at == 300 for at in range(400)]
    left = outlook(read_first(finds)).forecast_left
    assert left is not None
    assert 0 < left < 20


def test_while_every_other_message_is_relevant_nothing_is_foretold() -> None:
    now = outlook(read_first([at % 2 == 0 for at in range(400)]))
    assert now.figures.relevant == 200
    assert now.forecast_left is None
    assert now.too_early
