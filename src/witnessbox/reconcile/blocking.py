"""Which copies show the same conversation: texts in common, at times that fit one another.

Two copies belong together when enough of the texts each holds once stand in both, each one's time
difference agrees with those of the texts around it (so that a clock may drift or be set), and they
are a fair share of what both could hold.  The thread id of a group supports, as does a title, and
never decides against the texts; the thread id of a chat of two names the other one, so that two
phones have it in common with whomever both talk to.  Copies are compared only where they share
texts, along a chain, so the cost grows with the samples and not with pairs of messages.

Copies that a person held to be one conversation are put together first.  Those held apart never
come together: of what would link them, the pair with the fewest texts in common is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from witnessbox.intake.ufdr.rows import thread_and_extraction
from witnessbox.reconcile.chains import CLOCK_WIDTH_MS, HOUR_MS, linked
from witnessbox.reconcile.decision import Belonging
from witnessbox.reconcile.lines import STRETCH, in_stretches
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.normalise import fold_word
from witnessbox.reconcile.parted import Parted
from witnessbox.reconcile.sketch import Sketch

_GROUP_THREAD = "@g.us"
_NAMES_THE_OTHER = frozenset(("whatsapp", "sms", "imessage"))
"""Platforms on which the thread of a chat of two is the other one's number."""
_ONE_APP = {"imessage": "sms"}
"""An iPhone keeps text messages and Apple's in one app; other phones have the former alone."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Texts two copies both hold once: places in the first's and the second's sample."""

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much speaks for two copies showing one conversation."""

    agreeing: int  # shared texts whose time differences agree
    shared: int
    characters: int  # of the agreeing texts together
    possible: int  # texts either copy could at most have in common with the other
    same_platform_ids: int
    same_thread: bool
    same_title: bool

    @property
    def holds(self) -> bool:
        """Decide.  The figures are set so that a forwarded joke or a greeting links nothing."""
        if self.same_platform_ids >= 2 or (self.same_platform_ids and self.agreeing):
            return True
        share = self.agreeing / max(self.possible, 1)
        if self.same_thread:
            return self.agreeing >= 1 or self.possible < 5
        if self.agreeing * 3 < self.shared:
            return False
        if self.agreeing >= 3 and self.characters >= 24:
            return share >= 0.2
        support = self.same_title or self.characters >= 60
        return self.agreeing >= 2 and support and share >= 0.5


def shared(first: Sketch, second: Sketch) -> Shared:
    """Find the texts two samples have in common."""
    return Shared(*_common(first.hashes, second.hashes))


def _common(
    first: npt.NDArray[np.uint64], second: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the places of what two arrays, each in order and without repeats, have in common."""
    if not len(first):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    at = np.searchsorted(first, second)
    at[at == len(first)] = 0
    same = np.flatnonzero(first[at] == second)
    return at[same].astype(np.int64), same.astype(np.int64)


def conversations(
    sources: Sequence[Source], sketches: Sequence[Sketch], decided: Sequence[Belonging] = ()
) -> list[tuple[int, ...]]:
    """Group copies (by their places) into conversations; each copy is in one."""
    groups = _Groups(list(range(len(sources))))
    groups.put(decided, {source.copy: place for place, source in enumerate(sources)})
    for a, b in candidates(sources, sketches):
        if (
            groups.may_meet(a, b)
            and likeness((sources[a], sources[b]), (sketches[a], sketches[b])).holds
        ):
            groups.join(a, b)
    return groups.all()


@dataclass(frozen=True, slots=True)
class _Groups:
    """Copies, by their places, put together so far; the first of each group leads it."""

    leaders: list[int]
    parted: Parted[int] = field(default_factory=Parted)

    def leader(self, i: int) -> int:
        while self.leaders[i] != i:
            self.leaders[i] = self.leaders[self.leaders[i]]
            i = self.leaders[i]
        return i

    def may_meet(self, a: int, b: int) -> bool:
        """Say whether two are in two groups that may become one."""
        first, second = self.leader(a), self.leader(b)
        return first != second and not self.parted.held(a, b)

    def join(self, a: int, b: int) -> None:
        first, second = sorted((self.leader(a), self.leader(b)))
        self.leaders[second] = first
        self.parted.bind(a, b)

    def put(self, decided: Sequence[Belonging], places: Mapping[str, int]) -> None:
        """Hold apart and join what is decided; what is to be both stays apart.

        A decision about a copy that is gone says nothing.
        """
        known = [one for one in decided if places.keys() >= set(one.ends)]
        for one in known:
            if not one.same:
                self.parted.hold(places[one.first], places[one.second])
        for one in known:
            if one.same and self.may_meet(places[one.first], places[one.second]):
                self.join(places[one.first], places[one.second])

    def all(self) -> list[tuple[int, ...]]:
        """Give every group in the order of its first."""
        found: dict[int, list[int]] = {}
        for i in range(len(self.leaders)):
            found.setdefault(self.leader(i), []).append(i)
        return [tuple(group) for group in found.values()]


def candidates(sources: Sequence[Source], sketches: Sequence[Sketch]) -> list[tuple[int, int]]:
    """List the pairs of copies worth comparing, those with most agreeing texts in common first."""
    found: dict[tuple[int, int], int] = {}
    apps = [_ONE_APP.get(source.platform, source.platform) for source in sources]
    for app in sorted(set(apps)):
        places = [i for i, own in enumerate(apps) if own == app]
        for (a, b), ties in linked([sketches[place] for place in places]).items():
            found[places[a], places[b]] = ties
    threads: dict[tuple[str, str], int] = {}
    for i, source in enumerate(sources):
        if source.thread is not None:
            thread = apps[i], thread_and_extraction(source.thread)[0]
            before = threads.get(thread)
            if before is not None:
                found.setdefault((before, i), 0)
            threads[thread] = i
    return sorted(found, key=lambda pair: (-found[pair], pair))


def likeness(sources: tuple[Source, Source], sketches: tuple[Sketch, Sketch]) -> Likeness:
    """Weigh what two copies have in common."""
    both = shared(*sketches)
    first, second = sketches
    same_ids = 0
    if len(first.platform_ids) and len(second.platform_ids):
        same_ids = len(_common(first.platform_ids, second.platform_ids)[0])
    differences = second.sent_ms[both.second] - first.sent_ms[both.first]
    agreeing = agreeing_around(differences, first.places[both.first])
    titles = [fold_word(source.title) for source in sources]
    return Likeness(
        agreeing=int(agreeing.sum()),
        shared=len(differences),
        characters=int(first.lengths[both.first][agreeing].sum()),
        possible=_possible(first, second, differences[agreeing]),
        same_platform_ids=same_ids,
        same_thread=_same_thread(*sources),
        same_title=titles[0] == titles[1] != "",
    )


def _same_thread(first: Source, second: Source) -> bool:
    """Say whether a thread id names one conversation on both phones."""
    if first.thread is None or second.thread is None:
        return False
    (thread, one), (same, other) = map(thread_and_extraction, (first.thread, second.thread))
    if thread != same:
        return False
    names_the_other = {first.platform, second.platform} & _NAMES_THE_OTHER
    one_phone = first.custodian == second.custodian != "" and (one == other or not (one and other))
    return one_phone or not names_the_other or thread.endswith(_GROUP_THREAD)


def agreeing_around(
    differences: npt.NDArray[np.int64], places: npt.NDArray[np.integer]
) -> npt.NDArray[np.bool_]:
    """Mark the differences that agree with most of the seven around them, in the copy's order.

    A few differences are held against one another as a whole, but for an hour of summer time.
    """
    if len(differences) < STRETCH:
        return _agreeing_as_a_whole(differences)
    order = np.argsort(places, kind="stable")
    agreeing = np.empty(len(differences), bool)
    agreeing[order] = in_stretches(differences[order], CLOCK_WIDTH_MS)
    return agreeing


def _agreeing_as_a_whole(differences: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    apart = np.abs(differences[:, np.newaxis] - differences)
    close = (apart <= CLOCK_WIDTH_MS) | (np.abs(apart - HOUR_MS) <= CLOCK_WIDTH_MS)
    best = int(np.argmax(close.sum(axis=1))) if len(differences) else 0
    return np.asarray(close[best]) if len(differences) else np.zeros(0, bool)


def _possible(first: Sketch, second: Sketch, differences: npt.NDArray[np.int64]) -> int:
    """Count what the copies could at most share: the fewer texts of the two in common time.

    Samples of copies of different size reach up to different hashes; only the stretch of hashes
    that both cover counts.
    """
    if not len(first.hashes) or not len(second.hashes):
        return 0
    shift = int(np.median(differences)) if len(differences) else 0
    start = max(first.first_ms, second.first_ms - shift) - CLOCK_WIDTH_MS
    end = min(first.last_ms, second.last_ms - shift) + CLOCK_WIDTH_MS
    top = min(first.hashes[-1], second.hashes[-1])
    in_first = (first.sent_ms >= start) & (first.sent_ms <= end) & (first.hashes <= top)
    moved = second.sent_ms - shift
    in_second = (moved >= start) & (moved <= end) & (second.hashes <= top)
    return int(min(in_first.sum(), in_second.sum()))
