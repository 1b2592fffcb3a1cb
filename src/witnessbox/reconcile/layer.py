"""The rows of one conversation's copies, put into the arrays that alignment works on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.reconcile.alignment import MEDIA, NOTICE, TELLING_CHARACTERS, Rows, sorts_of
from witnessbox.reconcile.columns import KINDS, flags, kinds_of, said, times_ms, units_ms
from witnessbox.reconcile.files import SORTS as FILE_SORTS
from witnessbox.reconcile.files import sorts_of_files
from witnessbox.reconcile.model import Clock, PlannedConversation, PlannedCopy
from witnessbox.reconcile.normalise import codes_of, flat, folded_texts
from witnessbox.reconcile.notices import Told, told
from witnessbox.reconcile.offsets import corrected
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.phones import phones
from witnessbox.reconcile.timing import clocks_of


@dataclass(frozen=True, slots=True)
class Layer:
    """All rows of a conversation's copies, copy after copy, each in its own order."""

    table: Any  # rows made ready
    rows: Rows
    exhibit: Ints  # code; codes run as the exhibits' hashes do
    exhibits: tuple[str, ...]
    start: Ints
    sent_ms: Ints  # as each copy has it
    persons: tuple[str, ...]  # ids, by the numbers in rows.person
    labels: tuple[str, ...]  # alike
    texts: Any  # folded, by the codes in rows.word
    clocks: tuple[Clock, ...]  # of the copies
    phones: Ints  # by number, of the copies


def layer(planned: PlannedConversation, copies: Sequence[Any], told_of: Told) -> Layer:
    """Put copies' rows together; ``told_of`` says what the notices tell of membership.

    It is long because each of its lines makes one column.
    """
    table = pa.concat_tables(copies).unify_dictionaries()
    copy = np.repeat(np.arange(len(copies)), [one.num_rows for one in copies]).astype(np.int64)
    kinds = kinds_of(table["kind"])
    edited = flags(table["edited"])
    folded = folded_texts(table["text"], kinds == KINDS.index(Kind.POLL), edited)
    word = codes_of(folded)
    sent = [times_ms(one["sent_at"]) for one in copies]
    found = clocks_of(planned, copies, sent, kinds, word)
    persons, labels, person = _persons(planned.copies, copies)
    exhibits, exhibit = _exhibits(table["exhibit"])
    start = np.asarray(table["start"].to_numpy(), np.int64)
    length = _lengths(folded.dictionary)[word]
    word = np.where(length > 0, word, -1)
    deleted = flags(table["deleted"]) & (kinds != KINDS.index(Kind.NOTICE))
    kinds[deleted] = KINDS.index(Kind.DELETED)
    sorts = sorts_of(kinds, word >= 0)
    places = exhibits, exhibit, start
    notices = np.flatnonzero(sorts == NOTICE)
    event, about = _events(told_of, planned, copy, places, table["text"], notices)
    about = np.maximum(about, _files(kinds, sorts, folded.dictionary, word))
    rows = Rows(
        copy=copy,
        sent_ms=_moved(sent, found),
        unit_ms=units_ms(table["precision"]),
        person=person,
        word=word,
        sort=sorts,
        event=event,
        about=about,
        poll=kinds == KINDS.index(Kind.POLL),
        edited=edited,
        telling=(length >= TELLING_CHARACTERS) & said(kinds),
        platform_id=codes_of(flat(table["platform_id"])),
    )
    return Layer(
        table,
        rows,
        exhibit,
        exhibits,
        start,
        np.concatenate(sent),
        persons,
        labels,
        folded.dictionary,
        tuple(found),
        phones(planned.copies),
    )


def _moved(sent_ms: Sequence[Ints], clocks: Sequence[Clock]) -> Ints:
    """Give all rows' times by the clocks of their copies."""
    each = zip(sent_ms, clocks, strict=True)
    return np.concatenate([corrected(ms, np.arange(len(ms)), clock) for ms, clock in each])


def _files(kinds: Ints, sorts: Ints, texts: Any, word: Ints) -> Ints:
    """Say of every row what sort of file it shows; −1 of what is none or does not say."""
    found = np.full(len(sorts), -1, np.int64)
    media = np.flatnonzero(sorts == MEDIA)
    if len(media):
        found[media] = sorts_of_files(texts, word[media])
    found[kinds == KINDS.index(Kind.STICKER)] = FILE_SORTS.index("sticker")
    return found


def _lengths(texts: Any) -> Ints:
    """Give each folded text its length; one more at the end for "none"."""
    return np.append(np.asarray(pc.utf8_length(texts), np.int64), 0)


def _persons(
    planned: Sequence[PlannedCopy], copies: Sequence[Any]
) -> tuple[tuple[str, ...], tuple[str, ...], Ints]:
    labels = {name.person: name.label for copy in planned for name in copy.names}
    persons = sorted(labels)
    number = {person: i for i, person in enumerate(persons)}
    columns = []
    for copy, rows in zip(planned, copies, strict=True):
        known = {name.name: number[name.person] for name in copy.names}
        sender = flat(rows["sender"])
        table = np.array([known.get(name, -1) for name in sender.dictionary.to_pylist()] + [-1])
        columns.append(table[codes_of(sender)])
    return (
        tuple(persons),
        tuple(labels[person] for person in persons),
        np.concatenate(columns).astype(np.int64),
    )


def _exhibits(column: Any) -> tuple[tuple[str, ...], Ints]:
    coded = flat(column)
    names = coded.dictionary.to_pylist()
    ordered = sorted(set(names))
    place = {name: i for i, name in enumerate(ordered)}
    table = np.array([place[name] for name in names], np.int64)
    return tuple(ordered), table[codes_of(coded)] if len(names) else codes_of(coded)


def _events(
    told_of: Told,
    planned: PlannedConversation,
    copy: Ints,
    places: tuple[tuple[str, ...], Ints, Ints],
    texts: Any,
    notices: Ints,
) -> tuple[Ints, Ints]:
    """Say of every row of which event it tells, and whom that concerns; −1 of what is no notice."""
    exhibits, exhibit, start = places
    event, about = np.full(len(copy), -1, np.int64), np.full(len(copy), -1, np.int64)
    rows = zip(
        copy[notices].tolist(),
        (exhibits[code] for code in exhibit[notices].tolist()),
        start[notices].tolist(),
        texts.take(pa.array(notices)).to_pylist(),
        strict=True,
    )
    event[notices], about[notices] = told(told_of, planned.copies, list(rows))
    return event, about
