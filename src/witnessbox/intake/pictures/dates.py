"""The dates in a picture's EXIF data, as they are written; nothing is interpreted here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PIL.Image import Exif

_LONGEST = 64
_EXIF, _GPS = 0x8769, 0x8825
_FIRST = {0x0132: "DateTime"}
_OF_EXIF = {
    0x9003: "DateTimeOriginal",
    0x9011: "OffsetTimeOriginal",
    0x9004: "DateTimeDigitized",
    0x9012: "OffsetTimeDigitized",
    0x9010: "OffsetTime",
}
_OF_GPS = {0x1D: "GPSDateStamp", 0x07: "GPSTimeStamp"}


@dataclass(frozen=True, slots=True)
class CameraDate:
    """One date, or part of one, exactly as a picture's tag holds it."""

    tag: str
    written: str


def camera_dates(exif: Exif) -> tuple[CameraDate, ...]:
    """Give the dates a picture's EXIF data hold, in a fixed order of tags."""
    return tuple(
        CameraDate(name, written)
        for held, names in (
            (exif, _FIRST),
            (exif.get_ifd(_EXIF), _OF_EXIF),
            (exif.get_ifd(_GPS), _OF_GPS),
        )
        for name, written in _of(held, names)
    )


def _of(held: Mapping[int, Any], names: dict[int, str]) -> Iterator[tuple[str, str]]:
    for tag, name in names.items():
        written = _written(held.get(tag))
        if written:
            yield name, written


def _written(value: Any) -> str:
    """Write a tag's value: text as it is, a time of three fractions as such."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, tuple):
        value = " ".join(_fraction(part) for part in value[:3])
    return str(value or "").rstrip("\0 ")[:_LONGEST]


def _fraction(part: Any) -> str:
    return f"{getattr(part, 'numerator', part)}/{getattr(part, 'denominator', 1)}"
