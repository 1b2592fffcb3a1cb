"""Which lexicons are looked through: those that come with the package, and an operation's own.

An operation's own are the ``.tsv`` files of its folder ``lexicons``, in the order of their names.
They are added to the shipped ones; what they say of a form stands before what those say.  A file
that holds the comment ``# instead of the shipped lexicons`` replaces them.
"""

from functools import cache, lru_cache
from importlib import resources

from witnessbox.evidence.digest import sha256_of
from witnessbox.evidence.folder import Folder
from witnessbox.screening import data
from witnessbox.screening.lexicon import Lexicon, build
from witnessbox.screening.lexicon_file import INSTEAD, LexiconError, read
from witnessbox.screening.model import Entry

FILES = ("lexicon-surge.tsv", "lexicon-own.tsv")
MOST_BYTES = 16 << 20
"""Of an operation's own lexicon file."""


@cache
def shipped() -> Lexicon:
    """Load the lexicon that comes with the package."""
    return build(_shipped_entries())


def of(folder: Folder) -> Lexicon:
    """Load an operation's lexicon.  Raises LexiconError."""
    own = own_files(folder)
    return _of(own) if own else shipped()


def own_files(folder: Folder) -> tuple[tuple[str, str], ...]:
    """Read an operation's own lexicon files: name and text.  Raises LexiconError."""
    found = []
    for path in sorted(one for one in folder.lexicons.glob("*.tsv") if one.is_file()):
        if path.stat().st_size > MOST_BYTES:
            raise LexiconError(f"{path} is over {MOST_BYTES >> 20} MiB; divide it or shorten it")
        try:
            found.append((path.name, path.read_text("utf-8-sig")))
        except UnicodeDecodeError as error:
            raise LexiconError(f"{path} is not UTF-8 at byte {error.start}; save it so") from error
    return tuple(found)


@lru_cache(maxsize=4)
def _of(own: tuple[tuple[str, str], ...]) -> Lexicon:
    """Build a lexicon of an operation's own files; one that did not change is built once."""
    lines = [(name, text.splitlines()) for name, text in own]
    instead = any(INSTEAD in (line.strip() for line in file) for _, file in lines)
    entries = [] if instead else _shipped_entries()
    for name, file in lines:
        entries.extend(read(name, file))
    whole = "\0".join(part for file in own for part in file)
    return build(entries, version=sha256_of([whole.encode()])[:12])


def _shipped_entries() -> list[Entry]:
    entries: list[Entry] = []
    for name in FILES:
        text = resources.files(data).joinpath(name).read_text("utf-8")
        entries.extend(read(name, text.splitlines()))
    return entries
