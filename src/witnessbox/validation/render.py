"""A validation pack as text for a terminal, as a document to sign and as CSV.  Pure."""

import csv
import io
import textwrap
from collections.abc import Iterator, Sequence

from witnessbox.validation.known import ELEMENTS
from witnessbox.validation.model import Finding, Outcome
from witnessbox.validation.pack import Column, Pack, Sheet
from witnessbox.validation.paper import (
    Heading,
    Items,
    Look,
    Part,
    Table,
    Words,
    as_markdown,
    as_page,
)

_TITLES = {element.code: element.title for element in ELEMENTS}
_NAME = "Validation pack"
_ABOUT = (
    "Every element below was written into a file of known data, and the file was read. A tick says "
    "that the message was reported exactly once and unaltered: from its own bytes, with its kind, "
    "sender, text, time, attachments and reactions just as written. A dash says that the format "
    "cannot hold the element; the reason is below. Where nothing failed, nothing else was reported "
    "either, nothing was reported as lost, and every byte of every file is accounted for."
)
_SHORT = {
    Outcome.UNALTERED: "✓",
    Outcome.UNSUPPORTED: "–",
    Outcome.FAILED: "FAILED",
}
_ACROSS = 80  # characters of a terminal


def text(pack: Pack) -> str:
    """Write a pack for a terminal: what is unaltered everywhere, then the exceptions."""
    lines = [_heading(pack), "", *_ways(pack), "", *_elements(pack)]
    lines += [f"FAILED: {line}" for line in _failures(pack)]
    lines += [f"no known data yet: {one.label} ({one.title})" for one in pack.without_data]
    return "\n".join([*lines, "", *textwrap.wrap(_conclusion(pack), _ACROSS), ""])


def _ways(pack: Pack) -> Iterator[str]:
    """Give a line for each way of writing: how many elements came out how."""
    rows = [("parser and way", *(outcome.value for outcome in Outcome))]
    rows += [(column.title, *_counts(column)) for column in pack.columns]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *cells))


def _elements(pack: Pack) -> Iterator[str]:
    """Name the elements that are unaltered everywhere, then the others with where they are not."""
    everywhere, others = [], []
    for element in ELEMENTS:
        found = [column.finding(element.code) for column in pack.columns]
        once = sum(one is not None and one.outcome is Outcome.UNALTERED for one in found)
        if once == len(found):
            everywhere.append(element.title)
        else:
            others.append((element.title, once, _where(pack, element.code)))
    yield f"Once, unaltered in every way ({len(everywhere)} of {len(ELEMENTS)} elements):"
    yield from _indented("; ".join(everywhere) or "none", 2)
    yield ""
    if others:
        yield "Not in every way (why is in the file of --output):"
    for title, once, where in others:
        yield f"  {title}: {once} of {len(pack.columns)}"
        yield from (line for said in where for line in _indented(said, 4))
    yield ""


def _where(pack: Pack, element: str) -> list[str]:
    """Say by which formats, or ways of one, an element was not reported unaltered."""
    said = []
    for outcome in (Outcome.UNSUPPORTED, Outcome.FAILED, None):
        found = [one for one in pack.columns if _outcome(one.finding(element)) is outcome]
        names = "; ".join(_named(pack, label, ways) for label, ways in _by_label(found).items())
        said += [f"{outcome or 'not tried'}: {names}"] if found else []
    return said


def _indented(words: str, by: int) -> list[str]:
    first, rest = " " * by, " " * (by + 2)
    return textwrap.wrap(
        words, _ACROSS, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def markdown(pack: Pack) -> str:
    """Write a pack to be filed and signed."""
    return as_markdown(_document(pack))


def page(pack: Pack) -> str:
    """Write a pack to be printed and signed."""
    return as_page(_document(pack), _NAME, _heading(pack))


def _document(pack: Pack) -> Iterator[Part]:
    numbered = [(str(number), column) for number, column in enumerate(pack.columns, 1)]
    yield Heading(1, _NAME)
    yield Words(_heading(pack))
    yield Words(_ABOUT)
    yield Heading(2, "Ways of writing")
    yield Table(
        ("", "parser", "format", "way", *(outcome.value for outcome in Outcome)),
        tuple(
            (number, one.format.label, one.format.title, one.way, *_counts(one))
            for number, one in numbered
        ),
    )
    yield Heading(2, "Elements")
    yield Table(("element", *(number for number, _ in numbered)), tuple(_rows(pack)), Look.MATRIX)
    yield Heading(2, "Unsupported")
    yield Items(tuple(_reasons(pack)))
    yield Heading(2, "Failed")
    yield Items(tuple(_failures(pack)))
    yield Heading(2, "Formats without known data")
    yield Items(tuple(f"{one.label} ({one.title})" for one in pack.without_data))
    yield Heading(2, "Known data")
    yield Words(f"Made from seed {pack.seed}; phones in {pack.zone}.")
    files = (row for column, sheet in _sheets(pack) for row in _files(column, sheet))
    yield Table(("parser", "file", "bytes", "records", "problems kept", "SHA-256"), tuple(files))
    yield Heading(2, "Result")
    yield Words(_conclusion(pack))
    empty = ("",) * 3
    yield Table(
        ("", "name", "date", "signature"),
        (("run by", *empty), ("checked by", *empty)),
        Look.SIGNED,
    )


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


def _rows(pack: Pack) -> Iterator[tuple[str, ...]]:
    for element in ELEMENTS:
        found = (_outcome(column.finding(element.code)) for column in pack.columns)
        yield (element.title, *("not tried" if one is None else _SHORT[one] for one in found))


def _outcome(finding: Finding | None) -> Outcome | None:
    return None if finding is None else finding.outcome


def _counts(column: Column) -> tuple[str, ...]:
    found = [finding.outcome for sheet in column.sheets for finding in sheet.findings]
    return tuple(str(found.count(outcome)) for outcome in Outcome)


def _reasons(pack: Pack) -> Iterator[str]:
    """Say why elements are unsupported, those of one format and reason together."""
    reasons: dict[tuple[str, str], dict[str, list[Column]]] = {}
    for column, finding in pack.of(Outcome.UNSUPPORTED):
        about = reasons.setdefault((column.format.label, finding.detail), {})
        about.setdefault(finding.element, []).append(column)
    for (label, why), about in reasons.items():
        together: dict[str, list[str]] = {}
        for element, ways in about.items():
            together.setdefault(_named(pack, label, ways), []).append(_TITLES[element])
        for name, titles in together.items():
            yield f"{name}, {'; '.join(titles)}: {why}"


def _named(pack: Pack, label: str, ways: list[Column]) -> str:
    """Name some ways of one format; all of them together go by its name alone."""
    if len(ways) == len(_by_label(pack.columns)[label]):
        return label
    return f"{label} {', '.join(column.way for column in ways)}"


def _by_label(columns: Sequence[Column]) -> dict[str, list[Column]]:
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(column.format.label, []).append(column)
    return found


def _failures(pack: Pack) -> Iterator[str]:
    return (
        f"{column.title}, {_TITLES[finding.element]}: {finding.detail}"
        for column, finding in pack.failures
    )


def _sheets(pack: Pack) -> Iterator[tuple[Column, Sheet]]:
    return ((column, sheet) for column in pack.columns for sheet in column.sheets)


def _files(column: Column, sheet: Sheet) -> Iterator[tuple[str, ...]]:
    """Give a row for a file of known data, and one for each file that lay beside it."""
    kept = ", ".join(f"{count:,} {code}" for code, count in sheet.problems) or "none"
    size, records = f"{sheet.size_bytes:,}", f"{sheet.records:,}"
    yield column.title, sheet.name, size, records, kept, sheet.sha256
    for name, size_bytes, sha256 in sheet.beside:
        yield column.title, f"beside it: {name}", f"{size_bytes:,}", "", "", sha256
