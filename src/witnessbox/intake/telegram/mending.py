r"""What Telegram Desktop writes that is not JSON, turned into JSON.  Pure.

Control characters stand as ``\x0B`` (tdesktop#27571).  Version 4.1 wrote the file of a custom emoji
without quotes, ``"document_id": video_files/sticker.webm`` (tdesktop#24961).
"""

import re

_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_BARE = re.compile(
    rb'("document_id"[ \t]*:[ \t]*)(?!null\b|-?\d+[ \t]*[\r\n,}])([^"\s{\[,][^"\r\n,}]*)'
    rb"(?=[\r\n,}])"
)


def mend(piece: bytes) -> bytes:
    """Turn a piece of an export into the JSON that was meant; sound JSON stays as it is."""

    def escape(found: re.Match[bytes]) -> bytes:
        return found[0] if found[1] is None else b"\\u00" + found[1]

    def quote(found: re.Match[bytes]) -> bytes:
        bare = found[2].rstrip(b" \t")
        return found[1] + b'"' + bare + b'"' + found[2][len(bare) :]

    quoted = _BARE.sub(quote, piece)
    return _ESCAPE.sub(escape, quoted)
