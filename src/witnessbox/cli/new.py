"""``witnessbox new``: make an operation."""

from pathlib import Path

from witnessbox.cli.common import now, say, settings
from witnessbox.operation import model


def new(
    directory: Path,
    /,
    *,
    name: str,
    zone: str = "Europe/London",
    profile: str = "ew-police",
    ledger: str = "",
) -> int:
    """Make an operation in a new folder.

    Parameters
    ----------
    directory
        A new or empty folder.
    name
        What the operation is called in pages and reports.
    zone
        IANA time zone of the operation; exports that name no zone are read in it.
    profile
        Jurisdiction profile.
    ledger
        Where a team keeps the ledger: postgresql+psycopg://…  By default SQLite in the folder.
    """
    operation = model.new(
        directory,
        name=name,
        zone=zone,
        profile=profile,
        actor=settings().actor,
        at=now(),
        ledger=ledger,
    )
    say(f"made {operation.opening.name} in {directory}")
    say(f"next: witnessbox receive {directory} FILE… --custodian NAME --reference WB/1 --basis WHY")
    return 0
