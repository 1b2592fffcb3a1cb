"""A batch always ready: the learner at work beside the people who read.

One thread a workbench.  It follows the ledger: when something was coded, it learns anew and puts
the next batch together from the pool, in a second or two; then it weighs everything, which gives a
new pool, and puts the batch together once more.  Whoever asks for a batch is given what is ready.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import SIGHTINGS
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.model import Actor
from witnessbox.ledger.store import Ledger
from witnessbox.review import coding as words
from witnessbox.review.coding import Decision, Place, Standing
from witnessbox.review.drawn import Known, draws, known
from witnessbox.review.places import messages_of
from witnessbox.review.record import CODING, WITHDRAWAL, decision_of
from witnessbox.review.rounds import (
    Basis,
    Prepared,
    Round,
    coded_of,
    give_out,
    given_out,
    last_cold,
    next_round,
    prepare,
    rounds,
)
from witnessbox.review.suggestions import Suggestion, suggestions
from witnessbox.screening.learner import Learned, pool_of, taught
from witnessbox.screening.learning import Coded
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.learning_store import Named, inputs_of, ready
from witnessbox.screening.normalise import Places

PAUSE_S = 0.5
"""How often the ledger is looked at when nobody says that something was coded."""


@dataclass(slots=True)
class Follower:
    """Follows the codings in a ledger: looks up only the bytes it has not met."""

    folder: Folder
    ledger: Ledger
    named: Named
    length: int = 0
    decisions: list[Decision] = field(default_factory=list)
    places: dict[Place, str] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    rounds: dict[int, list[int]] = field(default_factory=dict)

    def follow(self) -> tuple[Coded, ...]:
        """Take in what was entered since, and fold all that stands."""
        length = self.ledger.head().length
        entries = self.ledger.entries(CODING, WITHDRAWAL, since=self.length)
        new = [decision_of(entry) for entry in entries if entry.position < length]
        self.places |= self._places_of([one for one in new if one.place not in self.places])
        self.decisions += new
        self.length = length
        return coded_of(self.standing(), self.find)

    def standing(self) -> Standing:
        """Give what stands of what was taken in."""
        return words.standing(self.decisions, self.places)

    def find(self, message: str) -> int:
        """Say where a message stands among the learner's."""
        if message not in self.found:
            self.found[message] = self.named.find(message)
        return self.found[message]

    def _places_of(self, new: list[Decision]) -> Mapping[Place, str]:
        """Say which messages the bytes belong to, looking first where the coding says they are."""
        tables, known = Tables(self.folder.tables), {}
        for one in new:
            place = self.find(one.message)
            if place < 0:
                continue
            shard = self.named.conversation(place)
            rows = tables.where(SIGHTINGS, shard, "start", [one.span.start], ["message", "exhibit"])
            for row in rows.to_pylist():
                if row["exhibit"] == one.span.exhibit:
                    known[one.place] = row["message"]
        rest = [one.span for one in new if one.place not in known]
        return known | messages_of(self.folder, rest)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the learner saw last."""

    named: Named
    coded: tuple[Coded, ...]
    standing: Standing


class Standby:
    """Keeps the next batch ready while it is open; ``close`` ends its thread."""

    def __init__(self, folder: Folder, ledger: Ledger, mixture: Mixture | None = None) -> None:
        self._folder, self._ledger = folder, ledger
        self._mixture = mixture or Mixture()
        self._lock = threading.Lock()
        self._wake, self._closing = threading.Event(), threading.Event()
        self._prepared: Prepared | None = None
        self._snapshot: Snapshot | None = None
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Begin to follow the ledger."""
        self._thread = threading.Thread(target=self._work, name="learner", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End, when what is being weighed is weighed."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def nudge(self) -> None:
        """Say that something was coded."""
        self._wake.set()

    def ready(self) -> Prepared | None:
        """Give the batch that is ready, if one is."""
        return self._prepared

    def suggestions(self, message: str) -> tuple[Suggestion, ...]:
        """Give codings of nearly the same words elsewhere, as far as they were seen by now."""
        seen = self._snapshot
        if seen is None:
            return ()
        return suggestions(seen.named, seen.coded, seen.standing, message)

    def give_out(self, actor: Actor, at: datetime) -> Round:
        """Give out the next batch: the one that is ready, else one that is made now."""
        with self._lock:
            prepared, self._prepared = self._prepared, None
            if prepared is None or prepared.named.inputs != inputs_of(self._folder):
                given = next_round(self._folder, self._ledger, actor, at, self._mixture)
            else:
                given = give_out(self._folder, self._ledger, prepared, actor, at)
        self._wake.set()
        return given

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                self._follow()
            except (WitnessboxError, OSError, pa.ArrowException):
                # Tables are being made anew, or there are none: reading goes on in the batches that
                # are there, and ``give_out`` says what is wrong to whoever asks for more.
                self._prepared = self._snapshot = None
            self._wake.wait(PAUSE_S)
            self._wake.clear()

    def _follow(self) -> None:
        """Follow the ledger over one state of the tables."""
        named = ready(self._folder)
        follower = Follower(self._folder, self._ledger, named)
        pool: tuple[Places, int] | None = None
        seen = -1
        while not self._closing.is_set() and inputs_of(self._folder) == named.inputs:
            if self._ledger.head().length != seen:
                coded = follower.follow()
                seen = follower.length
                self._snapshot = Snapshot(named, coded, follower.standing())
                now = known(named, draws(self._ledger), seen, coded, self._given(follower, seen))
                if now.coded:
                    learned = taught(now.named.matter, now.coded)
                    if pool is not None:
                        self._prepare(follower, now, learned, pool)
                    pool = pool_of(now.named.matter, now.coded, learned), seen
                    self._prepare(follower, now, learned, pool)
            self._wake.wait(PAUSE_S)
            self._wake.clear()

    def _given(self, follower: Follower, length: int | None = None) -> Places:
        earlier = rounds(self._ledger, follower.named.inputs, length)
        return given_out(self._folder, self._ledger, follower.named, earlier, follower.rounds)

    def _prepare(
        self, follower: Follower, now: Known, learned: Learned, pool: tuple[Places, int]
    ) -> None:
        with self._lock:
            earlier = len(rounds(self._ledger, now.named.inputs))
            basis = Basis(
                number=earlier + 1,
                batch=last_cold(self._folder) + earlier + 1,
                pool=pool[0],
                pooled=pool[1],
                learned=follower.length,
                given=self._given(follower),
                mixture=self._mixture,
            )
            self._prepared = prepare(now, learned, basis)
