"""A validation pack as text for a terminal, as Markdown to sign and as CSV.  Pure."""

import csv
import io
from collections.abc import Iterator

from witnessbox.validation.known import ELEMENTS
from witnessbox.validation.model import Outcome
from witnessbox.validation.pack import Column, Pack, Sheet

_TITLES = {element.code: element.title for element in ELEMENTS}
_ABOUT = (
    "Every element below was written into a file of known data, and the file was read. *Once, "
    "unaltered* says that the message was reported exactly once, from its own bytes, with its "
    "kind, sender, text, time, attachments and reactions just as written. *Unsupported* says that "
    "the format cannot hold the element; the reason is below. Where nothing failed, nothing else "
    "was reported either, and every byte of every file is accounted for."
)


def text(pack: Pack) -> str:
    """Write a pack for a terminal: a line an element, then the reasons."""
    rows = [["element", *(column.title for column in pack.columns)], *_rows(pack)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_heading(pack), ""]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  ".join(cells).rstrip())
    lines += ["", *(f"unsupported: {line}" for line in _reasons(pack, Outcome.UNSUPPORTED))]
    lines += [f"FAILED: {line}" for line in _reasons(pack, Outcome.FAILED)]
    lines += [f"no known data yet: {one.label} ({one.title})" for one in pack.without_data]
    return "\n".join([*lines, "", _conclusion(pack), ""])


def markdown(pack: Pack) -> str:
    """Write a pack to be filed and signed."""
    head = ["element", *(column.title for column in pack.columns)]
    lines = ["# Validation pack", "", _heading(pack), "", _ABOUT, "", *_table(head, _rows(pack))]
    for title, outcome in (("Unsupported", Outcome.UNSUPPORTED), ("Failed", Outcome.FAILED)):
        lines += [
            "",
            f"## {title}",
            "",
            *([f"- {r}" for r in _reasons(pack, outcome)] or ["None."]),
        ]
    lines += ["", "## Formats without known data", ""]
    lines += [f"- {one.label} ({one.title})" for one in pack.without_data] or ["None."]
    lines += ["", "## Known data", "", f"Made from seed {pack.seed}; phones in {pack.zone}.", ""]
    head = ["parser", "file", "bytes", "records", "problems kept", "SHA-256"]
    lines += _table(head, [row for column, sheet in _sheets(pack) for row in _files(column, sheet)])
    lines += ["", "## Result", "", _conclusion(pack), ""]
    lines += _table(
        ["", "name", "date", "signature"], [["run by", *[""] * 3], ["checked by", *[""] * 3]]
    )
    return "\n".join([*lines, ""])


def comma_separated(pack: Pack) -> str:
    """Write a pack as CSV: a row for each element of each format."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("version", "made_on", "seed", "format", "parser", "way", "element", "title", "outcome",
         "detail", "file", "sha256")
    )  # fmt: skip
    for column, sheet in _sheets(pack):
        for one in sheet.findings:
            writer.writerow(
                (pack.version, pack.made_on.isoformat(), pack.seed, column.format.name,
                 column.format.label, column.way, one.element, _TITLES[one.element],
                 one.outcome.value, one.detail, sheet.name, sheet.sha256)
            )  # fmt: skip
    for form in pack.without_data:
        empty = [""] * 3
        writer.writerow(
            (pack.version, pack.made_on.isoformat(), pack.seed, form.name, form.label, *empty,
             "no known data yet", *empty)
        )  # fmt: skip
    return out.getvalue()


def _heading(pack: Pack) -> str:
    return f"Witnessbox {pack.version}, {pack.made_on.isoformat()}, known data of seed {pack.seed}"


def _conclusion(pack: Pack) -> str:
    failed, unaltered = len(pack.failures), len(pack.of(Outcome.UNALTERED))
    said = f"{unaltered} elements read once and unaltered, {len(pack.of(Outcome.UNSUPPORTED))} "
    return (
        f"{said}unsupported by their format, {failed} failed, in {len(pack.columns)} ways of "
        f"writing; {len(pack.without_data)} formats have no known data yet."
    )


def _rows(pack: Pack) -> list[list[str]]:
    return [
        [element.title, *(_outcome(column, element.code) for column in pack.columns)]
        for element in ELEMENTS
    ]


def _outcome(column: Column, element: str) -> str:
    finding = column.finding(element)
    return "not tried" if finding is None else finding.outcome.value


def _reasons(pack: Pack, outcome: Outcome) -> list[str]:
    return [
        f"{column.title}, {_TITLES[finding.element]}: {finding.detail}"
        for column, finding in pack.of(outcome)
    ]


def _sheets(pack: Pack) -> Iterator[tuple[Column, Sheet]]:
    return ((column, sheet) for column in pack.columns for sheet in column.sheets)


def _files(column: Column, sheet: Sheet) -> Iterator[list[str]]:
    """Give a row for a file of known data, and one for each file that lay beside it."""
    kept = ", ".join(f"{count:,} {code}" for code, count in sheet.problems) or "none"
    size, records = f"{sheet.size_bytes:,}", f"{sheet.records:,}"
    yield [column.title, sheet.name, size, records, kept, f"`{sheet.sha256}`"]
    for name, size_bytes, sha256 in sheet.beside:
        yield [column.title, f"beside it: {name}", f"{size_bytes:,}", "", "", f"`{sha256}`"]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [_line(head), "|---" * len(head) + "|", *(_line(row) for row in rows)]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
