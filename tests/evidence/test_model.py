"""Spans and the other words of evidence."""

import pytest

from witnessbox.evidence.model import Span


def test_a_span_knows_its_size() -> None:
    assert Span("e", 3, 10).size_bytes == 7


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_that_runs_backward_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="runs forward"):
        Span("e", start, end)


def test_spans_sort_by_exhibit_then_place() -> None:
    assert sorted([Span("b", 0, 1), Span("a", 5, 6), Span("a", 0, 9)]) == [
        Span("a", 0, 9),
        Span("a", 5, 6),
        Span("b", 0, 1),
    ]
