"""What is stored of one discrepancy, put together."""

from typing import Any

from witnessbox.evidence.model import Span
from witnessbox.reconcile.grounds import MEANING, OVERVIEW, grounded
from witnessbox.reconcile.model import Discrepancy, Role, Standing, Strength

ROW = {
    "discrepancy": "d1",
    "conversation": "c1",
    "message": "m1",
    "copy": "copy-1",
    "kind": "missing",
    "strength": "supported",
    "what": "2 other phones hold this message",
    "position": 7,
    "run": None,
    "exhibit": "e1",
    "start": 10,
    "end": 20,
}


def ground(order: int, **more: Any) -> dict[str, Any]:
    plain = {"role": "evidence", "code": "held-by", "standing": None, "copy": None}
    place = {"exhibit": None, "start": None, "end": None}
    return {
        "discrepancy": "d1",
        "order": order,
        "words": f"words {order}",
        **plain,
        **place,
        **more,
    }


def test_grounds_are_put_in_order_and_those_of_others_left_out() -> None:
    unlikely = ground(2, role="explanation", code="timer", standing="unlikely")
    rows = [
        unlikely,
        ground(1, role="explanation", code="late", standing="open"),
        ground(0, copy="copy-2", exhibit="e2", start=1, end=5),
        ground(3) | {"discrepancy": "d2"},
    ]
    one = grounded(ROW, rows)
    assert (one.kind, one.strength) == (Discrepancy.MISSING, Strength.SUPPORTED)
    assert one.span == Span("e1", 10, 20)
    (shown,) = one.evidence
    assert (shown.role, shown.copy, shown.span) == (Role.EVIDENCE, "copy-2", Span("e2", 1, 5))
    assert [(it.code, it.standing) for it in one.explanations] == [
        ("late", Standing.OPEN),
        ("timer", Standing.UNLIKELY),
    ]


def test_every_kind_and_every_grade_has_its_sentence() -> None:
    assert set(OVERVIEW) == set(Discrepancy)
    assert set(MEANING) == set(Strength)
