"""The people of the tests.  Ana owns the operation, Bo is on her team, Cy has no business here."""

from datetime import UTC, datetime

from witnessbox.ledger.model import Actor

ANA = Actor("ana", "Ana Okoro")
BO = Actor("bo", "Bo Lindqvist")
CY = Actor("cy", "Cy Marsh")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
