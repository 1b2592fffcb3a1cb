"""How reading goes on after damage: where a damaged message ends, what of it can still be read.

Pure but for the stream that is searched.
"""

import re
from typing import BinaryIO
from xml.parsers import expat

from witnessbox.intake.hardened_xml import RefusedXmlError

_WINDOW_BYTES = 1 << 20
_START = re.compile(rb'<model\s+type="(Chat|InstantMessage|SMS|MMS)"')
_START_BYTES = 64
MESSAGE_TAG = re.compile(rb'<model type="(?:InstantMessage|SMS|MMS)"[^<>]*>')
_MARK = re.compile(rb"<!\[CDATA\[|<model\b[^<>]*>|</model\s*>")
_SAID, _SAID_END = b"<![CDATA[", b"]]>"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
XmlErrors = (expat.ExpatError, RefusedXmlError)


def closing(data: bytes) -> int:
    """Give the end of the model that begins the data, by counting its tags; -1 where none shows."""
    depth = at = 0
    while (mark := _MARK.search(data, at)) is not None:
        tag, at = mark[0], mark.end()
        if tag == _SAID:
            ended = data.find(_SAID_END, at)
            if ended < 0:
                return -1  # what follows is said by somebody, tags and all
            at = ended + len(_SAID_END)
        elif tag.startswith(b"</"):
            depth -= 1
            if depth <= 0:
                return at
        elif not tag.endswith(b"/>"):
            depth += 1
    return -1


def mended(data: bytes) -> bytes:
    """Show what XML does not allow, and what is no UTF-8, as U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", data.decode("utf-8", "replace")).encode()


def next_start(stream: BinaryIO, at: int) -> tuple[int, str] | None:
    """Find the next chat or message from a byte on, and say which; None where none follows."""
    kept = b""
    stream.seek(at)
    while data := stream.read(_WINDOW_BYTES):
        window = kept + data
        found = _START.search(window)
        if found is not None:
            return at - len(kept) + found.start(), found[1].decode()
        kept, at = window[-_START_BYTES:], at + len(data)
    return None


def told(error: Exception, *, cut: bool) -> tuple[str, str]:
    """Say what is wrong: a code, and words."""
    if cut:
        return "cut-off", "the report ends before its end"
    reason = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else str(error)
    return "broken-report", f"it cannot be read as XML ({reason})"
