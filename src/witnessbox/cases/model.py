"""The words of cases.

Rules kept here:

- Every record has an id that people choose; the last record with an id stands, the ones before it
  stay in the ledger.
- What is not published or not known is left empty and counted as such, never filled in.
- A record may stand for several people or recommendations that no source tells apart: ``people``
  and ``count`` say how many.
- An allegation is not a fact.  ``stated`` gives the words in which it may be shown.

Longer than most files: ten nouns that refer to one another are easier to read in one place.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.model import Span

_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class CaseError(WitnessboxError):
    """A case record is refused; the message says which table and key, why and what to do."""


Day = str
"""A date as far as it is known: ``2018``, ``2018-03`` or ``2018-03-14``."""


def _check(noun: str, ident: str, *days: Day | None) -> None:
    if not ident.strip():
        raise CaseError(f"{noun} without an id: give it one that nothing else in its table has")
    for day in days:
        if day is not None and not _DAY.fullmatch(day):
            raise CaseError(
                f"{noun} '{ident}': '{day}' is no date; write 2018, 2018-03 or 2018-03-14"
            )


class Mark(StrEnum):
    """How well a source was read."""

    READ = "read"
    INDIRECT = "indirect"  # known through somebody else's account of it
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact is published."""

    id: str
    title: str
    publisher: str = ""
    published: Day | None = None
    address: str = ""
    mark: Mark = Mark.READ
    note: str = ""

    def __post_init__(self) -> None:
        _check("source", self.id, self.published)


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard of behaviour that conduct is held against."""

    id: str
    title: str
    instrument: str = ""

    def __post_init__(self) -> None:
        _check("standard", self.id)


@dataclass(frozen=True, slots=True)
class Matter:
    """What the operation as a whole is about.  There is one."""

    title: str
    body: str = ""  # who investigates
    organisation: str = ""  # who is investigated
    conduct_from: Day | None = None
    conduct_until: Day | None = None
    summary: str = ""
    strands: tuple[str, ...] = ()  # kinds of allegation, as far as only kinds are known
    not_published: tuple[str, ...] = ()  # what readers may look for and no source gives
    sources: tuple[str, ...] = ()
    id: str = "matter"

    def __post_init__(self) -> None:
        _check("matter", self.id, self.conduct_from, self.conduct_until)


@dataclass(frozen=True, slots=True)
class Investigation:
    """One of the linked investigations of an operation."""

    id: str
    number: int
    title: str = ""  # empty: not published
    opened: Day | None = None
    closed: Day | None = None
    scope: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("investigation", self.id, self.opened, self.closed)


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody was, and where, from one day to another; no day means not known."""

    role: str
    unit: str = ""
    place: str = ""
    since: Day | None = None
    until: Day | None = None

    def __post_init__(self) -> None:
        _check("role", self.role, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody whose conduct is investigated, under a label that need not be a name.

    ``names`` are the names this person has in conversations, as reviewers found.
    """

    id: str
    label: str
    people: int = 1
    roles: tuple[Role, ...] = ()
    names: tuple[str, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("subject", self.id)
        if self.people < 1:
            raise CaseError(f"subject '{self.id}': people is how many, at least 1")


class Status(StrEnum):
    """How far an allegation has come."""

    OPEN = "open"
    CASE_TO_ANSWER = "case-to-answer"
    NO_CASE_TO_ANSWER = "no-case-to-answer"
    PROVEN = "proven"
    NOT_PROVEN = "not-proven"
    WITHDRAWN = "withdrawn"
    NOT_PUBLISHED = "not-published"


_IN_WORDS = {
    Status.OPEN: "alleged, under investigation",
    Status.CASE_TO_ANSWER: "alleged, case to answer, not decided",
    Status.NO_CASE_TO_ANSWER: "alleged, no case to answer",
    Status.PROVEN: "found proven",
    Status.NOT_PROVEN: "alleged, not proven",
    Status.WITHDRAWN: "alleged, withdrawn",
    Status.NOT_PUBLISHED: "alleged, result not published",
}


@dataclass(frozen=True, slots=True)
class Allegation:
    """What is said to have been done, by whom, against which standards, and how far it has come.

    ``messages`` are the bytes it rests on; ``grew_from`` is the allegation that led to it.
    """

    id: str
    text: str
    status: Status
    subjects: tuple[str, ...] = ()
    investigations: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    messages: tuple[Span, ...] = ()
    grew_from: str | None = None
    raised: Day | None = None
    note: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("allegation", self.id, self.raised)

    @property
    def status_in_words(self) -> str:
        """Say how far the allegation has come, in words that claim nothing more."""
        return _IN_WORDS[self.status]


def stated(allegation: Allegation) -> str:
    """Say an allegation the one way it may be shown: never as a fact unless it was proven."""
    return f"{allegation.text.rstrip('.')} ({allegation.status_in_words})"


class Stage(StrEnum):
    """Whether somebody advises or decides."""

    OPINION = "opinion"
    FINAL = "final"


class Finding(StrEnum):
    """What an assessment says about an allegation."""

    CASE_TO_ANSWER = "case-to-answer"
    NO_CASE_TO_ANSWER = "no-case-to-answer"
    PROVEN = "proven"
    NOT_PROVEN = "not-proven"


class Gravity(StrEnum):
    """How serious the conduct is said to be."""

    GROSS_MISCONDUCT = "gross-misconduct"
    MISCONDUCT = "misconduct"
    PRACTICE = "practice-requiring-improvement"
    NOT_STATED = "not-stated"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What somebody holds about an allegation: an opinion, or the decision that ends the matter."""

    id: str
    allegation: str
    stage: Stage
    finding: Finding
    gravity: Gravity = Gravity.NOT_STATED
    subject: str | None = None  # none: all the allegation is about
    by: str = ""
    made: Day | None = None
    reasons: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("assessment", self.id, self.made)


class Register(StrEnum):
    """A list that keeps people from being employed again."""

    NONE = "none"
    BARRED = "barred"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it for a subject, for one allegation or altogether.

    ``kind`` is a word of the outcome table.  Of a subject that stands for several people,
    ``number`` says for how many it holds; none means the number is not published, and ``wording``
    keeps what the source says instead ("several").
    """

    id: str
    kind: str
    subject: str
    allegation: str | None = None
    stage: Stage = Stage.FINAL
    number: int | None = None
    wording: str = ""
    ground: str = ""
    register: Register = Register.NONE
    dated: Day | None = None
    note: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("outcome", self.id, self.dated)
        if self.number is not None and self.number < 1:
            raise CaseError(f"outcome '{self.id}': number is for how many people, at least 1")


class Response(StrEnum):
    """What the addressee of a recommendation answered."""

    ACCEPTED = "accepted"
    PARTLY = "accepted-in-part"
    REJECTED = "rejected"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What somebody was asked to change.  Four dates: made, published, answered, delivered.

    An empty ``subject`` means that it is not published.
    """

    id: str
    addressee: str
    number: int | None = None
    count: int = 1
    subject: str = ""
    made: Day | None = None
    published: Day | None = None
    answered: Day | None = None
    delivered: Day | None = None
    response: Response = Response.NONE
    response_text: str = ""
    basis: str = ""  # the provision it is made under
    note: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("recommendation", self.id, self.made, self.published, self.answered, self.delivered)
        if self.count < 1:
            raise CaseError(f"recommendation '{self.id}': count is how many, at least 1")
        if self.count > 1 and self.number is not None:
            raise CaseError(
                f"recommendation '{self.id}': a number names one recommendation, not {self.count}"
            )


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says in answer to a question.

    ``value`` is the answer put shortly, to be compared; ``ours`` marks our own arithmetic or
    reading, which no source states.
    """

    value: str
    text: str = ""
    source: str = ""
    ours: bool = False

    def __post_init__(self) -> None:
        if self.ours == bool(self.source):
            raise CaseError(
                f"the statement '{self.value}' needs a source, or 'ours = true' and none"
            )


@dataclass(frozen=True, slots=True)
class Fact:
    """One question and what each source answers; they may disagree, and none is struck out."""

    id: str
    question: str
    statements: tuple[Statement, ...]
    investigation: str | None = None  # none: the operation as a whole
    note: str = ""

    def __post_init__(self) -> None:
        _check("fact", self.id)
        if not self.statements:
            raise CaseError(f"fact '{self.id}': it needs at least one statement")

    @property
    def disputed(self) -> bool:
        """Say whether the answers differ."""
        return len({statement.value for statement in self.statements}) > 1


Record = (
    Matter
    | Source
    | Standard
    | Investigation
    | Subject
    | Allegation
    | Assessment
    | Outcome
    | Recommendation
    | Fact
)
"""Anything a case file holds."""
