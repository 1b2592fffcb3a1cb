"""The page of limits, ``docs/reference/limits.md``, its numbers taken from the code."""

import importlib
from dataclasses import dataclass

from witnessbox.intake.json_walk import WINDOW_BYTES
from witnessbox.intake.limits import DEFAULT

_ABOUT = (
    "Made from the code. Every limit on what a file from a stranger may cost, with its default and "
    "what happens beyond it. No limit drops anything in silence: what is not read is a problem "
    "over its bytes, or a refusal in the ledger, and an exhibit's bytes stay in the vault. Those "
    "with a name in the last column are [settings of an operation](settings.md#limits); the others "
    "are fixed in the module named there."
)
_XML = (
    "A document type in XML is never read: it is where entities that grow without bound and "
    "references to other files are declared."
)
_FUZZ = (
    "`python -m scripts.fuzz --seconds 600 --out FOLDER` hurts every sample at random and holds "
    "each parser and container to its word; what it once found is kept in `tests/samples/hostile` "
    "and read again by `tests/intake/test_hostile.py`."
)


@dataclass(frozen=True, slots=True)
class _Limit:
    """One limit: its setting, or its constant below ``witnessbox.intake``; what it counts."""

    constant: str
    of: str
    beyond: str
    unit: str = ""


_BROKEN = "the bytes are one problem, and reading goes on behind them"
_REFUSED = "the archive is refused; inside another it is kept closed"
_UNSIZED = "size and dates are not read, which the picture's note says"
_PAST_UNREAD = "what is kept of the message's changes is a problem"
_MOST = {
    "Archives": (
        _Limit("members", "members of an archive, with all archives in it", _REFUSED),
        _Limit("depth", "archives in one another", _REFUSED),
        _Limit("total_bytes", "bytes unpacked, all members together", _REFUSED, "bytes"),
        _Limit("ratio", "times its size that an archive unpacks to, above 10 MB", _REFUSED),
    ),
    "Mails and encrypted backups": (
        _Limit("mail:_HEAD_BYTES", "a mail's head", "the mail is refused", "bytes"),
        _Limit("mail:_FIELD_CHARACTERS", "characters of a field", "the mail is refused"),
        _Limit("mail:_PARTS", "parts of a mail", "the mail is refused"),
        _Limit("mail:_DEPTH", "parts of a mail in one another", "the mail is refused"),
        _Limit("crypt.heads:HEAD_BYTES", "a backup's head", "the backup stays closed", "bytes"),
        _Limit("crypt.keys:_LARGEST_FILE_BYTES", "a key file", "it is no key", "bytes"),
    ),
    "JSON": (
        _Limit(
            "json_record_bytes",
            "one message, or the document around; "
            f"what lies in one piece of {WINDOW_BYTES >> 20} MB is read all the same",
            _BROKEN,
            "bytes",
        ),
        _Limit(
            "json_walk:_LIST_ENDS",
            "brackets looked at as the end of a list",
            "the list goes on until nothing like a message follows",
        ),
        _Limit("text_message_bytes", "one line of Signal's", _BROKEN, "bytes"),
        _Limit(
            "telegram.chats:_MOST_CHATS", "chats of an account", "the rest is read with the last"
        ),
        _Limit("table_row_bytes", "one row of a table", _BROKEN, "bytes"),
        _Limit(
            "table.mapping:LONGEST_BYTES", "a column mapping", "the table is one problem", "bytes"
        ),
        _Limit(
            "table.lines:MOST_OPEN",
            "quotes in a table that do not close",
            "a quote no longer holds line ends together",
        ),
    ),
    "HTML and XML": (
        _Limit("html_block_bytes", "one block of a page", _BROKEN, "bytes"),
        _Limit("sms_record_bytes", "one message of SMS Backup", _BROKEN, "bytes"),
        _Limit("ufdr_record_bytes", "one record or tag of a UFED report", _BROKEN, "bytes"),
        _Limit("ufdr_damages", "damages of one report", "the rest of it is one problem"),
        _Limit("xml_depth", "elements of a UFED report in one another", _BROKEN),
        _Limit(
            "messenger_html.block:_DEEPEST",
            "elements of a Messenger page in one another",
            "deeper tags are passed over",
        ),
        _Limit(
            "telegram_html.block:_DEEPEST",
            "elements of a Telegram page in one another",
            "deeper tags are passed over",
        ),
    ),
    "Text": (
        _Limit(
            "text_message_bytes",
            "one WhatsApp message",
            "it is closed there, and what follows is a problem",
            "bytes",
        ),
        _Limit(
            "text_message_bytes",
            "one Signal message",
            "its beginning is read, and the rest is a problem",
            "bytes",
        ),
    ),
    "Pictures": (
        _Limit(
            "picture_pixels",
            "pixels of a picture, or of one tile of a TIFF",
            "it is not decoded, which its note says",
        ),
        _Limit(
            "pictures.looking:_FULL_BYTES",
            "bytes of a WebP or AVIF file for each pixel allowed",
            "it is not decoded, which its note says",
        ),
        _Limit("pictures.heif:_MOST_INDEX_BYTES", "index of a HEIC file", _UNSIZED, "bytes"),
        _Limit("pictures.heif:_MOST_STRETCHES", "stretches of bytes in it", _UNSIZED),
        _Limit("pictures.heif:_MOST_BOXES", "boxes in a box of it", _UNSIZED),
        _Limit(
            "pictures.heif:_MOST_EXIF_BYTES", "EXIF data of it", "the rest is not read", "bytes"
        ),
        _Limit("pictures.dates:_LONGEST", "characters of a date in EXIF data", "it is cut off"),
    ),
    "Databases": (
        _Limit("database_row_bytes", "one row", "the row is a problem", "bytes"),
        _Limit(
            "database_batch_bytes",
            "long rows of one leaf page, put together",
            "the rows beyond it are problems",
            "bytes",
        ),
        _Limit(
            "database_addresses",
            "rows of one table of addresses, contacts, conversations, members or calls",
            "the messages are read, and a problem says that what the rows beyond it tell of them "
            "is not held",
        ),
        _Limit(
            "sqlite.cells:_STITCHED_TOGETHER_BYTES",
            "long rows of several pages, put together",
            "fewer pages are read at once",
            "bytes",
        ),
        _Limit(
            "sqlite.btree:MOST_FAULTS",
            "pages of one table that are not there",
            "no more of that table's pages are looked for; a problem says so",
        ),
        _Limit(
            "ordered:HELD_BYTES",
            "one table that belongs to messages, in memory",
            "it is put in order in a temporary file without a name (in `TMPDIR`)",
            "bytes",
        ),
        _Limit("sqlite.btree:_MOST_DEPTH", "depth of a table's pages", "the page is a problem"),
        _Limit("imessage.plist:MOST_OBJECTS", "values of a property list", _PAST_UNREAD),
        _Limit("imessage.plist:MOST_BYTES", "bytes of those values", _PAST_UNREAD, "bytes"),
        _Limit("imessage.plist:MOST_DEPTH", "lists in one another", _PAST_UNREAD),
        _Limit("sqlite.tables:_MOST_SQL", "a table's definition", "the table is not read", "bytes"),
        _Limit(
            "signal_desktop.words:LONGEST_CHARACTERS",
            "characters of a row's `json` in Signal's",
            "only the row's columns are read",
        ),
        _Limit(
            "signal_desktop.forgotten:MOST_ROWS",
            "messages whose words a search index has not forgotten",
            "a trace says that there are more",
        ),
    ),
}


def page() -> str:
    """Make the page."""
    parts = ["# Limits", "", _ABOUT, ""]
    for title, limits in _MOST.items():
        parts += _section(title, [_row(limit) for limit in limits])
    parts += [
        _XML,
        "",
        _FUZZ,
    ]
    return "\n".join(parts) + "\n"


def _row(limit: _Limit) -> tuple[str, str, str, str]:
    module, _, name = limit.constant.rpartition(":")
    if module:
        value = getattr(importlib.import_module(f"witnessbox.intake.{module}"), name)
        where = f"fixed, `intake.{module}`"
    else:
        value, where = getattr(DEFAULT, name), f"`{name}`"
    return limit.of, f"{value:,} {limit.unit}".strip(), limit.beyond, where


def _section(title: str, rows: list[tuple[str, str, str, str]]) -> list[str]:
    head = [f"## {title}", "", "| Limit | Default | Beyond it | Set as |", "|---|---|---|---|"]
    return [*head, *(f"| {' | '.join(row)} |" for row in rows), ""]
