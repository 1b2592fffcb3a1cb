"""A small invented operation, written as the canonical tables that search reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CANONICAL_MESSAGES, CONVERSATIONS, PEOPLE, Table
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.normalise import fold_word

DAWN = datetime(2017, 5, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: its id and title, and who said what how many minutes after dawn."""

    conversation: str
    title: str
    said: Sequence[tuple[str, str, int]]


def write(folder: Folder, talks: Sequence[Talk], names: dict[str, list[str]]) -> None:
    """Write talks; ``names`` gives each person's names, the first one to show."""
    tables = Tables(folder.tables)
    for talk in talks:
        rows = [_row(talk, i, names) for i in range(len(talk.said))]
        _write(tables, CANONICAL_MESSAGES, talk.conversation, rows)
    titles = [{"conversation": talk.conversation, "title": talk.title} for talk in talks]
    _write(tables, CONVERSATIONS, "operation", titles)
    people = [
        {"person": person, "label": known[0], "copy": "k", "name": name}
        for person, known in names.items()
        for name in known
    ]
    _write(tables, PEOPLE, "operation", people)


def _row(talk: Talk, position: int, names: dict[str, list[str]]) -> dict[str, Any]:
    sender, text, minutes = talk.said[position]
    return {
        "message": f"{talk.conversation}-{position}",
        "conversation": talk.conversation,
        "position": position,
        "sent_at": DAWN + timedelta(minutes=minutes),
        "precision": "minute",
        "sender": sender or None,
        "sender_name": names[sender][0] if sender else None,
        "kind": "text" if sender else "notice",
        "text": text,
        "normalised": fold_word(text),
        "edited": False,
        "deleted": False,
        "sightings": 1,
        "exhibit": "ab" * 32,
        "start": position * 100,
        "end": position * 100 + 90,
    }


def _write(tables: Tables, table: Table, shard: str, rows: list[dict[str, Any]]) -> None:
    plain = pa.schema(
        [
            pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type)
            for f in table.schema
        ]
    )
    made = pa.Table.from_pylist(rows, schema=plain).cast(table.schema)
    tables.write(table, shard, made.to_batches())
