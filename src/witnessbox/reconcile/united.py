"""What copies tell beside one message, once: who reacted, voted, received or read.

Two copies tell the same where the same person did the same to the same message.  Who that was is
known by the copy's names; whoever never writes in the conversation stands under the name the copy
has, and nameless ones of two copies are taken to be the same as far as their numbers go.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.schema import Table
from witnessbox.reconcile.canonical import Woven, named
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import PlannedConversation
from witnessbox.reconcile.names import written_name
from witnessbox.reconcile.normalise import codes_of, flat
from witnessbox.reconcile.notices import Persons
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.phones import voices

_PRESENTATION = "\ufe0f"
"""Asks for a colourful picture, and is sent by some phones only."""
NO_TIME = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows sorted so that those that tell the same stand together; ``first`` are their heads."""

    order: Ints
    first: Ints  # places in ``order``
    copies: Any  # of each group, the ids of the copies, each once


def united(planned: PlannedConversation, laid: Layer, woven: Woven, told: Any, table: Table) -> Any:
    """Give one of the tables of what is told beside messages, by position.

    ``told`` says of which message, who, what and when; what is of no message here is left out.
    """
    if told is None:
        return table.schema.empty_table()
    told = told.rename_columns(["exhibit", "start", "who", "what", "at"])
    row = rows_at(laid, told["exhibit"], told["start"])
    told, row = told.filter(pa.array(row >= 0)), row[row >= 0]
    if not len(row):
        return table.schema.empty_table()
    position, copy = woven.position[row], laid.rows.copy[row]
    who, names = _persons(planned, laid, copy, flat(told["who"]))
    what = _what(flat(told["what"]))
    turn = _turns(position, what, copy, who < 0)
    found = grouped((position, who, what, turn), copy, planned)
    head = found.order[found.first]
    nobody = (who[head] < 0) | (who[head] >= len(laid.persons))
    columns = [
        named(woven.ids, position[head]).cast(pa.string()),
        pa.array([planned.conversation] * len(head), pa.string()),
        pa.array(position[head]),
        named(laid.persons, np.where(nobody, 0, who[head]), nobody),
        named(names, np.maximum(who[head], 0), who[head] < 0),
        told["what"].cast(pa.string()).take(pa.array(head)),
        _earliest(laid, row, moments(laid, row, told["at"]), found),
        found.copies,
    ]
    return pa.table(columns, names=table.schema.names).cast(table.schema)


def rows_at(laid: Layer, exhibit: Any, start: Any) -> Ints:
    """Find the rows of the conversation at some exhibits and starts; −1 where there is none."""
    coded = flat(exhibit)
    known = pc.index_in(coded.dictionary, value_set=pa.array(laid.exhibits, pa.string()))
    code = np.asarray(pc.fill_null(known, -1).to_numpy(zero_copy_only=False), np.int64)
    code, begin = code[codes_of(coded)], np.asarray(start.to_numpy(), np.int64)
    reach = int(max(laid.start.max(initial=0), begin.max(initial=0))) + 1
    held, wanted = laid.exhibit * reach + laid.start, code * reach + begin
    order = np.argsort(held, kind="stable")
    at = np.minimum(np.searchsorted(held[order], wanted), max(len(order) - 1, 0))
    found = order[at]
    return np.where((code >= 0) & (held[found] == wanted), found, -1)


def _persons(
    planned: PlannedConversation, laid: Layer, copy: Ints, who: Any
) -> tuple[Ints, list[str]]:
    """Give the number of whom each row names, −1 for nobody, and the names by number.

    First come the conversation's persons, then whoever never writes in it, by the name written.
    """
    code, words = codes_of(who), who.dictionary.to_pylist()
    pairs, place = np.unique(copy * (len(words) + 1) + code + 1, return_inverse=True)
    persons = Persons(planned.copies)
    number = {person: at for at, person in enumerate(laid.persons)}
    known: list[int | str] = []
    strangers: dict[str, str] = {}
    for one, at in zip(*(part.tolist() for part in np.divmod(pairs, len(words) + 1)), strict=True):
        name = words[at - 1] if at else None
        person = persons.person(one, name)
        if name is None or person is not None:
            known.append(-1 if person is None else number[person])
        else:
            known.append(written_name(name))
            strangers[written_name(name)] = min(name, strangers.get(written_name(name), name))
    further = {name: len(number) + at for at, name in enumerate(sorted(strangers))}
    table = [further[one] if isinstance(one, str) else one for one in known]
    names = [*laid.labels, *(strangers[name] for name in sorted(strangers))]
    return np.array(table, np.int64)[place.reshape(-1)], names


def _what(what: Any) -> Ints:
    """Give the number of what was done; −1 where that is not said."""
    plain = [word.replace(_PRESENTATION, "") for word in what.dictionary.to_pylist()]
    number = {word: at for at, word in enumerate(sorted(set(plain)))}
    table = np.array([number[word] for word in plain] + [-1], np.int64)
    return table[codes_of(what)]


def _turns(position: Ints, what: Ints, copy: Ints, nameless: npt.NDArray[np.bool_]) -> Ints:
    """Count the nameless who did the same in one copy: 0, 1, 2 …; 0 for everybody else."""
    turn = np.zeros(len(position), np.int64)
    some = np.flatnonzero(nameless)
    order = some[np.lexsort((some, copy[some], what[some], position[some]))]
    fresh = _fresh((position[order], what[order], copy[order]))
    begin = np.flatnonzero(fresh)
    if len(order):
        turn[order] = np.arange(len(order)) - begin[np.cumsum(fresh) - 1]
    return turn


def grouped(same: tuple[Ints, ...], copy: Ints, planned: PlannedConversation) -> Groups:
    """Put rows together that agree in all of ``same``, sorted by it, and then by copy and row."""
    order = np.lexsort((np.arange(len(copy)), copy, *same[::-1]))
    fresh = _fresh([column[order] for column in same])
    once = fresh.copy()
    once[1:] |= np.diff(copy[order]) != 0
    first = np.flatnonzero(fresh)
    offsets = np.append(np.cumsum(once)[first] - 1, once.sum())
    ids = named([one.source.copy for one in planned.copies], copy[order[once]]).cast(pa.string())
    copies = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), ids)
    return Groups(order, first, copies)


def _fresh(columns: Any) -> npt.NDArray[np.bool_]:
    """Mark rows that differ from the one before in any column."""
    fresh = np.ones(len(columns[0]), bool)
    fresh[1:] = np.any([np.diff(column) != 0 for column in columns], axis=0)
    return fresh


def moments(laid: Layer, row: Ints, at: Any) -> Ints:
    """Give times in ms by the corrected clock of the row they belong to; ``NO_TIME`` for null."""
    when = np.asarray(pc.fill_null(at.cast(pa.int64()), NO_TIME).to_numpy(), np.int64)
    known = when != NO_TIME
    return np.where(known, when + (laid.rows.sent_ms[row] - laid.sent_ms[row]) * known, NO_TIME)


def _earliest(laid: Layer, row: Ints, when: Ints, found: Groups) -> Any:
    """Give each group's earliest time, each phone's told by the row that knows time most finely."""
    group = np.empty(len(row), np.int64)
    group[found.order] = np.searchsorted(found.first, np.arange(len(row)), side="right") - 1
    worth = np.where(when == NO_TIME, NO_TIME, laid.rows.unit_ms[row])
    speaks = voices(group, laid.phones[laid.rows.copy[row]], worth)
    least = np.minimum.reduceat(np.where(speaks, when, NO_TIME)[found.order], found.first)
    return pa.array(least, mask=least == NO_TIME).cast(pa.timestamp("ms", tz="UTC"))
