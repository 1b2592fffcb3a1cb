"""Polls out of the blobs of ``ZWAMESSAGEINFO``: question, options, and who chose what.

::

    8   the poll
        2   the question
        3   an option, as often as there are: in its field 1, its words
        5   the vote of another: 1 an option's place, from 0, as often as chosen; 4 who, an address
        6   the owner's vote: 1 as above

Nobody has published a definition; two readers on the web agree on the question and the options, one
of them reads the votes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind
from witnessbox.intake.chatstorage import wire
from witnessbox.intake.chatstorage.blobs import VOTES, Blobs, Why
from witnessbox.intake.chatstorage.told import retold
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Same, Spoken
from witnessbox.intake.database.keyed import Kept, Keyed
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import OWNER, People
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.texts import beside

MARK = 8
"""The field that holds the poll."""

_QUESTION, _OPTION, _OTHERS, _OWN = 2, 3, 5, 6
_WORDS = 1  # of an option
_CHOICE, _VOTER = 1, 4
_MOST_OPTIONS, _MOST_CHARACTERS = 64, 1 << 10
_SERVERS = frozenset(("s.whatsapp.net", "lid"))
_NO_CHOICE = -1
_MOST_VOTES = 1 << 12
"""How many votes one batch has."""


class Sort(IntEnum):
    """What a part of a poll is."""

    QUESTION = 0
    OPTION = 1
    VOTE = 2
    OWN_VOTE = 3
    UNREAD = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a poll: words of it, or somebody's choice of an option, or why it is not read."""

    sort: Sort
    text: str | None = None  # of a vote, who
    choice: int = _NO_CHOICE
    why: Why = Why.READ


def parts_of(fields: Sequence[wire.Field]) -> Iterator[Part]:
    """Give the parts of the poll that a blob's fields hold, if they hold one: its words first."""
    polls = [one for one in fields if one.number == MARK]
    if not polls:
        return
    held = polls[0].inner or ()
    question = [_words(one) for one in held if one.number == _QUESTION]
    options = [_option(one) for one in held if one.number == _OPTION]
    words = [one for one in (*question, *options) if one is not None]
    sound = len(polls) == len(question) == 1 and 0 < len(options) <= _MOST_OPTIONS
    if not sound or len(words) <= len(options):
        yield Part(Sort.UNREAD, why=Why.NO_POLL)
        return
    yield Part(Sort.QUESTION, words[0])
    yield from (Part(Sort.OPTION, one) for one in words[1:])
    for vote in held:
        if vote.number in {_OTHERS, _OWN}:
            yield from _votes(vote, len(options))


def _words(one: wire.Field) -> str | None:
    said = wire.text(one.held)
    return said if said and len(said) <= _MOST_CHARACTERS else None


def _option(one: wire.Field) -> str | None:
    words = [inner for inner in one.inner or () if inner.number == _WORDS]
    return _words(words[0]) if len(words) == 1 else None


def _votes(vote: wire.Field, options: int) -> Iterator[Part]:
    """Give one person's choices; of another who chooses nothing, that there was a vote."""
    held = vote.inner
    chosen = [one.amount for one in held or () if one.number == _CHOICE]
    places = [one for one in chosen if one is not None and 0 <= one < options]
    voters = [one for one in held or () if one.number == _VOTER]
    by = wire.text(voters[0].held) if len(voters) == 1 else None
    own = vote.number == _OWN
    sound = held is not None and len(set(places)) == len(chosen)
    if not sound or not (own or _is_address(by)):
        yield Part(Sort.UNREAD, why=Why.NO_CHOICE)
        return
    sort = Sort.OWN_VOTE if own else Sort.VOTE
    none = () if own else (_NO_CHOICE,)
    yield from (Part(sort, None if own else by, one) for one in places or none)


def _is_address(text: str | None) -> bool:
    user, _, server = (text or "").partition("@")
    return user.isdigit() and server in _SERVERS


@dataclass(frozen=True, slots=True)
class Asked:
    """The polls of a batch of messages and their parts, those of one poll in their order."""

    start: Ints  # of the messages
    owner: Ints  # which of the messages
    parts: Keyed
    at: Ints  # which of the parts

    def told(self) -> Iterator[tuple[int, Sort, str | None, int]]:
        """Give the parts: whose they are, what they are, their text, the option they choose."""
        numbers = (self.parts.numbers[name][self.at].tolist() for name in ("sort", "choice"))
        texts = self.parts.texts["text"].take(pa.array(self.at)).to_pylist()
        for k, sort, choice, text in zip(self.owner.tolist(), *numbers, texts, strict=True):
            yield k, Sort(sort), text, choice

    def lines(self) -> list[list[str]]:
        """Give each poll's question and options."""
        found: list[list[str]] = [[] for _ in self.start]
        for k, sort, text, _ in self.told():
            if text is not None and sort in {Sort.QUESTION, Sort.OPTION}:
                found[k].append(text)
        return found

    def votes(self, people: People, blobs: Blobs, same: Same) -> Iterator[pa.RecordBatch | None]:
        """List who chose what, some at a time: few bytes of a blob may choose many words."""
        found: list[tuple[object, ...]] = []
        options: list[str] = []
        for k, sort, text, choice in self.told():
            if sort == Sort.QUESTION:
                options = []
            elif sort == Sort.OPTION and text is not None:
                options.append(text)
            elif sort in {Sort.VOTE, Sort.OWN_VOTE}:
                voter = OWNER if text is None else people.name(people.place(text))
                option = None if choice == _NO_CHOICE else options[choice]
                found.append((same.exhibit, int(self.start[k]), voter, option, None))
                blobs.read[VOTES] += 1
            if len(found) >= _MOST_VOTES:
                yield table_of(schema.VOTES, found)
                found = []
        yield table_of(schema.VOTES, found)


def asked(
    spoken: Spoken, people: People, polls: Kept, blobs: Blobs, same: Same
) -> tuple[Spoken, Iterator[pa.RecordBatch | None]]:
    """Put question and options beside what a batch's polls say themselves; list who chose what."""
    chosen = np.flatnonzero(spoken.kind == place_of(Kind.POLL))
    if not len(chosen) or not len(polls):
        return spoken, iter(())
    near = polls.near(spoken.row[chosen])
    at, owner = near.of(spoken.row[chosen])
    blobs.note(spoken, chosen[owner], near.numbers["why"][at])
    found = Asked(spoken.start[chosen], owner, near, at)
    own = spoken.text.take(pa.array(chosen)).to_pylist()
    told = [beside(text, lines) for text, lines in zip(own, found.lines(), strict=True)]
    return retold(spoken, chosen, told), found.votes(people, blobs, same)
