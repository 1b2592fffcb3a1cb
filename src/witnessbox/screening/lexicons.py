"""Which lexicons are looked through: those that come with the package, and an operation's own.

An operation's own are the files and folders that its settings name, in that order, and then the
``.tsv`` files of its folder ``lexicons``, in the order of their names.  They are added to the
shipped ones; what they say of a form stands before what those say.  A file that holds the comment
``# instead of the shipped lexicons`` replaces them, and settings may leave them out, or all but
some categories of them.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import msgspec

from witnessbox.evidence.digest import sha256_of
from witnessbox.evidence.folder import Folder
from witnessbox.screening import data
from witnessbox.screening.lexicon import Lexicon, build
from witnessbox.screening.lexicon_file import INSTEAD, LexiconError, read
from witnessbox.screening.model import Category, Entry

FILES = ("lexicon-surge.tsv", "lexicon-own.tsv")
MOST_BYTES = 16 << 20
"""Of an operation's own lexicon file."""

Shipped = bool | tuple[Category, ...]
"""Whether the shipped lexicons are looked through, or which of their categories."""

Files = tuple[tuple[str, str], ...]
"""Lexicon files: name and text."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table ``[lexicons]`` of an operation's settings."""

    shipped: Shipped = True
    files: tuple[str, ...] = ()  # files and folders, from the operation's folder


DEFAULT = Settings()


@cache
def shipped() -> Lexicon:
    """Load the lexicon that comes with the package."""
    return build(_shipped_entries())


def of(folder: Folder, settings: Settings = DEFAULT) -> Lexicon:
    """Load an operation's lexicon.  Raises LexiconError."""
    own = own_files(folder, settings)
    return shipped() if settings.shipped is True and not own else _of(own, settings.shipped)


def own_files(folder: Folder, settings: Settings = DEFAULT) -> Files:
    """Read an operation's own lexicon files.  Raises LexiconError."""
    found: list[tuple[str, Path]] = []
    for written in settings.files:
        found += _named(folder, written)
    found += [(path.name, path) for path in _tables(folder.lexicons)]
    return tuple((name, _text(path)) for name, path in found)


def _named(folder: Folder, written: str) -> Iterator[tuple[str, Path]]:
    """Give the file, or the files of the folder, that settings name, named as it is written."""
    place = folder.root / written
    if place.is_file():
        yield written, place
        return
    tables = _tables(place)
    if not tables:
        what = "holds no .tsv file" if place.is_dir() else "is not there"
        raise LexiconError(
            f"{place} {what}; lay the lexicon there, or mend 'files' under [lexicons] in "
            f"{folder.settings}"
        )
    yield from ((f"{written}/{path.name}", path) for path in tables)


def _tables(place: Path) -> list[Path]:
    return sorted(one for one in place.glob("*.tsv") if one.is_file())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LexiconError(f"{path} is over {MOST_BYTES >> 20} MiB; divide it or shorten it")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path} is not UTF-8 at byte {error.start}; save it so") from error
    except OSError as error:
        raise LexiconError(f"{path} cannot be read: {error.strerror}; check its rights") from error


@lru_cache(maxsize=4)
def _of(own: Files, chosen: Shipped) -> Lexicon:
    """Build a lexicon of own files and what is chosen of the shipped; the same is built once."""
    lines = [(name, text.splitlines()) for name, text in own]
    instead = any(INSTEAD in (line.strip() for line in file) for _, file in lines)
    entries = [] if instead or chosen is False else _shipped_entries()
    parts = [part for file in own for part in file]
    if chosen is not True:
        kept = set(chosen or ())
        entries = [entry for entry in entries if entry.category in kept]
        parts += ["of the shipped", *sorted(kept)]
    for name, file in lines:
        entries.extend(read(name, file))
    return build(entries, version=sha256_of(["\0".join(parts).encode()])[:12])


def _shipped_entries() -> list[Entry]:
    entries: list[Entry] = []
    for name in FILES:
        text = resources.files(data).joinpath(name).read_text("utf-8")
        entries.extend(read(name, text.splitlines()))
    return entries
