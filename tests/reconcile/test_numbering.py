"""Numbers missing in databases, as traces tell them, counted along a copy."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.reconcile.chats import Phone, chat, no_memberships, rows, source
from tests.reconcile.outcomes import table_of
from witnessbox.evidence.schema import TRACES
from witnessbox.intake.database.traces import numbered
from witnessbox.reconcile.absence import membership_events
from witnessbox.reconcile.layer import layer
from witnessbox.reconcile.numbering import UNKNOWN, Numbering, numbering
from witnessbox.reconcile.plan import plan
from witnessbox.reconcile.sketch import sketch

PHONE = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), numbered=True)
ANDROID, IPHONE = "whatsapp-android/2", "whatsapp-ios/3"


def counted(parser: str, *traces: dict[str, Any], drops: frozenset[int] = frozenset()) -> Numbering:
    phone = replace(PHONE, parser=parser, drops=drops)
    table = rows(chat(60), phone)
    (planned,) = plan([source(phone)], [sketch(table)]).conversations
    laid = layer(planned, [table], membership_events(no_memberships()))
    return numbering(laid, planned.copies, table_of(TRACES, traces))


def trace(kind: str, row: int, what: str, table: str = "message") -> dict[str, Any]:
    return {"exhibit": PHONE.exhibit, "table": table, "row": row, "kind": kind, "what": what}


def row_gap(low: int, high: int) -> dict[str, Any]:
    what = f"{numbered('row', low, high)} missing between rows {low - 1} and {high + 1}"
    return trace("row-gap", low, what)


def between(found: Numbering, before: int, after: int) -> int:
    return int(found.between(np.array([before]), np.array([after]))[0])


def test_gaps_of_row_ids_are_counted_between_the_rows_around_them() -> None:
    gaps = row_gap(11, 13), row_gap(21, 21)
    found = counted(ANDROID, *gaps, drops=frozenset((10, 11, 12, 20)))
    assert between(found, 9, 10) == 3
    assert between(found, 8, 9) == 0
    assert between(found, 9, 17) == 4


def test_a_gap_in_another_table_or_of_another_kind_counts_nothing() -> None:
    other = row_gap(11, 13) | {"table": "chat"}
    orphan = trace("orphan-media", 11, "a file of message 11, which is not there")
    unread = trace("row-gap", 11, "some rows are missing")
    found = counted(ANDROID, other, orphan, unread)
    assert between(found, 9, 10) == 0


def test_an_iphone_counts_by_the_places_of_the_conversation_alone() -> None:
    sort = trace("sort-gap", 14, f"{numbered('sort key', 11, 13)} missing before this row, in Blue")
    found = counted(IPHONE, sort, row_gap(31, 39), drops=frozenset((10, 11, 12)))
    assert between(found, 9, 10) == 3
    assert between(found, 10, 40) == 0


def test_what_runs_back_or_does_not_count_is_not_known() -> None:
    assert between(counted(ANDROID), 10, 9) == UNKNOWN
    assert between(counted(ANDROID), -1, 9) == UNKNOWN
    assert between(counted("ufdr/1"), 9, 10) == UNKNOWN


def test_a_gap_at_the_end_lies_between_no_rows() -> None:
    end = trace(
        "row-gap", 61, f"{numbered('row', 61, 70)} missing at the end: it has counted to 70"
    )
    assert between(counted(ANDROID, end), 0, 59) == 0
