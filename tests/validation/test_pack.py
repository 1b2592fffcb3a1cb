"""A validation pack names every parser, its data and what came of each element."""

import csv
import html
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from witnessbox.intake.parsers import PARSERS, instagram_json, whatsapp_text
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


@pytest.mark.parametrize(
    ("write", "row"), [(render.markdown, "| {} |"), (render.page, '<th scope="row">{}</th>')]
)
def test_a_document_has_a_line_an_element_the_hashes_and_room_to_sign(
    pack: Pack, write: Callable[[Pack], str], row: str
) -> None:
    written = html.unescape(write(pack))
    assert all(row.format(element.title) in written for element in ELEMENTS)
    assert all(row.format(who) in written for who in ("run by", "checked by"))
    assert all(sheet.sha256 in written for column in pack.columns for sheet in column.sheets)
    assert all(said in written for said in ("2026-03-02", str(SEED), whatsapp_text.FORMAT.label))


def test_a_document_names_what_lay_beside_a_file(pack: Pack) -> None:
    beside = [one for column in pack.columns for sheet in column.sheets for one in sheet.beside]
    assert beside
    written = render.markdown(pack)
    assert all(f"beside it: {name}" in written and sha256 in written for name, _, sha256 in beside)


def test_a_document_says_why_each_element_is_unsupported(pack: Pack) -> None:
    written = render.markdown(pack)
    for column, finding in pack.of(Outcome.UNSUPPORTED):
        (element,) = (one for one in ELEMENTS if one.code == finding.element)
        said = (line for line in written.splitlines() if line.startswith("- "))
        assert any(
            column.format.label in line and element.title in line and finding.detail in line
            for line in said
        )


def test_the_terminal_has_room_for_every_line(pack: Pack) -> None:
    assert max(map(len, render.text(pack).splitlines())) <= 80


def test_the_terminal_names_every_element_once(pack: Pack) -> None:
    shown = " ".join(render.text(pack).split())
    everywhere = shown.partition("Once, unaltered in every way")[2]
    assert all(element.title in everywhere for element in ELEMENTS)
    edited = pack.of(Outcome.UNALTERED)
    count = sum(finding.element == "edited" for _, finding in edited)
    assert f"edited: {count} of {len(pack.columns)}" in shown
    assert all(column.title in shown for column in pack.columns)


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
    pack = validate([instagram_json], SEED, DAY)
    (column,) = pack.columns
    finding = Finding("emoji", Outcome.FAILED, "text at byte 7: 'a' became 'b|'")
    sheet = replace(column.sheets[0], findings=(finding,))
    failed = replace(pack, columns=(replace(column, sheets=(sheet, *column.sheets[1:])),))
    assert failed.failures == ((failed.columns[0], finding),)
    line = "instagram-json/1, emoji: text at byte 7: 'a' became 'b|'"
    assert f"FAILED: {line}" in render.text(failed)
    assert f"- {line}" in render.markdown(failed)
    assert f"<li>{html.escape(line)}</li>" in render.page(failed)
    assert "| plain text | not tried |" in render.markdown(failed)
    shown = " ".join(render.text(failed).split())
    assert "emoji: 0 of 1 FAILED: instagram-json/1" in shown
    assert "plain text: 0 of 1 not tried: instagram-json/1" in shown
    assert "(2 of 45 elements): 1 person; 1,000 people" in shown
