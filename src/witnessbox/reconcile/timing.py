"""The clocks of a conversation's copies, measured on all their rows, and the table that says so."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.evidence.schema import CLOCKS
from witnessbox.reconcile.lines import Ints
from witnessbox.reconcile.model import Clock, PlannedConversation
from witnessbox.reconcile.offsets import Marks, clocks
from witnessbox.reconcile.phones import phones
from witnessbox.reconcile.sketch import SAID, units_ms


def clocks_of(
    planned: PlannedConversation,
    copies: Sequence[Any],
    sent_ms: Sequence[Ints],
    kinds: npt.NDArray[Any],
    word: Ints,
) -> list[Clock]:
    """Give each copy its clock, by the texts that it holds once.

    ``kinds`` and ``word`` (the code of each row's folded text) run over all copies' rows.
    """
    said = np.where(np.isin(kinds, SAID), word, -1)
    ends = np.cumsum([one.num_rows for one in copies])[:-1]
    phone = phones(planned.copies).tolist()
    parts = zip(copies, sent_ms, np.split(said, ends), phone, strict=True)
    return clocks([_marks(*part) for part in parts])


def _marks(rows: Any, sent_ms: Ints, said: Ints, phone: int) -> Marks:
    texts, places, counts = np.unique(said, return_index=True, return_counts=True)
    once = (texts >= 0) & (counts == 1)
    at = places[once]
    return Marks(
        texts=texts[once],
        places=at,
        sent_ms=sent_ms[at],
        unit_ms=int(units_ms(rows["precision"]).max(initial=1)),
        universal=rows.num_rows > 0 and rows["wall_at"].null_count == rows.num_rows,
        all_ms=sent_ms,
        phone=phone,
    )


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
