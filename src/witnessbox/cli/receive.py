"""``witnessbox receive``: take custody of what is handed over."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from witnessbox.cli.common import Directory, note, now, progress, say, settings
from witnessbox.intake.receive import Terms
from witnessbox.intake.receive import receive as take
from witnessbox.intake.record import next_reference
from witnessbox.operation.model import open_operation


def receive(
    directory: Directory,
    /,
    *files: Path,
    custodian: str,
    basis: str,
    reference: str | None = None,
    zone: Annotated[str | None, Parameter(name="--zone")] = None,
) -> int:
    """Take files, folders and zips into the vault; a receipt for each enters the ledger.

    Parameters
    ----------
    files
        What is handed over.
    custodian
        Whose phone or account it came from.
    basis
        The lawful basis on which it is held.
    reference
        Exhibit reference; what lies inside gets numbers behind it. By default the next free WB/…
    zone
        IANA time zone of the device, where it is known.
    """
    operation = open_operation(directory)
    terms = Terms(
        custodian=custodian,
        reference=reference or next_reference(operation.ledger, "WB"),
        lawful_basis=basis,
        zone=zone,
    )
    with progress() as watch:
        received = take(
            operation.folder,
            operation.ledger,
            files,
            terms,
            settings().actor,
            now(),
            progress=watch,
        )
    for one in received.receipts:
        say(f"{one.reference}  {one.exhibit[:16]}…  {one.size_bytes:>13,}  {one.name}")
    for refusal in received.refusals:
        note(f"refused: {refusal.name}: {refusal.reason}")
    say(f"{len(received.receipts):,} received, {len(received.refusals):,} refused")
    return 1 if received.refusals else 0
