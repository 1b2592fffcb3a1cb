"""The column mapping a person writes: which column is the time, the sender, the text.  Pure.

::

    time_format = "%d/%m/%Y %H:%M"
    [columns]
    time = "Date"
    sender = "From"
    text = "Message"
"""

import codecs
import tomllib
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.model import Kind

ENDING = ".mapping.toml"
REFUSED = "mapping-refused"
"""The code of the problem that a table without a usable mapping is."""

TIME_FORMATS = ("iso", "unix", "unix-ms", "unix-us")
LONGEST_BYTES = 1 << 20
_ENCODINGS = ("utf-8", "ascii", "iso8859", "cp125", "koi8", "mac-")
_NEEDED = ("%H", "%I", "%c", "%X")


class MappingError(WitnessboxError):
    """A mapping cannot be used; the message says what is missing or wrong in it."""


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which column holds what; ``time`` may be several, joined by a space."""

    time: str | list[str]
    text: str
    sender: str | None = None
    conversation: str | None = None
    thread: str | None = None
    id: str | None = None
    reply_to: str | None = None
    attachment: str | None = None
    kind: str | None = None
    edited: str | None = None

    @property
    def times(self) -> list[str]:
        """Give the columns of the time, in order."""
        return [self.time] if isinstance(self.time, str) else list(self.time)

    @property
    def named(self) -> list[str]:
        """Give every column that is named, once."""
        singles = (getattr(self, name) for name in self.__struct_fields__ if name != "time")
        return list(dict.fromkeys([*self.times, *(one for one in singles if one is not None)]))


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a table is read."""

    columns: Columns
    time_format: str = "iso"
    zone: str | None = None
    conversation: str | None = None
    platform: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None  # a comma, or a tab where the name ends in .tsv
    header: bool = True
    newest_first: bool = False
    kinds: dict[str, Kind] = {}


def is_mapping(name: str) -> bool:
    """Say whether a file is a mapping, by its name."""
    return name.lower().endswith(ENDING)


def mapping_name(name: str) -> str:
    """Name the mapping that a table is read with: the table's file name and ``.mapping.toml``."""
    return PurePosixPath(name).name + ENDING


def load(data: bytes) -> Mapping:
    """Read a mapping.  Raises MappingError where it is none, or states what cannot be."""
    if len(data) > LONGEST_BYTES:
        raise MappingError(f"the mapping is longer than {LONGEST_BYTES:,} bytes")
    try:
        found = msgspec.convert(tomllib.loads(data.decode()), Mapping)
    except UnicodeDecodeError:
        raise MappingError("the mapping is not UTF-8 text") from None
    except msgspec.ValidationError as error:
        raise MappingError(f"the mapping cannot be used: {error}") from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, too
        raise MappingError(f"the mapping is no TOML ({error})") from None
    wrong = _objection(found)
    if wrong is not None:
        raise MappingError(f"the mapping cannot be used: {wrong}")
    return found


def _objection(mapping: Mapping) -> str | None:
    times, form = mapping.columns.times, mapping.time_format
    for holds, what in (
        (not times, "columns.time names no column"),
        (
            form not in TIME_FORMATS and not any(part in form for part in _NEEDED),
            f'time_format "{form}" has no hour; give iso, unix, unix-ms, unix-us or a strptime one',
        ),
        (mapping.zone is not None and not _is_zone(mapping.zone), f"{mapping.zone} is no zone"),
        (not _is_encoding(mapping.encoding), f"encoding {mapping.encoding} is not read"),
        (
            mapping.delimiter is not None and not _is_delimiter(mapping.delimiter),
            "delimiter is one character that is no quote, letter, digit or line end",
        ),
        (
            mapping.platform is not None and not _is_platform(mapping.platform),
            "platform is a name in small letters, such as whatsapp",
        ),
    ):
        if holds:
            return what
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_encoding(name: str) -> bool:
    """Say whether every byte below 128 means itself in it, wherever it stands."""
    try:
        return codecs.lookup(name).name.startswith(_ENCODINGS)
    except (LookupError, ValueError):
        return False


def _is_delimiter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and not text.isalnum() and text not in '"\r\n\0'


def _is_platform(text: str) -> bool:
    return text.isascii() and text.isalnum() and text.lower() == text and len(text) <= 40
