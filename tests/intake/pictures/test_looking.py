"""Pictures from strangers are looked at, within limits, and never break anything."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from tests.intake.pictures.made import dated, encoded, pattern
from witnessbox.intake.pictures.content import media_type_of, recording_type_of
from witnessbox.intake.pictures.dates import CameraDate
from witnessbox.intake.pictures.looking import Looked, PictureError, look, upright
from witnessbox.intake.pictures.phash import phash
from witnessbox.intake.pictures.rows import why_no_chat

ONE = pattern(1)


def seen(data: bytes, most_pixels: int = 1_000_000) -> Looked:
    media_type = media_type_of(data)
    assert media_type is not None
    return look(io.BytesIO(data), media_type, most_pixels)


def apart(one: Looked, other: Looked) -> int:
    assert one.phash is not None
    assert other.phash is not None
    return (int(one.phash, 16) ^ int(other.phash, 16)).bit_count()


SAME = {
    "jpeg": encoded(ONE),
    "poor jpeg": encoded(ONE, quality=15),
    "progressive jpeg": encoded(ONE, progressive=True),
    "smaller jpeg": encoded(ONE.resize((160, 120))),
    "larger jpeg": encoded(ONE.resize((2000, 1500))),
    "cmyk": encoded(ONE.convert("CMYK")),
    "png": encoded(ONE, "PNG"),
    "palette": encoded(ONE.convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    "gif": encoded(ONE, "GIF"),
    "webp": encoded(ONE, "WEBP"),
    "bmp": encoded(ONE, "BMP"),
    "grey": encoded(ONE.convert("L"), "PNG"),
    "avif": encoded(ONE, "AVIF"),
    "tiff": encoded(ONE, "TIFF"),
    "packed tiff": encoded(ONE, "TIFF", compression="tiff_lzw"),
    "tiff of jpeg": encoded(ONE, "TIFF", compression="jpeg"),
    "grey tiff": encoded(ONE.convert("L"), "TIFF"),
    "tiff of fine shades": encoded(ONE.convert("I;16"), "TIFF"),
}


@pytest.mark.parametrize("name", SAME)
def test_a_picture_saved_in_another_way_keeps_its_hash_within_a_few_bits(name: str) -> None:
    found = seen(SAME[name], 4_000_000)
    assert found.unread is None
    assert apart(found, seen(SAME["png"])) <= 4


def test_another_picture_has_a_hash_far_away() -> None:
    assert apart(seen(encoded(pattern(2))), seen(SAME["jpeg"])) > 15


def test_the_hash_is_the_one_other_tools_give() -> None:
    # What ImageHash 4.3.2 gives for the same shades.
    rng = np.random.default_rng(1)
    patches = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    image = patches.resize((400, 300), Image.Resampling.BICUBIC)
    grey = image.convert("L").resize((32, 32), Image.Resampling.LANCZOS)
    assert phash(np.asarray(grey)) == "a1d6a939ec0c15f3"


def test_size_and_type_are_those_of_the_bytes() -> None:
    found = seen(SAME["png"])
    assert (found.media_type, found.width, found.height) == ("image/png", 320, 240)
    assert not found.animated


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_a_moving_picture_the_first_frame_is_looked_at(form: str) -> None:
    moving = encoded(ONE, form, save_all=True, append_images=[pattern(2), pattern(3)])
    found = seen(moving)
    assert found.animated
    assert apart(found, seen(SAME["png"])) <= 4


def test_of_a_tiff_of_several_pages_the_first_is_looked_at() -> None:
    found = seen(encoded(ONE, "TIFF", save_all=True, append_images=[pattern(2)]))
    assert not found.animated
    assert apart(found, seen(SAME["png"])) == 0


@pytest.mark.parametrize("form", ["JPEG", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", [3, 6])
def test_a_picture_stored_turned_is_seen_as_it_is_meant(form: str, orientation: int) -> None:
    exif = dated("2017:05:01 12:00:00", orientation=orientation).tobytes()
    turned = ImageOps.exif_transpose(Image.open(io.BytesIO(encoded(ONE, exif=exif))))
    stored = encoded(ONE, form, exif=exif)
    found = seen(stored)
    assert apart(found, seen(encoded(turned, "PNG"))) <= 4
    assert (found.width, found.height) == (320, 240)
    assert upright(io.BytesIO(stored), found.media_type).size == turned.size


def test_what_is_transparent_is_white_whatever_lies_under_it() -> None:
    hole = Image.new("L", ONE.size, 255)
    hole.paste(0, (0, 0, 160, 240))
    over_black, over_red = Image.new("RGBA", ONE.size), Image.new("RGBA", ONE.size, "red")
    for image in (over_black, over_red):
        image.paste(ONE, (0, 0), hole)
        image.putalpha(hole)
    black, red = (seen(encoded(image, "PNG")) for image in (over_black, over_red))
    assert black.phash == red.phash


def test_shades_finer_than_256_are_not_cut_off() -> None:
    fine = Image.fromarray(np.asarray(ONE.convert("L")).astype(np.uint16) * 200)
    assert apart(seen(encoded(fine, "PNG")), seen(SAME["grey"])) <= 2


@pytest.mark.parametrize("colour", ["black", "white", "#808080"])
def test_a_plain_picture_has_no_hash_and_is_no_problem(colour: str) -> None:
    found = seen(encoded(Image.new("RGB", (50, 50), colour)))
    assert (found.phash, found.unread, found.width) == (None, None, 50)


def test_dates_are_kept_as_written_with_their_tags() -> None:
    exif = dated("2017:05:01 12:34:56", "+01:00").tobytes()
    for form in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF"):
        assert seen(encoded(ONE, form, exif=exif)).dates == (
            CameraDate("DateTime", "2018:01:01 00:00:00"),
            CameraDate("DateTimeOriginal", "2017:05:01 12:34:56"),
            CameraDate("OffsetTimeOriginal", "+01:00"),
            CameraDate("GPSDateStamp", "2017:05:01"),
            CameraDate("GPSTimeStamp", "11/1 30/1 5/1"),
        )


def test_a_date_that_is_none_is_kept_as_written_and_not_at_length() -> None:
    found = seen(encoded(ONE, exif=dated("no date at all " * 20)))
    assert found.dates[1] == CameraDate("DateTimeOriginal", ("no date at all " * 20)[:64])


def test_exif_data_that_cannot_be_read_are_said_and_the_picture_is_seen() -> None:
    told = PngInfo()
    told.add_text("Raw profile type exif", "\n\n\nno hexadecimal")
    found = seen(encoded(ONE, "PNG", pnginfo=told))
    assert (found.undated, found.unread, found.dates) == ("ValueError", None, ())
    assert found.phash == seen(SAME["png"]).phash
    assert "its EXIF data cannot be read" in why_no_chat(found).what


def test_exif_data_that_lead_nowhere_hold_no_dates() -> None:
    found = seen(encoded(ONE, exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"))
    assert (found.dates, found.undated) == ((), None)
    assert found.phash == seen(SAME["jpeg"]).phash


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pieces = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    whole = b"\x89PNG\r\n\x1a\n"
    for name, body in pieces:
        check = zlib.crc32(name + body)
        whole += struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)
    return whole


@pytest.mark.parametrize("size", [(1001, 1000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_more_pixels_than_allowed_is_not_decoded(size: tuple[int, int]) -> None:
    found = seen(bomb(*size))
    assert found.phash is None
    assert found.unread is not None
    assert "1,000,000 allowed" in found.unread
    assert not found.damaged
    with pytest.raises(PictureError, match="1,000,000 allowed"):
        upright(io.BytesIO(bomb(*size)), "image/png", 1_000_000)


def test_a_picture_in_lightness_and_two_colours_is_seen() -> None:
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    lab = ImageCms.profileToProfile(ONE, *profiles, outputMode="LAB")
    assert lab is not None
    assert apart(seen(encoded(lab, "TIFF")), seen(SAME["png"])) <= 8


def tiled(side: int, *, in_words: bool = False) -> bytes:
    """A TIFF of 100 by 100 pixels that claims to be one tile of other sides."""
    tags = [
        (256, 100), (257, 100), (258, 8), (259, 8), (262, 1), (277, 1),
        (322, side), (323, side), (324, 200), (325, 50),
    ]  # fmt: skip
    width = (2, 4) if in_words else (4, 1)  # four letters, or one number
    entries = b"".join(
        struct.pack("<HHII", tag, *(width if tag == 322 else (4, 1)), value) for tag, value in tags
    )
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(300)


@pytest.mark.parametrize("side", [30_000, 2**32 - 1])
def test_a_tile_of_more_pixels_than_allowed_is_not_decoded(side: int) -> None:
    found = seen(tiled(side))
    assert found.unread == (
        f"{side:,} by {side:,} pixels, more than the 1,000,000 allowed (the limit picture_pixels)"
    )
    assert (found.width, found.height, found.damaged) == (100, 100, False)


def test_a_tile_with_a_width_in_words_is_damage_and_costs_nothing() -> None:
    found = seen(tiled(2**32 - 1, in_words=True))
    assert found.unread == "image/tiff whose tiles have no size"
    assert found.damaged


def test_damage_in_a_tiff_is_told_in_its_row_and_not_on_the_screen(
    capfd: pytest.CaptureFixture[str],
) -> None:
    found = seen(tiled(160))
    assert found.damaged
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("form", ["WEBP", "AVIF"])
def test_a_file_longer_than_its_pixels_can_need_is_not_taken_into_memory(form: str) -> None:
    small = encoded(pattern(1, 20, 10), form)
    long = small + bytes(4_000)
    assert seen(long, 1_000).unread == (
        "its file is longer than 1,000 pixels can need (the limit picture_pixels)"
    )
    assert seen(small, 1_000).unread is None


@pytest.mark.parametrize(("name", "size"), [("jpeg", (320, 240)), ("avif", (None, None))])
def test_a_picture_cut_short_is_damaged_and_its_size_is_kept_if_told_first(
    name: str, size: tuple[int | None, int | None]
) -> None:
    found = seen(SAME[name][: len(SAME[name]) // 2])
    assert found.damaged
    assert (found.width, found.height) == size
    assert found.phash is None


def test_a_tiff_cut_short_is_damaged() -> None:
    assert seen(SAME["tiff"][: len(SAME["tiff"]) // 2]).damaged


def test_bytes_that_only_begin_like_a_picture_are_damaged() -> None:
    found = seen(b"\xff\xd8\xff\xe0")
    assert found.damaged
    assert found.unread == "it begins like image/jpeg and goes on otherwise"


def test_a_type_that_is_not_decoded_is_no_damage() -> None:
    with pytest.raises(PictureError, match="image/heic is not decoded by this version"):
        upright(io.BytesIO(b""), "image/heic")


@given(
    st.sampled_from(sorted(SAME)),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12),
    st.integers(12, 200_000),
)
def test_hurt_pictures_are_seen_or_said_to_be_damaged(
    name: str, changes: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(SAME[name][:end])
    for place, value in changes:
        data[place % len(data)] = value
    media_type = media_type_of(SAME[name]) or ""
    found = look(io.BytesIO(bytes(data)), media_type, 4_000_000)
    assert found == look(io.BytesIO(bytes(data)), media_type, 4_000_000)
    assert found.phash is None or found.unread is None


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (b"OggS\0\2", "audio/ogg"),
        (b"ID3\4", "audio/mpeg"),
        (b"\xff\xfb\x90\x44", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"#!AMR\n", "audio/amr"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x20ftypisom", None),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif", "image/avif"),
        (b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif", "image/heic"),
        (b"BM me later\n - Sam, 12 March, more words", None),
        (b"BM" + bytes(12) + b"\x28\0\0\0", "image/bmp"),
        (b"12/03/2017, 10:00 - Sam: hello", None),
        (b"", None),
    ],
)
def test_the_type_is_told_by_the_first_bytes(head: bytes, media_type: str | None) -> None:
    assert media_type_of(head) == media_type


def test_sound_alone_in_a_films_container_is_a_recording_where_its_message_says_so() -> None:
    film = b"\0\0\0\x20ftypisom"
    assert recording_type_of(film, named_audio=True) == "audio/mp4"
    assert recording_type_of(film, named_audio=False) is None
    assert recording_type_of(b"OggS", named_audio=False) == "audio/ogg"
    assert recording_type_of(b"\xff\xd8\xff", named_audio=True) is None


def test_a_jpeg_of_several_views_does_not_move() -> None:
    several = encoded(ONE, "MPO", save_all=True, append_images=[pattern(2)])
    assert not seen(several).animated
    assert apart(seen(several), seen(SAME["jpeg"])) == 0
