"""Missing messages, with what the copies and their databases show about the place they lack.

All is worked out in arrays that run alike, one entry for each missing message.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from witnessbox.evidence.digest import derive
from witnessbox.reconcile.model import Discrepancy, MatchedBy
from witnessbox.reconcile.numbering import UNKNOWN, numbering
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.timers import Flags
from witnessbox.reconcile.told import Told

_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000
_NEAR_STEP = 50
"""Rows from where a clock was set in which rows are the hardest to match."""
LONG_RUN = 20
"""Messages in a row from which on one asks whether the owner was there at all."""
_OFTEN = 3
"""So many messages an owner is expected to have written before their silence tells anything."""
_BY_CHANCE = 100
"""Gaps that agree, and their numbers, must be this many times as many as by chance."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a copy's database numbers show at the places of missing messages."""

    agrees: Flags  # as many numbers are missing as messages, and that is not by chance
    loose: Flags  # numbers are missing, which proves little
    whole: Flags  # none is
    missing: Ints  # numbers
    chance: Ints  # at how many places so many are missing where nothing is lacking,
    places: Ints  # of how many


class Absent:
    """The missing messages of a conversation."""

    def __init__(self, told: Told) -> None:
        """Find the place of each in its copy."""
        self.scene = told.scene
        self.of = told.of(Discrepancy.MISSING)
        self.copy, self.position = told.copy[self.of], told.position[self.of]
        self.before = np.full(len(self.of), -1, np.int64)
        self.after = np.full(len(self.of), -1, np.int64)
        self.older = np.zeros(len(self.of), np.int64)  # how many rows of the copy stand before it
        for copy in np.unique(self.copy).tolist():
            own = np.flatnonzero(self.scene.laid.rows.copy == copy)
            own = own[np.argsort(self.scene.woven.position[own], kind="stable")]
            here = np.flatnonzero(self.copy == copy)
            place = np.searchsorted(self.scene.woven.position[own], self.position[here])
            self.older[here] = place
            bounded = np.concatenate([[-1], own, [-1]])
            self.before[here], self.after[here] = bounded[place], bounded[place + 1]
        # What follows the same row of a copy is one stretch.
        behind = np.where(self.before < 0, -1 - self.copy, self.before)
        _, self.first, self.run, sizes = np.unique(
            behind, return_index=True, return_inverse=True, return_counts=True
        )
        self.run = self.run.astype(np.int64)
        self.sizes = sizes.astype(np.int64)
        self.size = self.sizes[self.run]

    def runs(self, told: Told) -> list[str | None]:
        """Give every discrepancy the id of the stretch it belongs to, where there are several."""
        found: list[str | None] = [None] * len(told.kind)
        copies = [one.source.copy for one in self.scene.planned.copies]
        firsts = zip(
            self.copy[self.first].tolist(), self.position[self.first].tolist(), strict=True
        )
        names = [
            derive("run", copies[copy], self.scene.woven.ids[position]) if size > 1 else None
            for (copy, position), size in zip(firsts, self.sizes.tolist(), strict=True)
        ]
        for place, run in zip(self.of.tolist(), self.run.tolist(), strict=True):
            found[place] = names[run]
        return found

    @cached_property
    def again(self) -> Flags:
        """Say which are in another export of the same phone."""
        return np.asarray(self.scene.holds[self.scene.phones[self.copy], self.position])

    @cached_property
    def holding(self) -> Ints:
        """Count the phones that hold each."""
        return self.scene.holding[self.position]

    @cached_property
    def sure(self) -> Flags:
        """Say which can be told from all others."""
        return self.scene.sure[self.position]

    @cached_property
    def elsewhere(self) -> Flags:
        """Say of which the copy has the same words elsewhere, in a message no other copy shows."""
        rows, woven = self.scene.laid.rows, self.scene.woven
        words = int(rows.word.max(initial=-1)) + 1
        lone = (woven.sightings[woven.position] == 1) & (rows.word >= 0)
        word = rows.word[woven.quoted[self.position]]
        found = np.isin(self.copy * words + word, rows.copy[lone] * words + rows.word[lone])
        return np.asarray(found & (word >= 0))

    @cached_property
    def own(self) -> Flags:
        """Say which the phone's owner wrote."""
        owner = self.scene.owners[self.copy]
        return np.asarray((owner >= 0) & (self.scene.person[self.position] == owner))

    def standing_by(self, rows: Ints) -> Ints:
        """Grade neighbours: 0 none, 1 held by no other phone, 2 by another, 3 beyond mistake."""
        at = self.scene.woven.position[np.maximum(rows, 0)]
        shared = self.scene.holding[at] > 1
        grade = 1 + shared + (shared & self.scene.sure[at])
        return np.where(rows < 0, 0, grade).astype(np.int64)

    @cached_property
    def beyond(self) -> Flags:
        """Say which lie beyond the ends of their copy, in a window that somebody decided."""
        return np.asarray((self.before < 0) | (self.after < 0))

    @cached_property
    def given(self) -> Flags:
        """Say which are asked of a copy whose window somebody decided."""
        copies = [one.source.copy for one in self.scene.planned.copies]
        given = {one.copy for one in self.scene.planned.windows}
        return np.array([copy in given for copy in copies], bool)[self.copy]

    @cached_property
    def begun_anew(self) -> Flags:
        """Say which are of long stretches before which the copy has next to nothing."""
        return np.asarray((self.size >= LONG_RUN) & (self.older * 10 <= self.size))

    @cached_property
    def pinned(self) -> Flags:
        """Say of which both neighbours in the copy are held by other phones too."""
        return (self.standing_by(self.before) > 1) & (self.standing_by(self.after) > 1)

    @cached_property
    def margin_ms(self) -> Ints:
        """Say how far each lies from the nearer end of its copy."""
        at = self.scene.at_ms[self.position]
        return np.asarray(np.minimum(at - self._bound(0), self.to_end_ms))

    @cached_property
    def to_end_ms(self) -> Ints:
        """Say how far each lies from the end of its copy."""
        return np.asarray(self._bound(1) - self.scene.at_ms[self.position])

    def _bound(self, which: int) -> Ints:
        bounds = np.array([(one.begins, one.ends) for one in self.scene.windows], np.int64)
        return np.asarray(self.scene.at_ms[bounds[self.copy, which]])

    @cached_property
    def near_bound(self) -> Flags:
        """Say which lie within an hour of an end of their copy."""
        return self.margin_ms < _HOUR_MS

    @cached_property
    def near_end(self) -> Flags:
        """Say which lie within a day of the end of their copy."""
        return self.to_end_ms < _DAY_MS

    @cached_property
    def near_step(self) -> Flags:
        """Say which stand near where the copy's clock was set."""
        found = np.zeros(len(self.of), bool)
        for copy in np.unique(self.copy).tolist():
            here = self.copy == copy
            begin = int(np.searchsorted(self.scene.laid.rows.copy, copy))
            for step in self.scene.laid.clocks[copy].steps[1:]:
                found |= here & (np.abs(self.before - begin - step.since_row) <= _NEAR_STEP)
        return found

    @cached_property
    def away(self) -> Ints:
        """Grade long runs: 0 short, 1 its owner wrote some, 2 none though often, 3 not known."""
        scene, wrote = self.scene, np.bincount(self.run, self.own, minlength=len(self.sizes))
        rows = scene.laid.rows
        said = np.bincount(rows.copy, minlength=scene.copies)
        own = np.bincount(rows.copy, rows.person == scene.owners[rows.copy], scene.copies)
        expected = (own / np.maximum(said, 1))[self.copy] * self.size
        silent = (wrote[self.run] == 0) & (scene.owners[self.copy] >= 0)
        grade = np.where(silent, np.where(expected >= _OFTEN, 2, 3), 1)
        grade = np.where(scene.owners[self.copy] < 0, 3, grade)
        return np.where(self.size < LONG_RUN, 0, grade).astype(np.int64)

    @cached_property
    def by_id(self) -> Flags:
        """Say which a platform id would have matched, had the copy the message."""
        scene = self.scene
        by_id = scene.woven.matched_by == scene.woven.why.index(MatchedBy.PLATFORM_ID)
        copy = scene.laid.rows.copy
        rows = np.maximum(np.bincount(copy, minlength=scene.copies), 1)
        mostly = np.bincount(copy, by_id, scene.copies) > rows / 2
        has = scene.laid.rows.platform_id[scene.woven.quoted][self.position] >= 0
        return np.asarray(has & mostly[self.copy])

    @cached_property
    def gap(self) -> Gap:
        """Hold the numbers missing in databases against the messages missing in the copies."""
        scene = self.scene
        numbers = numbering(scene.laid, scene.planned.copies, scene.traces)
        missing = numbers.between(self.before[self.first], self.after[self.first])
        agrees = (missing == self.sizes) & (missing > 0)
        sound = np.zeros(len(self.sizes), bool)
        chance, places = np.zeros((2, len(self.sizes)), np.int64)
        whose, before, after = (
            self.copy[self.first],
            self.before[self.first],
            self.after[self.first],
        )
        for copy in np.unique(whose[missing != UNKNOWN]).tolist():
            own = np.flatnonzero(scene.laid.rows.copy == copy)
            # Places where nothing is lacking say how often numbers are missing without a reason.
            whole = own[:-1][~np.isin(own[:-1], self.before)]
            elsewhere = numbers.between(whole, whole + 1)
            known = elsewhere != UNKNOWN
            elsewhere, whole = elsewhere[known], whole[known]
            rate = elsewhere.sum() / max(int(numbers.span(whole, whole + 1).sum()), 1)
            likely = rate * numbers.span(before, after) * _BY_CHANCE
            for size in np.unique(self.sizes[agrees & (whose == copy)]).tolist():
                here = (whose == copy) & (self.sizes == size) & (missing != UNKNOWN)
                chance[here], places[here] = int((elsewhere == size).sum()), len(elsewhere)
                expected = (chance[here][0] + 0.5) / (places[here][0] + 1) * int(here.sum())
                often = expected * _BY_CHANCE <= int((here & agrees).sum())
                sound |= here & agrees & (likely <= size) & often
        each = self.run
        return Gap(
            sound[each],
            ((missing > 0) & ~sound)[each],
            (missing == 0)[each],
            missing[each],
            chance[each],
            places[each],
        )
