"""The query language: words, "phrases", prefix*, -without, OR, brackets, and four fields.

    kettle lamp               both words
    "on my way"               these words in a row
    kett*                     words that begin so
    -lamp                     without this word
    lamp OR torch             one of them, or both
    (lamp OR torch) kettle    brackets group
    sender:ana  in:"Team Blue"  since:2017-05  until:2017-06-30

Reading a query is pure; what it finds is the index's business.
"""

import re
from dataclasses import dataclass

from witnessbox.search.model import QueryError

FIELDS = ("sender", "in", "since", "until")
_DEPTH = 20
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<open>\() | (?P<close>\))
    | (?P<minus>-(?=\S))
    | (?P<field>(?:sender|in|since|until):)
    | (?P<phrase>["“”„«»][^"“”„«»]*["“”„«»])
    | (?P<quote>["“”„«»])
    | (?P<or>OR(?=[\s()]|$))
    | (?P<word>[^\s()"“”„«»]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or with ``prefix`` how a word begins."""

    text: str
    prefix: bool
    column: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Field:
    """A filter: whose message, in which conversation, since or until when."""

    name: str
    value: str
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    """Without this."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """All of these; of none of them, everything."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of these or more."""

    parts: tuple["Node", ...]


Node = Word | Phrase | Field | Not | All | Some


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str) -> Node:
    """Read a query.  Raises QueryError, which says where, for one that cannot be understood."""
    tokens = [
        _Token(str(found.lastgroup), found.group(), found.start() + 1)
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "space"
    ]
    reader = _Reader([*tokens, _Token("end", "", len(text) + 1)])
    node = reader.some(0)
    if reader.next.kind != "end":
        raise QueryError("this bracket closes nothing", reader.next.column)
    return node


class _Reader:
    """Reads tokens one after another, a rule of the language a method."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def some(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while self.next.kind == "or":
            column = self._take().column
            right = self._all(depth)
            if All(()) in (parts[-1], right):
                raise QueryError("OR needs something on both sides", column)
            parts.append(right)
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _all(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.next.kind not in ("or", "close", "end"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Node:
        token = self._take()
        if token.kind == "minus":
            return self._without(token, depth)
        if token.kind == "open":
            return self._bracket(token, depth)
        if token.kind == "field":
            return self._field(token)
        if token.kind == "phrase":
            return _phrase(token)
        if token.kind == "quote":
            raise QueryError("this quotation mark has no partner", token.column)
        return _word(token)

    def _without(self, minus: _Token, depth: int) -> Node:
        if self.next.kind in ("or", "close", "end", "minus"):
            raise QueryError("a minus stands before a word, a phrase or a bracket", minus.column)
        return Not(self._one(depth))

    def _bracket(self, bracket: _Token, depth: int) -> Node:
        if depth >= _DEPTH:
            raise QueryError(f"brackets go deeper than {_DEPTH}", bracket.column)
        inside = self.some(depth + 1)
        if self._take().kind != "close":
            raise QueryError("this bracket is never closed", bracket.column)
        if inside == All(()):
            raise QueryError("there is nothing in these brackets", bracket.column)
        return inside

    def _field(self, field: _Token) -> Node:
        value = self.next
        if value.kind not in ("word", "phrase") or value.column != field.column + len(field.text):
            raise QueryError(f"{field.text} needs a value right behind it", field.column)
        self._take()
        text = value.text[1:-1] if value.kind == "phrase" else value.text
        if not text.strip():
            raise QueryError(f"{field.text} needs a value right behind it", field.column)
        return Field(field.text[:-1], text.strip(), value.column)


def _phrase(token: _Token) -> Node:
    if not token.text[1:-1].strip():
        raise QueryError("there is nothing between these quotation marks", token.column)
    return Phrase(token.text[1:-1].strip(), token.column)


def _word(token: _Token) -> Node:
    prefix = token.text.endswith("*")
    text = token.text.rstrip("*") if prefix else token.text
    if not text:
        raise QueryError("a star stands behind the beginning of a word", token.column)
    return Word(text, prefix, token.column)
