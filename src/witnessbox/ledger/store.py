"""Where the ledger is kept: one contract, SQLAlchemy Core on SQLite and PostgreSQL.

What any store must do: give each entry the next position and no other; take several drafts whole or
not at all; keep what it acknowledged; refuse change and removal; read back in order.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from witnessbox.errors import WitnessboxError
from witnessbox.ledger.chain import GENESIS, breaches, seal
from witnessbox.ledger.model import Actor, Draft, Entry, Head

_METADATA = MetaData()
_ENTRIES = Table(
    "ledger_entries",
    _METADATA,
    Column("operation", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(64), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("actor_id", String(128), nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
_COLUMNS = [column for column in _ENTRIES.columns if column.name != "operation"]

_SQLITE_GUARDS = (
    """CREATE TRIGGER IF NOT EXISTS ledger_no_update BEFORE UPDATE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END""",
    """CREATE TRIGGER IF NOT EXISTS ledger_no_delete BEFORE DELETE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END""",
)
_POSTGRES_GUARDS = (
    """CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger only grows'; END $$""",
    """DROP TRIGGER IF EXISTS ledger_guard ON ledger_entries""",
    """CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows()""",
)
_LOCK_KEY = 0x77_69_74_6E  # "witn": one appender at a time, whichever operation


class LedgerError(WitnessboxError):
    """The ledger cannot be opened, read or written; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one operation.

    ``anchor`` is a file that holds the last acknowledged head, beside the store, so that a ledger
    cut short is noticed; None keeps none.
    """

    engine: Engine
    operation: str
    anchor: Path | None = None

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Seal drafts behind the last entry, all or none; on return they are on disk."""
        entries: list[Entry] = []
        with self._errors("written"), self._writing() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"))
            head = self._head(connection)
            for draft in drafts:
                entry = seal(draft, head)
                entries.append(entry)
                head = Head(entry.position + 1, entry.hash)
            if entries:
                connection.execute(insert(_ENTRIES), [self._row(entry) for entry in entries])
        if self.anchor is not None and entries:
            # The entries stand whether or not this works; an anchor that lags behind still holds,
            # and an error here would have the entry made a second time.
            with suppress(OSError):
                _write_anchor(self.anchor, head)
        return entries

    def entries(self, *kinds: str, since: int = 0) -> Iterator[Entry]:
        """Read entries in order, of the kinds named (all by default), from a position on."""
        query = (
            select(*_COLUMNS)
            .where(_ENTRIES.c.operation == self.operation, _ENTRIES.c.position >= since)
            .order_by(_ENTRIES.c.position)
        )
        if kinds:
            query = query.where(_ENTRIES.c.kind.in_(kinds))
        with self._errors("read"), self.engine.connect() as connection:
            rows = connection.execute(query).fetchall()
        for row in rows:
            yield _entry(row)

    def head(self) -> Head:
        """Say how long the ledger is and the hash it ends with."""
        with self._errors("read"), self.engine.connect() as connection:
            return self._head(connection)

    def breaches(self) -> list[str]:
        """Check every entry and link, and the anchor where there is one; say what does not hold."""
        return breaches(self.entries(), self.noted_head())

    def noted_head(self) -> Head | None:
        """Give the head the anchor holds, or None where nothing was acknowledged yet."""
        if self.anchor is None or not self.anchor.exists():
            return None
        words = self.anchor.read_text().split()
        if len(words) != 2 or not words[0].isdigit():
            return (
                Head(0, "") if self.head().length == 0 else Head(self.head().length, "unreadable")
            )
        return Head(int(words[0]), words[1])

    def _head(self, connection: Connection) -> Head:
        row = connection.execute(
            select(_ENTRIES.c.position, _ENTRIES.c.hash)
            .where(_ENTRIES.c.operation == self.operation)
            .order_by(_ENTRIES.c.position.desc())
            .limit(1)
        ).first()
        return Head(0, GENESIS) if row is None else Head(row.position + 1, row.hash)

    def _row(self, entry: Entry) -> dict[str, str | int]:
        return {
            "operation": self.operation,
            "position": entry.position,
            "kind": entry.kind,
            "body": entry.body,
            "actor_id": entry.actor.id,
            "actor_name": entry.actor.name,
            "at": entry.at,
            "reason": entry.reason,
            "previous": entry.previous,
            "hash": entry.hash,
        }

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with (
            self.engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            place = self.engine.url.render_as_string(hide_password=True)
            raise LedgerError(
                f"the ledger at {place} could not be {doing}: {str(error).splitlines()[0]}; "
                "nothing was changed: check disk space and access, then try again"
            ) from error


def open_ledger(url: str, operation: str, anchor: Path | None = None) -> Ledger:
    """Open a ledger, making its table where there is none.  Raises LedgerError where it cannot."""
    try:
        engine = create_engine(url, poolclass=NullPool)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise LedgerError(
            f"a ledger cannot be opened there: {error}; use sqlite:/// or postgresql+psycopg://"
        ) from error
    sqlite = make_url(url).get_backend_name() == "sqlite"
    if sqlite:
        _prepare_sqlite(engine)
    ledger = Ledger(engine, operation, anchor)
    with ledger._errors("opened"), engine.begin() as connection:  # noqa: SLF001 - same module
        if not sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"))
        _METADATA.create_all(connection)
        for guard in _SQLITE_GUARDS if sqlite else _POSTGRES_GUARDS:
            connection.execute(text(guard))
    return ledger


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def durable(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=20000",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _entry(row: Any) -> Entry:
    return Entry(
        position=row.position,
        kind=row.kind,
        body=row.body,
        actor=Actor(row.actor_id, row.actor_name),
        at=row.at,
        reason=row.reason,
        previous=row.previous,
        hash=row.hash,
    )


def _write_anchor(anchor: Path, head: Head) -> None:
    # A file of its own for each writer: two appenders at once may note either head, both are true.
    handle, partial = tempfile.mkstemp(prefix=".head-", dir=anchor.parent)
    with os.fdopen(handle, "w") as stream:
        stream.write(f"{head.length} {head.hash}\n")
    Path(partial).replace(anchor)
