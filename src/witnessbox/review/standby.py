"""A batch always ready: the learner at work beside the people who read.

One thread a workbench.  It follows the ledger: when something was coded, it learns anew and puts
the next batch together from the pool, in a second or two; then it weighs everything, which gives a
new pool, and puts the batch together once more.  Whoever asks for a batch is given what is ready.
"""

import threading
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.model import Actor
from witnessbox.ledger.store import Ledger
from witnessbox.review import record
from witnessbox.review.coding import Standing
from witnessbox.review.drawn import Known, draws, known
from witnessbox.review.following import Follower
from witnessbox.review.queue import Progress, progress_of
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
from witnessbox.review.samples import Waits, serve, served
from witnessbox.review.suggestions import Suggestion, suggestions
from witnessbox.screening.learner import Learned, pool_of, taught
from witnessbox.screening.learning import Coded, regression
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.learning_store import Named, inputs_of, ready
from witnessbox.screening.normalise import Places

PAUSE_S = 0.5
"""How often the ledger is looked at when nobody says that something was coded."""


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
        self._follower: Follower | None = None
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

    def standing(self) -> Standing:
        """Say what stands now, whether a batch is ready or not."""
        follower = self._current()
        if follower is None:
            return record.standing(self._folder, self._ledger)
        return follower.take_in().standing

    def progress(self, reviewer: str) -> Progress:
        """Say how far all batches have been read now."""
        follower = self._current()
        if follower is None:
            return progress_of(self._folder, self._ledger, reviewer)
        return follower.progress(reviewer)

    def served(self, reviewer: str) -> tuple[Waits, ...]:
        """List what of the samples waits for a reviewer, and what of them the reviewer has read."""
        follower = self._current()
        if follower is None:
            return served(self._folder, self._ledger, reviewer)
        standing = follower.take_in().standing
        return serve(draws(self._ledger), standing, reviewer, follower.listed)

    def _current(self) -> Follower | None:
        """Give what follows the ledger, where it has begun to and the tables are still the same."""
        follower = self._follower
        return follower if follower is not None and follower.current() else None

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
        regression()  # so that the first coding need not wait for it
        while not self._closing.is_set():
            try:
                self._follow()
            except (WitnessboxError, OSError, pa.ArrowException, ValueError, LookupError):
                # Tables are being made anew, and what was read of them does not fit together, or
                # there are none: reading goes on in the batches that are there, and ``give_out``
                # says what is wrong to whoever asks for more.
                self._prepared = self._snapshot = self._follower = None
            self._pause()

    def _follow(self) -> None:
        """Follow the ledger over one state of the tables."""
        named = ready(self._folder)
        follower = Follower(self._folder, self._ledger, named)
        pool: tuple[Places, int] | None = None
        seen = -1
        while not self._closing.is_set() and follower.current():
            if self._ledger.head().length != seen:
                followed = follower.take_in()
                self._follower = follower
                seen, coded = followed.length, coded_of(followed.standing, follower.find)
                self._snapshot = Snapshot(named, coded, followed.standing)
                now = known(named, draws(self._ledger), seen, coded, self._given(follower, seen))
                if now.coded:
                    learned = taught(now.named.matter, now.coded)
                    if pool is not None:
                        self._prepare(follower, now, learned, pool, seen)
                    pool = pool_of(now.named.matter, now.coded, learned), seen
                    self._prepare(follower, now, learned, pool, seen)
            self._pause()

    def _pause(self) -> None:
        """Wait for a nudge or a while; not at all once the end was asked for."""
        if not self._closing.is_set():
            self._wake.wait(PAUSE_S)
            self._wake.clear()

    def _given(self, follower: Follower, length: int | None = None) -> Places:
        earlier = rounds(self._ledger, follower.named.inputs, length)
        return given_out(self._folder, self._ledger, follower.named, earlier, follower.rounds)

    def _prepare(
        self,
        follower: Follower,
        now: Known,
        learned: Learned,
        pool: tuple[Places, int],
        length: int,
    ) -> None:
        earlier = len(rounds(self._ledger, now.named.inputs))
        basis = Basis(
            number=earlier + 1,
            batch=last_cold(self._folder) + earlier + 1,
            pool=pool[0],
            pooled=pool[1],
            learned=length,
            given=self._given(follower),
            mixture=self._mixture,
        )
        prepared = prepare(now, learned, basis)
        with self._lock:
            # Where a batch was given out meanwhile, this one does not know of it; the ledger has
            # grown, and the next one will.
            if len(rounds(self._ledger, now.named.inputs)) == earlier:
                self._prepared = prepared
