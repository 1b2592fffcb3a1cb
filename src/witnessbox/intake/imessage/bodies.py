"""What rows of ``message`` say: the text, or without one the words in ``attributedBody``."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.imessage import typedstream
from witnessbox.intake.sqlite.columns import PAD_BYTES, cut
from witnessbox.intake.sqlite.image import Bytes, Flags, Ints
from witnessbox.intake.sqlite.tables import Rows

BODY = ("attributedBody", "madrid_attributedBody")


@dataclass(frozen=True, slots=True)
class Bodies:
    """The words of a batch, and rows of which not all is clear."""

    text: pa.Array
    bad_text: list[int]
    unread: list[tuple[int, int]]  # rows whose archive cannot be read, and its bytes
    differing: list[tuple[int, str]]  # rows whose archive says something else, and what


def bodies_of(rows: Rows) -> Bodies:
    """Read the words of a batch; the subject, where there is one, is the first line."""
    text, bad = rows.texts("text")
    archived, unread, broken = _words(_archives(rows))
    text = pc.if_else(pa.array(said(text)), text, None)
    unlike = holds(pc.not_equal(text, archived))
    differing = [(k, archived[k].as_py()) for k in np.flatnonzero(unlike).tolist()]
    words = pc.coalesce(text, archived)
    silent = text.is_null().to_numpy(zero_copy_only=False)
    bad += [k for k in broken if silent[k]]
    subject = rows.text("subject")
    headed = said(subject)
    if headed.any():
        both = pc.binary_join_element_wise(subject, words, "\n")
        words = pc.if_else(pa.array(headed), pc.coalesce(both, subject), words)
    return Bodies(words, sorted(bad), unread, differing)


def said(text: pa.Array) -> Flags:
    """Say which texts have any letters."""
    return holds(pc.greater(pc.binary_length(text), 0))


def holds(condition: pa.Array) -> Flags:
    """Say where a condition holds; where it is not known, it does not."""
    found: Flags = pc.fill_null(condition, fill_value=False).to_numpy(zero_copy_only=False)
    return found


@dataclass(frozen=True, slots=True)
class _Archives:
    """Archives where they stand in some bytes, padded at their end."""

    data: Bytes
    at: Ints
    size: Ints  # 0 where there is none

    def one(self, k: int) -> bytes:
        return self.data[self.at[k] : self.at[k] + self.size[k]].tobytes()


def _archives(rows: Rows) -> _Archives:
    """Give the archives of a batch; of one of the first iMessages, in a column of its own."""
    columns = [column for name in BODY if (column := rows.stored(name)) is not None]
    if len(columns) == 1:
        return _Archives(
            columns[0].data, columns[0].at, np.where(columns[0].is_blob(), columns[0].size, 0)
        )
    return _archives_of(pc.coalesce(*(rows.blobs(name) for name in BODY)))


def _archives_of(blobs: pa.Array) -> _Archives:
    count = len(blobs)
    if blobs.null_count == count:
        nothing = np.zeros(count, np.int64)
        return _Archives(np.zeros(PAD_BYTES, np.uint8), nothing, nothing)
    _, offsets, held = blobs.buffers()
    first, last = blobs.offset, blobs.offset + count + 1
    bounds: Ints = np.frombuffer(offsets, np.int32)[first:last].astype(np.int64)
    data = np.concatenate([np.frombuffer(held or b"", np.uint8), np.zeros(PAD_BYTES, np.uint8)])
    there = blobs.is_valid().to_numpy(zero_copy_only=False)
    return _Archives(data, bounds[:-1], np.where(there, np.diff(bounds), 0))


def decoded(blobs: pa.Array) -> tuple[pa.Array, list[tuple[int, int]], list[int]]:
    """Give the words of archives, those that cannot be read, and those that are no sound text."""
    return _words(_archives_of(blobs))


def _words(archives: _Archives) -> tuple[pa.Array, list[tuple[int, int]], list[int]]:
    usual, left = _usual(archives)
    if not left:
        return usual, [], []
    unread, broken = [], []
    found = usual.to_pylist()
    for k in left:
        blob = archives.one(k)
        words = typedstream.words(blob)
        if words is None:
            unread.append((k, len(blob)))
            continue
        try:
            found[k] = words.decode() or None
        except UnicodeDecodeError:
            broken.append(k)
            found[k] = words.decode("utf-8", "replace")
    return pa.array(found, pa.string()), unread, broken


def opened(blob: bytes) -> tuple[str | None, bool]:
    """Give the words of one archive, and whether it and they are sound."""
    if not blob:
        return None, True
    words = typedstream.words(blob)
    try:
        return (None, False) if words is None else (words.decode() or None, True)
    except UnicodeDecodeError:
        return None, False


def _usual(archives: _Archives) -> tuple[pa.Array, list[int]]:
    """Give the words of those archives that are built as nearly all are, and what is left."""
    data, there = archives.data, archives.size > 0
    at, size = typedstream.usual_words(data, archives.at, archives.at + archives.size)
    alike = size > 0
    found = cut(data, np.where(alike, at, 0), np.where(alike, size, 0), alike)
    try:
        return found.cast(pa.string()), np.flatnonzero(there & ~alike).tolist()
    except pa.ArrowInvalid:
        return pa.nulls(len(size), pa.string()), np.flatnonzero(there).tolist()
