"""Which file that came with an export an attachment names.  Pure.

A message names a file as its app does: by its name alone, or by a path below the chat's folder, the
export's root or the phone's storage.  It is matched with a file of the same delivery whose path is
that, or ends in that; where two different files do, with none.  Of a path from a device's root or
somebody's home on, what stands above the folder ``Attachments`` need not be alike: how much of that
was received differs.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from posixpath import normpath
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.beside import file_of, folder_of, is_database
from witnessbox.intake.parser import Batch
from witnessbox.intake.record import Receipt, first_receipts

_CHATS = (".txt", ".json", ".jsonl", ".md", ".html", ".htm", ".xml", ".csv")
_SHARED = "exported_stickers"  # beside the folders of chats, used by all of them
_NOWHERE = ("", ".", "..", "~")  # in a path; of a home nobody knows where it was received
_WHOLE = ("/", "~")  # how a path of a device begins
_KEPT = "Attachments"  # in which Apple's devices keep what messages carry
_BEHIND = "\U0010ffff"  # sorts behind every name


@dataclass(frozen=True, slots=True)
class Came:
    """A file that came with an export; ``name`` is its path as received."""

    name: str
    exhibit: str


def reach(received: Sequence[Receipt]) -> dict[str, tuple[Came, ...]]:
    """Give for each exhibit that may be a chat the files its messages may name.

    They lie in the chat's folder or below it; for a database, anywhere in the delivery, since apps
    keep their files apart from it.
    """
    deliveries: dict[str, list[Came]] = {}
    for one in received:
        deliveries.setdefault(one.delivery, []).append(Came(one.name, one.exhibit))
    for several in deliveries.values():
        several.sort(key=lambda came: came.name)
    return {
        one.exhibit: tuple(
            came
            for folder in _folders(one.name)
            for came in _below(deliveries[one.delivery], folder)
            if came.exhibit != one.exhibit
        )
        for one in first_receipts(received).values()
        if one.name.lower().endswith(_CHATS) or is_database(one.name)
    }


def _folders(name: str) -> tuple[str, ...]:
    """Give the folders in which a chat's files may lie; the empty one is everywhere."""
    folder = folder_of(name)
    if is_database(name) or folder == ".":
        return ("",)
    return (folder + "/", f"{folder_of(folder)}/{_SHARED}/")


def _below(several: list[Came], folder: str) -> list[Came]:
    begin = bisect_left(several, folder, key=lambda came: came.name)
    end = bisect_left(several, folder + _BEHIND, key=lambda came: came.name)
    return several[begin:end]


@dataclass(slots=True)
class Attached:
    """Matches the attachments of one exhibit, and counts those whose file did not come."""

    name: str  # of the exhibit
    came: Sequence[Came]
    named: int = 0
    missing: int = 0
    _of_name: dict[str, list[Came]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.came:
            self._of_name.setdefault(file_of(one.name), []).append(one)

    def batch(self, batch: Batch) -> Batch:
        """Say of each attachment in a batch which exhibit its file is."""
        rows = batch.attachments
        if rows is None:
            return batch
        file: list[str | None] = [None] * rows.num_rows
        named = pc.indices_nonzero(rows.column("name").is_valid())  # often none are
        some = rows.select(("name", "media", "omitted")).take(named).to_pylist()
        for row, one in zip(named.to_pylist(), some, strict=True):
            file[row] = self._match(**one)
        files = pa.array(file, pa.string()).dictionary_encode()
        return replace(batch, attachments=rows.append_column("file", files))

    def _match(self, name: str, media: str, omitted: Any) -> str | None:
        if omitted or media == "link":
            return None
        file = self.file(name)
        self.named += 1
        self.missing += file is None
        return file

    def file(self, name: str) -> str | None:
        """Name the exhibit that a file of this name or path is; None where it is not clear."""
        written = name.replace("\\", "/")
        for wanted in dict.fromkeys((written, unquote(written))):
            whole = normpath(f"{folder_of(self.name)}/{wanted}")
            parts = [part for part in wanted.split("/") if part not in _NOWHERE]
            endings = ["/" + "/".join(parts)]
            if wanted.startswith(_WHOLE) and _KEPT in parts:
                endings.append("/" + "/".join(parts[parts.index(_KEPT) :]))
            alike = self._of_name.get(file_of(wanted), [])
            for fits in (
                {one.exhibit for one in alike if one.name == whole},
                *(
                    {one.exhibit for one in alike if ("/" + one.name).endswith(ending)}
                    for ending in endings
                ),
            ):
                if len(fits) == 1:
                    return fits.pop()
        return None

    @property
    def told(self) -> str | None:
        """Say how many files did not come; None where all did."""
        if not self.missing:
            return None
        files = f"{self.missing:,} of {self.named:,} files that messages name"
        return f"{files} are not among what came with the exhibit, or not clearly"
