"""The truth set out for scoring: what each copy holds, and what it lost."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.reconcile.clocks import MINUTE_MS
from benchmarks.reconcile.model import DELETED, Copy, Entry, Evidence, Form, Style, Why
from benchmarks.reconcile.people import HOME
from benchmarks.reconcile.taking import Seen

from witnessbox.example.model import Message, Notice

_ENOUGH = 5  # messages two copies share, for them to be expected in one conversation


@dataclass(frozen=True, slots=True)
class Known:
    """What is true of the rows that were read; of equal files there is one copy."""

    seen: Sequence[Seen]
    entries: Mapping[str, Entry]
    copies: Mapping[str, Copy]
    held: frozenset[tuple[str, str]]  # (copy, entry)
    why: Mapping[tuple[str, str], Why]  # of messages a copy does not show
    due: frozenset[tuple[str, str]]  # deleted inside the copy's window, while another copy holds it
    holders: Mapping[str, frozenset[str]]  # copies, by entry

    def speech(self) -> list[int]:
        """Give the places of rows that people wrote, and of lines that pretend it."""
        return [at for at, one in enumerate(self.seen) if self.is_speech(one.entry)]

    def is_speech(self, entry: str) -> bool:
        """Say whether an entry is a message, and no notice."""
        return isinstance(self.entries[entry], Message)

    def talk(self, copy: str) -> str:
        """Name the conversation a copy truly is of."""
        return self.copies[copy].talk.key

    def told_of(self, at: int) -> str:
        """Tell where one row stands and what it shows, for whoever looks into an error."""
        one = self.seen[at]
        text = (one.text or "").replace("\n", " ")[:48]
        return (
            f"{one.copy} {one.exhibit[:12]}:{one.start} {one.entry} ({one.form}, {one.kind}) "
            f"{one.sender}: {text!r} at {one.sent_ms}"
        )


def clock_of(copy: Copy) -> str:
    """Say what ails the clock by which a copy's times were written."""
    clock = copy.phone.clock
    if clock.jumps:
        return "it jumps"
    if clock.drift_ppm:
        return "it drifts"
    if copy.style is Style.TEXT and copy.phone.zone != HOME and not copy.phone.zone_stated:
        return "of another zone"
    return "off by minutes or more" if abs(clock.offset_ms) >= MINUTE_MS else "right"


def known(truth: Evidence, seen: Sequence[Seen]) -> Known:
    """Set the truth out."""
    read = {one.copy for one in seen}
    copies = {copy.key: copy for copy in truth.copies if copy.key in read}
    entries: dict[str, Entry] = {one.key: one for talk in truth.talks for one in talk.messages}
    for copy in copies.values():
        entries.update({line.entry.key: line.entry for line in copy.lines})
    held = frozenset((one.copy, one.entry) for one in seen)
    holders: dict[str, set[str]] = defaultdict(set)
    for copy_key, entry in held:
        holders[entry].add(copy_key)
    why = {(copy.key, entry): why for copy in copies.values() for entry, why in copy.absent}
    due = frozenset(
        (copy.key, entry)
        for copy in copies.values()
        for entry in _deleted_inside(copy)
        if holders.get(entry)
    )
    frozen = {entry: frozenset(those) for entry, those in holders.items()}
    return Known(seen, entries, copies, held, why, due, frozen)


def _deleted_inside(copy: Copy) -> Iterable[str]:
    """Give what was deleted between the first and the last record the copy still has."""
    at = {one.key: one.at_ms for one in copy.talk.messages}
    true = [line.entry.at_ms for line in copy.lines if line.form is not Form.FORGED]
    first, last = min(true), max(true)
    return [entry for entry, why in copy.absent if why in DELETED and first <= at[entry] <= last]


def expected_together(truth: Known) -> dict[str, int]:
    """Give each copy the number of the conversation it can be expected to fall into.

    Copies of one conversation that share next to nothing (other windows) cannot be put together.
    """
    common: Counter[tuple[str, str]] = Counter()
    for entry, those in truth.holders.items():
        if truth.is_speech(entry):
            ordered = sorted(those)
            common.update((a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :])
    leaders = {copy: copy for copy in truth.copies}

    def leader(copy: str) -> str:
        while leaders[copy] != copy:
            copy = leaders[copy]
        return copy

    for (a, b), count in sorted(common.items()):
        if count >= _ENOUGH:
            leaders[leader(b)] = leader(a)
    numbers = {one: place for place, one in enumerate(sorted({leader(c) for c in leaders}))}
    return {copy: numbers[leader(copy)] for copy in leaders}


def persons(truth: Known) -> dict[tuple[str, str], str]:
    """Say who stands behind each name of each copy, by most of what is said under it."""
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in truth.seen:
        entry = truth.entries[one.entry]
        if one.sender is not None and not isinstance(entry, Notice):
            votes[one.copy, one.sender][entry.sender] += 1
    return {name: counted.most_common(1)[0][0] for name, counted in votes.items()}
