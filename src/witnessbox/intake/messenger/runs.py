"""Messages that are alike, put into columns as they stand in the file: no object is made of one.

What a row holds is the same as when messages are taken one by one (``Rows.add``); only the work is
done a column at a time.  Whatever is not sound and usual in a run sends all of it the long way.

It goes in two steps, since a file's title and direction may only show at its end: columns are
*made* of what the messages say, and *finished* with what the whole file says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind, Precision
from witnessbox.intake.clock import Flags, Ints
from witnessbox.intake.json_spans import Alike, Run
from witnessbox.intake.json_strings import read as read_all
from witnessbox.intake.json_strings import texts_of, written
from witnessbox.intake.messenger.forms import Form, Reaction, forms, numbers
from witnessbox.intake.messenger.rows import (
    FIRST_MS,
    LAST_MS,
    NOT_DOWNLOADED,
    Heard,
    Rows,
    Texts,
    Thread,
    reacted_at,
    same,
)
from witnessbox.intake.messenger.words import read

_MOST_OTHERS = 2  # no more than one in so many messages is taken by itself
_NEAR = 1 << 9  # messages that go the long way with an odd one
_KINDS = list(Kind)
_KIND_WORDS = pa.array([kind.value for kind in Kind], pa.string())
_SENDER, _KIND, _TEXT, _DELETED = 5, 6, 7, 8  # in the rows of messages
_UNKNOWN = Thread("", "", "", None, 0, newest_first=True)  # nothing is asked of it yet
_ROW_BYTES = 256  # what a row beside the columns needs
Codes = NDArray[np.int32]


class _OddError(Exception):
    """Something in a run has to be read with care."""


@dataclass(frozen=True, slots=True)
class Made:
    """Columns of one run, in file order, as far as its messages tell them.

    ``others`` holds the rows that are not messages', and ``texts`` how the strings were read.
    """

    starts: Ints
    ends: Ints
    times: Ints
    sender: pa.DictionaryArray
    kinds: Codes
    deleted: Flags
    text: pa.StringArray
    others: Rows
    texts: Texts

    @property
    def end(self) -> int:
        """Give where the next thing begins."""
        return int(self.ends[-1])

    @property
    def held_bytes(self) -> int:
        """Say about how much memory it needs."""
        columns = (self.starts, self.ends, self.times, self.kinds, self.deleted)
        rows = len(self.others.attachments) + len(self.others.reactions)
        told = sum(column.nbytes for column in columns) + self.sender.nbytes + self.text.nbytes
        return int(told) + _ROW_BYTES * rows


def make(run: Run, *, mend: bool) -> Made | None:
    """Put what a run's messages say into columns; None where it has to go the long way."""
    try:
        return _Columns(run, Texts(mend=mend)).made()
    except (_OddError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def parts_of(run: Run, *, mend: bool) -> list[Made | Run]:
    """Make columns of a run; of what is left as it was, the messages have to be read one by one.

    Where something in a run is odd, only what stands near it is left so.
    """
    made = make(run, mend=mend)
    if made is not None:
        return [made]
    return [make(near, mend=mend) or near for near in run.split(_NEAR)]


def finish(made: Made, first_index: int, rows: Rows) -> pa.RecordBatch:
    """Give the messages of a run, the first of which has this place in its file."""
    rows.texts.mended += made.texts.mended
    rows.texts.wide += made.texts.wide
    rows.heard.senders.update(_counted(made.sender))
    rows.heard.last_ms = int(made.times[-1])
    rows.attachments = sorted(made.others.attachments, key=itemgetter(0))
    rows.reactions = sorted(made.others.reactions, key=itemgetter(0))
    rows.memberships = made.others.memberships
    thread, count = rows.thread, len(made.times)
    at = pa.array(made.times)
    known = {
        "exhibit": same(thread.exhibit, count),
        "start": pa.array(made.starts),
        "end": pa.array(made.ends),
        "conversation": same(thread.conversation, count),
        "thread": same(thread.thread, count),
        "sequence": pa.array(thread.sequences(made.times, first_index + np.arange(count))),
        "stamp": at.cast(pa.string()),
        "sent_at": at.cast(schema.MESSAGES.schema.field("sent_at").type),
        "precision": same(Precision.MILLISECOND.value, count),
        "zone": same("UTC", count),
        "sender": made.sender,
        "kind": pa.DictionaryArray.from_arrays(pa.array(made.kinds), _KIND_WORDS),
        "text": made.text,
        "edited": pa.array(np.zeros(count, np.bool_)),
        "deleted": pa.array(made.deleted),
        "parser": same(thread.parser, count),
    }
    wanted = schema.MESSAGES.schema
    arrays = [known.get(want.name) for want in wanted]
    filled = [
        pa.nulls(count, want.type) if array is None else array
        for want, array in zip(wanted, arrays, strict=True)
    ]
    return pa.RecordBatch.from_arrays(filled, schema=wanted)


class _Columns:
    """The columns of one run, filled by the messages of each form and by the others."""

    def __init__(self, run: Run, texts: Texts) -> None:
        count = len(run.ends)
        self._run, self._texts = run, texts
        self._rows = Rows(_UNKNOWN, texts, Heard())
        self._alike, self._others = forms(run)
        self._starts = run.starts + run.base
        self._ends = np.append(self._starts[1:], run.end)
        self._times = np.zeros(count, np.int64)
        self._senders = np.full(count, -1, np.int32)
        self._kinds = np.zeros(count, np.int32)
        self._deleted = np.zeros(count, np.bool_)
        self._names: dict[str, int] = {}

    def made(self) -> Made:
        """Give the columns; raises _OddError, or msgspec's, where something is odd."""
        if len(self._others) * _MOST_OTHERS > len(self._times):
            raise _OddError
        if len(self._others):
            self._take_others()
        for alike, form in self._alike:
            self._take(alike, form)
        return Made(
            self._starts,
            self._ends,
            self._times,
            self._sender(),
            self._kinds,
            self._deleted,
            self._text(),
            self._rows,
            self._texts,
        )

    def _take_others(self) -> None:
        """Take the messages that are like no others, one by one."""
        places = self._others
        spoken, doubts = read([self._run.piece(place) for place in places.tolist()])
        if doubts or not all(one.sender_name or one.sender_name_e2ee for one in spoken):
            raise _OddError
        for place, one in zip(places.tolist(), spoken, strict=True):
            given = one.timestamp if one.timestamp_ms is None else one.timestamp_ms
            if given is None or not FIRST_MS <= given <= LAST_MS:
                raise _OddError
            self._times[place] = given
            self._rows.add(int(self._starts[place]), int(self._ends[place]), 0, one)
        told = self._rows.messages
        self._kinds[places] = [_KINDS.index(Kind(row[_KIND])) for row in told]
        self._deleted[places] = [row[_DELETED] for row in told]
        self._senders[places] = self._named(row[_SENDER] for row in told)

    def _take(self, alike: Alike, form: Form) -> None:
        """Take the messages of one form."""
        places = alike.places
        self._times[places] = numbers(self._run, alike, form.time)
        self._kinds[places] = _KINDS.index(form.kind)
        self._deleted[places] = form.deleted
        names, indices = self._words(alike, form.sender)
        self._senders[places] = np.array(self._named(names), np.int32)[indices]
        starts = self._starts[places].tolist()
        for told in form.reactions:
            self._react(alike, starts, told)
        for slot, media in form.files:
            self._attach(alike, starts, slot, media)

    def _react(self, alike: Alike, starts: list[int], told: Reaction) -> None:
        """Take one reaction to each message of a form."""
        actor, mark, at = told
        nothing = [None] * len(starts)
        actors = nothing if actor is None else self._repeated(alike, actor)
        marks = nothing if mark is None else self._repeated(alike, mark)
        given = nothing if at is None else map(reacted_at, numbers(self._run, alike, at).tolist())
        self._rows.reactions.extend(zip(starts, actors, marks, given, strict=True))

    def _attach(self, alike: Alike, starts: list[int], slot: int, media: str | None) -> None:
        """Take one file from each message of a form."""
        column = written(self._run.data, alike.starts[slot], alike.ends[slot])
        names = list(map(self._texts.meant, texts_of(column)))
        if media is not None and NOT_DOWNLOADED not in names:  # nearly always
            here = repeat(False)  # noqa: FBT003 - a column's value, not an argument
            self._rows.attachments.extend(zip(starts, names, repeat(media), here))
            return
        for start, name in zip(starts, names, strict=True):
            self._rows.attach(start, name, media)

    def _repeated(self, alike: Alike, slot: int) -> list[str]:
        """Read strings that repeat."""
        words, indices = self._words(alike, slot)
        return [words[place] for place in indices.tolist()]

    def _words(self, alike: Alike, slot: int) -> tuple[list[str], Codes]:
        """Read strings that repeat: each once, and counted as often as it is written."""
        column = written(self._run.data, alike.starts[slot], alike.ends[slot])
        coded = column.dictionary_encode()
        indices: Codes = coded.indices.to_numpy()
        often = np.bincount(indices, minlength=len(coded.dictionary))
        texts, meant = self._texts, []
        for word, times in zip(texts_of(coded.dictionary), often.tolist(), strict=True):
            before = texts.mended, texts.wide
            meant.append(texts.meant(word) or word)
            texts.mended += (texts.mended - before[0]) * (times - 1)
            texts.wide += (texts.wide - before[1]) * (times - 1)
        return meant, indices

    def _named(self, names: Iterable[str | None]) -> list[int]:
        """Give each name its number, and -1 to nobody."""
        known = self._names
        return [-1 if name is None else known.setdefault(name, len(known)) for name in names]

    def _sender(self) -> pa.DictionaryArray:
        """Put the senders into a column; people stand in the order they were heard in."""
        order = pa.array(self._senders, mask=self._senders < 0).dictionary_encode()
        names = pa.array(list(self._names), pa.string()).take(order.dictionary)
        return pa.DictionaryArray.from_arrays(order.indices, names)

    def _text(self) -> pa.StringArray:
        """Read the texts of all messages."""
        count, others = len(self._times), self._others
        starts, ends = self._run.starts.copy(), self._run.starts.copy()
        none = np.zeros(count, np.bool_)
        for alike, form in self._alike:
            if form.text is None:
                none[alike.places] = form.unsaid is None
            else:
                starts[alike.places] = alike.starts[form.text]
                ends[alike.places] = alike.ends[form.text]
        column = _read(written(self._run.data, starts, ends), self._texts)
        if not len(others) and not none.any():
            return column
        order = np.arange(count)
        order[others] = count + np.arange(len(others))
        said = pa.array([row[_TEXT] for row in self._rows.messages], pa.string())
        return pa.concat_arrays([column, said]).take(pa.array(order, mask=none))


def _counted(senders: pa.DictionaryArray) -> dict[str, int]:
    """Say how often each spoke, in the order they were heard in."""
    often = np.bincount(senders.indices.drop_null().to_numpy(), minlength=len(senders.dictionary))
    return dict(zip(senders.dictionary.to_pylist(), often.tolist(), strict=True))


def _read(column: pa.BinaryArray, texts: Texts) -> pa.StringArray:
    """Read texts: all in one go where all can be repaired so, or need no repair."""
    found = read_all(column, join=texts.mend)
    if found is None:
        return pa.array([texts.meant(text) for text in texts_of(column)], pa.string())
    texts.mended += found.joined
    return found.column
