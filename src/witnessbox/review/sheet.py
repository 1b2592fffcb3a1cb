"""Reads codings from a file that people or other programs wrote: CSV, or JSON lines.

Both have the same fields.  A line names its message by ``message``, or by ``exhibit`` and
``start``; ``categories`` is empty for a message that was read and is not relevant.  In CSV
categories are divided by semicolons.  Pure: bytes in, lines out, or an error with the line.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from witnessbox.review.coding import ReviewError
from witnessbox.review.places import Reference

_DIGITS = 18
_YES, _NO = ("yes", "true", "1"), ("", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of such a file, before its message is looked up; lines count from 1."""

    line: int
    reference: Reference
    reviewer: str
    categories: tuple[str, ...]
    severity: int
    banter: bool
    note: str


class _Fields(msgspec.Struct, forbid_unknown_fields=True):
    message: str = ""
    exhibit: str = ""
    start: int | None = None
    reviewer: str = ""
    categories: tuple[str, ...] = ()
    severity: int = 0
    banter: bool = False
    note: str = ""


_COLUMNS = tuple(_Fields.__struct_fields__)


def parse(name: str, data: bytes) -> tuple[Line, ...]:
    """Read a file by its name's ending: ``.csv``, or ``.jsonl``, ``.ndjson`` or ``.json``.

    Raises ReviewError with the first line that cannot be read.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReviewError(f"{name} line {line} is not UTF-8; save the file as UTF-8") from error
    ending = name.rpartition(".")[2].lower()
    if ending == "csv":
        return tuple(_csv(name, text))
    if ending in ("jsonl", "ndjson", "json"):
        return tuple(_json_lines(name, text))
    raise ReviewError(f"{name}: codings come as .csv or .jsonl; rename or convert the file")


def _json_lines(name: str, text: str) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = msgspec.json.decode(line, type=_Fields)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise ReviewError(f"{name} line {number}: {error}; correct that line") from error
        yield _line(number, fields)


def _csv(name: str, text: str) -> Iterator[Line]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _check_columns(name, rows.fieldnames or ())
        for row in rows:
            if None in row or None in row.values():
                raise ReviewError(
                    f"{name} line {rows.line_num}: it has more or fewer fields than the first "
                    "line; correct that line"
                )
            yield _line(rows.line_num, _fields(f"{name} line {rows.line_num}", row))
    except csv.Error as error:
        raise ReviewError(
            f"{name} after line {rows.line_num}: {error}; correct the line that follows"
        ) from error


def _check_columns(name: str, columns: Any) -> None:
    for column in columns:
        if column not in _COLUMNS:
            raise ReviewError(
                f"{name} line 1: there is no column '{column}'; use: {', '.join(_COLUMNS)}"
            )
    if len(set(columns)) != len(columns):
        raise ReviewError(f"{name} line 1: a column is named twice; keep one")


def _fields(where: str, row: dict[str, str]) -> _Fields:
    banter = row.get("banter", "").strip().lower()
    if banter not in _YES + _NO:
        raise ReviewError(f"{where}: banter is yes or no, not '{banter}'")
    start = row.get("start", "").strip()
    return _Fields(
        message=row.get("message", "").strip(),
        exhibit=row.get("exhibit", "").strip(),
        start=_number(where, "start", start) if start else None,
        reviewer=row.get("reviewer", "").strip(),
        categories=tuple(
            one.strip() for one in row.get("categories", "").split(";") if one.strip()
        ),
        severity=_number(where, "severity", row.get("severity", "").strip() or "0"),
        banter=banter in _YES,
        note=row.get("note", ""),
    )


def _number(where: str, field: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS):
        raise ReviewError(f"{where}: {field} is a whole number, not '{value}'")
    return int(value)


def _line(number: int, fields: _Fields) -> Line:
    return Line(
        number,
        Reference(fields.message, fields.exhibit, fields.start),
        fields.reviewer.strip(),
        fields.categories,
        fields.severity,
        fields.banter,
        fields.note,
    )
