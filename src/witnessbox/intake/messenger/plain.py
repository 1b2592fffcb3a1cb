"""Plain messages, many at once: most of a chat is text and nothing else.

What a row holds is the same as when messages are taken one by one (``Rows.add``); only the work is
done a column at a time.  Whatever is not sound and usual in a stretch sends all of it the long way.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind, Precision
from witnessbox.intake.clock import Ints
from witnessbox.intake.messenger.rows import FIRST_MS, LAST_MS, Rows, Texts, messages, same
from witnessbox.intake.messenger.words import SPECIAL_TYPES, Spoken


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring messages: where each begins and ends, and its place in its file."""

    starts: Sequence[int]
    ends: Sequence[int]
    first_index: int
    spoken: Sequence[Spoken]


def take(stretch: Stretch, rows: Rows) -> pa.RecordBatch | None:
    """Put a stretch into columns; None, and nothing done, where it has to go the long way."""
    at = _times(stretch.spoken)
    if at is None or not all(one.sender_name for one in stretch.spoken):
        return None
    senders = rows.heard.senders.copy()
    plain = [place for place, one in enumerate(stretch.spoken) if _is_plain(one)]
    batch = _columns(stretch, plain, at, rows) if plain else None
    for place in sorted(set(range(len(stretch.spoken))).difference(plain)):
        start, end = stretch.starts[place], stretch.ends[place]
        rows.add(start, end, stretch.first_index + place, stretch.spoken[place])
    merged = _merged([one for one in (batch, messages(rows)) if one is not None])
    # People stand in the order they were heard in, whichever way their messages went.
    said = merged.column("sender").cast(pa.string()).to_pylist()
    senders.update(name for name in said if name is not None)
    rows.heard.senders = senders
    rows.reactions.sort(key=itemgetter(0))
    rows.heard.last_ms = int(at[-1])
    return merged


def _times(spoken: Sequence[Spoken]) -> Ints | None:
    """Give the times of messages, or None where one of them has none that can be."""
    try:
        at = np.array([one.timestamp_ms for one in spoken], np.int64)
    except (TypeError, OverflowError):
        return None
    return at if len(at) and at.min() >= FIRST_MS and at.max() <= LAST_MS else None


def _is_plain(one: Spoken) -> bool:
    """Say whether a message is text with at most reactions; the usual reason not to be is first."""
    return bool(
        one.content
        and one.photos is None
        and one.share is None
        and one.sticker is None
        and one.videos is None
        and one.audio_files is None
        and one.files is None
        and one.gifs is None
        and one.users is None
        and one.call_duration is None
        and not one.is_unsent
        and not one.is_unsent_image_by_messenger_kid_parent
        and not one.is_unsent_e2ee
        and not one.media
        and one.type not in SPECIAL_TYPES
    )


def _columns(stretch: Stretch, plain: list[int], at: Ints, rows: Rows) -> pa.RecordBatch:
    thread, count = rows.thread, len(plain)
    places, spoken = np.array(plain, np.int64), [stretch.spoken[place] for place in plain]
    starts, ends = (np.array(those, np.int64)[places] for those in (stretch.starts, stretch.ends))
    for start, one in zip(starts.tolist(), spoken, strict=True):
        if one.reactions:
            rows.react(start, one)
    times = pa.array(at[places])
    known = {
        "exhibit": same(thread.exhibit, count),
        "start": pa.array(starts),
        "end": pa.array(ends),
        "conversation": same(thread.conversation, count),
        "thread": same(thread.thread, count),
        "sequence": pa.array(thread.sequences(at[places], stretch.first_index + places)),
        "stamp": times.cast(pa.string()),
        "sent_at": times.cast(schema.MESSAGES.schema.field("sent_at").type),
        "precision": same(Precision.MILLISECOND.value, count),
        "zone": same("UTC", count),
        "sender": _senders([one.sender_name or "" for one in spoken], rows),
        "kind": same(Kind.TEXT.value, count),
        "text": _texts([one.content or "" for one in spoken], rows.texts),
        "edited": pa.array(np.zeros(count, np.bool_)),
        "deleted": pa.array(np.zeros(count, np.bool_)),
        "parser": same(thread.parser, count),
    }
    wanted = schema.MESSAGES.schema
    arrays = [known.get(want.name) for want in wanted]
    filled = [
        pa.nulls(count, want.type) if array is None else array
        for want, array in zip(wanted, arrays, strict=True)
    ]
    return pa.RecordBatch.from_arrays(filled, schema=wanted)


def _senders(written: list[str], rows: Rows) -> pa.DictionaryArray:
    """Give the senders as they were meant, each repaired once and counted as often as written."""
    texts, meant = rows.texts, {}
    for name, times in Counter(written).items():
        before = texts.mended, texts.wide
        meant[name] = texts.meant(name) or name
        texts.mended += (texts.mended - before[0]) * (times - 1)
        texts.wide += (texts.wide - before[1]) * (times - 1)
    return pa.array([meant[name] for name in written], pa.string()).dictionary_encode()


def _texts(written: list[str], texts: Texts) -> pa.StringArray:
    """Give texts as they were meant: all in one go where all can be repaired so.

    A repaired text is the bytes its letters stand for, one a letter; so the letters of all of them,
    taken as bytes, are the column.
    """
    if texts.mend:
        try:
            data = "".join(written).encode("latin-1")
            ends = np.cumsum([0, *map(len, written)], dtype=np.int32)
            offsets, letters = pa.py_buffer(ends.tobytes()), pa.py_buffer(data)
            column = pa.StringArray.from_buffers(len(written), offsets, letters)
            column.validate(full=True)
        except (UnicodeError, pa.ArrowInvalid):
            pass
        else:
            texts.mended += len(written) - sum(map(str.isascii, written))
            return column
    return pa.array([texts.meant(text) or text for text in written], pa.string())


def _merged(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    """Put one batch or two into one, in file order."""
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches).combine_chunks()
    order = np.argsort(table.column("start").to_numpy(), kind="stable")
    (batch,) = table.take(pa.array(order)).combine_chunks().to_batches()
    return batch
