"""Limits are settings: each has a name, a default and a check."""

import pytest

from witnessbox.intake.limits import DEFAULT, LimitError, Limits, departures, limits_of


def test_limits_that_are_not_named_keep_their_defaults() -> None:
    assert limits_of({}) == DEFAULT
    assert limits_of({"depth": 5}) == Limits(depth=5)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"width": 3}, "there is no limit 'width'; there are: members"),
        ({"depth": 0}, "the limit depth must be a whole number from 1 to 9,2.*807, not 0"),
        ({"depth": 1 << 63}, "not 9223372036854775808"),
        ({"depth": True}, "not True"),
        ({"depth": "3"}, "not '3'"),
    ],
)
def test_what_is_no_limit_is_refused(told: dict[str, object], what: str) -> None:
    with pytest.raises(LimitError, match=what):
        limits_of(told)


def test_departures_name_what_is_not_at_its_default() -> None:
    assert departures(DEFAULT) == ()
    assert departures(Limits(depth=5, ratio=9)) == (("depth", 5), ("ratio", 9))
