"""An operation: its folder, its ledger and its tables.

This is what the command line, the workbench and ``witnessbox.open`` hand about.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import pyarrow as pa

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.digest import derive
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import TABLES
from witnessbox.evidence.tables import Tables
from witnessbox.evidence.vault import Vault
from witnessbox.intake.limits import DEFAULT, LimitError, Limits, limits_of
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft, read
from witnessbox.ledger.store import Ledger, open_ledger
from witnessbox.media.motif import ALIKE_BITS, MOST_BITS
from witnessbox.reconcile.weighing import JOIN_WEIGHT, LEAST_JOIN_WEIGHT, MOST_JOIN_WEIGHT
from witnessbox.screening.lexicons import DEFAULT as LEXICONS
from witnessbox.screening.lexicons import Settings as Lexicons
from witnessbox.screening.second_pass import DEFAULT as SECOND_PASS
from witnessbox.screening.second_pass import Settings as SecondPass
from witnessbox.screening.stopping import LEAST_TARGET, MOST_TARGET, TARGET_RECALL

OPENING = "operation-opened"
PROFILES = {"ew-police": "England and Wales, police misconduct (rules unreviewed)"}


class OperationError(WitnessboxError):
    """An operation cannot be made or opened where it was asked for."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What was decided when the operation was opened: the first entry of its ledger."""

    operation: str  # id
    name: str
    zone: str  # IANA time zone: of pages and reports, and of exports that name none
    profile: str  # of PROFILES


class _Address(msgspec.Struct, frozen=True):
    """What ``operation.toml`` says: where the ledger of which operation is kept, and limits."""

    operation: str
    ledger: str  # "" for SQLite in the folder, else a SQLAlchemy address
    limits: dict[str, object] = msgspec.field(default_factory=dict)
    motif_bits: Annotated[int, msgspec.Meta(ge=0, le=MOST_BITS)] = ALIKE_BITS
    join_weight: Annotated[float, msgspec.Meta(ge=LEAST_JOIN_WEIGHT, le=MOST_JOIN_WEIGHT)] = (
        JOIN_WEIGHT
    )
    lexicons: Lexicons = LEXICONS
    second_pass: SecondPass = SECOND_PASS
    recall_target: Annotated[float, msgspec.Meta(ge=LEAST_TARGET, le=MOST_TARGET)] = TARGET_RECALL


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, open."""

    folder: Folder
    ledger: Ledger
    opening: Opening
    limits: Limits = DEFAULT  # on what a file from a stranger may cost
    motif_bits: int = ALIKE_BITS  # by how many pictures of one motif may differ
    join_weight: float = JOIN_WEIGHT  # the match weight from which two names are taken for one's
    lexicons: Lexicons = LEXICONS  # which are looked through beside its own, and instead of which
    second_pass: SecondPass = SECOND_PASS  # which encoder scores again, and what
    recall_target: float = TARGET_RECALL  # the share to be found before reading stops

    @property
    def zone(self) -> ZoneInfo:
        """Give the zone in which times are shown."""
        return ZoneInfo(self.opening.zone)

    @property
    def tables(self) -> Tables:
        """Give the operation's tables."""
        return Tables(self.folder.tables)

    @property
    def vault(self) -> Vault:
        """Give the operation's vault."""
        return Vault(self.folder.vault)

    def table(self, name: str) -> pa.Table:
        """Read a whole table by name as Arrow.  Raises OperationError where there is none such."""
        for table in TABLES:
            if table.name == name:
                return self.tables.read(table)
        names = ", ".join(table.name for table in TABLES)
        raise OperationError(f"there is no table {name!r}; the tables are {names}")


def new(  # noqa: PLR0913 - what an operation is made of
    root: Path,
    *,
    name: str,
    zone: str,
    profile: str,
    actor: Actor,
    at: datetime,
    ledger: str = "",
) -> Operation:
    """Make an operation in a new or empty folder and open it.  Raises OperationError."""
    folder = Folder(root)
    _check(folder, name, zone, profile)
    operation = derive("operation", name, zone, profile, at.isoformat())
    opening = Opening(operation, name, zone, profile)
    root.mkdir(parents=True, exist_ok=True)
    address = _Address(operation, ledger)
    store = _open_ledger(folder, address)
    store.append([draft(OPENING, opening, actor, at)])
    folder.settings.write_text(
        "# Where this operation's ledger is.  Its name, zone and profile stand in the ledger.\n"
        f"operation = {json.dumps(address.operation)}\n"  # a JSON string is a TOML string
        f"ledger = {json.dumps(address.ledger)}\n"
    )
    return Operation(folder, store, opening)


def _check(folder: Folder, name: str, zone: str, profile: str) -> None:
    if folder.settings.exists():
        raise OperationError(f"{folder.root} holds an operation already; choose another folder")
    if folder.root.exists() and any(folder.root.iterdir()):
        raise OperationError(f"{folder.root} is not empty; choose a new folder")
    if not name.strip():
        raise OperationError("an operation needs a name; pass --name")
    if zone not in available_timezones():
        raise OperationError(f"{zone!r} is not an IANA time zone; try 'Europe/London'")
    if profile not in PROFILES:
        known = ", ".join(PROFILES)
        raise OperationError(f"there is no jurisdiction profile {profile!r}; known: {known}")


def open_operation(root: Path | str) -> Operation:
    """Open the operation in a folder.  Raises OperationError where there is none."""
    folder = Folder(Path(root))
    try:
        address = msgspec.toml.decode(folder.settings.read_bytes(), type=_Address)
        limits = limits_of(address.limits)
    except FileNotFoundError:
        raise OperationError(
            f"{root} holds no operation; make one with 'witnessbox new {root}'"
        ) from None
    except (msgspec.DecodeError, msgspec.ValidationError, LimitError) as error:
        raise OperationError(f"{folder.settings} cannot be read: {error}") from error
    ledger = _open_ledger(folder, address)
    for entry in ledger.entries(OPENING):
        return Operation(
            folder,
            ledger,
            read(entry, Opening),
            limits,
            address.motif_bits,
            address.join_weight,
            address.lexicons,
            address.second_pass,
            address.recall_target,
        )
    raise OperationError(f"the ledger of {root} does not begin with its opening; it is cut short")


def _open_ledger(folder: Folder, address: _Address) -> Ledger:
    url = address.ledger or f"sqlite:///{folder.ledger}"
    return open_ledger(url, address.operation, folder.head)
