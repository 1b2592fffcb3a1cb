"""Codings: what reviewers decided about messages.  Pure; the ledger keeps every word.

Rules kept here:

- A coding belongs to the bytes that were read (a span), and through them to a message: when the
  copies of a conversation are laid over one another anew, the coding goes with the bytes.
- A reviewer's last word on a message stands; a withdrawal takes it back; nothing is deleted.
- Two reviewers who differ are both kept: who is right is a person's decision.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TypeVar

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.model import Span

_Key = TypeVar("_Key")

GRAVEST = 4
"""The highest severity; the code-book says what each level means."""

Place = tuple[str, int]
"""The exhibit and the byte where a record begins: what a coding is found again by."""


class ReviewError(WitnessboxError):
    """A coding is refused; the message says which, why and what to do."""


@dataclass(frozen=True, slots=True)
class Coding:
    """One reviewer's decision on one message.

    No category means read and not relevant.  ``message`` is the canonical message when the coding
    was made, empty where there was none yet; ``span`` is what was read and what counts.  ``banter``
    says that somebody offers "banter" as a defence of the message, not that it is one.
    """

    message: str
    span: Span
    reviewer: str
    categories: tuple[str, ...] = ()
    severity: int = 0
    banter: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.reviewer.strip():
            raise ReviewError("a coding needs its reviewer; say who read the message")
        if not 0 <= self.severity <= GRAVEST:
            raise ReviewError(f"severity is 0 to {GRAVEST}, not {self.severity}")
        if self.severity and not self.categories:
            raise ReviewError(
                f"severity {self.severity} needs a category; without one a message is not relevant"
            )
        if len(set(self.categories)) != len(self.categories):
            raise ReviewError(f"a category is named twice: {', '.join(self.categories)}")

    @property
    def relevant(self) -> bool:
        """Say whether the reviewer found anything."""
        return bool(self.categories)

    @property
    def place(self) -> Place:
        """Say where the record that was read begins."""
        return self.span.exhibit, self.span.start

    @property
    def decision(self) -> tuple[frozenset[str], int, bool]:
        """Give what reviewers can differ about: everything but the note."""
        return frozenset(self.categories), self.severity, self.banter

    def repeats(self, other: "Coding") -> bool:
        """Say whether this says nothing that the other does not say."""
        return (self.reviewer, self.decision, self.note) == (
            other.reviewer,
            other.decision,
            other.note,
        )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A reviewer's coding taken back; the entry that carries it says why."""

    message: str
    span: Span
    reviewer: str

    @property
    def place(self) -> Place:
        """Say where the record that was read begins."""
        return self.span.exhibit, self.span.start


Decision = Coding | Withdrawal
"""What reviewers put into the ledger."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The codings that stand, by message and reviewer.

    ``unplaced`` stand too, but their bytes are in no message of the present tables.
    """

    codings: tuple[Coding, ...] = ()
    unplaced: tuple[Coding, ...] = ()
    _of: Mapping[str, tuple[Coding, ...]] = field(default_factory=dict, repr=False, compare=False)

    def of(self, message: str) -> tuple[Coding, ...]:
        """Give the reviewers' last words on one message."""
        return self._of.get(message, ())

    def messages(self, reviewer: str | None = None) -> frozenset[str]:
        """Name the messages that somebody, or this reviewer, has read."""
        return frozenset(
            coding.message
            for coding in self.codings
            if reviewer is None or coding.reviewer == reviewer
        )

    def word(self, message: str, reviewer: str) -> Coding | None:
        """Give what one reviewer says about one message."""
        return next((one for one in self.of(message) if one.reviewer == reviewer), None)


def standing(decisions: Iterable[Decision], messages: Mapping[Place, str]) -> Standing:
    """Fold decisions in ledger order into what stands.

    ``messages`` says which message each place belongs to now; a place it lacks is unplaced.
    """
    fold = Fold()
    for decision in decisions:
        fold.take(decision, messages.get(decision.place))
    return fold.standing()


class Fold:
    """Takes decisions one after the other, in ledger order, and says what stands of them."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, Coding]] = {}
        self._said: dict[str, tuple[Coding, ...]] = {}
        self._order: list[str] = []
        self._unplaced: dict[tuple[Place, str], Coding] = {}

    def take(self, decision: Decision, message: str | None) -> None:
        """Take a decision on a message; None where its bytes are in none."""
        if message is None:
            _say(self._unplaced, (decision.place, decision.reviewer), decision)
            return
        if isinstance(decision, Coding) and decision.message != message:
            decision = replace(decision, message=message)
        if message not in self._of:
            self._of[message] = {}
            self._order.append(message)
        words = self._of[message]
        _say(words, decision.reviewer, decision)
        self._said[message] = tuple(words[reviewer] for reviewer in sorted(words))

    def standing(self) -> Standing:
        """Say what stands now; what is taken later changes nothing of it."""
        # Nearly in order already, but for what was taken since: sorting is next to nothing.
        self._order.sort()
        codings = chain.from_iterable(map(self._said.__getitem__, self._order))
        unplaced = tuple(self._unplaced[key] for key in sorted(self._unplaced))
        return Standing(tuple(codings), unplaced, dict(self._said))


def _say(words: dict[_Key, Coding], key: _Key, decision: Decision) -> None:
    if isinstance(decision, Coding):
        words[key] = decision
    else:
        words.pop(key, None)


def disputed(words: Standing) -> tuple[str, ...]:
    """Name the messages whose reviewers' last words differ: they go to a second reading."""
    differing = {
        coding.message
        for coding in words.codings
        if len(said := words.of(coding.message)) > 1 and len({one.decision for one in said}) > 1
    }
    return tuple(sorted(differing))
