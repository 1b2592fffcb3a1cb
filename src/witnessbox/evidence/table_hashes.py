"""Tables by their hashes: every part of them, as the step that made it noted it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from time import time_ns

from witnessbox.evidence.digest import derive, pieces, sha256_of
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import Table
from witnessbox.evidence.steps import Steps
from witnessbox.evidence.tables import Tables

_SETTLED_NS = 2_000_000_000
"""A folder that changed less long ago may change again within one tick of its clock."""


def parts(
    folder: Folder, read: Sequence[Table], steps: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Give each part of these tables: table, shard, and hash.

    The hash is the one that a record of these steps has; of a part that none made it is worked out.
    """
    tables = Tables(folder.tables)
    known = {
        part.path: part.sha256
        for step in steps
        for record in Steps(folder).records(step)
        for part in record.written
    }
    for table in read:
        for shard in tables.shards(table):
            place = tables.path(table, shard)
            digest = known.get(place.relative_to(folder.tables).as_posix())
            if digest is None:
                with place.open("rb") as stream:
                    digest = sha256_of(pieces(stream))
            yield table.name, shard, digest


def named(folder: Folder, read: tuple[Table, ...], steps: tuple[str, ...]) -> str:
    """Name these tables as they are now, by their hashes.

    Asked for often and dear where there are thousands of conversations, so an answer is kept while
    no folder it came from has changed.
    """
    moments = _moments(folder, read, steps)
    settled = time_ns() - max(moments, default=0) > _SETTLED_NS
    name = _named if settled else _named.__wrapped__
    return name(folder, read, steps, moments)


def _moments(folder: Folder, read: Sequence[Table], steps: Sequence[str]) -> tuple[int, ...]:
    """Say when files last came into, or left, the folders of the tables and of their records."""
    places = [folder.steps / step for step in steps]
    places += [folder.tables / table.name for table in read]
    return tuple(place.stat().st_mtime_ns if place.is_dir() else 0 for place in places)


@lru_cache(maxsize=16)
def _named(
    folder: Folder, read: tuple[Table, ...], steps: tuple[str, ...], _moments: tuple[int, ...]
) -> str:
    return derive("tables", *(":".join(part) for part in parts(folder, read, steps)))
