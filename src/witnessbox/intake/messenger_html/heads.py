"""Who and what a page says its conversation is: title, members.  Pure."""

import html
import re

from witnessbox.intake.messenger_html.block import plain
from witnessbox.intake.messenger_html.dates import names

_TITLE = re.compile(rb"<title[^<>]{0,200}>([^<]{0,2000})</title", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*>")
_LABEL = re.compile(r"[^\W\d_]{1,30} ?: ?(?P<names>.+)", re.DOTALL)
_LONGEST_CHARACTERS = 10_000


def title(head: bytes) -> str | None:
    """Give the title of a page."""
    found = _TITLE.search(head)
    if found is None:
        return None
    return html.unescape(found[1].decode("utf-8", "replace")).strip() or None


def thread_names(head: bytes) -> str | None:
    """Give what a page of many conversations writes above one of them: who took part in it."""
    return next((said for part in _TAG.split(head) if (said := plain(part))), None)


def members(said: str) -> tuple[str, ...]:
    """Give the members that a block such as ``Participants: Ana, Bo and Cy`` lists."""
    found = _LABEL.fullmatch(said[:_LONGEST_CHARACTERS])
    return listed(found["names"]) if found else ()


def listed(written: str) -> tuple[str, ...]:
    """Take a list of names apart: commas, and the word for *and* before the last."""
    *first, last = written.split(", ")
    for word in names().joined:
        before, between, after = last.rpartition(word)
        if between:
            return tuple(dict.fromkeys([*first, before, after]))
    return tuple(dict.fromkeys([*first, last]))
