"""Looking at one picture: its size, its perceptual hash, its dates.  Pictures come from strangers.

Rules kept here: the size is known before a pixel is decoded, and more pixels than allowed never
are; only decoders of common formats are let near the bytes; only the first frame of a moving
picture, and the first page of several, is looked at; whatever a decoder makes of damaged bytes is
said, and is no error of ours.

HEIC is not decoded, which its note says: its size and its dates are read by our own code (heif.py).
Not read: further pages of a TIFF; dates outside EXIF.
"""

import io
import os
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from witnessbox.errors import WitnessboxError
from witnessbox.intake.limits import DEFAULT
from witnessbox.intake.pictures.dates import CameraDate, camera_dates
from witnessbox.intake.pictures.heif import HeifError, UnreadHeifError, heif
from witnessbox.intake.pictures.phash import SIDE, phash

MOST_PIXELS = DEFAULT.picture_pixels
READER = "picture/2"

_DECODERS = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/bmp": ("BMP",),
    "image/tiff": ("TIFF",),
    "image/avif": ("AVIF",),
}
_HEIC = "image/heic"
_OF_VIEWS = ("image/jpeg", "image/tiff")
"""Several pictures of such a file are other views or pages: they do not move."""
_READ_WHOLE = ("image/webp", "image/avif")
"""Their decoders take a whole file into memory."""
_FULL_BYTES = 4  # of a pixel, decoded: no picture needs a file of more
_WIDTH, _LENGTH, _TILE_WIDTH, _TILE_LENGTH = 0x0100, 0x0101, 0x0142, 0x0143
_SCREEN = 2  # where programs write what went wrong
_MOST_SIDE = (1 << 31) - 1
_ENOUGH = 512  # pixels a side for the hash; what is finer is averaged out first, which is quick
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What decoders raise over damaged bytes."""


class PictureError(WitnessboxError):
    """A picture is not decoded: its type or its size is beyond what this version decodes."""


class DamagedPictureError(PictureError):
    """A picture cannot be decoded, though it begins like one that can."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at one picture gave, as far as it went.

    ``unread`` says why it was not decoded, ``damaged`` whether that lies in its bytes, ``undated``
    why its EXIF data could not be read.
    """

    media_type: str
    width: int | None = None
    height: int | None = None
    animated: bool = False
    phash: str | None = None
    dates: tuple[CameraDate, ...] = ()
    unread: str | None = None
    damaged: bool = False
    undated: str | None = None


def look(stream: BinaryIO, media_type: str, most_pixels: int = MOST_PIXELS) -> Looked:
    """Look at one picture, of the type that its bytes have told."""
    if media_type == _HEIC:
        return _told_by_index(stream)
    told = Looked(media_type)
    try:
        with _opened(stream, media_type, most_pixels) as image:
            told = _sized(told, *_stored(image))
            _within(image, most_pixels)
            moves = media_type not in _OF_VIEWS and getattr(image, "is_animated", False)
            told = replace(_dated(told, image.getexif), animated=moves)
            image.seek(0)
            image.draft("L", (_ENOUGH, _ENOUGH))
            grey = _grey(image, max(1, min(image.size) // _ENOUGH))
            small = _turned(grey.resize((SIDE, SIDE), Image.Resampling.LANCZOS), image)
            return replace(told, phash=phash(np.asarray(small)))
    except PictureError as error:
        damaged = isinstance(error, DamagedPictureError)
        return replace(told, unread=str(error), damaged=damaged)


def upright(stream: BinaryIO, media_type: str, most_pixels: int = MOST_PIXELS) -> Image.Image:
    """Decode a whole picture in shades of grey, turned as it is meant to be seen.

    Raises PictureError where it cannot be decoded.
    """
    with _opened(stream, media_type, most_pixels) as image:
        _within(image, most_pixels)
        return _turned(_grey(image, 1), image)


def _told_by_index(stream: BinaryIO) -> Looked:
    """Give what a HEIC file says of its picture: size and dates, without a pixel decoded."""
    told = Looked(_HEIC)
    try:
        said = heif(stream)
    except HeifError as error:
        damaged = not isinstance(error, UnreadHeifError)
        return replace(told, unread=f"{_HEIC} that cannot be read: {error}", damaged=damaged)

    def exif() -> Image.Exif:
        held = Image.Exif()
        if said.exif:
            held.load(said.exif)
        return held

    unread = "of HEIC this version reads the size and the dates only"
    return replace(_sized(_dated(told, exif), said.width, said.height), unread=unread)


@contextmanager
def _opened(stream: BinaryIO, media_type: str, most_pixels: int) -> Iterator[Image.Image]:
    """Open a picture, and say in one kind of error what decoders say in many."""
    if media_type not in _DECODERS:
        raise PictureError(f"{media_type} is not decoded by this version")
    if media_type in _READ_WHOLE and stream.seek(0, io.SEEK_END) > most_pixels * _FULL_BYTES:
        raise PictureError(
            f"its file is longer than {most_pixels:,} pixels can need (the limit picture_pixels)"
        )
    stream.seek(0)
    allowed = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = most_pixels  # the library's own guard, should ours be got round
    try:
        with warnings.catch_warnings(), _quiet(media_type):
            warnings.simplefilter("ignore")  # a decoder's doubts mean nothing to those who read
            with Image.open(stream, formats=_DECODERS[media_type]) as image:
                yield image
    except Image.DecompressionBombError:
        raise PictureError(f"it has more pixels than the {most_pixels:,} allowed") from None
    except UnidentifiedImageError:  # its own words name an address in memory
        raise DamagedPictureError(f"it begins like {media_type} and goes on otherwise") from None
    except _FAULTS as error:
        said = " ".join(str(error).split())[:160] or type(error).__name__
        raise DamagedPictureError(f"{media_type} that cannot be decoded: {said}") from error
    finally:
        Image.MAX_IMAGE_PIXELS = allowed


@contextmanager
def _quiet(media_type: str) -> Iterator[None]:
    """Keep a decoder that writes of damage to the screen, and says not of which file, from it."""
    if media_type != "image/tiff":
        yield
        return
    try:
        screen = os.dup(_SCREEN)
    except OSError:  # it was closed, so nothing is seen there
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), _SCREEN)
        yield
    finally:
        os.dup2(screen, _SCREEN)
        os.close(screen)


def _stored(image: Image.Image) -> tuple[int, int]:
    """Give a picture's size as stored; the library gives a TIFF's as it is turned."""
    tags = getattr(image, "tag_v2", {})
    return tags.get(_WIDTH, image.width), tags.get(_LENGTH, image.height)


def _sized(told: Looked, width: int, height: int) -> Looked:
    """Note a size; one that no table holds is none."""
    return replace(told, width=width, height=height) if max(width, height) <= _MOST_SIDE else told


def _within(image: Image.Image, most_pixels: int) -> None:
    """Refuse more pixels than allowed: of a picture, or of one tile of a TIFF."""
    tags = getattr(image, "tag_v2", {})
    tile = tags.get(_TILE_WIDTH, 0), tags.get(_TILE_LENGTH, 0)
    if not all(isinstance(side, int) for side in tile):  # words times a vast number are vast
        raise DamagedPictureError("image/tiff whose tiles have no size")
    width, height = max(image.size, tile, key=lambda sides: sides[0] * sides[1])
    if width * height > most_pixels:
        raise PictureError(
            f"{width:,} by {height:,} pixels, more than the {most_pixels:,} allowed "
            "(the limit picture_pixels)"
        )


def _dated(told: Looked, exif: Callable[[], Image.Exif]) -> Looked:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return replace(told, dates=camera_dates(exif()))
    except _FAULTS as error:
        return replace(told, undated=type(error).__name__)


def _turned(seen: Image.Image, image: Image.Image) -> Image.Image:
    """Turn what was seen of an image the way its EXIF data say, as apps do before they send it."""
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except _FAULTS:
        return seen
    return seen if turn is None else seen.transpose(turn)


def _grey(image: Image.Image, factor: int) -> Image.Image:
    """Give an image in shades of grey, smaller by a factor; what is transparent is white."""
    if image.mode.startswith(("I", "F")):
        return _scaled(image.convert("F").reduce(factor))
    if image.mode == "LAB":
        image = image.getchannel("L")
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    image = image.reduce(factor)
    if image.mode == "RGBA":
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image)
        image = paper
    return image.convert("L")


def _scaled(image: Image.Image) -> Image.Image:
    """Bring finer shades down to 256, the lightest white; conversion would cut them off."""
    shades = np.nan_to_num(np.asarray(image))
    low, high = float(shades.min()), float(shades.max())
    span = high - low or 1.0
    return Image.fromarray(((shades - low) * (255 / span)).clip(0, 255).astype(np.uint8))
