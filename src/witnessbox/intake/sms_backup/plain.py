"""Text messages as the app writes them: one tag, of the same attributes from message to message.

Nearly all of a backup is so, and needs no parser: a pattern of the attributes in their order reads
it.  The pattern is learnt from the file.  What it does not fit is for ``words.read``.
"""

import re
from collections.abc import Mapping

NEEDED = frozenset(("address", "contact_name", "date", "type", "body", "m_id"))
"""The attributes of a text message that are read."""

_VALUE = r'[^"<&\x00-\x1f\ufffe\uffff]*'  # in which XML changes nothing
_PAIR = re.compile(rf' ([A-Za-z_]+)="{_VALUE}"')
_PLAIN = re.compile(rf'<sms(?: [A-Za-z_]+="{_VALUE}")+ ?/>[ \t\r\n]*')
_NOTHING = re.compile(r"(?!)")
_MOST_LEARNT = 64


class Plain:
    """The pattern learnt last; a file that changes its manner is learnt anew a few times."""

    def __init__(self) -> None:
        self._pattern = _NOTHING
        self._learnt = 0

    def read(self, piece: bytes, encoding: str) -> Mapping[str, str] | None:
        """Give what is needed of a message; None of one that has to be read with more care."""
        try:
            text = piece.decode() if encoding != "iso-8859-1" else piece.decode("ascii")
        except UnicodeDecodeError:
            return None
        found = self._pattern.fullmatch(text)
        if found is None and self._learns(text):
            found = self._pattern.fullmatch(text)
        return None if found is None else found.groupdict()

    def _learns(self, text: str) -> bool:
        """Learn from a message that is plain; say whether that was done."""
        if self._learnt == _MOST_LEARNT or _PLAIN.fullmatch(text) is None:
            return False
        names = _PAIR.findall(text)
        if len(set(names)) < len(names):  # no XML
            return False
        self._learnt += 1
        pairs = (
            f' {name}="(?P<{name}>{_VALUE})"' if name in NEEDED else f' {name}="{_VALUE}"'
            for name in names
        )
        self._pattern = re.compile(rf"<sms{''.join(pairs)} ?/>[ \t\r\n]*")
        return True
