"""Whom messages reached, and who read or played them: out of blobs, and out of a database beside.

``MessagingInfraDatabase.sqlite`` (since about 2024) keeps receipts in columns::

    receipt_device (stanza_id, chat_jid, user_jid, device_id, delivered_timestamp, read_timestamp,
                    played_timestamp)

Its times are seconds since 1970.  A receipt counts only where its times go with its message's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.chatstorage.blobs import RECEIPTS, Blobs, Why
from witnessbox.intake.database.columns import Same, Spoken, names_of
from witnessbox.intake.database.keyed import Kept, Keyed, kept
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.database.quoted import digests_of
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.msgstore.receipts import DELIVERED, PLAYED, READ, acknowledged
from witnessbox.intake.parser import Batch
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Tables

BESIDE = "MessagingInfraDatabase.sqlite"
_DEVICES = "receipt_device"
_TIMES = {
    "delivered_timestamp": DELIVERED,
    "read_timestamp": READ,
    "played_timestamp": PLAYED,
}
_DAY_MS = 86_400_000
_LONGEST_MS = 3_660 * _DAY_MS
_MOST_SECONDS = 1 << 33
_NONE = "\0"  # no message bears it
_SHARED, _PAIRS = 4, 1 << 18


@dataclass(slots=True)
class BlobReceipts:
    """Receipts out of blobs, beside the messages that are there.

    Only recipients count whom the database knows of itself: by a conversation, a group, a name or a
    number.  That makes sure that their addresses are read as they are meant.
    """

    receipts: Kept
    people: Correspondents
    blobs: Blobs
    same: Same
    _known: int = field(init=False)

    def __post_init__(self) -> None:
        self._known = len(self.people.raw)

    def told(self, spoken: Spoken) -> Iterator[Batch]:
        """Give the acknowledgements of a batch's messages; note what is not read."""
        near = self.receipts.near(spoken.row)
        at, owner = near.of(spoken.row)
        if not len(at):
            return
        lid, sent, reached, read, why = (near.numbers[name][at] for name in self.receipts.numbers)
        who = self._who(lid)
        begun = spoken.at_ms[owner]
        timely = np.abs(sent - begun) <= _DAY_MS
        for when in (reached, read):
            timely &= (when == 0) | _after(when, begun)
        for reason, wrong in (
            (Why.NOT_OURS, ~spoken.from_me[owner]),
            (Why.UNTIMELY, ~timely),
            (Why.STRANGER, who == NOBODY),
        ):
            why = np.where((why == Why.READ) & wrong, reason, why)
        self.blobs.note(spoken, owner, why)
        good = why == Why.READ
        if good.any():
            self.blobs.read[RECEIPTS] += int(good.sum())
        start, names = spoken.start[owner[good]], names_of(self.people)
        for event, when in ((DELIVERED, reached), (READ, read)):
            yield acknowledged(self.same, start, names, who[good], event, when[good])

    def _who(self, lids: Ints) -> Ints:
        """Give the places of hidden addresses; nobody's for one the database does not know."""
        each, of = np.unique(lids, return_inverse=True)
        several = (f"{lid}@lid" for lid in each.tolist())
        places = [self.people.place(raw) if self._knows(raw) else NOBODY for raw in several]
        return np.array(places, np.int64)[of]

    def _knows(self, raw: str) -> bool:
        # What messages and other blobs have added since is no word of the database's own lists.
        listed = self.people.places.get(raw, self._known) < self._known
        return listed or raw in self.people.phone_of or raw in self.people.contacts


@dataclass(slots=True)
class DeviceReceipts:
    """Receipts out of the database beside, found by the identity of their message."""

    receipts: Kept
    chats: Ints  # conversations of the database, as places of ``people``
    people: Correspondents
    blobs: Blobs
    same: Same
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        self._left = len(self.receipts) * _SHARED

    def told(self, spoken: Spoken) -> Iterator[Batch]:
        """Give the acknowledgements of a batch's messages; note what is not read.

        Many messages may bear one identity, by accident or by design; so each receipt is given out
        a few times at most.
        """
        if not self._left:
            return
        keys = pc.fill_null(spoken.key, "")
        digests = digests_of(keys)
        near = self.receipts.near(digests)
        many = np.diff(
            [np.searchsorted(near.key, digests, side) for side in ("left", "right")], axis=0
        )[0]
        sums = np.cumsum(many)
        served = np.flatnonzero((many > 0) & (sums <= self._left))
        crowded = np.flatnonzero((many > 0) & (sums > self._left))
        self._left = 0 if len(crowded) else self._left - int(many.sum())
        self.blobs.note(spoken, crowded, np.full(len(crowded), Why.CROWDED))
        if not len(served):
            return
        for piece in np.split(served, np.flatnonzero(np.diff(sums[served] // _PAIRS)) + 1):
            yield from self._told(spoken, piece, keys, near)

    def _told(self, spoken: Spoken, piece: Ints, keys: pa.Array, near: Keyed) -> Iterator[Batch]:
        own = keys.take(pa.array(piece))
        at, owner = near.of(digests_of(own))
        same = pc.equal(near.texts["stanza_id"].take(pa.array(at)), own.take(pa.array(owner)))
        mine = same.to_numpy(zero_copy_only=False).astype(np.bool_)
        at, owner = at[mine], piece[owner[mine]]
        chat, who = (
            self.people.by_text(near.texts[name].take(pa.array(at)))
            for name in ("chat_jid", "user_jid")
        )
        here = (chat == spoken.chat[owner]) | ~np.isin(chat, self.chats)
        at, owner, who = at[here], owner[here], who[here]
        begun, names = spoken.at_ms[owner], names_of(self.people)
        for name, event in _TIMES.items():
            seconds = near.numbers[name][at]
            timely = (seconds < _MOST_SECONDS) & _after(seconds * 1000, begun)
            wrong = np.where((seconds > 0) & ~timely, Why.UNTIMELY, Why.READ)
            self.blobs.note(spoken, owner, wrong)
            when = np.where(timely, seconds * 1000, 0)
            yield acknowledged(self.same, spoken.start[owner], names, who, event, when)


def device_receipts(tables: Tables | None) -> Kept:
    """Read the receipts of the database beside, by a digest of their message's identity."""
    found = kept(_DEVICES, tuple(_TIMES), ("stanza_id", "chat_jid", "user_jid"))
    wanted = (*found.texts, *found.numbers)
    if tables is None:
        return found
    for rows in tables.rows(_DEVICES, wanted, shared=True):
        tables.faults += [f"{_DEVICES}: {one.what}" for one in rows.faults]
        keys = pc.fill_null(rows.text("stanza_id"), "")
        keys = pc.if_else(pc.equal(keys, ""), _NONE, keys)
        places = [digests_of(keys), rows.rowid, rows.start, rows.end]
        others = [rows.text(name) for name in found.texts[1:]]
        found.add([*places, *map(rows.numbers, found.numbers)], [keys, *others])
    return found


def _after(when: Ints, begun: Ints) -> Flags:
    """Say which moments can be those of a message's receipt: not before it, not years later."""
    found: Flags = (when >= begun - _DAY_MS) & (when <= begun + _LONGEST_MS)
    return found
