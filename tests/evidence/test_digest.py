"""Ids that are hashes of content."""

import hashlib
import io

from hypothesis import given
from hypothesis import strategies as st

from witnessbox.evidence.digest import derive, derive_each, pieces, sha256_of


def test_an_id_begins_with_the_version_of_its_rule() -> None:
    assert derive("message", "abc", 0, 10).startswith("01")
    assert len(derive("message", "abc", 0, 10)) == 34


def test_the_rule_has_not_changed_unnoticed() -> None:
    assert derive("message", "abc", 0, 10) == "01344a52d4e37011139e6c1012b7084f2f"


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_other_parts_give_another_id(one: list[str], other: list[str]) -> None:
    assert (derive("n", *one) == derive("n", *other)) == (one == other)


@given(st.binary(max_size=4000), st.integers(1, 500))
def test_pieces_hash_like_the_whole(data: bytes, size_bytes: int) -> None:
    assert sha256_of(pieces(io.BytesIO(data), size_bytes)) == hashlib.sha256(data).hexdigest()


def test_many_ids_are_made_as_each_is_alone() -> None:
    names, starts, ends = ["ab", "é", "ab"], [0, 7, -3], [10, 2**62, 0]
    each = [derive("message", *one) for one in zip(names, starts, ends, strict=True)]
    assert list(derive_each("message", names, starts, ends)) == each
    assert derive_each("message", [], []) == ()
