"""Every family's large exhibit can be made, is taken in whole, and its memory is told."""

from pathlib import Path

import pytest
from benchmarks.intake import large
from benchmarks.intake.exhibits import FAMILIES

SMALL_BYTES = 60_000


@pytest.mark.parametrize("family", FAMILIES)
def test_a_small_exhibit_of_each_family_is_taken_in(family: str, tmp_path: Path) -> None:
    folder = tmp_path / "handed over"
    folder.mkdir()
    made = FAMILIES[family](folder, SMALL_BYTES)
    size_bytes, messages, _ = large.take_in(made, tmp_path / "operation")
    assert size_bytes > 10_000
    assert messages >= 50


def test_the_memory_a_process_takes_is_told() -> None:
    found = large.measure("One family", FAMILIES["Table, CSV"], SMALL_BYTES)
    assert 10 < found.own_mb <= found.mapped_mb


def test_growth_is_told_by_two_exhibits_of_one_make() -> None:
    small = large.Peak("One family", 500_000_000, 10, 1.0, 100.0, 200.0)
    big = large.Peak("One family", 2_000_000_000, 40, 4.0, 115.0, 230.0)
    assert large.growth_mb_per_gb(small, big) == 10
    assert "| 10 | 295 |" in large.page([(small, big)])
