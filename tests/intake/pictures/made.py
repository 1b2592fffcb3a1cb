"""Pictures made on the spot: each a pattern of its own, in whatever file format."""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageDraw


def pattern(seed: int, width: int = 320, height: int = 240) -> Image.Image:
    """Draw soft patches of colour; another seed is another picture."""
    shades = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(shades).resize((width, height), Image.Resampling.BICUBIC)


def written(words: str) -> Image.Image:
    """Draw words in large letters."""
    paper = Image.new("RGB", (900, 160), "white")
    ImageDraw.Draw(paper).text((30, 40), words, fill="black", font_size=60)
    return paper


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """Give the bytes of a file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def dated(taken: str, offset: str | None = None, orientation: int = 1) -> Image.Exif:
    """Make EXIF data with an original date."""
    exif = Image.Exif()
    exif[0x0132] = "2018:01:01 00:00:00"
    exif[0x0112] = orientation
    of_exif = exif.get_ifd(0x8769)
    of_exif[0x9003] = taken
    if offset is not None:
        of_exif[0x9011] = offset
    of_gps = exif.get_ifd(0x8825)
    of_gps[0x1D] = "2017:05:01"
    of_gps[0x07] = (11.0, 30.0, 5.0)
    return exif
