"""Asking the index, and reading the messages it names out of the tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import tantivy

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import CANONICAL_MESSAGES, CONVERSATIONS, COPIES, PEOPLE
from witnessbox.evidence.tables import ROW_GROUP_ROWS, Tables
from witnessbox.media.reading import carried, machine_texts
from witnessbox.reconcile.names import plain_name
from witnessbox.reconcile.normalise import fold_word
from witnessbox.search.highlight import highlights
from witnessbox.search.index import opened
from witnessbox.search.language import Node, parse
from witnessbox.search.model import Hit, Hits, Line, MachineHit, Order, Query
from witnessbox.search.translate import Translator

_COLUMNS = [
    "message",
    "conversation",
    "position",
    "sent_at",
    "sender",
    "sender_name",
    "kind",
    "text",
    "deleted",
    "edited",
    "exhibit",
    "start",
    "end",
]
_MOST_TIES = 10_000


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a hit lies, before its text is read."""

    conversation: str
    position: int
    place: int
    score: float


def search(folder: Folder, query: Query) -> Hits:
    """Find messages.  The same index gives the same answer in the same order.

    Raises QueryError for a query that cannot be understood, SearchError where there is no index.
    """
    node = parse(query.text)
    index, conversations = opened(folder)
    searcher = index.searcher()
    tables = Tables(folder.tables)
    titles = _titles(tables)
    translator = Translator(
        index.schema,
        searcher,
        _senders(tables),
        _numbers(conversations, titles),
        ZoneInfo(query.zone),
    )
    total, found = _ask(searcher, _whole(translator, node, query), query, conversations)
    lines = _read(tables, found)
    hits = [_hit(node, one, lines, titles) for one in found]
    return Hits(total, tuple(_with_machine_read(tables, node, hits)))


def around(folder: Folder, conversation: str, position: int, n: int) -> tuple[Line, ...]:
    """Give a message with up to ``n`` before and ``n`` after it, in conversation order."""
    first = max(position - n, 0)
    return lines(folder, conversation, first, position + n + 1 - first)


def lines(folder: Folder, conversation: str, first: int, count: int) -> tuple[Line, ...]:
    """Give up to ``count`` messages of a conversation from position ``first`` on."""
    rows = Tables(folder.tables).slice(CANONICAL_MESSAGES, conversation, first, count, _COLUMNS)
    return tuple(_lines(rows))


def _whole(translator: Translator, node: Node, query: Query) -> tantivy.Query:
    parts = [translator.query(node)]
    if query.sender is not None:
        parts.append(translator.sender(query.sender))
    if query.conversation is not None:
        parts.append(translator.conversation(query.conversation))
    if query.since is not None or query.until is not None:
        parts.append(translator.sent(query.since, query.until))
    filters = [tantivy.Query.const_score_query(part, 0.0) for part in parts[1:]]
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, part) for part in (parts[0], *filters)]
    )


def _ask(
    searcher: tantivy.Searcher, asked: tantivy.Query, query: Query, conversations: Sequence[str]
) -> tuple[int, list[_Found]]:
    if query.order == Order.RELEVANCE:
        return _by_relevance(searcher, asked, query, conversations)
    order = tantivy.Order.Desc if query.order == Order.NEWEST else tantivy.Order.Asc
    answer = searcher.search(
        asked, max(query.limit, 1), order_by_field="place", offset=query.offset, order=order
    )
    found = _found(searcher, [(0.0, at) for _, at in answer.hits], conversations)
    return _count(answer), found[: query.limit]


def _by_relevance(
    searcher: tantivy.Searcher, asked: tantivy.Query, query: Query, conversations: Sequence[str]
) -> tuple[int, list[_Found]]:
    """Ask for the best; take in all that tie with the last of them, and order ties by time.

    The engine orders ties by how its files happen to lie, which is not the same every time.
    """
    needed = query.offset + query.limit
    limit = needed + 100
    while True:
        answer = searcher.search(asked, limit)
        hits = answer.hits
        if len(hits) < limit or hits[-1][0] < hits[needed - 1][0] or limit > _MOST_TIES:
            break
        limit *= 4
    found = _found(searcher, hits, conversations)
    found.sort(key=lambda one: (-one.score, -one.place))
    return _count(answer), found[query.offset : needed]


def _count(answer: Any) -> int:
    return int(answer.count or 0)


def _found(
    searcher: tantivy.Searcher, hits: Sequence[tuple[float, Any]], conversations: Sequence[str]
) -> list[_Found]:
    addresses = [address for _, address in hits]
    numbers, positions, places = (
        searcher.fast_field_values(field, addresses)
        for field in ("conversation", "position", "place")
    )
    return [
        _Found(
            conversations[int(number or 0)], int(position or 0), int(place or 0), round(score, 5)
        )
        for (score, _), number, position, place in zip(
            hits, numbers, positions, places, strict=True
        )
    ]


def _read(tables: Tables, found: Sequence[_Found]) -> dict[tuple[str, int], Line]:
    """Read the messages found, each stretch of a table once."""

    def stretch(one: _Found) -> tuple[str, int]:
        return one.conversation, one.position // ROW_GROUP_ROWS

    read: dict[tuple[str, int], Line] = {}
    for (conversation, group), members in groupby(sorted(found, key=stretch), stretch):
        first = group * ROW_GROUP_ROWS
        rows = tables.slice(CANONICAL_MESSAGES, conversation, first, ROW_GROUP_ROWS, _COLUMNS)
        wanted = pa.array([one.position - first for one in members])
        for line in _lines(rows.take(wanted)):
            read[conversation, line.position] = line
    return read


def _lines(rows: Any) -> list[Line]:
    return [
        Line(
            message=row["message"],
            conversation=row["conversation"],
            position=row["position"],
            sent_at=row["sent_at"],
            sender=row["sender"],
            sender_name=row["sender_name"],
            kind=row["kind"],
            text=row["text"] or "",
            deleted=row["deleted"],
            edited=row["edited"],
            span=Span(row["exhibit"], row["start"], row["end"]),
        )
        for row in rows.to_pylist()
    ]


def _hit(
    node: Node, one: _Found, lines: dict[tuple[str, int], Line], titles: dict[str, list[str]]
) -> Hit:
    line = lines[one.conversation, one.position]
    return Hit(
        message=line.message,
        conversation=line.conversation,
        title=titles.get(line.conversation, [""])[0],
        position=line.position,
        sent_at=line.sent_at,
        sender=line.sender,
        sender_name=line.sender_name,
        kind=line.kind,
        text=line.text,
        highlights=highlights(node, line.text),
        span=line.span,
        score=one.score,
    )


def _with_machine_read(tables: Tables, node: Node, hits: Sequence[Hit]) -> list[Hit]:
    """Add to each message what a machine read out of its files, as far as that answers."""
    files: dict[str, list[str]] = {}
    for one in carried(tables, [hit.message for hit in hits]):
        files.setdefault(one.message, []).append(one.file)
    return [
        replace(
            hit,
            machine=tuple(
                MachineHit(one.exhibit, one.kind, one.engine, one.text, marked)
                for one in machine_texts(tables, files.get(hit.message, ()))
                if (marked := highlights(node, one.text))
            ),
        )
        for hit in hits
    ]


def _titles(tables: Tables) -> dict[str, list[str]]:
    """Give each conversation's titles: the one to show first, then those the copies use."""
    titles: dict[str, list[str]] = {}
    for table in (CONVERSATIONS, COPIES):
        for row in tables.read(table, columns=["conversation", "title"]).to_pylist():
            titles.setdefault(row["conversation"], []).append(row["title"] or "")
    return titles


def _numbers(
    conversations: Sequence[str], titles: dict[str, list[str]]
) -> Callable[[str], Sequence[int]]:
    def numbers(wanted: str) -> Sequence[int]:
        folded = fold_word(wanted)
        return [
            number
            for number, conversation in enumerate(conversations)
            if conversation == wanted
            or any(folded in fold_word(title) for title in titles.get(conversation, ()))
        ]

    return numbers


def _senders(tables: Tables) -> Callable[[str], Sequence[str]]:
    """Look people up by id, or by any name a phone uses that has words beginning like these."""

    def senders(wanted: str) -> Sequence[str]:
        folded = plain_name(wanted)
        rows = tables.read(PEOPLE, columns=["person", "label", "name"]).to_pylist()
        return sorted(
            {
                row["person"]
                for row in rows
                if row["person"] == wanted
                or any(_called(folded, plain_name(row[name] or "")) for name in ("name", "label"))
            }
        )

    return senders


def _called(wanted: str, name: str) -> bool:
    return bool(wanted) and f" {name}".find(f" {wanted}") >= 0
