"""What the older table ``messages`` holds beside the words: changes, places, cards, receipts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind
from witnessbox.intake.cards import cards, is_card
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Names, Same, Spoken
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.database.quoted import digests_of
from witnessbox.intake.msgstore import codes
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.msgstore.receipts import EVENTS, acknowledged
from witnessbox.intake.ordered import KEY, Ordered, keys_of
from witnessbox.intake.parser import Batch
from witnessbox.intake.sqlite.image import Flags, Ints
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


_BY_KEY = pa.schema(
    [pa.field(KEY, pa.int64()), pa.field("chat", pa.int64()), pa.field("id", pa.string())]
    + [pa.field(name, pa.int64()) for name in ("who", *_TIMES)]
)
_MET = pa.schema([*list(_BY_KEY)[:3], pa.field("start", pa.int64())])


class OlderReceipts:
    """The older table of receipts: by the message's key and conversation, in no known order.

    Receipts, and the messages some may be of, are laid in the order of a digest of the key, and
    held against one another when all messages are known.
    """

    def __init__(self, tables: Tables, people: Correspondents) -> None:
        self._asked, self._met = Ordered(_BY_KEY), Ordered(_MET)
        self._people = people
        names = ("key_remote_jid", "key_id", "remote_resource", *_TIMES)
        for rows in tables.rows("receipts", names, shared=True):
            chat = people.by_text(rows.text("key_remote_jid"))
            named = people.by_text(rows.text("remote_resource"))
            who = np.where(named == NOBODY, chat, named)
            numbers = [who, *(rows.numbers(name) for name in _TIMES)]
            self._asked.add(_by_key(rows.text("key_id"), chat, numbers, _BY_KEY))

    def note(self, spoken: Spoken, rows: Rows, names: Names, same: Same) -> Iterator[Batch]:
        """Tell a batch of messages; give what their own rows say."""
        if len(self._asked):
            self._met.add(_by_key(spoken.key, spoken.chat, [spoken.start], _MET))
        mine = spoken.from_me
        at = np.searchsorted(rows.rowid, spoken.row[mine])
        chat = spoken.chat[mine]
        # Whose it is, a group's row does not say.
        who = np.where(self._people.is_group()[chat], NOBODY, chat)
        for name, event in zip(_TIMES, EVENTS, strict=True):
            when = rows.numbers(name)[at]
            yield acknowledged(same, spoken.start[mine], names, who, event, when)

    def told(self, names: Names, same: Same) -> Iterator[Batch]:
        """Give the receipts of the messages that are there."""
        for asked in self._asked.in_order() if len(self._met) else ():
            start, there = _starts(self._met.near(keys_of(asked)), asked)
            who, *times = (asked.column(name).to_numpy()[there] for name in ("who", *_TIMES))
            for when, event in zip(times, EVENTS, strict=True):
                yield acknowledged(same, start[there], names, who, event, when)


def _by_key(keys: pa.Array, chat: Ints, numbers: Sequence[Ints], of: pa.Schema) -> pa.RecordBatch:
    """Put what has a key beside the key's digest."""
    known = keys.is_valid().to_numpy(zero_copy_only=False)
    keys = keys.drop_null()
    columns = [digests_of(keys), chat[known], keys, *(one[known] for one in numbers)]
    return pa.RecordBatch.from_arrays([*map(pa.array, columns)], schema=of)


def _starts(met: pa.RecordBatch, asked: pa.RecordBatch) -> tuple[Ints, Flags]:
    """Give for each receipt the first byte of its message, and whether that is there."""
    texts = pa.concat_arrays([met.column("id"), asked.column("id")]).dictionary_encode()
    which = texts.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    chats = np.concatenate([met.column("chat").to_numpy(), asked.column("chat").to_numpy()])
    each = np.unique(np.stack([which, chats]), axis=1, return_inverse=True)[1].reshape(-1)
    known, first = np.unique(each[: met.num_rows], return_index=True)
    if not len(known):
        return np.zeros(asked.num_rows, np.int64), np.zeros(asked.num_rows, np.bool_)
    wanted = each[met.num_rows :]
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return met.column("start").to_numpy()[first[at]], known[at] == wanted
