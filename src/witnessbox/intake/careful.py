"""Records taken out of JSON objects with care: what fits is read, what does not is named."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, TypeVar

import msgspec

from witnessbox.intake.messenger.words import Doubt

Record = TypeVar("Record", bound=msgspec.Struct)
_SHOWN_CHARACTERS = 60


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
