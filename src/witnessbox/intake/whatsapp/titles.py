"""What an export calls its conversation: by its own name, its container's, or its notices."""

from pathlib import PurePosixPath

from witnessbox.intake.whatsapp.wordings import MARKS, wordings


def from_path(name: str) -> str | None:
    """Read the conversation's name off a file's or its containers' name; None if none tells it."""
    path = PurePosixPath(name)
    for part in reversed(path.parts):
        stem = part.rsplit(".", 1)[0] if part.lower().endswith((".txt", ".zip")) else part
        for pattern in wordings().titles:
            found = pattern.fullmatch(stem.strip(MARKS))
            if found:
                return found["title"].strip()
    return None


def conversation(name: str, told: str | None) -> str:
    """Name the conversation of a file as received; ``told`` is the last name its notices give."""
    return from_path(name) or told or PurePosixPath(name).stem
