"""What the finding and weighing of discrepancies looks at, worked out once for a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow.compute as pc

from witnessbox.evidence.schema import TRACES
from witnessbox.reconcile.absence import moves
from witnessbox.reconcile.alignment import DELETED, MEDIA, NOTICE, TEXT
from witnessbox.reconcile.canonical import Woven
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import Discrepancy, PlannedConversation
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.sorting import order_by
from witnessbox.reconcile.timers import Flags, Timer, timers
from witnessbox.reconcile.windows import Window, windows


@dataclass(frozen=True, slots=True)
class Found:
    """Discrepancies of one kind in one copy."""

    kind: Discrepancy
    what: str
    copy: int
    positions: Ints
    rows: Ints  # where it shows


@dataclass(frozen=True)
class Scene:
    """A conversation as it was laid together, and what its copies could know of it."""

    planned: PlannedConversation
    laid: Layer
    woven: Woven
    windows: Sequence[Window]
    timers: Sequence[Timer]
    traces: Any  # of the exhibits' databases; the columns that numbering needs

    @property
    def copies(self) -> int:
        """Count the copies."""
        return len(self.planned.copies)

    @property
    def messages(self) -> int:
        """Count the messages."""
        return len(self.woven.quoted)

    @property
    def phones(self) -> Ints:
        """Say by number which phone each copy comes from."""
        return self.laid.phones

    @cached_property
    def owners(self) -> Ints:
        """Give each copy's owner by number; −1 where it is not known or has no message."""
        numbers = {person: at for at, person in enumerate(self.laid.persons)}
        owners = [
            next((numbers[name.person] for name in copy.names if name.owner), -1)
            for copy in self.planned.copies
        ]
        return np.array(owners, np.int64)

    @cached_property
    def database(self) -> Flags:
        """Say which rows are of databases; any other file can be changed with an editor."""
        return np.asarray(pc.is_valid(self.laid.table["row"]).to_numpy(), bool)

    @cached_property
    def databases(self) -> Flags:
        """Say which copies are of databases."""
        found = np.zeros(self.copies, bool)
        found[np.unique(self.laid.rows.copy[self.database])] = True
        return found

    @cached_property
    def sort(self) -> Ints:
        """Give each message's sort, as it is quoted."""
        return self.laid.rows.sort[self.woven.quoted]

    @property
    def notice(self) -> Flags:
        """Say which messages are notices: one on one phone only is that phone's business."""
        return np.asarray(self.sort == NOTICE)

    @property
    def media(self) -> Flags:
        """Say which messages are files."""
        return np.asarray(self.sort == MEDIA)

    @cached_property
    def sure(self) -> Flags:
        """Say which messages can be told from all others: by long words, or by an id."""
        rows, quoted = self.laid.rows, self.woven.quoted
        telling = rows.telling[quoted] & (self.sort == TEXT)
        return np.asarray(telling | (rows.platform_id[quoted] >= 0))

    @cached_property
    def person(self) -> Ints:
        """Give each message's writer by number."""
        return self.laid.rows.person[self.woven.quoted]

    @cached_property
    def at_ms(self) -> Ints:
        """Give each message's corrected time."""
        return self.laid.rows.middle_ms[self.woven.quoted]

    @cached_property
    def held(self) -> list[Flags]:
        """Say of every copy which messages it holds."""
        return [self._at(self.laid.rows.copy == copy) for copy in range(self.copies)]

    @cached_property
    def holds(self) -> Flags:
        """Say of every phone which messages it holds."""
        return self._by_phone(self.held)

    @cached_property
    def covers(self) -> Flags:
        """Say of every phone which messages it is asked for."""
        return self._by_phone([window.asked for window in self.windows])

    @cached_property
    def holding(self) -> Ints:
        """Count the phones that hold each message."""
        return np.asarray(self.holds.sum(axis=0), np.int64)

    @cached_property
    def others(self) -> Ints:
        """Count the phones that are asked for each message and do not hold it."""
        return np.asarray((self.covers & ~self.holds).sum(axis=0), np.int64)

    @cached_property
    def marked(self) -> Flags:
        """Say of which messages some copy has a mark of deletion."""
        return self._at(self.laid.rows.sort == DELETED)

    @cached_property
    def timed(self) -> Flags:
        """Say which messages were set to disappear, as notices tell it."""
        found = np.zeros(self.messages, bool)
        for timer in self.timers:
            found[timer.since : timer.until] = True
        return found

    @cached_property
    def by_position(self) -> Ints:
        """Give all rows, message by message."""
        return order_by(self.woven.position, self.laid.rows.copy)

    def rows_at(self, positions: Ints) -> tuple[Ints, Ints]:
        """Give all rows that show some messages, and to which of these each belongs."""
        ordered = self.woven.position[self.by_position]
        begin = np.searchsorted(ordered, positions)
        counts = np.searchsorted(ordered, positions, side="right") - begin
        which = np.repeat(np.arange(len(positions)), counts)
        turn = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self.by_position[np.repeat(begin, counts) + turn], which

    def _at(self, rows: Flags) -> Flags:
        found = np.zeros(self.messages, bool)
        found[self.woven.position[rows]] = True
        return found

    def _by_phone(self, masks: Sequence[Flags]) -> Flags:
        found = np.zeros((int(self.phones.max(initial=-1)) + 1, self.messages), bool)
        for phone, mask in zip(self.phones.tolist(), masks, strict=True):
            found[phone] |= mask
        return found


def scene_of(
    planned: PlannedConversation, laid: Layer, woven: Woven, beside: tuple[Any, Any]
) -> Scene:
    """Put the scene together; ``beside`` are the exhibits' memberships and traces."""
    memberships, traces = beside
    found = timers(laid, woven)
    reached = windows(planned, laid, woven, moves(planned, laid, memberships), found)
    none = TRACES.schema.empty_table() if traces is None else traces
    return Scene(planned, laid, woven, reached, found, none)
