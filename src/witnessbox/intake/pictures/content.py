"""What a file is by its first bytes, whatever its name.  Pure; pictures and recordings only."""

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"caff", "audio/x-caf"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
}
_CONTAINERS = (b"mif1", b"msf1")
"""Brands of HEIC and AVIF both: which it is, one of the further brands says."""
_MOST_BRANDS = 256  # bytes of them that are looked at
_BITMAP_HEADS = frozenset((12, 40, 52, 56, 64, 108, 124))
"""Sizes of the second header of a bitmap: two letters alone would make many a text a picture."""


def media_type_of(head: bytes) -> str | None:
    """Name the type of a picture or recording that begins like this; None for anything else."""
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(_brand(head))
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BITMAP_HEADS:
        return "image/bmp"
    # A bare MPEG stream begins with a frame: eleven set bits, then layer III, then a bit rate.
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 != 0xF0:
        return "audio/mpeg"
    return "audio/aac" if head[:2] in (b"\xff\xf1", b"\xff\xf9") else None


def _brand(head: bytes) -> bytes:
    """Give the brand that a film's container, or a picture's, goes by."""
    brand = head[8:12]
    if brand not in _CONTAINERS:
        return brand
    further = head[16 : min(int.from_bytes(head[:4]), _MOST_BRANDS)]
    known = (further[at : at + 4] for at in range(0, len(further), 4))
    return next((one for one in known if one in _BRANDS), b"heic")


def recording_type_of(head: bytes, *, named_audio: bool) -> str | None:
    """Name the type of a recording; None for anything else.

    Some apps put sound alone into a film's container: then it is one where its message says so.
    """
    media_type = media_type_of(head)
    if media_type is None and named_audio and head[4:8] == b"ftyp":
        return "audio/mp4"
    return media_type if (media_type or "").startswith("audio/") else None
