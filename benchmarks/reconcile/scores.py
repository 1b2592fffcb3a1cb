"""Scores: an answer held against the truth, with counts, and examples of each kind of error."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.reconcile.known import Known, clock_of
from benchmarks.reconcile.model import DELETED, Form, Why

from witnessbox.example.model import Notice

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found rightly and wrongly, and what was not found."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what there is that was found; 1 where there is nothing."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Give the harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Errors:
    """Errors by kind: how many, and the first of them."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, example: str, count: int = 1) -> None:
        """Take an error, or several of which one is shown."""
        self.counts[kind] += count
        shown = self.examples.setdefault(kind, [])
        if len(shown) < EXAMPLES:
            shown.append(example)


def pairs(found: Sequence[Hashable], true: Sequence[Hashable]) -> Counted:
    """Score how things are put together, by pairs of them; the two run alike."""
    both = _pairs(Counter(zip(found, true, strict=True)).values())
    put = _pairs(Counter(found).values())
    belong = _pairs(Counter(true).values())
    return Counted(both, put - both, belong - both)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def join_errors(
    truth: Known, places: Sequence[int], message: Sequence[str], talk: Mapping[str, str]
) -> Errors:
    """Say which pairs of sightings were put together or kept apart wrongly, and of what kind.

    ``message`` is what each row was taken for, ``talk`` the conversation each copy was put into.
    """
    errors = Errors()
    put: dict[str, list[int]] = defaultdict(list)
    belong: dict[str, list[int]] = defaultdict(list)
    for at in places:
        put[message[at]].append(at)
        belong[truth.seen[at].entry].append(at)
    for group in put.values():
        if len({truth.seen[at].entry for at in group}) > 1:
            _wrong(truth, group, errors)
    for group in belong.values():
        if len({message[at] for at in group}) > 1:
            _missed(truth, group, message, talk, errors)
    return errors


def _wrong(truth: Known, group: list[int], errors: Errors) -> None:
    for place, a in enumerate(group):
        for b in group[place + 1 :]:
            one, other = truth.seen[a], truth.seen[b]
            if one.entry != other.entry:
                apart = truth.talk(one.copy) != truth.talk(other.copy)
                kind = "of two conversations" if apart else what_kind(truth, (a, b))
                errors.add(f"joined: {kind}", f"{truth.told_of(a)} ↔ {truth.told_of(b)}")


def _missed(
    truth: Known,
    group: list[int],
    message: Sequence[str],
    talk: Mapping[str, str],
    errors: Errors,
) -> None:
    for place, a in enumerate(group):
        for b in group[place + 1 :]:
            if message[a] != message[b]:
                split = talk[truth.seen[a].copy] != talk[truth.seen[b].copy]
                kind = "conversation split" if split else what_kind(truth, (a, b))
                errors.add(f"apart: {kind}", f"{truth.told_of(a)} ↔ {truth.told_of(b)}")
                clocks, copies = _worse_clock(truth, (a, b))
                errors.add(f"apart, the worse clock of the two: {clocks}", copies)


_CLOCKS = ("it jumps", "it drifts", "of another zone", "off by minutes or more", "right")


def _worse_clock(truth: Known, both: tuple[int, int]) -> tuple[str, str]:
    copies = [truth.copies[truth.seen[at].copy] for at in both]
    worse = min(copies, key=lambda copy: _CLOCKS.index(clock_of(copy)))
    return clock_of(worse), f"{copies[0].key} ↔ {copies[1].key}"


_FORMS = (
    Form.FORGED,
    Form.TIME_ALTERED,
    Form.PLACEHOLDER,
    Form.BEFORE_EDIT,
    Form.EDITED,
)


def what_kind(truth: Known, both: tuple[int, int]) -> str:
    """Name what two rows are, by what is least usual about them."""
    rows = [truth.seen[at] for at in both]
    forms = {one.form for one in rows}
    for form in _FORMS:
        if form in forms:
            return str(form)
    kinds = {one.kind for one in rows}
    if kinds == {"text"}:
        texts = [one.text or "" for one in rows]
        return f"{'the same' if texts[0] == texts[1] else 'other'} words, {_length(texts)}"
    return " and ".join(sorted(kinds))


def _length(texts: list[str]) -> str:
    return "short" if min(map(len, texts)) < 14 else "long"


@dataclass(frozen=True, slots=True)
class Told:
    """That a copy is said to lack an entry."""

    copy: str
    entry: str
    strength: str = field(default="", compare=False)


def by_strength(truth: Known, told: Iterable[Told]) -> dict[str, tuple[int, int]]:
    """Count what is told as missing by its strength, and what of it was deleted."""
    every, right = Counter[str](), Counter[str]()
    for one in set(told):
        every[one.strength] += 1
        right[one.strength] += truth.why.get((one.copy, one.entry)) in DELETED
    return {strength: (every[strength], right[strength]) for strength in sorted(every)}


def deletions(truth: Known, told: Iterable[Told]) -> tuple[Counted, Errors]:
    """Score what is told as missing against what was deleted inside the copies' windows."""
    every = set(told)
    errors = Errors()
    right = 0
    for one in sorted(every, key=lambda it: (it.copy, it.entry)):
        why = truth.why.get((one.copy, one.entry))
        if why in DELETED:
            right += 1
        else:
            errors.add(f"told: {_no_deletion(truth, one, why)}", _spoken_of(truth, one))
    missed = truth.due - {(one.copy, one.entry) for one in every}
    for copy, entry in sorted(missed):
        others = len(truth.holders[entry])
        kind = f"{truth.why[copy, entry]}, {'one' if others == 1 else 'several'} hold it"
        errors.add(f"not told: {kind}", _spoken_of(truth, Told(copy, entry)))
    return Counted(right, len(every) - right, len(missed)), errors


OUTSIDE = frozenset(f"told: {why}" for why in Why if why not in DELETED)
"""Kinds of error that tell of a deletion where there was none, since the copy never reached it."""


def _no_deletion(truth: Known, one: Told, why: Why | None) -> str:
    """Say what a finding is that is none."""
    entry = truth.entries[one.entry]
    if why is not None:
        return str(why)
    if (one.copy, one.entry) in truth.held:
        return "the copy holds it"
    if isinstance(entry, Notice):
        return "a notice"
    if truth.talk(one.copy) not in {truth.talk(copy) for copy in truth.holders[one.entry]}:
        return "of another conversation"
    return "a forged line elsewhere"


def _spoken_of(truth: Known, one: Told) -> str:
    at = truth.entries[one.entry].at_ms
    text = getattr(truth.entries[one.entry], "text", "")[:48].replace("\n", " ")
    return f"{one.copy} lacks {one.entry} {text!r}, said at {at}"


def forgeries(truth: Known, flagged: Iterable[int]) -> tuple[Counted, int, Errors]:
    """Score the rows that are marked as standing in one copy only.

    Gives the score, and how many marks are true and no forgeries: others lost the message.
    """
    errors = Errors()
    right = bare = wrong = 0
    marked = set(flagged)
    for at in sorted(marked):
        one = truth.seen[at]
        if one.form is Form.FORGED:
            right += 1
        elif len(truth.holders[one.entry]) == 1 and _lost_elsewhere(truth, one.copy, one.entry):
            bare += 1
        else:
            wrong += 1
            alone = len(truth.holders[one.entry]) == 1
            kind = "no other copy reaches it" if alone else what_kind(truth, (at, at))
            errors.add(f"marked as only here: {kind}", truth.told_of(at))
    forged = [at for at, one in enumerate(truth.seen) if one.form is Form.FORGED]
    for at in forged:
        if at not in marked:
            errors.add("forged and not marked", truth.told_of(at))
    return Counted(right, wrong, len(forged) - right), bare, errors


def _lost_elsewhere(truth: Known, copy: str, entry: str) -> bool:
    """Say whether another copy lost a message that it once had."""
    talk = truth.talk(copy)
    others = [key for key in truth.copies if key != copy and truth.talk(key) == talk]
    return any(truth.why.get((other, entry)) in DELETED for other in others)
