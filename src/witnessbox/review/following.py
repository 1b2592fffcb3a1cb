"""Following the ledger: what stands, and how far batches are read, without reading all of it anew.

A follower keeps what it has taken in.  Asked again, it reads only what was entered since, and looks
up only bytes that it has not met; what it says is what the tables and the whole ledger say.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from witnessbox.evidence import table_hashes
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES, ROUNDS, SIGHTINGS
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.record import read
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import Decision, Fold, Place, Standing, disputed
from witnessbox.review.places import messages_of
from witnessbox.review.queue import Progress
from witnessbox.review.record import CODING, WITHDRAWAL, decision_of
from witnessbox.review.rounds import ROUND, Round, shard_of
from witnessbox.review.samples import Listed, listed
from witnessbox.screening.cold_order import cold_order
from witnessbox.screening.learning_store import MADE_BY, Named, inputs_of
from witnessbox.screening.normalise import Places

_READ = (SIGHTINGS, BATCHES)
"""What is read beside the learner's own files."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What stood when the ledger was so long, and the rounds that had been given out."""

    length: int
    standing: Standing
    rounds: tuple[Round, ...]


class Follower:
    """Follows the ledger over one state of the tables, for as many threads as like."""

    def __init__(self, folder: Folder, ledger: Ledger, named: Named) -> None:
        self.named = named
        self.rounds: dict[int, list[int]] = {}
        self._folder, self._ledger = folder, ledger
        self._read = table_hashes.named(folder, _READ, MADE_BY)
        self._cold = cold_order(folder, named)
        self._lock = threading.Lock()
        self._fold, self._places = Fold(), dict[Place, str]()
        self._found: dict[str, int] = {}
        self._unnamed: dict[str, Listed | None] = {}
        self._given: dict[int, frozenset[str]] = {}
        self._followed = Followed(0, Standing(), ())

    def current(self) -> bool:
        """Say whether the tables are still those that it follows over."""
        others = table_hashes.named(self._folder, _READ, MADE_BY)
        return (inputs_of(self._folder), others) == (self.named.inputs, self._read)

    def take_in(self) -> Followed:
        """Take in what was entered since, and say what stands."""
        with self._lock:
            length = self._ledger.head().length
            if length != self._followed.length:
                self._followed = self._take_in(length)
            return self._followed

    def _take_in(self, length: int) -> Followed:
        before = self._followed
        entries = [
            entry
            for entry in self._ledger.entries(CODING, WITHDRAWAL, ROUND, since=before.length)
            if entry.position < length
        ]
        rounds = [read(entry, Round) for entry in entries if entry.kind == ROUND]
        decisions = [decision_of(entry) for entry in entries if entry.kind != ROUND]
        self._places |= self._places_of([one for one in decisions if one.place not in self._places])
        for decision in decisions:
            self._fold.take(decision, self._places.get(decision.place))
        given = [one for one in rounds if one.inputs == self.named.inputs]
        return Followed(length, self._fold.standing(), (*before.rounds, *given))

    def find(self, message: str) -> int:
        """Say where a message stands among the learner's."""
        if message not in self._found:
            self._found[message] = self.named.find(message)
        return self._found[message]

    def _places_of(self, new: Sequence[Decision]) -> dict[Place, str]:
        """Say which messages the bytes belong to, looking first where the codings say they are."""
        tables, known = Tables(self._folder.tables), dict[Place, str]()
        wanted: dict[str, list[int]] = {}
        for one in new:
            place = self.find(one.message)
            if place >= 0:
                wanted.setdefault(self.named.conversation(place), []).append(one.span.start)
        for shard, starts in wanted.items():
            rows = tables.where(
                SIGHTINGS, shard, "start", sorted(set(starts)), ["message", "exhibit", "start"]
            )
            for row in rows.to_pylist():
                known[row["exhibit"], row["start"]] = row["message"]
        rest = [one.span for one in new if one.place not in known]
        return known | messages_of(self._folder, rest)

    def progress(self, reviewer: str) -> Progress:
        """Say how far each batch has been read, by one reviewer and by anybody."""
        followed = self.take_in()
        words = followed.standing
        marked = (words.messages(reviewer), words.messages(), frozenset(disputed(words)))
        cold = self._cold.messages
        batch = np.flatnonzero(cold)
        counts = [
            np.bincount(self._numbers_of(names), minlength=len(cold))[batch] for names in marked
        ]
        given = [(one.batch, self._messages_of(one)) for one in followed.rounds]
        learned = [
            (learned_batch, len(names), *(len(names & some) for some in marked))
            for learned_batch, names in given
            if names
        ]
        columns = np.array(learned, np.int64).reshape(-1, 2 + len(marked)).T
        ordered = (batch, cold[batch], *counts)
        return Progress(
            *(np.concatenate([one, more]) for one, more in zip(ordered, columns, strict=True))
        )

    def _numbers_of(self, messages: Collection[str]) -> Places:
        """Say which of screening's batches messages are in; of the learner's, 0 is none."""
        place = np.array([self.find(one) for one in messages], np.int64)
        rest = [one for one, at in zip(messages, place.tolist(), strict=True) if at < 0]
        named = self._cold.batch[place[place >= 0]]
        return np.concatenate([named, np.array([one.batch for one in self.listed(rest)], np.int64)])

    def listed(self, messages: Collection[str]) -> Iterator[Listed]:
        """Look messages up in the order that screening made."""
        unknown = [one for one in messages if self.find(one) < 0 and one not in self._unnamed]
        if unknown:
            self._unnamed |= dict.fromkeys(unknown)
            self._unnamed |= {one.message: one for one in listed(self._folder, unknown)}
        for message in messages:
            place = self.find(message)
            if place < 0:
                row = self._unnamed[message]
                if row is not None:
                    yield row
            elif number := int(self._cold.batch[place]):
                named = self.named
                position = int(named.position[place])
                yield Listed(number, message, named.conversation(place), position)

    def _messages_of(self, one: Round) -> frozenset[str]:
        """Name the messages of a round; none where its table is lost."""
        if one.number not in self._given:
            tables, shard = Tables(self._folder.tables), shard_of(one.inputs, one.number)
            if not tables.path(ROUNDS, shard).is_file():
                return frozenset()
            names = tables.read(ROUNDS, [shard], ["message"])["message"].to_pylist()
            self._given[one.number] = frozenset(names)
        return self._given[one.number]
