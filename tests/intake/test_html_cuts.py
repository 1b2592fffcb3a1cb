"""A page is cut where its blocks begin, and the cuts tile it."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake import html_cuts
from witnessbox.intake.html_cuts import cuts

BEGINS = re.compile(rb'<p class="(?P<sort>[ab])">')


def cut(data: bytes) -> list[tuple[str | None, bytes]]:
    """Name each cut by its tag and give its bytes, holding the cuts to tiling on the way."""
    found, reached = [], 0
    for one in cuts(io.BytesIO(data), BEGINS):
        assert (one.start, one.data) == (reached, data[one.start : one.end])
        found.append((one.opened["sort"].decode() if one.opened else None, one.data))
        reached = one.end
    assert reached == len(data)
    return found


def test_a_page_is_cut_where_blocks_begin() -> None:
    assert cut(b'head<p class="a">1<p class="b">2</p>') == [
        (None, b"head"),
        ("a", b'<p class="a">1'),
        ("b", b'<p class="b">2</p>'),
    ]


def test_a_page_may_begin_with_a_block_or_hold_none() -> None:
    assert cut(b'<p class="a">1') == [("a", b'<p class="a">1')]
    assert cut(b"none") == [(None, b"none")]
    assert cut(b"") == []


@pytest.mark.parametrize("window", [1, 7, 1000])
def test_cuts_do_not_hang_on_the_window(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    data = b"head" + b'<p class="a">one' * 3 + b'<p class="b">two'
    expected = cut(data)
    monkeypatch.setattr(html_cuts, "WINDOW_BYTES", window)
    assert cut(data) == expected


def test_what_is_too_long_for_a_block_is_given_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_cuts, "WINDOW_BYTES", 1000)
    data = b'<p class="a">' + b"x" * 9000 + b'<p class="b">2'
    found = list(cuts(io.BytesIO(data), BEGINS, 3000))
    assert [one.too_long for one in found[:-1]] == [True] * (len(found) - 1)
    assert (found[-1].too_long, found[-1].data) == (False, b'<p class="b">2')
    assert b"".join(one.data for one in found) == data


def test_what_is_too_long_is_so_in_one_window_too() -> None:
    data = b'<p class="a">' + b"x" * 50 + b'<p class="b">2<p class="a">' + b"y" * 50
    found = list(cuts(io.BytesIO(data), BEGINS, 20))
    assert [(one.too_long, one.opened is None) for one in found] == [
        (True, True),
        (False, False),
        (True, True),
    ]
    assert b"".join(one.data for one in found) == data


@given(st.lists(st.sampled_from([b'<p class="a">', b'<p class="', b'b">', b"x" * 50, b"\xff"])))
def test_any_page_is_tiled(pieces: list[bytes]) -> None:
    cut(b"".join(pieces))
