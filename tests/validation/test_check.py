"""An element that is lost, doubled, altered or invented fails, and no other does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.intake.parsers import (
    instagram_json,
    messenger_json,
    whatsapp_android,
    whatsapp_ios,
    whatsapp_text,
)
from witnessbox.intake.parsers import telegram_json as telegram_parser
from witnessbox.validation.check import Readout, findings, read
from witnessbox.validation.known import talks
from witnessbox.validation.model import DataSet, Outcome
from witnessbox.validation.writers import telegram_json
from witnessbox.validation.writers import whatsapp_android as android_database
from witnessbox.validation.writers import whatsapp_ios as ios_database
from witnessbox.validation.writers.messenger_json import instagram, messenger
from witnessbox.validation.writers.whatsapp_text import android, ios

TALK = talks()[0]
DATA = android(TALK)
READ = read(whatsapp_text, DATA)
PLACES = {row[0]: place for place, row in enumerate(READ.rows)}


def failed(readout: Readout, data_set: DataSet = DATA) -> set[str]:
    found = findings(data_set, readout, TALK.elements)
    return {one.element for one in found if one.outcome is Outcome.FAILED}


def place_of(element: str) -> int:
    (start,) = (one.start for one in DATA.records if one.element == element)
    return PLACES[start]


def changed(place: int, **fields: Any) -> Readout:
    start, end, row = READ.rows[place]
    rows = (*READ.rows[:place], (start, end, replace(row, **fields)), *READ.rows[place + 1 :])
    return replace(READ, rows=rows)


def test_what_is_read_rightly_does_not_fail() -> None:
    assert failed(READ) == set()


@pytest.mark.parametrize(
    ("element", "fields"),
    [
        ("emoji", {"text": "well done"}),
        ("sender-number", {"sender": "07700 900123"}),
        ("edited", {"edited": False}),
        ("deleted", {"kind": "text"}),
        ("attached", {"attached": ()}),
        ("dst-first", {"wall_at": None}),
        ("dst-first", {"noted": ()}),
        ("one-letter", {"noted": ("time-runs-back",)}),
        ("leap-day", {"sent_at": None}),
        ("combining", {"text": "caf\u00e9"}),
    ],
)
def test_one_altered_field_fails_its_element(element: str, fields: dict[str, Any]) -> None:
    assert failed(changed(place_of(element), **fields)) == {element}


def test_a_lost_message_fails_its_element() -> None:
    place = place_of("zwj")
    rows = (*READ.rows[:place], *READ.rows[place + 1 :])
    assert failed(replace(READ, rows=rows)) == {"zwj"}


def test_a_message_reported_twice_fails_its_element() -> None:
    rows = (*READ.rows, READ.rows[place_of("rtl")])
    assert failed(replace(READ, rows=rows)) == {"rtl"}


def test_a_message_read_in_part_fails_its_element() -> None:
    place = place_of("multi-line")
    start, end, row = READ.rows[place]
    rows = (*READ.rows[:place], (start, end - 1, row), *READ.rows[place + 1 :])
    assert failed(replace(READ, rows=rows)) == {"multi-line"}


def test_a_message_nobody_wrote_fails_what_stands_before_it() -> None:
    start, end, row = READ.rows[place_of("cjk")]
    assert failed(replace(READ, rows=(*READ.rows, (start + 1, end, row)))) == {"cjk"}


def test_a_message_before_the_first_fails_the_first() -> None:
    later = replace(DATA, records=DATA.records[1:])
    assert DATA.records[1].element in failed(READ, later)


def test_an_account_that_does_not_close_fails_all() -> None:
    found = findings(DATA, replace(READ, failure="one byte is unexplained"), TALK.elements)
    supported = [one for one in found if one.outcome is not Outcome.UNSUPPORTED]
    assert {(one.outcome, one.detail) for one in supported} == {
        (Outcome.FAILED, "one byte is unexplained")
    }


def test_an_element_nothing_shows_is_not_passed() -> None:
    (found,) = findings(DATA, READ, ["people-1000"])
    assert (found.outcome, found.detail) == (Outcome.FAILED, "no record shows it")


def test_a_file_its_parser_does_not_know_fails() -> None:
    readout = read(messenger_json, DATA)
    assert readout.failure


def test_damage_to_one_message_fails_that_element_alone() -> None:
    damaged = replace(DATA, data=DATA.data.replace("👍😀🫖".encode(), b"?" * 12))
    assert failed(read(whatsapp_text, damaged)) == {"emoji"}


def test_a_reply_that_leads_elsewhere_fails() -> None:
    made = telegram_json.write(TALK)
    readout = read(telegram_parser, made)
    assert failed(readout, made) == set()
    (start,) = (one.start for one in made.records if one.element == "reply")
    rows = tuple(
        (at, end, replace(row, reply_to=0) if at == start else row) for at, end, row in readout.rows
    )
    assert failed(replace(readout, rows=rows), made) == {"reply"}


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1_000_000))
def test_whatever_the_seed_every_element_comes_out(seed: int) -> None:
    talk = talks(seed)[0]
    for parser, made in (
        (whatsapp_text, android(talk)),
        (whatsapp_text, ios(talk)),
        (messenger_json, messenger(talk)),
        (instagram_json, instagram(talk)),
        (telegram_parser, telegram_json.write(talk)),
        (whatsapp_android, android_database.modern(talk)),
        (whatsapp_android, android_database.older(talk)),
        (whatsapp_ios, ios_database.write(talk)),
    ):
        found = findings(made, read(parser, made), talk.elements)
        assert [one for one in found if one.outcome is Outcome.FAILED] == []
