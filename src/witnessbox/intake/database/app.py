"""An app's database, its log and its journal: how they are known among files, and read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from witnessbox.intake.beside import JOURNAL, WAL
from witnessbox.intake.database import files
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.journal import Compared, is_journal, journal_batches
from witnessbox.intake.database.log import LogReading, Made, Told, told
from witnessbox.intake.parser import Batch, Source
from witnessbox.intake.sqlite.image import MAGIC, DatabaseError
from witnessbox.intake.sqlite.tables import Tables, tables_of
from witnessbox.intake.sqlite.wal import is_log


@dataclass(frozen=True, slots=True)
class Encrypted:
    """How the database of an app that encrypts it is known, by name and bytes, and what is said."""

    is_one: Callable[[str, bytes], bool]
    what: str


@dataclass(frozen=True, slots=True)
class App:
    """An app that keeps its messages in a database.

    ``name`` matches the whole name of its file, folders included, and ``sign`` what its definitions
    of tables hold.  ``lacking`` says of tables why they are not the app's, and ``opened`` how they
    are read and whom their addresses stand for.  ``compared`` are the columns in which a row of
    the log or journal can differ, and ``told`` gives them as texts.
    """

    label: str
    name: re.Pattern[str]
    sign: re.Pattern[bytes]
    lacking: Callable[[Tables], str | None]
    opened: Callable[[Source, Tables], tuple[Made, dict[str, str]]]
    compared: Compared
    told: Told = told
    encrypted: Encrypted | None = None

    def identify(self, name: str, head: bytes) -> bool:
        """Say whether a file is such a database, by tables or name, or the companion of one."""
        if is_journal(name):
            return bool(head) and self._named(name[: -len(JOURNAL)])
        if is_log(head):
            return name.lower().endswith(WAL) and self._named(name[: -len(WAL)])
        if not head.startswith(MAGIC):
            return self.encrypted is not None and self.encrypted.is_one(name, head)
        return self.sign.search(head) is not None or self._named(name)

    def batches(self, source: Source) -> Iterator[Batch]:
        """Read a database or a companion of it; one that cannot be read at all is a problem."""
        same = Same(source.exhibit, self.label)
        try:
            yield from self._batches(source, same)
        except DatabaseError as error:
            yield files.whole(source, same, str(error))

    def _named(self, name: str) -> bool:
        return self.name.fullmatch(name) is not None

    def _batches(self, source: Source, same: Same) -> Iterator[Batch]:
        head = _head(source)
        part = JOURNAL if is_journal(source.name) else WAL if is_log(head) else ""
        if self.encrypted is not None and _encrypted(source, part, head):
            yield files.whole(source, same, self.encrypted.what, "encrypted-database")
        elif part == JOURNAL:
            yield from journal_batches(source, same, self.compared, self.told)
        elif part == WAL:
            yield from self._log(source, same)
        else:
            yield from self._database(source, same)

    def _database(self, source: Source, same: Same) -> Iterator[Batch]:
        image = files.image(source)
        tables = tables_of(image)
        why = self.lacking(tables)
        if why is not None:
            raise DatabaseError(why)
        made, contacts = self.opened(source, tables)
        yield from made(tables, contacts, same, None).read()
        yield from files.log_remark(source, image, same)

    def _log(self, source: Source, same: Same) -> Iterator[Batch]:
        log, before, after = files.log_of(source)
        made, contacts = self.opened(source, after)
        read = LogReading(log, before, after, contacts, same, made, self.compared, self.told)
        yield from read.read()


def _encrypted(source: Source, part: str, head: bytes) -> bool:
    """Say whether a database, or the one that a log or journal lies beside, is no open one."""
    if part:
        database = files.beside(source, PurePosixPath(source.name).name[: -len(part)])
        return database is not None and not _head(database).startswith(MAGIC)
    return not head.startswith(MAGIC)


def _head(source: Source) -> bytes:
    with source.open() as stream:
        return stream.read(len(MAGIC))
