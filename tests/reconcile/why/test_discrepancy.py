import pytest

from tests.reconcile.why.kept import LACKED, REWORDED, SAID, Kept
from witnessbox.reconcile.why.explaining import of_discrepancy
from witnessbox.reconcile.why.model import Asked, Sort, WhyError


def test_a_discrepancy_is_told_beside_its_message_and_its_copy(stored: Kept) -> None:
    told = of_discrepancy(stored.tables, stored.discrepancy("missing", LACKED))
    assert told.copy.custodian == "Cy Orr"
    assert told.message.id == stored.message(LACKED).id
    assert told.message.text == SAID[LACKED].text
    assert [copy.number for copy in told.copies] == [1, 2, 3]
    assert told.told.position == told.message.position


def test_other_words_point_at_the_bytes_that_have_them(stored: Kept) -> None:
    told = of_discrepancy(stored.tables, stored.discrepancy("text-differs", REWORDED))
    assert told.copy.custodian == "Ben Marsh"
    assert told.told.span.start == REWORDED * 1000
    assert told.run == ()


@pytest.mark.parametrize("conversation", ["nowhere", None])
def test_one_that_is_gone_is_said_to_be_gone(stored: Kept, conversation: str | None) -> None:
    with pytest.raises(WhyError, match="there is no discrepancy 01ff"):
        of_discrepancy(stored.tables, Asked(Sort.DISCREPANCY, "01ff", conversation))
