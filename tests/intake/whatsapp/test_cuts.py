"""Pieces cut out of bytes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake.whatsapp.columns import Finds
from witnessbox.intake.whatsapp.cuts import distinct


@given(st.lists(st.sampled_from([b"", b"tea", b"no tea", b"\xff\x00"]), max_size=8))
def test_a_row_finds_its_own_piece_among_those_that_differ(pieces: list[bytes]) -> None:
    data = b"|".join(pieces) + b"|"
    sizes = np.array([len(piece) for piece in pieces], np.int64)
    start = np.cumsum(sizes + 1) - sizes - 1
    index, several = distinct(data, start, start + sizes)
    assert [several[place] for place in index.tolist()] == pieces
    assert len(set(several)) == len(several)


@given(st.lists(st.integers(0, 3), max_size=9))
def test_a_row_tells_all_its_text_tells_in_order(index: list[int]) -> None:
    texts = ((), ("one",), ("two", "three"), ("four",))
    told = Finds.by(np.arange(len(index)) * 10, np.array(index, np.int64), texts)
    found = [
        (row, told.things[place])
        for row, place in zip(told.rows.tolist(), told.places.tolist(), strict=True)
    ]
    assert found == [(row * 10, word) for row, text in enumerate(index) for word in texts[text]]
