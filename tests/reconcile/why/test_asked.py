from itertools import pairwise

import pytest

from tests.reconcile.why.kept import LACKED, Kept
from witnessbox.evidence.schema import PEOPLE
from witnessbox.reconcile.why.asked import by_id
from witnessbox.reconcile.why.model import Asked, Sort, WhyError


def test_an_id_or_enough_of_it_names_one_thing(stored: Kept) -> None:
    message = stored.message(LACKED)
    discrepancy = stored.discrepancy("missing", LACKED)
    person = Asked(Sort.PERSON, stored.tables.read(PEOPLE)["person"][0].as_py())
    for asked in (message, discrepancy, person):
        assert by_id(stored.tables, asked.id) == asked
        assert by_id(stored.tables, f" {asked.id[:20].upper()} ") == asked


def test_a_beginning_that_several_share_lists_some_of_them(stored: Kept) -> None:
    with pytest.raises(
        WhyError, match=r"several ids begin 01: .*\(person\).* and more; write more"
    ):
        by_id(stored.tables, "01")


def test_two_that_share_a_beginning_are_both_named(stored: Kept) -> None:
    ids = sorted(set(stored.tables.read(PEOPLE)["person"].to_pylist()))
    with pytest.raises(WhyError) as told:
        by_id(stored.tables, _shared(ids))
    assert "and more" in str(told.value) or str(told.value).count("(") >= 2


def _shared(ids: list[str]) -> str:
    """Give the longest beginning that two of these ids share."""
    return max(
        (
            one[: next(at for at in range(len(one)) if one[at] != other[at])]
            for one, other in pairwise(ids)
        ),
        key=len,
    )


@pytest.mark.parametrize("words", ["", "Ana", "01/3", "01fffffffffffffffffffffffffffffffffff"])
def test_what_names_nothing_is_told_where_ids_stand(stored: Kept, words: str) -> None:
    with pytest.raises(WhyError, match="witnessbox search --json"):
        by_id(stored.tables, words)
