"""The clocks of a conversation's copies, measured on all their rows, and the table that says so."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence.schema import CLOCKS
from witnessbox.reconcile.columns import said, units_ms
from witnessbox.reconcile.lines import Ints
from witnessbox.reconcile.model import Clock, ClockStep, GivenOffset, PlannedConversation
from witnessbox.reconcile.offsets import Marks, clocks
from witnessbox.reconcile.phones import phones


def clocks_of(
    planned: PlannedConversation,
    copies: Sequence[Any],
    sent_ms: Sequence[Ints],
    kinds: Ints,
    word: Ints,
) -> list[Clock]:
    """Give each copy its clock, by the texts that it holds once and by what was decided.

    ``kinds`` and ``word`` (the code of each row's folded text) run over all copies' rows.
    """
    wrote = np.where(said(kinds), word, -1)
    ends = np.cumsum([one.num_rows for one in copies])[:-1]
    texts = int(word.max(initial=-1)) + 1
    marks = [
        _marks(rows, own_ms, said_here, texts)
        for rows, own_ms, said_here in zip(copies, sent_ms, np.split(wrote, ends), strict=True)
    ]
    known = zip(marks, planned.copies, sent_ms, phones(planned.copies).tolist(), strict=True)
    return clocks(
        [
            replace(one, given=_steps(copy.offsets, own_ms), phone=phone)
            for one, copy, own_ms, phone in known
        ]
    )


def _marks(rows: Any, sent_ms: Ints, wrote: Ints, texts: int) -> Marks:
    row_of = np.empty(texts + 1, np.int64)  # one more, for "no words"
    row_of[wrote] = np.arange(len(wrote))
    once = np.flatnonzero(np.bincount(wrote + 1, minlength=texts + 1)[1:] == 1)
    at = row_of[once]
    return Marks(
        texts=once,
        places=at,
        sent_ms=sent_ms[at],
        unit_ms=int(units_ms(rows["precision"]).max(initial=1)),
        universal=rows.num_rows > 0 and rows["wall_at"].null_count == rows.num_rows,
        all_ms=sent_ms,
    )


def _steps(given: Sequence[GivenOffset], sent_ms: Ints) -> tuple[ClockStep, ...]:
    """Find the first row that has the time from which on an offset was given, or a later one."""
    found: dict[int, ClockStep] = {}
    for one in sorted(given, key=lambda it: (it.since_ms is not None, it.since_ms)):
        reached = np.ones(len(sent_ms), bool) if one.since_ms is None else sent_ms >= one.since_ms
        if reached.any():
            row = int(reached.argmax())
            found[row] = ClockStep(row, one.offset_ms, int(sent_ms[row]))
    return tuple(found[row] for row in sorted(found))


def clocks_table(planned: PlannedConversation, found: Sequence[Clock]) -> Any:
    """Give the table of clocks, a row for each step, by copy."""
    rows = [
        {
            "conversation": planned.conversation,
            "copy": copy.source.copy,
            "since_row": step.since_row,
            "offset_ms": step.offset_ms,
            "at": step.at_ms,
            "drift_ppb": step.ppb,
            "within_ms": step.within_ms,
            "texts": step.texts,
            "main_ms": clock.main_ms,
            "doubt": clock.doubt,
        }
        for copy, clock in zip(planned.copies, found, strict=True)
        for step in clock.steps
    ]
    plain = pa.schema([one if one.name != "at" else ("at", pa.int64()) for one in CLOCKS.schema])
    return pa.Table.from_pylist(rows, schema=plain).cast(CLOCKS.schema)
