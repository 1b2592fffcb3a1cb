"""What sort of file an attachment is, by the end of its name."""

_MEDIA_OF = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp", ".heic", ".bmp"), "image"),
    **dict.fromkeys((".mp4", ".mov", ".webm", ".mkv", ".3gp"), "video"),
    **dict.fromkeys((".mp3", ".wav", ".ogg", ".oga", ".opus", ".aac", ".m4a"), "audio"),
    ".gif": "gif",
}


def media_of(name: str) -> str:
    """Say what sort of file a name is of; anything unknown is a document."""
    _, dot, ending = name.rpartition(".")
    return _MEDIA_OF.get(dot + ending.lower(), "document")
