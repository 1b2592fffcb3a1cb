"""HEIC pictures: size and dates out of the index, whatever strangers write there."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.pictures.made import dated
from witnessbox.intake.pictures.dates import CameraDate
from witnessbox.intake.pictures.heif import HeifError, heif
from witnessbox.intake.pictures.looking import look
from witnessbox.intake.pictures.rows import why_no_chat

SAMPLES = Path(__file__).parents[2] / "samples" / "pictures"
PLAIN, GRID = (SAMPLES / name for name in ("plain.heic", "grid.heic"))
DATES = (
    CameraDate("DateTime", "2018:01:01 00:00:00"),
    CameraDate("DateTimeOriginal", "2017:05:01 12:34:56"),
    CameraDate("OffsetTimeOriginal", "+01:00"),
    CameraDate("GPSDateStamp", "2017:05:01"),
    CameraDate("GPSTimeStamp", "11/1 30/1 5/1"),
)
EXIF = struct.pack(">I", 6) + dated("2017:05:01 12:34:56", "+01:00").tobytes()


def box(kind: bytes, *parts: bytes) -> bytes:
    return struct.pack(">I", 8 + sum(map(len, parts))) + kind + b"".join(parts)


def full(kind: bytes, version: int, *parts: bytes, marks: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | marks), *parts)


def u16(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}H", *numbers)


def u32(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


SIZE = full(b"ispe", 0, u32(4032, 3024))
TURNED = box(b"irot", b"\1")


def said(*known: bytes, of: bytes = b"\0\1\1\x82") -> bytes:
    """What is said of item 1: by default, the second thing known."""
    return box(b"iprp", box(b"ipco", *known), full(b"ipma", 0, u32(1), of))


def indexed(*boxes: bytes, after: bytes = b"") -> bytes:
    return box(b"ftyp", b"heic" + bytes(4)) + full(b"meta", 0, *boxes) + after


def entry(number: int, kind: bytes, version: int = 2) -> bytes:
    wide = u16(number) if version == 2 else u32(number)
    return full(b"infe", version, wide, u16(0), kind, b"\0")


FIRST = full(b"pitm", 0, u16(1))
NOWHERE = full(b"iloc", 0, u16(0x4440, 0))


@pytest.mark.parametrize(("sample", "size"), [(PLAIN, (96, 64)), (GRID, (640, 480))])
def test_size_and_dates_are_read_and_the_picture_is_not_decoded(
    sample: Path, size: tuple[int, int]
) -> None:
    with sample.open("rb") as stream:
        found = look(stream, "image/heic")
    assert (found.width, found.height) == size
    assert found.dates == DATES
    assert (found.phash, found.damaged) == (None, False)
    assert why_no_chat(found).what == (
        "a picture, not a chat export, and not decoded: of HEIC this version reads the size and "
        "the dates only"
    )


@pytest.mark.parametrize("sample", [PLAIN, GRID])
def test_a_file_cut_short_anywhere_is_damaged(sample: Path) -> None:
    whole = sample.read_bytes()
    for end in range(8, len(whole), 97):
        found = look(io.BytesIO(whole[:end]), "image/heic")
        assert found.damaged
        assert found.width is None


def test_exif_data_may_lie_in_the_index_and_items_have_wide_numbers() -> None:
    in_index = full(
        b"iloc", 2, u16(0x4440), u32(1), u32(70_000), u16(1, 0), u32(0), u16(1), u32(0, len(EXIF))
    )
    whole = indexed(
        full(b"pitm", 1, u32(1)),
        full(b"iinf", 1, u32(2), entry(1, b"hvc1", 3), entry(70_000, b"Exif", 3)),
        in_index,
        box(b"idat", EXIF),
        said(TURNED, SIZE, of=u32(1) + b"\1\x82").replace(
            full(b"ipma", 0)[4:], full(b"ipma", 1)[4:]
        ),
    )
    found = look(io.BytesIO(whole), "image/heic")
    assert (found.width, found.height, found.dates) == (4032, 3024, DATES)


def test_exif_data_in_several_stretches_are_put_together() -> None:
    def whole(start: int) -> bytes:
        place = full(
            b"iloc", 1, u16(0x4444, 1, 2, 0, 0), u32(start), u16(2),
            u32(0, 0, 9), u32(0, 9, len(EXIF) - 9),
        )  # fmt: skip
        items = full(b"iinf", 0, u16(1), entry(2, b"Exif"))
        return indexed(FIRST, items, place, said(TURNED, SIZE), after=box(b"mdat", EXIF))

    at = len(whole(0)) - len(EXIF)
    assert look(io.BytesIO(whole(at)), "image/heic").dates == DATES


def test_exif_data_kept_in_another_item_are_not_followed() -> None:
    place = full(b"iloc", 1, u16(0x4400, 1, 2, 2, 0, 1), u32(0, len(EXIF)))
    items = full(b"iinf", 0, u16(1), entry(2, b"Exif"))
    found = heif(io.BytesIO(indexed(FIRST, items, place, said(TURNED, SIZE))))
    assert found.exif == b""


def test_a_picture_without_exif_data_has_no_dates() -> None:
    items = full(b"iinf", 0, u16(1), entry(1, b"hvc1"))
    found = look(io.BytesIO(indexed(FIRST, items, NOWHERE, said(TURNED, SIZE))), "image/heic")
    assert (found.width, found.dates, found.undated) == (4032, (), None)


def test_exif_data_that_cannot_be_read_are_said() -> None:
    items = full(b"iinf", 0, u16(1), entry(2, b"Exif"))
    place = full(b"iloc", 1, u16(0x4400, 1, 2, 1, 0, 1), u32(0, 40))
    rubbish = box(b"idat", bytes(4) + b"no dates but some other words, at length")
    whole = indexed(FIRST, items, place, rubbish, said(TURNED, SIZE))
    found = look(io.BytesIO(whole), "image/heic")
    assert found.undated is not None
    assert "its EXIF data cannot be read" in why_no_chat(found).what


def test_a_long_box_is_passed_over_and_one_without_a_length_runs_to_the_end() -> None:
    long = u32(1) + b"free" + struct.pack(">Q", 20) + bytes(4)
    rest = full(b"meta", 0, FIRST, NOWHERE, said(TURNED, SIZE))
    found = heif(io.BytesIO(long + u32(0) + rest[4:]))
    assert (found.width, found.height) == (4032, 3024)


def test_numbers_of_what_is_said_may_be_wide() -> None:
    wide = box(
        b"iprp",
        box(b"ipco", TURNED, SIZE),
        full(b"ipma", 0, u32(2), u16(9), b"\1", u16(1), u16(1), b"\2", u16(0x8001, 2), marks=1),
    )
    assert heif(io.BytesIO(indexed(FIRST, NOWHERE, wide))).width == 4032


def test_a_size_that_no_table_holds_is_none() -> None:
    vast = full(b"ispe", 0, u32(0xFFFFFFFF, 2))
    whole = indexed(FIRST, NOWHERE, said(TURNED, vast))
    found = look(io.BytesIO(whole), "image/heic")
    assert (found.width, found.height, found.damaged) == (None, None, False)


MANY = full(b"iloc", 1, u16(0, 4), b"".join(u16(one, 0, 0, 0xFFFF) for one in range(4)))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "a box ends before what it should hold"),
        (u32(4) + b"meta", "a box reaches beyond the end of the file"),
        (u32(900) + b"meta", "a box reaches beyond the end of the file"),
        (box(b"free") * 65_537, "it has no index among its first 65,536 boxes"),
        (full(b"meta", 0, bytes(9 << 20)), "its index is longer than 8,388,608 bytes"),
        (indexed(u32(99) + b"pitm"), "a box reaches beyond the one around it"),
        (indexed(box(b"free") * 65_537), "a box holds more than 65,536 others"),
        (indexed(FIRST, NOWHERE), "it does not say the size of its picture"),
        (indexed(FIRST, NOWHERE, said(TURNED)), "it does not say the size of its picture"),
        (
            indexed(FIRST, NOWHERE, said(TURNED, SIZE, of=b"\0\2\1\2")),
            "it does not say the size of its picture",
        ),
        (indexed(NOWHERE, said(TURNED, SIZE)), "a box ends before what it should hold"),
        (indexed(FIRST, MANY), "its items lie in more than 200,000 stretches"),
        (
            indexed(FIRST, full(b"iloc", 0, u16(0x4400, 1, 1, 0, 1), u32(0, 9_999))),
            "it is cut short: bytes of its picture lie beyond its end",
        ),
    ],
)
def test_boxes_that_do_not_hold_together_are_said(data: bytes, why: str) -> None:
    with pytest.raises(HeifError, match=why):
        heif(io.BytesIO(data))


def test_a_sequence_of_pictures_is_not_read_and_no_damage() -> None:
    moving = box(b"ftyp", b"hevc" + bytes(4)) + box(b"moov", bytes(40)) + box(b"mdat", bytes(9))
    found = look(io.BytesIO(moving), "image/heic")
    assert found.unread == "image/heic that cannot be read: it is a sequence of pictures"
    assert not found.damaged
    assert look(io.BytesIO(moving[:-1]), "image/heic").damaged


def test_exif_data_in_many_stretches_are_not_taken_beyond_the_limit() -> None:
    whole = bytes(5 << 20)
    count = 60_000
    place = full(
        b"iloc", 1, u16(0x4400, 1, 2, 1, 0, count), u32(0, len(whole)) * count
    )  # the same bytes, again and again
    items = full(b"iinf", 0, u16(1), entry(2, b"Exif"))
    found = heif(io.BytesIO(indexed(FIRST, items, place, box(b"idat", whole), said(TURNED, SIZE))))
    assert len(found.exif) == (4 << 20) - 4


def test_an_index_beyond_a_limit_is_no_damage() -> None:
    found = look(io.BytesIO(full(b"meta", 0, bytes(9 << 20))), "image/heic")
    assert found.unread == (
        "image/heic that cannot be read: its index is longer than 8,388,608 bytes"
    )
    assert not found.damaged


@given(
    st.sampled_from([PLAIN, GRID]),
    st.lists(st.tuples(st.integers(0, 800), st.integers(0, 255)), max_size=12),
)
def test_hurt_pictures_are_told_of_or_said_to_be_damaged(
    sample: Path, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(sample.read_bytes())
    for place, value in changes:
        data[place] = value
    found = look(io.BytesIO(bytes(data)), "image/heic")
    assert found.unread is not None
    assert not (found.damaged and found.width)
