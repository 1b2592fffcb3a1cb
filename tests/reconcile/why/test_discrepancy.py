import pytest

from tests.reconcile.why.kept import ANA, BEN, LACKED, REWORDED, RUN, SAID, Kept
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
    assert told.run is None


def test_a_message_of_a_run_is_told_with_the_ends_of_it(stored: Kept) -> None:
    told = of_discrepancy(stored.tables, stored.discrepancy("missing", RUN[1]))
    lacked = [stored.message(number).id for number in RUN if SAID[number].kind != "notice"]
    assert told.run is not None
    assert told.run.messages == len(lacked) > 1
    assert (told.run.first.id, told.run.last.id) == (lacked[0], lacked[-1])


def test_what_stands_behind_it_is_told_with_the_bytes_that_show_it(stored: Kept) -> None:
    told = of_discrepancy(stored.tables, stored.discrepancy("missing", LACKED)).told
    holding = {one.span.exhibit for one in told.evidence if one.code == "held-by" and one.span}
    assert holding == {ANA.exhibit, BEN.exhibit}
    standings = {one.code: one.standing for one in told.explanations}
    assert standings["window"] == "excluded"
    assert standings["deleted-here"] == "open"


@pytest.mark.parametrize("conversation", ["nowhere", None])
def test_one_that_is_gone_is_said_to_be_gone(stored: Kept, conversation: str | None) -> None:
    with pytest.raises(WhyError, match="there is no discrepancy 01ff"):
        of_discrepancy(stored.tables, Asked(Sort.DISCREPANCY, "01ff", conversation))
