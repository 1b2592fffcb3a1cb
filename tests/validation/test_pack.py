"""A validation pack names every parser, its data and what came of each element."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from witnessbox.intake.parsers import PARSERS, messenger_json, whatsapp_text
from witnessbox.validation import render
from witnessbox.validation.known import ELEMENTS, SEED
from witnessbox.validation.model import Finding, Outcome
from witnessbox.validation.pack import Pack, validate
from witnessbox.validation.writers import WRITERS

DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return validate(PARSERS, SEED, DAY)


def test_every_parser_has_known_data_or_is_named_as_having_none(pack: Pack) -> None:
    tried = {column.format.name for column in pack.columns}
    without = {form.name for form in pack.without_data}
    assert tried == set(WRITERS)
    assert tried | without == {parser.FORMAT.name for parser in PARSERS}
    assert not tried & without


def test_every_element_comes_out_once_and_unaltered_or_is_unsupported(pack: Pack) -> None:
    assert pack.failures == ()
    for column in pack.columns:
        outcomes = [column.finding(element.code) for element in ELEMENTS]
        assert all(outcomes)


def test_what_is_unsupported_says_why(pack: Pack) -> None:
    assert all(finding.detail for _, finding in pack.of(Outcome.UNSUPPORTED))


def test_the_same_release_seed_and_day_give_the_same_pack(pack: Pack) -> None:
    assert validate(PARSERS, SEED, DAY) == pack


def test_markdown_has_a_line_an_element_the_hashes_and_room_to_sign(pack: Pack) -> None:
    written = render.markdown(pack)
    assert all(f"| {element.title} |" in written for element in ELEMENTS)
    assert all(sheet.sha256 in written for column in pack.columns for sheet in column.sheets)
    assert "| run by |" in written
    assert "2026-03-02" in written
    assert whatsapp_text.FORMAT.label in written


def test_the_terminal_names_the_formats_without_known_data(pack: Pack) -> None:
    shown = render.text(pack)
    lines = [line for line in shown.splitlines() if line.startswith("no known data yet: ")]
    assert len(lines) == len(PARSERS) - len(WRITERS)


def test_csv_has_a_row_for_each_element_of_each_way(pack: Pack) -> None:
    rows = list(csv.DictReader(io.StringIO(render.comma_separated(pack))))
    tried = [row for row in rows if row["element"]]
    assert len(tried) == len(ELEMENTS) * len(pack.columns)
    assert len(rows) - len(tried) == len(pack.without_data)


def test_a_failure_is_shown_with_what_differs() -> None:
    pack = validate([messenger_json], SEED, DAY)
    (column,) = pack.columns
    finding = Finding("emoji", Outcome.FAILED, "text at byte 7: 'a' became 'b|'")
    sheet = replace(column.sheets[0], findings=(finding,))
    failed = replace(pack, columns=(replace(column, sheets=(sheet,)),))
    assert failed.failures == ((failed.columns[0], finding),)
    line = "messenger-json/1, emoji: text at byte 7: 'a' became 'b|'"
    assert f"FAILED: {line}" in render.text(failed)
    assert f"- {line}" in render.markdown(failed)
    assert "| plain text | not tried |" in render.markdown(failed)
