"""What a statement of recall is made from: the population, what was read, what was drawn.  Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.screening.agreement import Said
from witnessbox.screening.stopping import ERROR, TARGET_RECALL


class Purpose(StrEnum):
    """What a sample is drawn for, and out of which messages."""

    CONTROL = "control"  # of the whole population, before ranking
    SEALED = "sealed"  # of the messages nobody has read
    SECOND_READING = "second-reading"  # of the messages read and found not relevant


@dataclass(frozen=True, slots=True)
class Read:
    """That somebody coded a message, in ledger order; ``stands`` if it is their last word."""

    position: int
    message: str
    reader: str
    categories: tuple[str, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """One sample as it was drawn: out of what, under which seed, and which messages.

    ``target`` is the recall that was aimed at when it was drawn; None where that was not noted.
    """

    position: int
    purpose: Purpose
    seed: int
    population: int
    population_sha256: str
    messages: tuple[str, ...]
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """All that the figures are made from; ``order`` is the population in reading order."""

    order: pa.Array
    reads: tuple[Read, ...]
    draws: tuple[Draw, ...]
    target: float = TARGET_RECALL
    error: float = ERROR


class View:
    """The same material, looked up by message; messages outside the population are left out."""

    def __init__(self, material: Material) -> None:
        self.order = material.order
        self.draws = material.draws
        known = set(_among(material.order, {one.message for one in material.reads}).to_pylist())
        self._said: dict[str, dict[str, tuple[str, ...]]] = {}
        self.first: dict[str, int] = {}  # where in the ledger a message was first coded
        self.first_relevant: dict[str, int] = {}  # and where first as relevant
        for one in material.reads:
            if one.message not in known:
                continue
            self.first.setdefault(one.message, one.position)
            if one.categories:
                self.first_relevant.setdefault(one.message, one.position)
            if one.stands:
                self._said.setdefault(one.message, {})[one.reader] = one.categories

    def readers(self, message: str) -> int:
        """Count who has a standing word on a message."""
        return len(self._said.get(message, {}))

    def categories(self, message: str) -> frozenset[str]:
        """Give the categories that any standing word gives a message."""
        said = self._said.get(message, {})
        return frozenset(name for words in said.values() for name in words)

    def relevant(self, message: str) -> bool:
        """Say whether a standing word gives the message any category."""
        return bool(self.categories(message))

    @cached_property
    def found(self) -> tuple[str, ...]:
        """Name the relevant messages."""
        return tuple(message for message in self._said if self.relevant(message))

    @cached_property
    def units(self) -> list[Said]:
        """Give for each message what each of its readers said."""
        return [
            {reader: bool(words) for reader, words in said.items()} for said in self._said.values()
        ]

    def drawn(self, *purposes: Purpose) -> set[str]:
        """Name the messages drawn for any of these purposes."""
        return {
            message for one in self.draws if one.purpose in purposes for message in one.messages
        }

    @cached_property
    def unreached(self) -> frozenset[str]:
        """Name the drawn messages that reading in order has not come to.

        Reading has come as far as the first message that nobody has read; those of a sample that is
        read whole are no hindrance.
        """
        read = _is_in(self.order, self._said)
        frontier = len(read) if read.all() else int(read.argmin())
        drawn = self.drawn(Purpose.SEALED, Purpose.CONTROL)
        return frozenset(_among(self.order.slice(frontier), drawn).to_pylist())

    def in_sequence(self) -> list[bool]:
        """Say of each message in the order in which it was first read whether it is relevant.

        Messages that were read because they were drawn are left out.
        """
        drawn = self.drawn(Purpose.SEALED, Purpose.CONTROL)
        return [
            self.relevant(message)
            for message in sorted(self.first, key=self.first.__getitem__)
            if message in self._said and message not in drawn
        ]

    def unread_at(self, position: int) -> pa.Array:
        """Give the messages that nobody had coded before a place in the ledger."""
        read = {message for message, first in self.first.items() if first < position}
        return self.order.filter(pa.array(~_is_in(self.order, read)))

    def harmless_at(self, position: int) -> pa.Array:
        """Give the messages coded before a place in the ledger, and never as relevant till then."""
        said = {
            message
            for message, first in self.first.items()
            if first < position <= self.first_relevant.get(message, position)
        }
        return _among(self.order, said)

    def fits(self, draw: Draw) -> bool:
        """Say whether a sample was drawn from as many messages as there are to draw from.

        Where phones came or messages were reconciled anew since, it speaks of others than these.
        """
        return len(self.population_of(draw)) == draw.population

    def population_of(self, draw: Draw) -> pa.Array:
        """Give the messages out of which a sample is drawn."""
        if draw.purpose is Purpose.CONTROL:
            return self.order
        if draw.purpose is Purpose.SEALED:
            return self.unread_at(draw.position)
        return self.harmless_at(draw.position)


def _is_in(order: pa.Array, messages: Iterable[str]) -> npt.NDArray[np.bool_]:
    wanted = pa.array(sorted(messages), pa.string())
    found: npt.NDArray[np.bool_] = pc.is_in(order, value_set=wanted).to_numpy(zero_copy_only=False)
    return found


def _among(order: pa.Array, messages: Iterable[str]) -> pa.Array:
    return order.filter(pa.array(_is_in(order, messages)))
