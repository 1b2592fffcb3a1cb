"""What an id, or the beginning of one, names: a message, a person or a discrepancy."""

import re
from collections.abc import Iterator
from typing import Any

import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.why.model import Asked, Sort, WhyError

_ID = re.compile(r"[0-9a-f]{1,64}")
_LISTED = 5
_NEXT = (
    "ids stand in 'witnessbox search --json', and in the tables canonical_messages, people and "
    "discrepancies of 'witnessbox export'"
)


def by_id(tables: Tables, words: str) -> Asked:
    """Find the one thing whose id begins so.  Raises WhyError where there is none, or several."""
    wanted = words.strip().lower()
    if not _ID.fullmatch(wanted):
        raise WhyError(f"{words!r} is no id: ids are made of the digits 0 to 9 and a to f; {_NEXT}")
    found: list[Asked] = []
    more = False
    for one in _beginning(tables, wanted):
        if one.id == wanted:
            return one
        if len(found) == _LISTED:
            more = True
            break
        found.append(one)
    if not found:
        raise WhyError(f"no message, person or discrepancy has an id that begins {wanted}; {_NEXT}")
    if len(found) > 1:
        listed = ", ".join(f"{one.id} ({one.sort})" for one in found)
        raise WhyError(
            f"several ids begin {wanted}: {listed}{' and more' if more else ''}; "
            "write more of the one that is meant"
        )
    return found[0]


def _beginning(tables: Tables, wanted: str) -> Iterator[Asked]:
    """Give what begins so: a person once, and of each conversation its messages and more."""
    people = _matching(tables.read(schema.PEOPLE, columns=["person"])["person"], wanted)
    yield from (Asked(Sort.PERSON, one) for one in people)
    for table, column, sort in (
        (schema.DISCREPANCIES, "discrepancy", Sort.DISCREPANCY),
        (schema.CANONICAL_MESSAGES, "message", Sort.MESSAGE),
    ):
        for shard in tables.shards(table):
            ids = tables.read(table, [shard], [column])[column]
            yield from (Asked(sort, one, shard) for one in _matching(ids, wanted))


def _matching(column: Any, wanted: str) -> list[str]:
    found: list[str] = sorted(set(column.filter(pc.starts_with(column, wanted)).to_pylist()))
    return found
