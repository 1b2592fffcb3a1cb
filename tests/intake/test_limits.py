"""Limits are settings: each has a name, a default and a check."""

import io

import pytest

from witnessbox.intake.limits import DEFAULT, LimitError, Limits, departures, limits_of
from witnessbox.intake.parser import Assumption, Source, choose
from witnessbox.intake.parsers import PARSERS


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


@pytest.mark.parametrize(
    ("name", "data", "limits", "told"),
    [
        (
            "WhatsApp Chat with Ana.txt",
            b"31/12/2023, 21:04 - Ana: tea?\n" + b"and so on\n" * 4_000,
            Limits(text_message_bytes=10_000),
            (
                "no message owns these bytes: the one before them is longer than 10,000 bytes, "
                "the limit text_message_bytes, and is closed there"
            ),
        ),
        (
            "inbox/ana_1/message_1.json",
            b'{"participants": [], "messages": [{"sender_name": "Ana", "timestamp_ms": '
            b'1709298000000, "content": "' + b"tea " * 2_000_000 + b'"}], "title": "Ana"}',
            Limits(json_record_bytes=1 << 20),
            "not readable as a message within 1,048,576 bytes, the limit json_record_bytes",
        ),
    ],
)
def test_a_record_beyond_a_limit_names_the_limit(
    name: str, data: bytes, limits: Limits, told: str
) -> None:
    source = Source("e" * 64, name, len(data), lambda: io.BytesIO(data), limits=limits)
    batches = choose(PARSERS, name, data[:65_536]).parse(source, Assumption("UTC", "for the test"))
    problems = [one.problems for one in batches if one.problems is not None]
    assert told in [what for each in problems for what in each.column("what").to_pylist()]
