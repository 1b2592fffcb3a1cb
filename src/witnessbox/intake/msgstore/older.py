"""What the older table ``messages`` holds beside the words: changes, places, cards, receipts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind
from witnessbox.intake.cards import cards, is_card
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Names, Same, Spoken
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.msgstore import codes
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.msgstore.receipts import EVENTS, acknowledged
from witnessbox.intake.parser import Batch
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables
from witnessbox.intake.texts import beside, place

_TIMES = ("receipt_device_timestamp", "read_device_timestamp", "played_device_timestamp")
_BY_SENDER = frozenset((1, 11, 12, 14))
_OF_SENDER = frozenset((5, 20))
"""Codes whose address is known to be that of who acted; of the others it is not."""
_MOST_CHARACTERS = 1 << 16


def worded(spoken: Spoken, rows: Rows) -> Spoken:
    """Write cards as names and numbers, and places as lines, in the texts of a batch."""
    kinds = [place_of(Kind.CONTACT), place_of(Kind.LOCATION)]
    chosen = np.flatnonzero(np.isin(spoken.kind, kinds))
    if not len(chosen):
        return spoken
    texts = spoken.text.take(pa.array(chosen)).to_pylist()
    at = np.searchsorted(rows.rowid, spoken.row[chosen])
    names = rows.text("media_name").take(pa.array(at)).to_pylist()
    points = zip(
        rows.reals("latitude")[at].tolist(), rows.reals("longitude")[at].tolist(), strict=True
    )
    found = []
    for k, text, name, point in zip(chosen.tolist(), texts, names, points, strict=True):
        if spoken.kind[k] == kinds[0]:
            said = "\n".join(cards(text)) if is_card(text) else text
            found.append((said or "")[:_MOST_CHARACTERS] or None)
        else:
            where = place(name, None, point if any(point) else (np.nan, np.nan))
            found.append(beside(text, [where]))
    mask = np.zeros(len(spoken.row), np.bool_)
    mask[chosen] = True
    text = pc.replace_with_mask(spoken.text, pa.array(mask), pa.array(found, pa.string()))
    return replace(spoken, text=text)


def memberships(spoken: Spoken, rows: Rows, names: Names, same: Same) -> pa.RecordBatch | None:
    """List who came and went, where the row itself says who; what it names otherwise is not read.

    The code stands where the size of a file would stand.
    """
    found = []
    action = rows.numbers("media_size", -1)
    at = np.searchsorted(rows.rowid, spoken.row)
    for k in np.flatnonzero(spoken.kind == place_of(Kind.NOTICE)).tolist():
        code = int(action[at[k]])
        if code not in _BY_SENDER | _OF_SENDER:
            continue
        event = codes.EVENT_OF[code]
        sender, chat = (_name(names, int(one[k])) for one in (spoken.sender, spoken.chat))
        member = spoken.text[k].as_py() if event == "subject" else None
        member = sender if code in _OF_SENDER else member
        when = int(spoken.at_ms[k])
        span = same.exhibit, int(spoken.start[k]), int(spoken.end[k]), chat
        found.append((*span, event, sender, member, when if 0 < when < 1 << 47 else None))
    return table_of(schema.MEMBERSHIPS, found)


def _name(names: Names, at: int) -> str | None:
    return None if at == NOBODY else names.names[int(names.name_place[at])].as_py()


@dataclass(slots=True)
class OlderReceipts:
    """The older table of receipts: by the message's key and conversation, in no known order."""

    key: pa.Array
    chat: Ints
    who: Ints
    times: tuple[Ints, ...]

    def told(
        self, spoken: Spoken, rows: Rows, people: Correspondents, names: Names, same: Same
    ) -> Iterator[Batch]:
        """Give the acknowledgements of a batch of messages, each person's and the row's own."""
        yield from self._listed(spoken, names, same)
        mine = spoken.from_me
        at = np.searchsorted(rows.rowid, spoken.row[mine])
        chat = spoken.chat[mine]
        # Whose it is, a group's row does not say.
        who = np.where(people.is_group()[chat], NOBODY, chat)
        for name, event in zip(_TIMES, EVENTS, strict=True):
            when = rows.numbers(name)[at]
            yield from acknowledged(same, spoken.start[mine], names, who, event, when)

    def _listed(self, spoken: Spoken, names: Names, same: Same) -> Iterator[Batch]:
        if not len(self.key) or not len(spoken.row):
            return
        found = pc.index_in(self.key, value_set=spoken.key).fill_null(-1)
        at = found.to_numpy(zero_copy_only=False).astype(np.int64)
        there = (at >= 0) & (spoken.chat[at] == self.chat)
        start, who = spoken.start[at[there]], self.who[there]
        for when, event in zip(self.times, EVENTS, strict=True):
            yield from acknowledged(same, start, names, who, event, when[there])


def older_receipts(tables: Tables, people: People) -> OlderReceipts:
    """Read the older table of receipts."""
    names = ("key_remote_jid", "key_id", "remote_resource", *_TIMES)
    parts = list(tables.rows("receipts", names, shared=True))
    nothing = np.empty(0, np.int64)
    chats = [people.by_text(part.text("key_remote_jid")) for part in parts]
    named = [people.by_text(part.text("remote_resource")) for part in parts]
    who = [np.where(one == NOBODY, chat, one) for one, chat in zip(named, chats, strict=True)]
    return OlderReceipts(
        pa.concat_arrays([pa.array([], pa.string()), *(part.text("key_id") for part in parts)]),
        np.concatenate([nothing, *chats]),
        np.concatenate([nothing, *who]),
        tuple(
            np.concatenate([nothing, *(part.numbers(name) for part in parts)]) for name in _TIMES
        ),
    )
