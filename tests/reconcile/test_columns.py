"""Columns of messages as numbers."""

import pyarrow as pa
import pytest

from witnessbox.evidence.model import Kind
from witnessbox.reconcile.columns import (
    KINDS,
    codes_in,
    flags,
    kinds_of,
    said,
    times_ms,
    unit_ms_of,
    units_ms,
)


def test_kinds_are_places_and_words_that_people_wrote_are_told() -> None:
    kinds = kinds_of(pa.array(["poll", "notice", None, "text"]).dictionary_encode())
    assert [KINDS[at] if at >= 0 else None for at in kinds.tolist()] == [
        Kind.POLL,
        Kind.NOTICE,
        None,
        Kind.TEXT,
    ]
    assert said(kinds).tolist() == [True, False, False, True]


def test_what_is_not_listed_has_no_place() -> None:
    assert codes_in(pa.chunked_array([["b", "x"], [None, "a"]]), ("a", "b")).tolist() == [
        1,
        -1,
        -1,
        0,
    ]


def test_a_row_without_a_time_gets_the_one_before_it_or_else_the_one_after() -> None:
    column = pa.array([None, 5, None, 7], pa.timestamp("ms", tz="UTC"))
    assert times_ms(column).tolist() == [5, 5, 5, 7]
    assert times_ms(pa.array([None], pa.timestamp("ms", tz="UTC"))).tolist() == [0]


@pytest.mark.parametrize(
    ("precisions", "each", "whole"),
    [
        (["second", None, "millisecond"], [1_000, 60_000, 1], 1_000),
        (["minute", "second"], [60_000, 1_000], 60_000),
        ([None], [60_000], 60_000),
        ([], [], 60_000),
    ],
)
def test_a_copy_is_as_fine_as_its_coarsest_row_that_says_so(
    precisions: list[str | None], each: list[int], whole: int
) -> None:
    column = pa.array(precisions, pa.string()).dictionary_encode()
    assert units_ms(column).tolist() == each
    assert unit_ms_of(column) == whole


def test_no_answer_is_no() -> None:
    assert flags(pa.array([True, None, False])).tolist() == [True, False, False]
