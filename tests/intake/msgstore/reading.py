"""Read an invented phone's database the way its tests need it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.intake.msgstore.phone import MORE, SCHEMA, Fill, database
from tests.intake.reading import batches, rows
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import whatsapp_android

ANA, BO = "+447700900101", "+447700900102"
OWNER = "owner of this phone"


def read(place: Path, *fills: Fill, schema: str = SCHEMA + MORE) -> list[Batch]:
    """Make a database and read it."""
    return batches(whatsapp_android, database(place / "a.db", *fills, schema=schema), "msgstore.db")


def of(found: Iterable[Batch], table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(found, table)]


def noted(found: Iterable[Batch], *codes: str) -> list[tuple[str, str]]:
    """Give the problems of these codes."""
    return [(code, what) for code, what in of(found, "problems", "code", "what") if code in codes]
