"""One report, two renderings: a page for the screen and a PDF for the file.

The page is one file: no script, no font, no picture is fetched, and its own content security policy
forbids both.  The PDF is PDF/A-2a and PDF/UA-1 (archived and accessible), set by Typst; words enter
it as JSON data and never as markup.  The same report gives the same bytes.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
import markupsafe
import msgspec

from witnessbox.errors import WitnessboxError
from witnessbox.reports.glyphs import FONTS, coverage, font_files, showable, unshowable
from witnessbox.reports.model import ExhibitRow, Report

_TEMPLATES = Path(__file__).parent / "templates"
_NAMED_AT_MOST = 12

SECTIONS = (
    ("summary", "Summary in numbers"),
    ("exhibits", "How the material came in"),
    ("conversations", "Conversations and copies"),
    ("method", "Method and limits"),
    ("findings", "Findings"),
    ("cases", "Investigations, people and outcomes"),
    ("recommendations", "Recommendations"),
    ("sources", "Facts and their sources"),
    ("seal", "Appendix: ledger and exhibits"),
)


class RenderError(WitnessboxError):
    """A report cannot be set as PDF."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The folders fonts are taken from: our own first, then those the user names."""

    extra: tuple[Path, ...] = ()

    @property
    def folders(self) -> tuple[Path, ...]:
        """Give the folders, in the order in which they are searched."""
        return FONTS, *self.extra

    def covered(self) -> frozenset[int]:
        """Give the characters these fonts draw."""
        return coverage(place for folder in self.folders for place in font_files(folder))


def html(report: Report) -> str:
    """Render the report as one self-contained page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["explained"] = explained
    environment.filters["showable"] = showable
    environment.filters["drawing"] = _drawing
    style = (_TEMPLATES / "report.css").read_text("utf-8")
    headings = dict(numbered())
    return environment.get_template("report.html.j2").render(
        report=report,
        sections=numbered(),
        heading=lambda name: headings[name],
        style=markupsafe.Markup(style),  # noqa: S704 - our own file
        style_hash=style_hash(style),
    )


def numbered() -> list[tuple[str, str]]:
    """Give the sections' ids and numbered headings."""
    return [(name, f"{number}. {title}") for number, (name, title) in enumerate(SECTIONS, 1)]


def style_hash(style: str | None = None) -> str:
    """Name the page's style sheet as a content security policy does; the page has no other."""
    text = (_TEMPLATES / "report.css").read_text("utf-8") if style is None else style
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def explained(row: ExhibitRow) -> str:
    """Write the explained share of an exhibit; "100%" only where nothing is left over."""
    if not row.parser:
        return "not read"
    of = " of rows" if row.unit == "rows" else ""
    if row.explained == row.whole:
        return f"100%{of}"
    return f"{min(row.explained / row.whole * 100, 99.99):.2f}%{of}"


def _drawing(svg: str) -> markupsafe.Markup:
    """Let a chart of our own through the escaping: its labels were escaped when it was drawn."""
    return markupsafe.Markup(svg)  # noqa: S704


def pdf(report: Report, made_at: datetime, fonts: Fonts | None = None) -> bytes:
    """Set the report as PDF, dated ``made_at``.  Raises RenderError where Typst refuses it."""
    fonts = fonts or Fonts()
    return typeset(
        "report", lambda families: typst_words(report, fonts.covered(), families), made_at, fonts
    )


def typeset(
    name: str, words: Callable[[Sequence[str]], dict[str, Any]], made_at: datetime, fonts: Fonts
) -> bytes:
    """Set one of our templates with words that know the font families there are.

    Raises RenderError where Typst refuses it.
    """
    import typst  # noqa: PLC0415 - tens of megabytes, only where a PDF is set

    families = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in fonts.folders],
    )
    data = words(sorted(families.families()))
    try:
        made = typst.compile(
            (_TEMPLATES / f"{name}.typ").read_bytes(),
            format="pdf",
            font_paths=families,
            sys_inputs={name: json.dumps(data, ensure_ascii=False, sort_keys=True)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise RenderError(
            f"the PDF cannot be set: {error}; report this with the sentence"
        ) from error
    return bytes(made)


def typst_words(
    report: Report, covered: frozenset[int], families: Sequence[str] = ()
) -> dict[str, Any]:
    """Give the report as the data the Typst template reads, every character drawable."""
    data: dict[str, Any] = msgspec.to_builtins(report)
    for row, exhibit in zip(data["exhibits"], report.exhibits, strict=True):
        row["explained"] = explained(exhibit)
    for finding, source in zip(data["findings"], report.findings, strict=True):
        for quoted, original in zip(finding["quotations"], source.quotations, strict=True):
            quoted["cut_after"] = original.citation.cut_after
    missing: set[str] = set()
    drawn = drawable(data, covered, missing)
    drawn["words"] = {
        "headings": dict(SECTIONS),
        "footer": drawn["title"]["state"],
        "families": list(families),
        "notes": _notes(missing),
    }
    return dict(drawn)


def drawable(value: Any, covered: frozenset[int], missing: set[str]) -> Any:
    """Give data with every character drawable; ``missing`` takes the names of the others."""
    if isinstance(value, str):
        missing.update(unshowable(value, covered))
        return showable(value, covered)
    if isinstance(value, dict):
        return {
            key: part if key == "svg" else drawable(part, covered, missing)
            for key, part in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [drawable(part, covered, missing) for part in value]
    return value


def _notes(missing: set[str]) -> list[str]:
    if not missing:
        return []
    named = sorted(missing)
    rest = f" and {len(named) - _NAMED_AT_MOST} more" if len(named) > _NAMED_AT_MOST else ""
    sentence = (
        "Characters that this PDF's fonts cannot draw are written by their Unicode number, here: "
        f"{' '.join(named[:_NAMED_AT_MOST])}{rest}. The page (report.html) shows them as written."
    )
    return [sentence]
