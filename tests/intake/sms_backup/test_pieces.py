"""A backup falls into the same pieces however it is read."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake.sms_backup.pieces import Piece, Sort, pieces


class Dribble(io.BytesIO):
    """Gives a few bytes at a time, whatever it is asked for."""

    def __init__(self, data: bytes, size_bytes: int) -> None:
        super().__init__(data)
        self._size_bytes = size_bytes

    def read(self, _size: int | None = -1, /) -> bytes:
        return super().read(self._size_bytes)


def found(data: bytes) -> list[tuple[Sort, bytes]]:
    return [(piece.sort, piece.data) for piece in pieces(io.BytesIO(data))]


def test_a_message_runs_to_the_next_tag_of_a_message() -> None:
    data = b'<smses>\n<sms a="<"/>, <mms/> <mmsx/></smses>\n'
    assert found(data) == [
        (Sort.HEAD, b"<smses>\n"),
        (Sort.MESSAGE, b'<sms a="<"/>, '),
        (Sort.MESSAGE, b"<mms/> <mmsx/>"),
        (Sort.TAIL, b"</smses>\n"),
    ]


def test_a_message_at_the_first_byte_is_one() -> None:
    assert found(b"<sms />") == [(Sort.MESSAGE, b"<sms />")]
    assert found(b"") == []


TOKENS = (b"<sms ", b"<mms>", b"</smses", b"<sm", b"s/", b">", b"x")


@given(st.lists(st.sampled_from(TOKENS)).map(b"".join), st.integers(1, 9))
def test_how_much_is_read_at_once_changes_nothing(data: bytes, size_bytes: int) -> None:
    whole = list(pieces(io.BytesIO(data)))
    assert list(pieces(Dribble(data, size_bytes))) == whole
    assert b"".join(piece.data for piece in whole) == data
    assert [piece.start for piece in whole] == [0, *(piece.end for piece in whole)][: len(whole)]


@pytest.mark.parametrize("size_bytes", [10, 1000])
def test_a_message_too_long_to_hold_is_given_by_its_place_alone(size_bytes: int) -> None:
    data = b"<smses><sms " + b"x" * 500 + b"><sms /></smses>"
    given_ = list(pieces(Dribble(data, size_bytes), 64))
    assert {piece.data for piece in given_[1:-2]} == {b""}
    assert given_[0] == Piece(Sort.HEAD, 0, 7, b"<smses>")
    assert {piece.sort for piece in given_[1:-2]} == {Sort.TOO_LONG}
    assert [piece.sort for piece in given_[-2:]] == [Sort.MESSAGE, Sort.TAIL]
    assert [piece.start for piece in given_[1:]] == [piece.end for piece in given_[:-1]]
    assert given_[-1].end == len(data)
