"""What one reading leaves for the next."""

from witnessbox.intake.whatsapp.memory import Kept


def test_what_was_found_at_a_place_is_not_sought_there_again() -> None:
    kept: Kept[str] = Kept(10)
    assert kept.recall(0, 5, find=lambda: ("first", 3)) == "first"
    assert kept.recall(0, 5, find=lambda: ("second", 3)) == "first"
    assert kept.recall(0, 6, find=lambda: ("other place", 3)) == "other place"


def test_what_there_is_no_room_for_is_sought_again() -> None:
    kept: Kept[str] = Kept(4)
    kept.recall(0, find=lambda: ("small", 3))
    assert kept.recall(1, find=lambda: ("large", 2)) == "large"
    assert kept.recall(1, find=lambda: ("large again", 2)) == "large again"
    assert kept.recall(0, find=lambda: ("never sought", 1)) == "small"
