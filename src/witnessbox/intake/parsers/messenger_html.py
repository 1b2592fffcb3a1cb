"""Facebook Messenger, "Download your information", as HTML pages of any year.

Since 2018 a page is ``<root>/<section>/<thread>/message_N.html``, newest message first::

    <div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">
    <h2 class="_3-95 _2pim _a6-h _a6-i">Ana</h2>
    <div class="_3-95 _a6-p"><div><div></div><div>hi</div><div></div><div></div></div></div>
    <div class="_3-94 _a6-o">Oct 19, 2019, 2:37 PM</div></div>

(until 2021 with the classes ``_2lek``, ``_2let``, ``_2lem``).  Before 2018 ``messages.htm``
holds every conversation, or ``messages/<n>.html`` one::

    <div class="thread">Ana, Bo<div class="message"><div class="message_header"><span class="user">
    Ana</span><span class="meta">Friday, 19 June 2015 at 19:17 UTC+02</span></div></div><p>hi</p>

Dates are in the account's language; since 2018 they name no zone, so one is assumed.  A message's
span begins at its own tag and runs to the next one's; the page around them is a problem of severity
*note*, code ``envelope``.

Format seen: 2013 to 2026.  Not read here: pages whose classes are not these (the page says so);
dates in languages other than those of ``messenger_html/dates.toml`` (the messages stay, without a
time); Instagram's pages; calls, polls and what was unsent, which only their wordings show.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.intake.messenger.survey import folder_of
from witnessbox.intake.messenger_html.pieces import START
from witnessbox.intake.messenger_html.reading import read_page
from witnessbox.intake.messenger_html.survey import part_of
from witnessbox.intake.parser import Assumption, Batch, Format, Source

FORMAT = Format("messenger-html", "Facebook Messenger (HTML)", 1, "messenger")

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*<(?:!doctype html|html)", re.IGNORECASE)
_OLD = re.compile(rb'<div class="message">[ \t\r\n]*<div class="message_header">')


def identify(name: str, head: bytes) -> bool:
    """Say whether a file of this name that begins with these bytes is in this format.

    The pages of other parts of a download have the same blocks, so that a page since 2018 is known
    by its name too.
    """
    path = PurePosixPath(name)
    if not _PAGE.match(head) or "instagram" in name.lower() or b"your_instagram_activity" in head:
        return False
    if _OLD.search(head):
        return True
    if not part_of(path):
        return False
    return START.search(head) is not None or folder_of(path) is not None


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read a page from its first byte to its last."""
    return read_page(source, assumption, FORMAT.label)
