"""Telegram Desktop, "Export chat history" as HTML: ``messages.html``, ``messages2.html``, ...

One chat, 1,000 messages a page::

    <div class="message default clearfix" id="message7">
     <div class="body">
      <div class="pull_right date details" title="01.03.2024 13:00:00 UTC+00:00">13:00</div>
      <div class="from_name">Ana</div>
      <div class="text">who has<br>the keys</div>

A message marked ``joined`` bears no name: it is by whoever wrote the one above.  Service lines
(``message service``) have no time, and a line with only a date is the page's own.  The page says
neither which chat nor which account it is of, nor what was edited.

A block begins with a tag that nobody can type, as the page writes a typed ``<`` as ``&lt;``.  Its
span runs to where the next block begins; the page around the blocks is in problems of its own.

Versions seen: 2018 (times without an offset from UTC) to 2024, by the exporter's source and public
pages.  Not read: ``export_results.html`` and the pages in ``lists/``, which hold no messages.
"""

import re
from collections.abc import Iterator

from witnessbox.evidence.model import Severity
from witnessbox.intake.gathered import Gathered
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.telegram_html.reading import BEGINS, read_page

FORMAT = Format(
    name="telegram-html", title="Telegram Desktop (HTML)", version=1, platform="telegram"
)

_PAGE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)", re.IGNORECASE)
_HISTORY = re.compile(rb'class="page_body chat_page"|class="history"')


def identify(name: str, head: bytes) -> bool:  # noqa: ARG001 - its marks say it all
    """Say whether a file of this name that begins with these bytes is in this format."""
    if _PAGE.match(head) is None:
        return False
    return _HISTORY.search(head) is not None and (
        b'class="page_wrap"' in head or BEGINS.search(head) is not None
    )


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read a source from its first byte to its last."""
    if source.size_bytes == 0:
        rows = Gathered(source.exhibit, FORMAT.label)
        rows.problem(0, 0, "no-messages", "a file of no bytes", Severity.LOSS)
        yield rows.batch()
        return
    yield from read_page(source, assumption, FORMAT.label)
