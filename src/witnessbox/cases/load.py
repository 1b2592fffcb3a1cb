"""Reads a case file from TOML into records.

One table array a noun (``[[investigation]]``, ``[[subject]]``, ``[[role]]`` …), and ``[matter]``;
docs/reference/case-file.md says the keys.  Nothing is guessed: an unknown table or key is an error
that names it.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from witnessbox.cases.casefile import KINDS
from witnessbox.cases.model import CaseError, Record
from witnessbox.review.places import Finder, Found, Lost, Reference

FIXTURES = ("hotton",)
"""Case files that ship with us, made of published facts."""

_Read = TypeVar("_Read")
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Support:
    """A message an allegation rests on, as a case file names it."""

    message: str = ""
    exhibit: str = ""
    start: int | None = None
    end: int | None = None


def load_toml(path: Path, find: Finder | None = None) -> tuple[Record, ...]:
    """Read a case file.  Raises CaseError where it cannot be read whole.

    ``find`` turns the messages it names into bytes; without one, only whole spans (exhibit, start
    and end) can be read.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path} cannot be read: {error}; give a TOML file in UTF-8") from error
    return parse(text, path.name, find)


def fixture(name: str) -> tuple[Record, ...]:
    """Read a case file that ships with us."""
    if name not in FIXTURES:
        raise CaseError(f"there is no fixture '{name}'; use one of: {', '.join(FIXTURES)}")
    place = resources.files(__package__).joinpath("fixtures", f"{name}.toml")
    return parse(place.read_text("utf-8"), f"{name}.toml")


def from_words(kind: str, words: Sequence[str], find: Finder | None = None) -> Record:
    """Make one record of words like ``number=3``, as typed on a command line.

    A value that begins with ``[`` or ``{`` is TOML; any other is taken as it stands.
    """
    if kind not in KINDS:
        raise CaseError(f"there is no table '{kind}'; use one of: {', '.join(KINDS)}")
    row: _Row = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise CaseError(f"{kind}: '{word}' gives a key no value; write key=value")
        row[key] = _value(kind, key, value)
    if kind == "allegation":
        _give_spans([row], kind, find)
    return _read(row, KINDS[kind], f"{kind}{_called(row)}", strict=False)


def _value(kind: str, key: str, value: str) -> Any:
    if not value.startswith(("[", "{")):
        return value
    try:
        return _plain(tomllib.loads(f"value = {value}")["value"])
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{kind}, key '{key}': {value} is not TOML: {error}") from error


def parse(text: str, name: str, find: Finder | None = None) -> tuple[Record, ...]:
    """Read a case file from its text; ``name`` is for errors."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{name} is not TOML: {error}; correct it there") from error
    strange = sorted(set(document) - set(KINDS) - {"role"})
    if strange:
        raise CaseError(
            f"{name}: there is no table '{strange[0]}'; use: {', '.join((*KINDS, 'role'))}"
        )
    tables = {kind: _rows(document, kind, name) for kind in (*KINDS, "role")}
    _give_roles(tables, name)
    _give_spans(tables["allegation"], name, find)
    records: list[Record] = []
    seen: set[tuple[str, str]] = set()
    for kind, record_type in KINDS.items():
        for number, row in enumerate(tables[kind], 1):
            record = _read(row, record_type, f"{name}, {kind} {number}{_called(row)}")
            if (kind, record.id) in seen:
                raise CaseError(f"{name}: two tables [[{kind}]] have the id '{record.id}'")
            seen.add((kind, record.id))
            records.append(record)
    return tuple(records)


def _called(row: _Row) -> str:
    return f" ('{row['id']}')" if isinstance(row.get("id"), str) else ""


def _rows(document: _Row, kind: str, name: str) -> list[_Row]:
    found = document.get(kind, [])
    if kind == "matter" and isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        header = "[matter]" if kind == "matter" else f"[[{kind}]]"
        raise CaseError(f"{name}: '{kind}' is a table; write it under {header}")
    return [_plain(row) for row in found]


def _plain(value: Any) -> Any:
    """Write TOML's dates as text, the way records hold them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _read(row: _Row, record_type: type[_Read], where: str, *, strict: bool = True) -> _Read:
    known = {field.name for field in fields(record_type)}  # type: ignore[arg-type]
    for key in row:
        if key not in known:
            raise CaseError(f"{where}: there is no key '{key}'; use: {', '.join(sorted(known))}")
    try:
        return msgspec.convert(row, record_type, strict=strict)
    except CaseError as error:
        raise CaseError(f"{where}: {error}") from error
    except msgspec.ValidationError as error:
        raise CaseError(f"{where}: {_sentence(str(error))}") from error


def _sentence(problem: str) -> str:
    what, _, at = problem.partition(" - at `$")
    key = at.strip("`.")
    return f"key '{key}': {what}" if key else what


def _give_roles(tables: dict[str, list[_Row]], name: str) -> None:
    subjects = {row["id"]: row for row in tables["subject"] if isinstance(row.get("id"), str)}
    for number, role in enumerate(tables["role"], 1):
        subject = subjects.get(str(role.pop("subject", "")))
        if subject is None:
            raise CaseError(
                f"{name}, role {number}: key 'subject' must be the id of a [[subject]] of this file"
            )
        if not isinstance(subject.setdefault("roles", []), list):
            raise CaseError(f"{name}, subject{_called(subject)}, key 'roles': write a list")
        subject["roles"].append(role)


def _give_spans(allegations: list[_Row], name: str, find: Finder | None) -> None:
    named: list[tuple[str, _Support]] = []
    for number, row in enumerate(allegations, 1):
        where = f"{name}, allegation {number}{_called(row)}, key 'messages'"
        found = row.get("messages", [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise CaseError(f"{where}: write a list of {{ exhibit = …, start = … }}")
        named.extend((where, _read(one, _Support, where)) for one in found)
    spans = iter(_spans(named, find))
    for row in allegations:
        row["messages"] = [next(spans) for _ in row.get("messages", [])]


def _spans(named: Sequence[tuple[str, _Support]], find: Finder | None) -> list[_Row]:
    loose = [(where, one) for where, one in named if one.end is None]
    if loose and find is None:
        raise CaseError(
            f"{loose[0][0]}: a message without 'end' can only be looked up in an operation; "
            "load the file there"
        )
    references = [Reference(one.message, one.exhibit, one.start) for _, one in loose]
    answers = iter(find(references) if find is not None and references else ())
    return [
        _whole(where, one) if one.end is not None else _found(where, next(answers))
        for where, one in named
    ]


def _whole(where: str, support: _Support) -> _Row:
    if support.start is None or not support.exhibit:
        raise CaseError(f"{where}: a span has an exhibit, a start and an end; give all three")
    return {"exhibit": support.exhibit, "start": support.start, "end": support.end}


def _found(where: str, answer: Found | Lost) -> _Row:
    if isinstance(answer, Lost):
        raise CaseError(f"{where}: {answer.why}")
    span = answer.span
    return {"exhibit": span.exhibit, "start": span.start, "end": span.end}
