"""What lies beside a file and is needed to read it.  Pure.

A database is seldom whole in one file.  Rows not yet moved into it stand in its ``-wal``; names of
its correspondents stand in another database of the same folder.  A table of anybody's making is
read with a mapping that a person wrote for it.
"""

from collections.abc import Callable, Hashable, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from witnessbox.intake.table.mapping import is_mapping, mapping_name

_ENDINGS = (".db", ".sqlite", ".sqlite3", ".sqlitedb", ".abcddb")
WAL, JOURNAL = "-wal", "-journal"
_COMPANIONS = (WAL, JOURNAL)
_APART = frozenset(("MessagingInfraDB_v2",))
"""Folders in which an app keeps databases apart that belong to those one folder above."""

T = TypeVar("T")


def is_database(name: str) -> bool:
    """Say whether a file is a database, or a companion of one, by its name."""
    lower = name.lower()
    return lower.endswith(_ENDINGS) or companion_of(name) is not None


def companion_of(name: str) -> str | None:
    """Name the database whose companion a file is; None where it is no companion."""
    lower = name.lower()
    for ending in _COMPANIONS:
        if lower.endswith(tuple(stem + ending for stem in _ENDINGS)):
            return name[: -len(ending)]
    return None


def companions(
    items: Sequence[T], name: Callable[[T], str], place: Callable[[T], Hashable]
) -> list[tuple[T, ...]]:
    """Give for each item the other databases beside it: in one folder of one place.

    What an app keeps apart in a folder of its own lies beside the databases above it.  Files that
    are no databases have nothing beside them.
    """
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        if is_database(name(item)):
            groups.setdefault((place(item), _home_of(name(item))), []).append(item)
    return [
        tuple(other for other in groups[place(item), _home_of(name(item))] if other is not item)
        if is_database(name(item))
        else ()
        for item in items
    ]


def _home_of(name: str) -> str:
    folder = PurePosixPath(name).parent
    return str(folder.parent if folder.name in _APART else folder)


def mappings(
    items: Sequence[T], name: Callable[[T], str], place: Callable[[T], Hashable]
) -> list[T | None]:
    """Give for each table the column mapping named after it in its place; the last one stands.

    A mapping may come later than its table, and in another folder: a person wrote it on seeing that
    the table needs one.
    """
    found = {(place(item), file_of(name(item))): item for item in items if is_mapping(name(item))}
    return [found.get((place(item), mapping_name(name(item)))) for item in items]


def file_of(name: str) -> str:
    """Give a file's own name, without its folders."""
    return PurePosixPath(name).name


def folder_of(name: str) -> str:
    """Give the folder of a file, as received."""
    return str(PurePosixPath(name).parent)
