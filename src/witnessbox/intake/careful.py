"""Records taken out of JSON objects with care: what fits is read, what does not is named."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import msgspec

from witnessbox.intake.texts import is_utf_8

Record = TypeVar("Record", bound=msgspec.Struct)
_SHOWN_CHARACTERS = 60
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a message read with care is not quite what stands in the file."""

    code: str
    what: str


def sound(piece: bytes) -> bytes:
    """Put U+FFFD where bytes are not UTF-8 or an escape is half a character; else as it was."""
    if b"\\" not in piece and is_utf_8(piece):
        return piece

    def whole(escape: re.Match[bytes]) -> bytes:
        return b"\\ufffd" if escape[1] else escape[0]

    return _ESCAPE.sub(whole, piece.decode("utf-8", "replace").encode())


class _TwiceError(Exception):
    """A key is written twice."""


def _once(found: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(found)
    if len(made) < len(found):
        raise _TwiceError
    return made


_read_once = json.JSONDecoder(object_pairs_hook=_once, strict=False).decode


def load(data: bytes) -> tuple[dict[str, Any], list[str]]:
    """Read one JSON object; give it and the keys written twice in it or inside it.

    The walk has seen that it is one whole object; a number of thousands of digits in it still
    raises ValueError, and what is nested too deep RecursionError.
    """
    text = data.decode(json.detect_encoding(data), "surrogatepass")
    try:
        value: dict[str, Any] = _read_once(text)
    except _TwiceError:
        return _load_repeating(text)
    return value, []


def _load_repeating(text: str) -> tuple[dict[str, Any], list[str]]:
    repeated: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            times = Counter(key for key, _ in found)
            repeated.extend(sorted(key for key in times if times[key] > 1))
        return made

    value: dict[str, Any] = json.loads(text, object_pairs_hook=pairs, strict=False)
    return value, repeated


def unpacked(piece: bytes) -> tuple[dict[str, Any] | None, list[Doubt]]:
    """Read one JSON object whatever state it is in, with what is in doubt; None if it cannot be."""
    mended = sound(piece)
    doubts = []
    if mended != piece:
        doubts.append(Doubt("damaged-text", "damaged characters, shown as U+FFFD"))
    try:
        values, repeated = load(mended)
    except (ValueError, RecursionError):
        return None, [*doubts, Doubt("unreadable-message", "its fields cannot be read")]
    return values, [*doubts, *map(twice, repeated)]


def repeats(piece: bytes) -> tuple[Doubt, ...]:
    """Say which keys are written twice in an object that was read without care."""
    try:
        _, repeated = load(piece)
    except (ValueError, RecursionError):
        return ()
    return tuple(map(twice, repeated))


def twice(key: str) -> Doubt:
    """Say that a key is written twice."""
    return Doubt("duplicate-key", f"{key} is written more than once; the last one was read")


def taken(
    values: Mapping[str, Any], kind: type[Record], ids: AbstractSet[str] = frozenset()
) -> tuple[Record, list[Doubt]]:
    """Take what fits out of an object; one of the ``ids`` written as a number is read as text."""
    try:
        return msgspec.convert(values, kind), []
    except msgspec.ValidationError:
        pass
    fields = _fields(kind)
    found, doubts = {}, []
    for key in sorted(values.keys() & fields.keys()):
        value = values[key]
        if key in ids and isinstance(value, int) and not isinstance(value, bool):
            doubts.append(Doubt("wrong-type", f"{key} is the number {value}, read as text"))
            value = str(value)
        try:
            found[fields[key].name] = msgspec.convert(value, fields[key].type)
        except msgspec.ValidationError:
            shown = msgspec.json.encode(value).decode("utf-8", "replace")[:_SHOWN_CHARACTERS]
            doubts.append(Doubt("wrong-type", f"{key} cannot be {shown} and was left out"))
    return kind(**found), doubts


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {one.encode_name: one for one in msgspec.structs.fields(kind)}
