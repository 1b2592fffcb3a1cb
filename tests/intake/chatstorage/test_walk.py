"""Fields of many blobs at once are those of each blob by itself."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.chatstorage.iphone import field, varint
from witnessbox.intake.chatstorage import wire
from witnessbox.intake.chatstorage.walk import PADDING, walk

SOUND = st.builds(
    field, st.integers(1, 1 << 29), st.integers(0, (1 << 64) - 1) | st.binary(max_size=40)
)
BLOBS = st.lists(
    st.binary(max_size=40) | st.lists(SOUND, max_size=6).map(b"".join), min_size=1, max_size=60
)


def walked(blobs: list[bytes]) -> tuple[list[list[wire.Span]], list[bool]]:
    ends = np.cumsum([len(blob) for blob in blobs])
    starts = ends - [len(blob) for blob in blobs]
    data = np.frombuffer(b"".join(blobs) + PADDING, np.uint8)
    found, broken = walk(data, starts, ends)
    several: list[list[wire.Span]] = [[] for _ in blobs]
    columns = (found.owner, found.number, found.sort, found.amount, found.start, found.end)
    for owner, number, sort, amount, start, end in zip(
        *map(np.ndarray.tolist, columns), strict=True
    ):
        at = int(starts[owner])
        several[owner].append(wire.Span(number, sort, amount, start - at, end - at))
    return several, broken.tolist()


@given(BLOBS)
def test_blobs_side_by_side_give_what_each_gives_by_itself(blobs: list[bytes]) -> None:
    found, broken = walked(blobs)
    assert found == [list(wire.spans(blob)) for blob in blobs]
    assert broken == [wire.whole(blob) is None for blob in blobs]


def test_numbers_and_bytes_are_told_apart_among_many_blobs() -> None:
    sound = field(1, 300) + field(2, b"tea") + b"\x1d\1\2\3\4" + b"\x21\1\2\3\4\5\6\7\x08"
    odd = (
        b"\xff" * 12,
        b"\x0b",
        b"\x00\x01",
        varint(1 << 32) + b"\x01",
        b"\x0a\xff\xff\xff\xff\x0f",
        b"\x08",
    )
    found, broken = walked([sound, *odd] * 10)
    assert [one.number for one in found[0]] == [1, 2, 3, 4]
    assert found[0][0].amount == 300
    assert broken == [False, *[True] * 6] * 10
    assert not any(found[1:7])
