"""What sort of file an attachment is, by the end of its name or by its MIME type."""

_MEDIA_OF = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"), "image"),
    **dict.fromkeys((".heic", ".heif", ".hif", ".avif"), "image"),
    **dict.fromkeys((".mp4", ".mov", ".webm", ".mkv", ".3gp"), "video"),
    **dict.fromkeys((".mp3", ".wav", ".ogg", ".oga", ".opus", ".aac", ".m4a"), "audio"),
    ".gif": "gif",
}
_BY_MIME = ("image", "video", "audio")


def media_of(name: str) -> str:
    """Say what sort of file a name is of; anything unknown is a document."""
    _, dot, ending = name.rpartition(".")
    return _MEDIA_OF.get(dot + ending.lower(), "document")


def by_mime(mime: str | None) -> str:
    """Tell what sort of file a MIME type names."""
    head = (mime or "").partition("/")[0]
    return head if head in _BY_MIME else ("document" if mime else "unknown")
