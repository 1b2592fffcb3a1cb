"""Read an invented messages database and say what was found."""

from pathlib import Path
from typing import Any

from tests.intake.imessage.mac import Fill, database
from tests.intake.reading import batches, rows
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import imessage

OWNER = "owner of this phone"
ANA_ADDRESS, BO_ADDRESS, CY_ADDRESS = "+447700900101", "+447700900102", "cy@example.org"


def read(data: bytes, name: str = "sms.db", **others: bytes) -> list[Batch]:
    """Read a database or log and hold the parser to its word: every row in one record."""
    named = {
        "book": "AddressBook.sqlitedb",
        "mac_book": "AddressBook-v22.abcddb",
        "log": "sms.db-wal",
        "journal": "sms.db-journal",
        "database": "sms.db",
    }
    return batches(imessage, data, name, {named[one]: held for one, held in others.items()})


def told(found: list[Batch], *columns: str, table: str = "messages") -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(found, table)]


def made(tmp_path: Path, *fills: Fill) -> list[Batch]:
    return read(database(tmp_path / "made.db", *fills))


def said_of(found: list[Batch], code: str) -> list[tuple[Any, ...]]:
    return [
        (row, what)
        for one, row, what in told(found, "code", "row", "what", table="problems")
        if one == code
    ]


def traces(found: list[Batch], kind: str) -> list[tuple[Any, ...]]:
    told_of = told(found, "kind", "table", "row", "what", table="traces")
    return [(table, row, what) for one, table, row, what in told_of if one == kind]
