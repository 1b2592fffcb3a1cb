"""Files are found beside the exhibit that names them, or not at all."""

from witnessbox.intake.record import Receipt
from witnessbox.reports.rsmf.sources import custody


def receipt(exhibit: str, name: str, delivery: str = "d") -> Receipt:
    return Receipt(
        exhibit=exhibit,
        reference=f"U/{exhibit}",
        name=name,
        size_bytes=1,
        custodian="Ana",
        received_by="Bo",
        received_at="2026-03-01T09:30:00Z",
        lawful_basis="consent",
        container=None,
        delivery=delivery,
        zone=None,
    )


HELD = custody(
    [
        receipt("chat", "phone/chat.txt"),
        receipt("one", "phone/a/x.jpg"),
        receipt("two", "phone/b/x.jpg"),
        receipt("two", "phone/c/y.jpg"),
        receipt("two", "phone/d/y.jpg"),
        receipt("else", "other/z.jpg", delivery="e"),
    ]
)


def found(name: str, exhibit: str = "chat") -> str | None:
    file = HELD.file(exhibit, name)
    return None if file is None else file.exhibit


def test_a_file_is_known_by_its_name_and_where_needed_by_its_folder() -> None:
    assert found("b\\x.jpg") == "two"
    assert found("x.jpg") is None
    assert found("y.jpg") == "two"


def test_what_came_with_something_else_or_nothing_is_not_taken_for_it() -> None:
    assert found("z.jpg") is None
    assert found("chat.txt") is None
    assert found("x.jpg", exhibit="unknown") is None


def test_an_exhibit_without_a_receipt_is_called_by_its_digest() -> None:
    assert HELD.reference("chat") == "U/chat"
    assert HELD.reference("unknown") == "unknown"
