"""``witnessbox receive``: take custody of what is handed over."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from witnessbox.cli.common import Directory, note, now, progress, say, settings
from witnessbox.intake.crypt.keys import Key, KeyFormatError, key_of
from witnessbox.intake.receive import Terms
from witnessbox.intake.receive import receive as take
from witnessbox.intake.record import next_reference
from witnessbox.operation.model import open_operation

_LONGEST_PATH = 4096
_LARGEST_KEY_BYTES = 1 << 13


def receive(
    directory: Directory,
    /,
    *files: Path,
    custodian: str,
    basis: str,
    reference: str | None = None,
    zone: Annotated[str | None, Parameter(name="--zone")] = None,
    key: str | None = None,
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
    key
        Key of WhatsApp's encrypted backups: its file, or its 64 digits. It is kept nowhere.
    """
    operation = open_operation(directory)
    terms = Terms(
        custodian=custodian,
        reference=reference or next_reference(operation.ledger, "WB"),
        lawful_basis=basis,
        zone=zone,
        limits=operation.limits,
        key=None if key is None else _key(key),
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


def _key(given: str) -> Key:
    """Read the key out of its file, or out of the digits themselves."""
    path = Path(given)
    try:
        if len(given) < _LONGEST_PATH and path.is_file():
            with path.open("rb") as stream:
                return key_of(stream.read(_LARGEST_KEY_BYTES))
    except OSError as error:
        raise KeyFormatError(f"the key file cannot be read ({error.strerror}); check it") from error
    return key_of(given.encode("utf-8", "surrogateescape"))
