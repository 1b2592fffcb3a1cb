import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.reports.samples import FINDING, report
from witnessbox.reports.bundle import shown_quotations
from witnessbox.reports.glyphs import coverage
from witnessbox.reports.model import Cases, Report
from witnessbox.reports.render import (
    SECTIONS,
    Fonts,
    RenderError,
    explained,
    html,
    pdf,
    style_hash,
    typst_words,
)

AT = datetime(2026, 2, 1, 10, 0, tzinfo=UTC)


def bare() -> Report:
    return replace(
        report(),
        exhibits=(),
        lawful_bases=(),
        conversations=(),
        copies=(),
        clock_doubts=(),
        findings=(),
        figures=(),
        cases=Cases("", (), (), (), (), (), (), (), (), 0, ()),
    )


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    page = html(report())
    assert not re.search(r"<script|<link|<img|<iframe|\bsrc=|url\(http|@import|@font-face", page)
    assert not re.search(r'\son\w+="', page)
    assert not re.search(r'href="(?!#)', page)


def test_the_pages_own_policy_allows_its_style_and_nothing_else() -> None:
    page = html(report())
    assert f"default-src 'none'; style-src '{style_hash()}'" in page
    assert 'style="' not in page


def test_words_of_a_message_are_never_markup() -> None:
    page = html(report())
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_reader_sees_each_quotation_as_it_is_listed() -> None:
    shown = shown_quotations(html(report()))
    assert shown == {quoted.id: [quoted.shown] for quoted in FINDING.quotations}


def test_every_section_is_in_the_contents_and_on_the_page() -> None:
    page = html(report())
    for name, title in SECTIONS:
        assert f'href="#{name}"' in page
        assert re.search(rf'id="{name}">\d\. {re.escape(title)}<', page)


def test_ids_on_the_page_are_unique() -> None:
    ids = re.findall(r'\bid="([^"]+)"', html(report()))
    assert len(set(ids)) == len(ids)


def test_a_figure_has_words_for_those_who_cannot_see_it() -> None:
    page = html(report())
    assert page.count('role="img"') >= 4
    for figure in report().figures:
        assert f'aria-label="{figure.alternative.split("“")[0]}' in page


def test_a_right_to_left_quotation_runs_so() -> None:
    page = html(report())
    assert page.count('<blockquote dir="rtl">') == 1
    assert page.count('<blockquote dir="ltr">') == 3


def test_an_unproven_allegation_is_marked() -> None:
    assert '<span class="tag unproven">not proven</span>' in html(report())


def test_a_report_of_nothing_says_so_in_every_section() -> None:
    page = html(bare())
    assert page.count('<p class="soft">No ') == 6


def test_the_same_report_gives_the_same_pdf() -> None:
    first = pdf(report(), AT)
    assert first.startswith(b"%PDF-1.")
    assert first == pdf(report(), AT)
    assert first != pdf(report(), AT.replace(day=2))


def test_a_report_of_nothing_can_be_set_too() -> None:
    assert pdf(bare(), AT).startswith(b"%PDF-")


def test_the_pdf_is_archival_and_accessible() -> None:
    made = pdf(report(), AT)
    assert b"pdfaid" in made
    assert b"pdfuaid" in made


def test_a_character_no_font_draws_is_named_in_the_pdf_with_a_note() -> None:
    words = typst_words(report(), Fonts().covered())
    quoted = words["findings"][0]["quotations"][3]["shown"]
    assert quoted.endswith("second line [U+660E][U+5929]")
    assert "[U+5929] [U+660E]" in words["words"]["notes"][0]


def test_no_note_where_all_can_be_drawn() -> None:
    everything = frozenset(range(0x110000))
    assert typst_words(report(), everything)["words"]["notes"] == []


def test_many_unknown_characters_are_summed_up() -> None:
    finding = replace(
        FINDING, definition="".join(chr(0x4E00 + number) for number in range(20)), quotations=()
    )
    words = typst_words(replace(report(), findings=(finding,)), Fonts().covered())
    assert "and 8 more" in words["words"]["notes"][0]


def test_all_that_reaches_typst_can_be_drawn() -> None:
    covered = Fonts().covered()

    def check(value: Any) -> None:
        if isinstance(value, str):
            assert all(ord(one) in covered or one in "\n\u200d\ufe0f" for one in value)
        elif isinstance(value, dict):
            for key, part in value.items():
                if key != "svg":
                    check(part)
        elif isinstance(value, (list, tuple)):
            for part in value:
                check(part)

    check(typst_words(report(), covered))


def test_what_typst_refuses_is_said_in_our_words() -> None:
    title = replace(report().title, subtitle="明", operation="")
    figure = replace(report().figures[0], svg="not a drawing")
    with pytest.raises(RenderError, match="cannot be set"):
        pdf(replace(report(), title=title, figures=(figure,)), AT)


def test_fonts_of_the_user_are_searched_after_our_own(tmp_path: Path) -> None:
    assert Fonts((tmp_path,)).covered() == Fonts().covered()
    assert coverage([]) == frozenset()


def test_a_share_is_all_only_when_no_byte_is_left() -> None:
    row = report().exhibits[0]
    assert explained(row) == "100%"
    assert explained(replace(row, explained=row.whole - 1)) == "99.99%"
    assert explained(replace(row, explained=row.whole // 2)) == "50.00%"
    assert explained(replace(row, unit="rows")) == "100% of rows"
    assert explained(replace(row, parser="")) == "not read"
