"""A document of headings, words, lists and tables, as Markdown and as a page.  Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

_STYLE = (
    "body{font:11pt/1.4 sans-serif;color:#000;background:#fff;max-width:70em;margin:2em auto;"
    "padding:0 1em}"
    "h2,h2+p{break-after:avoid}"
    "div{overflow-x:auto;margin:1em 0}"
    "table{border-collapse:collapse}"
    "th,td{border:1px solid #767676;padding:.15em .4em;text-align:left;vertical-align:top}"
    "thead th{background:#eee}"
    # A hash stands in two lines of 32 digits: on paper there is no room for one of 64.
    ".hash{font-family:monospace;font-size:.85em;width:32ch;min-width:32ch;overflow-wrap:anywhere}"
    ".long{overflow-wrap:anywhere}"
    ".matrix td,.matrix thead th+th{text-align:center}"
    ".signed{width:100%;break-inside:avoid}.signed td{height:3.5em;width:30%}"
    "@media print{body{font-size:8pt;margin:0;padding:0;max-width:none}div{overflow:visible}"
    "tr{break-inside:avoid}}"
)
_PAPER = (
    "@page{size:A4;margin:14mm 13mm 18mm;"
    '@bottom-left{font:7.5pt sans-serif;content:"%s"}'
    '@bottom-right{font:7.5pt sans-serif;content:"page " counter(page) " of " counter(pages)}}'
)
_HASH = re.compile("[0-9a-f]{64}")
_LONG = re.compile(r"\S{24}")


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows; level 1 is the document's own."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; one without items says that there are none."""

    texts: tuple[str, ...]


class Look(StrEnum):
    """What a table is for, and so how it looks on a page."""

    PLAIN = ""
    MATRIX = "matrix"  # many narrow columns of marks
    SIGNED = "signed"  # cells to be written into by hand


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    look: Look = Look.PLAIN


Part = Heading | Words | Items | Table
_NONE = Words("None.")


def as_markdown(parts: Iterable[Part]) -> str:
    """Write a document as Markdown."""
    return "\n".join(line for part in parts for line in (*_marked(part), ""))


def _marked(part: Part) -> list[str]:
    if isinstance(part, Heading):
        return [f"{'#' * part.level} {part.text}"]
    if isinstance(part, Words):
        return [part.text]
    if isinstance(part, Items):
        return [f"- {text}" for text in part.texts] or _marked(_NONE)
    return [_line(part.head), "|---" * len(part.head) + "|", *map(_line, part.rows)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def as_page(parts: Iterable[Part], title: str, foot: str) -> str:
    """Write a document as a page of HTML that needs no other file.

    Printed, every sheet has the foot and its number, so that a lost or a foreign one shows.
    """
    style = _PAPER % _quoted(foot) + _STYLE
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{style}</style>"
    )
    body = "\n".join(map(_tagged, parts))
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _tagged(part: Part) -> str:
    if isinstance(part, Heading):
        return f"<h{part.level}>{escape(part.text)}</h{part.level}>"
    if isinstance(part, Words):
        return f"<p>{escape(part.text)}</p>"
    if isinstance(part, Items):
        items = "\n".join(f"<li>{escape(text)}</li>" for text in part.texts)
        return f"<ul>\n{items}\n</ul>" if items else _tagged(_NONE)
    rows = "\n".join(_row(row) for row in part.rows)
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in part.head)
    look = f' class="{part.look}"' if part.look else ""
    return (
        f'<div tabindex="0"><table{look}>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(cells: Sequence[str]) -> str:
    first, *rest = cells
    return f'<tr><th scope="row">{escape(first)}</th>{"".join(map(_cell, rest))}</tr>'


def _cell(text: str) -> str:
    kind = "hash" if _HASH.fullmatch(text) else "long" if _LONG.search(text) else ""
    named = f' class="{kind}"' if kind else ""
    return f"<td{named}>{escape(text)}</td>"


def _quoted(text: str) -> str:
    """Write words so that they can stand in a style: what means something there, by number."""
    return "".join(one if one.isalnum() or one in " .,-" else f"\\{ord(one):x} " for one in text)
