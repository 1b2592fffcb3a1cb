r"""Mojibake: text whose UTF-8 bytes were written out as if each byte were a character.

Messenger's exporter writes ``café`` as ``caf\u00c3\u00a9``.  A string is mojibake only where each
character fits one byte and those bytes are valid UTF-8; anything else is left exactly as written,
so clean text comes through unharmed and nothing ever fails.
"""


def repaired(text: str) -> str | None:
    """Give the text that was meant, or None where the string is not mojibake."""
    if text.isascii():
        return None
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return None


def is_wide(text: str) -> bool:
    """Say whether a string holds a character mojibake cannot hold, so that its writer was sound."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return True
    return False
