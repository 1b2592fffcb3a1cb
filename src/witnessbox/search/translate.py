"""From a query as read to the engine's query objects; the engine's own parser is never used.

Its parser takes ``kett*`` and finds nothing without a word, so each construct is built here.  Words
are looked for in what messages say, and in what machines read out of the files they carry.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import tantivy
from tantivy import Occur

from witnessbox.search.analysis import Terms, pairs, terms
from witnessbox.search.language import Field, Node, Not, Phrase, Some, Word
from witnessbox.search.model import QueryError

_SAID, _MACHINE_READ = ("words", "grams"), ("machine_words", "machine_grams")
_EARLIEST_MS, _LATEST_MS = -(1 << 61), 1 << 61


@dataclass(frozen=True, slots=True)
class Translator:
    """What is needed to translate: the index, who is called what, and the zone days lie in.

    ``senders`` gives the persons a name may mean, ``conversations`` the numbers a title may mean.
    """

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    senders: Callable[[str], Sequence[str]]
    conversations: Callable[[str], Sequence[int]]
    zone: ZoneInfo

    def query(self, node: Node) -> tantivy.Query:
        """Translate.  Raises QueryError, which says where, for a part that cannot be looked up."""
        if isinstance(node, Word | Phrase):
            return self._words(node)
        if isinstance(node, Field):
            return self._field(node)
        if isinstance(node, Some):
            return tantivy.Query.boolean_query(
                [(Occur.Should, self.query(part)) for part in node.parts]
            )
        if isinstance(node, Not):
            return self._all((node,))
        return self._all(node.parts)

    def _all(self, parts: Sequence[Node]) -> tantivy.Query:
        clauses = [
            (Occur.MustNot, self.query(part.part))
            if isinstance(part, Not)
            else (Occur.Must, self.query(part))
            for part in parts
        ]
        if all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, everything()))
        return tantivy.Query.boolean_query(clauses)

    def _words(self, node: Word | Phrase) -> tantivy.Query:
        cut = terms(node.text)
        if not cut.words and not cut.runs:
            raise QueryError(f"there is no word to look for in {node.text!r}", node.column)
        prefix = isinstance(node, Word) and node.prefix
        return tantivy.Query.boolean_query(
            [
                (Occur.Should, self._within(fields, cut, prefix=prefix))
                for fields in (_SAID, _MACHINE_READ)
            ]
        )

    def _within(self, fields: tuple[str, str], cut: Terms, *, prefix: bool) -> tantivy.Query:
        words, grams = fields
        found = [self._run(grams, run) for run in cut.runs]
        if cut.words and prefix:
            found.append(self._prefix(words, cut.words))
        elif cut.words:
            found.append(self._row(words, cut.words))
        if len(found) == 1:
            return found[0]
        return tantivy.Query.boolean_query([(Occur.Must, one) for one in found])

    def _row(self, field: str, words: Sequence[str]) -> tantivy.Query:
        if len(words) == 1:
            return tantivy.Query.term_query(self.schema, field, words[0])
        return tantivy.Query.phrase_query(self.schema, field, list(words))

    def _prefix(self, field: str, words: Sequence[str]) -> tantivy.Query:
        if len(words) > 1:
            return tantivy.Query.phrase_prefix_query(self.schema, field, list(words))
        return self._beginning(field, words[0])

    def _beginning(self, field: str, prefix: str) -> tantivy.Query:
        found = [term for term, _ in self.searcher.terms_with_prefix(field, prefix)]
        if not found:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_set_query(self.schema, field, found)

    def _run(self, field: str, run: str) -> tantivy.Query:
        if len(run) == 1:
            return self._beginning(field, run)
        return self._row(field, pairs(run)[:-1])

    def _field(self, node: Field) -> tantivy.Query:
        if node.name == "sender":
            return self.sender(node.value)
        if node.name == "in":
            return self.conversation(node.value)
        first, last = _days(node)
        if node.name == "since":
            return self.sent(since=first, until=None)
        return self.sent(since=None, until=last)

    def sender(self, name: str) -> tantivy.Query:
        """Ask for messages by anyone this name may mean."""
        persons = list(self.senders(name))
        if not persons:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_set_query(self.schema, "sender", persons)

    def conversation(self, title: str) -> tantivy.Query:
        """Ask for messages in any conversation this title may mean."""
        numbers = list(self.conversations(title))
        if not numbers:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_set_query(self.schema, "conversation", numbers)

    def sent(self, since: date | datetime | None, until: date | datetime | None) -> tantivy.Query:
        """Ask for messages sent from one day or moment to another, both included."""
        first = _EARLIEST_MS if since is None else self._moment(since)
        last = _LATEST_MS
        if isinstance(until, datetime):
            last = self._moment(until)
        elif until is not None:
            last = self._moment(until + timedelta(days=1)) - 1
        return tantivy.Query.range_query(
            self.schema, "sent_ms", tantivy.FieldType.Integer, first, last
        )

    def _moment(self, day: date | datetime) -> int:
        moment = day if isinstance(day, datetime) else datetime.combine(day, time())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def everything() -> tantivy.Query:
    """Ask for every message; each counts alike."""
    return tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)


def _days(node: Field) -> tuple[date, date]:
    """Read a year, month or day: its first and last day."""
    parts = node.value.split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1 and len(parts[0]) == 4:
            return date(numbers[0], 1, 1), date(numbers[0], 12, 31)
        if len(numbers) == 2:
            first = date(numbers[0], numbers[1], 1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        day = date(*numbers)
    except (ValueError, TypeError, OverflowError):
        raise QueryError(
            f"{node.value!r} is no date; write a day as 2017-05-31, a month as 2017-05",
            node.column,
        ) from None
    return day, day
