"""Whether JSON is a thread as Messenger and Instagram write it, and whose it is.  Pure.

Both write the same keys.  The folders of the download tell them apart, and so do the paths of the
files that messages carry; a single file without either may show it by its links alone.
"""

import re
from enum import Enum
from pathlib import PurePosixPath

from witnessbox.intake.messenger.survey import is_encrypted, part_of

_LIST = re.compile(rb'"messages"[ \t\r\n]*:[ \t\r\n]*\[')
_ACCOUNT = re.compile(rb'"sender_name"[ \t\r\n]*:[\s\S]*"timestamp_ms"[ \t\r\n]*:')
_ACCOUNT_EMPTY = re.compile(rb'"(?:thread_path|is_still_participant)"[ \t\r\n]*:')
_PEOPLE = re.compile(rb'\{[ \t\r\n]*"participants"[ \t\r\n]*:[ \t\r\n]*\[')
_FILE = re.compile(rb'"uri"[ \t\r\n]*:[ \t\r\n]*"(your_[a-z_]+)')
_LINK = re.compile(rb'"link"[ \t\r\n]*:[ \t\r\n]*"([^"]*)')
_TO_INSTAGRAM = re.compile(rb"https?:\\?/\\?/(?:www\.)?(?:instagram\.com|ig\.me)\\?/")


class Sign(Enum):
    """What shows that a thread is Instagram's."""

    PLACE = "its folders, or those of its files"
    LINKS = "its links, which all lead there"


def is_thread(name: str, head: bytes) -> bool:
    """Say whether a file of this name that begins with these bytes is a thread of either."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return False
    if _LIST.search(start):
        return is_encrypted(start) or any(sign.search(start) for sign in (_ACCOUNT, _ACCOUNT_EMPTY))
    return part_of(PurePosixPath(name)) > 0 and _PEOPLE.match(start) is not None


def is_instagram(name: str, head: bytes) -> Sign | None:
    """Say what shows that a thread is Instagram's; None where it is taken for Messenger's.

    Folders decide before files do, and files before links: people share links to Instagram on
    Messenger, so that links count only where all of them lead there and nothing else tells.
    """
    folders = "/".join(PurePosixPath(name).parts).lower()
    if "instagram" in folders:
        return Sign.PLACE
    roots = {found[1] for found in _FILE.finditer(head)}
    if roots:
        return Sign.PLACE if roots == {b"your_instagram_activity"} else None
    if "facebook" in folders or is_encrypted(head):
        return None
    links = [found[1] for found in _LINK.finditer(head)]
    if links and all(_TO_INSTAGRAM.match(link) for link in links):
        return Sign.LINKS
    return None
