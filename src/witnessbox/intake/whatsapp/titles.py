"""What an export calls its conversation: by its own name, its container's, or its notices."""

from pathlib import PurePosixPath

from witnessbox.intake.whatsapp.wordings import MARKS, wordings


def conversation(name: str, told: str | None) -> str:
    """Name the conversation of a file as received; ``told`` is the last name its notices give."""
    path = PurePosixPath(name)
    for part in reversed(path.parts):
        stem = part.rsplit(".", 1)[0] if part.lower().endswith((".txt", ".zip")) else part
        for pattern in wordings().titles:
            found = pattern.fullmatch(stem.strip(MARKS))
            if found:
                return found["title"].strip()
    return told or path.stem
