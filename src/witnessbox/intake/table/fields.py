"""A row's bytes as named fields: of CSV, of a line of JSON.  Pure."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

Fields = dict[str | None, str]
"""Values by the names of their columns; None names no column."""
_read = msgspec.json.Decoder(dict[str, Any]).decode
_MOST_DEEP = 8  # names of a dotted column


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is unsure about a row."""

    code: str
    what: str


class NoRowError(Exception):
    """A line is no row; the message says why."""


def decoded(data: bytes, encoding: str) -> tuple[str, list[Doubt]]:
    """Read bytes as text; those that are none are shown as U+FFFD."""
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        what = f"bytes that are no {encoding} are shown as U+FFFD"
        return data.decode(encoding, "replace"), [Doubt("damaged-text", what)]


def csv_values(text: str, delimiter: str, *, quoted: bool = True) -> list[str]:
    """Take a row of CSV apart.  Not ``quoted``: quotes are letters."""
    if '"' not in text:
        line = text.rstrip("\r\n")
        return line.split(delimiter) if line else []
    if len(text) > csv.field_size_limit():  # rows have their own limit
        csv.field_size_limit(len(text))
    if quoted:
        return next(csv.reader([text], delimiter=delimiter), [])
    return next(csv.reader([text], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])


def named(names: Sequence[str], values: Sequence[str]) -> tuple[Fields, list[Doubt]]:
    """Put values under the names of their columns; the first of two columns of a name stands."""
    if len(values) == len(names):
        return dict(zip(names[::-1], values[::-1], strict=True)), []
    count = min(len(names), len(values))
    fields: Fields = dict(zip(reversed(names[:count]), reversed(values[:count]), strict=True))
    what = f"{len(values)} fields under {len(names)} columns"
    return fields, [Doubt("uneven-row", what)]


def json_fields(data: bytes, columns: Sequence[str]) -> tuple[Fields, list[Doubt]]:
    """Take a line of JSON apart.  Raises NoRowError where it is no object.

    A dotted column leads into objects within; numbers and truth values stand as JSON has them.
    """
    text, doubts = decoded(data, "utf-8")
    try:
        found = _read(text.removeprefix("\ufeff"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise NoRowError(f"a line that is no JSON object ({str(error)[:80]})") from None
    fields: Fields = {}
    for column in columns:
        value = found[column] if column in found else _at(found, column)
        if isinstance(value, str):
            fields[column] = value
        elif isinstance(value, dict | list):
            doubts.append(Doubt("wrong-type", f"{column} holds no single value and was left out"))
        elif value is not None:
            fields[column] = msgspec.json.encode(value).decode()
    return fields, doubts


def _at(found: Any, column: str) -> Any:
    for name in column.split(".", _MOST_DEEP):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found
