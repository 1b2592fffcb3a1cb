"""A stated form of time reads the same however its numbers are padded."""

import pytest

from witnessbox.intake.table.times import reader

FORM = "%d/%m/%Y %H:%M:%S"


@pytest.mark.parametrize(
    ("padded", "bare"),
    [("01/03/2024 09:05:07", "1/3/2024 9:5:7"), ("29/10/2023 01:30:00", "29/10/2023 1:30:0")],
)
def test_numbers_may_be_padded_or_not(padded: str, bare: str) -> None:
    read = reader(FORM, "Europe/London")
    assert read(padded) == read(bare) is not None


def test_a_form_with_words_is_read_too() -> None:
    assert reader("%d %b %Y %H:%M", "UTC")("01 Mar 2024 09:05") == reader("iso", "UTC")(
        "2024-03-01 09:05"
    )


@pytest.mark.parametrize("stamp", ["31/02/2024 09:05:07", "01/03/2024 09:05:61", "01/03/2024"])
def test_what_does_not_exist_is_no_time(stamp: str) -> None:
    assert reader(FORM, "Europe/London")(stamp) is None


def test_a_form_that_says_no_time_reads_none() -> None:
    assert reader("%Y-%m-%d %H:%M%", "UTC")("2024-03-01 09:05%") is None
