"""A document of headings, words, lists and tables, as Markdown and as a page.  Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = (
    "body{font:11pt/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:1em 0}"
    "th,td{border:1px solid #767676;padding:.15em .4em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}"
    "@media print{body{font-size:8pt;margin:0;max-width:none}tr{break-inside:avoid}}"
)


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


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


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


def as_page(parts: Iterable[Part], title: str) -> str:
    """Write a document as a page of HTML that needs no other file."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
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
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _row(cells: Sequence[str]) -> str:
    first, *rest = map(escape, cells)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
