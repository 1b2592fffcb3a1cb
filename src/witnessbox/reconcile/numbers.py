"""Telephone numbers that people are known by, beyond what stands as their name.

A database or a laboratory's report gives the address of each name; where one name has one number
in an exhibit, it is known by that number too.  A number written as it is dialled at home is taken
for the one number of the operation, written with its country, that it can be.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow.compute as pc

from witnessbox.evidence.schema import PARTICIPANTS
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.names import is_number, number_of
from witnessbox.reconcile.normalise import fold_word
from witnessbox.reconcile.sketch import Sketch

_ADDRESS = re.compile(r"\+?(\d{7,15})@(?:s\.whatsapp\.net|c\.us)")
_ABROAD = ("+", "00")
_LEAST_AT_HOME = 8
_SHORT = re.compile("[17]")
_MIDDLE = re.compile("2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")
"""Codes of countries of one digit and of two (ITU-T E.164); all others have three."""
_TRUNK = "0"
"""Dialled before a number at home in most countries; in a few it belongs to the number."""


def numbered(tables: Tables, found: Sequence[Source], sketches: Sequence[Sketch]) -> list[Sketch]:
    """Tell each sketch by which numbers its names are known; ``found`` are their sources."""
    exhibits = sorted({exhibit for source in found for exhibit in source.exhibits})
    beside = {exhibit: _beside(tables, exhibit) for exhibit in exhibits}
    each = [
        [_known(name, [beside[exhibit] for exhibit in source.exhibits]) for name in sketch.names]
        for source, sketch in zip(found, sketches, strict=True)
    ]
    wholes = Wholes(it for names in each for numbers in names for it in numbers)
    return [
        replace(sketch, numbers=tuple(wholes.of(numbers) for numbers in names))
        for sketch, names in zip(sketches, each, strict=True)
    ]


def _beside(tables: Tables, exhibit: str) -> dict[str, str]:
    """Give the numbers that stand beside names in an exhibit, written with their country.

    A name that several people bear has none.
    """
    if not tables.shard_rows(PARTICIPANTS, exhibit):
        return {}
    found: dict[str, set[str]] = {}
    rows = tables.read(PARTICIPANTS, [exhibit], ["name", "platform_id"])
    for row in rows.filter(pc.is_valid(rows["platform_id"])).to_pylist():
        found.setdefault(row["name"], set()).add(row["platform_id"])
    named = {name: _address(*those) for name, those in found.items() if len(those) == 1}
    return {name: number for name, number in named.items() if number is not None}


def _address(address: str) -> str | None:
    """Give the number an address is, written with its country where that is known."""
    if (known := _ADDRESS.fullmatch(address)) is not None:
        return f"+{known[1]}"
    dialled = is_number(address) and fold_word(address).startswith((*_ABROAD, _TRUNK))
    return address if dialled else None


def _known(name: str, beside: Iterable[dict[str, str]]) -> frozenset[str]:
    """Give a name's numbers as they are written: itself, and what stands beside it."""
    found = {numbers[name] for numbers in beside if name in numbers}
    return frozenset(found | ({name} if is_number(name) else set()))


class Wholes:
    """The numbers of an operation that are written with their country, by what follows it."""

    __slots__ = ("_by_end",)

    def __init__(self, written: Iterable[str]) -> None:
        """Take all numbers, as they are written."""
        self._by_end: dict[str, set[str]] = {}
        for one in {number_of(it) or "" for it in written if _is_whole(it)}:
            country = 1 if _SHORT.match(one) else 2 if _MIDDLE.match(one) else 3
            self._by_end.setdefault(one[country:], set()).add(one)

    def of(self, written: Iterable[str]) -> frozenset[str]:
        """Give the digits of numbers, and of the one whole number that each can be."""
        found: set[str] = set()
        for one in written:
            digits = number_of(one) or ""
            found.add(digits)
            if not _is_whole(one):
                ends = {digits, digits.removeprefix(_TRUNK)}
                could = {it for end in ends for it in self._by_end.get(end, ())}
                long_enough = len(digits.removeprefix(_TRUNK)) >= _LEAST_AT_HOME
                found |= could if long_enough and len(could) == 1 else set()
        return frozenset(found)


def _is_whole(written: str) -> bool:
    return fold_word(written).removeprefix("~").strip().startswith(_ABROAD)
