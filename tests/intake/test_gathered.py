"""Rows gathered in small parts become columns together, in their order."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from witnessbox.evidence.model import Severity
from witnessbox.intake.gathered import Gathered, batches


def part(first: int, rows: int) -> Gathered:
    made = Gathered("e" * 64, "test/1")
    for n in range(first, first + rows):
        made.problem(n, n + 1, "code", f"what {n}", Severity.NOTE)
    return made


@given(st.lists(st.integers(0, 3_000), max_size=30))
def test_small_parts_go_together_and_no_row_is_lost_or_moved(sizes: list[int]) -> None:
    firsts = [sum(sizes[:k]) for k in range(len(sizes))]
    made = list(batches(part(*one) for one in zip(firsts, sizes, strict=True)))
    told = [one.problems for one in made if one.problems is not None]
    starts = [start for rows in told for start in rows.column("start").to_pylist()]
    assert starts == list(range(sum(sizes)))
    counts = [rows.num_rows for rows in told]
    assert all(one <= max(2_048, *sizes) for one in counts)
    assert all(one + other > 2_048 for one, other in pairwise(counts))


def test_nothing_gathered_is_no_batch() -> None:
    assert list(batches([])) == []
