"""The tables over all conversations: which there are, which copies show them, who is who."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.schema import (
    CANONICAL_MESSAGES,
    CLOCKS,
    CONVERSATIONS,
    COPIES,
    LINKS,
    PEOPLE,
    SIGHTINGS,
)
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.columns import codes_in
from witnessbox.reconcile.decision import link_id
from witnessbox.reconcile.model import CopyName, MatchedBy, Plan, PlannedConversation


def conversations(tables: Tables, plan: Plan, each: Callable[..., Iterable[Any]] = map) -> Any:
    """Give the table of conversations; ``each`` looks at one after the other, or at several."""
    return _table([*each(partial(_conversation, tables), plan.conversations)], CONVERSATIONS.schema)


def _conversation(tables: Tables, planned: PlannedConversation) -> dict[str, Any]:
    sent = tables.read(CANONICAL_MESSAGES, [planned.conversation], ["sent_at"])["sent_at"]
    bounds = pc.min_max(sent)
    return {
        "conversation": planned.conversation,
        "title": planned.title,
        "platform": planned.platform,
        "copies": len(planned.copies),
        "messages": len(sent),
        "first_at": bounds["min"].as_py(),
        "last_at": bounds["max"].as_py(),
    }


def copies(tables: Tables, plan: Plan, each: Callable[..., Iterable[Any]] = map) -> Any:
    """Give the table of copies; ``each`` looks at one conversation after the other, or several."""
    found = each(partial(_copies, tables), plan.conversations)
    return _table([row for rows in found for row in rows], COPIES.schema)


def _copies(tables: Tables, planned: PlannedConversation) -> list[dict[str, Any]]:
    seen = tables.read(SIGHTINGS, [planned.conversation], ["copy", "sent_at", "matched_by"])
    matched = codes_in(seen["matched_by"], [MatchedBy.ALONE.value]) < 0
    grouped = (
        pa.table(
            {
                "copy": seen["copy"],
                "sent_at": seen["sent_at"],
                "matched": pa.array(matched.astype(np.int64)),
            }
        )
        .group_by("copy")
        .aggregate([("sent_at", "min"), ("sent_at", "max"), ("matched", "sum"), ([], "count_all")])
    )
    found = {row["copy"]: row for row in grouped.to_pylist()}
    wanted = ["copy", "main_ms", "doubt"]
    clocks = {
        row["copy"]: row for row in tables.read(CLOCKS, [planned.conversation], wanted).to_pylist()
    }
    rows = []
    for copy in planned.copies:
        own = found.get(copy.source.copy, {})
        rows.append(
            {
                "copy": copy.source.copy,
                "conversation": planned.conversation,
                "title": copy.source.title,
                "custodian": copy.source.custodian,
                "exhibits": list(copy.source.exhibits),
                "parser": copy.source.parser,
                "messages": own.get("count_all", 0),
                "matched": own.get("matched_sum", 0),
                "first_at": own.get("sent_at_min"),
                "last_at": own.get("sent_at_max"),
                "offset_ms": clocks[copy.source.copy]["main_ms"],
                "offset_doubt": clocks[copy.source.copy]["doubt"],
            }
        )
    return rows


def people(plan: Plan) -> Any:
    """Give the table of the names phones use for people."""
    rows = sorted(
        (name.person, copy.source.copy, name.name, name.label, name.messages, name.owner)
        for planned in plan.conversations
        for copy in planned.copies
        for name in copy.names
    )
    return _columns(rows, ("person", "copy", "name", "label", "messages", "owner"), PEOPLE.schema)


def links(plan: Plan) -> Any:
    """Give the table of links between names."""
    persons = {
        CopyName(copy.source.copy, name.name): name.person
        for planned in plan.conversations
        for copy in planned.copies
        for name in copy.names
    }
    rows = [
        (
            link_id(one.first, one.second),
            one.first.copy,
            one.first.name,
            one.second.copy,
            one.second.name,
            persons[one.first],
            persons[one.second],
            one.rule,
            one.texts_agreed,
            one.texts_against,
            one.traits_agreed,
            one.traits_against,
            one.weight,
            one.speaks_for,
            one.speaks_against,
            one.state,
        )
        for one in plan.links
    ]
    return _columns(sorted(rows, key=lambda row: row[0]), LINKS.schema.names, LINKS.schema)


def _table(rows: list[dict[str, Any]], schema: Any) -> Any:
    return pa.Table.from_pylist(rows, schema=_plain(schema)).cast(schema)


def _columns(rows: Sequence[tuple[Any, ...]], names: Sequence[str], schema: Any) -> Any:
    """Give a table of rows whose values stand in the order of names."""
    values = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    arrays = [pa.array(values.get(one.name, ()), one.type) for one in _plain(schema)]
    return pa.table(arrays, schema=_plain(schema)).cast(schema)


def _plain(schema: Any) -> Any:
    """Give a schema without dictionaries, as rows are put together."""
    return pa.schema(
        [
            pa.field(one.name, pa.string() if pa.types.is_dictionary(one.type) else one.type)
            for one in schema
        ]
    )
