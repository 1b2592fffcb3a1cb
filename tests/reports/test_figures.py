import re
from xml.etree import ElementTree as ET

import pytest

from tests.reports.samples import COPIES, FINDING, MONTHS
from witnessbox.reports.figures import MonthCount, categories, copies, label, months, outcomes
from witnessbox.reports.model import Figure, Tally

OUTCOMES = (Tally("dismissed & barred", 2), Tally("not <stated>", 12))


def drawn() -> list[Figure]:
    figures = [months(MONTHS), copies(COPIES), categories([FINDING]), outcomes(OUTCOMES)]
    return [figure for figure in figures if figure is not None]


@pytest.mark.parametrize("figure", drawn(), ids=lambda figure: figure.id)
def test_a_figure_is_whole_svg_with_words_and_numbers_beside_it(figure: Figure) -> None:
    root = ET.fromstring(figure.svg)  # noqa: S314 - our own drawing
    assert root.tag.endswith("svg")
    assert figure.alternative
    assert all(len(row) == len(figure.columns) for row in figure.rows)


@pytest.mark.parametrize("figure", drawn(), ids=lambda figure: figure.id)
def test_a_figure_takes_the_pages_colour_and_brings_no_style_or_script(figure: Figure) -> None:
    assert "currentColor" in figure.svg
    assert not re.search(r"style=|<script|<style|href=", figure.svg)


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert [figure.svg for figure in drawn()] == [figure.svg for figure in drawn()]


def test_ids_of_two_figures_never_meet() -> None:
    ids = [re.findall(r'id="([^"]+)"', figure.svg) for figure in drawn()]
    flat = [one for figure in ids for one in figure]
    assert len(set(flat)) == len(flat)


def test_labels_stand_in_the_drawing_as_text() -> None:
    figure = outcomes(OUTCOMES)
    assert figure is not None
    assert "dismissed &amp; barred" in figure.svg
    assert "not &lt;stated&gt;" in figure.svg


def test_nothing_to_draw_is_no_figure() -> None:
    assert months([]) is None
    assert copies([]) is None
    assert categories([]) is None
    assert outcomes([]) is None


def test_many_conversations_are_drawn_as_the_largest_and_the_others() -> None:
    counts = [MonthCount(f"{n}: group", "2017-01", n) for n in range(1, 11)]
    figure = months(counts)
    assert figure is not None
    assert figure.columns == ("Month", *(f"{n}: group" for n in range(10, 4, -1)), "others")
    assert figure.rows == (("2017-01", "10", "9", "8", "7", "6", "5", "10"),)


def test_a_label_loses_its_emoji_and_is_replaced_where_letters_cannot_be_drawn() -> None:
    assert label("1: Nights 🚓", "conversation 1") == "1: Nights"
    assert label("1: الليل", "conversation 1") == "conversation 1"
