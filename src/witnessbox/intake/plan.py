"""What is to be extracted: each exhibit with all that its tables are made from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.steps import inputs_of
from witnessbox.evidence.vault import Vault
from witnessbox.intake.attached import Came, reach
from witnessbox.intake.beside import companions, file_of, folder_of, mappings
from witnessbox.intake.completeness import Absence, absences
from witnessbox.intake.crypt.opening import is_encrypted as is_sealed
from witnessbox.intake.limits import DEFAULT, Limits, departures
from witnessbox.intake.messenger.survey import is_encrypted
from witnessbox.intake.parser import HEAD_BYTES, Assumption, Source
from witnessbox.intake.parsers import PARSERS
from witnessbox.intake.pictures.looking import READER
from witnessbox.intake.record import Receipt, first_receipts, receipts
from witnessbox.intake.settlement import AS_READ, ZONE, Settled, standing
from witnessbox.intake.settling import settled
from witnessbox.ledger.store import Ledger

VERSION = 4


@dataclass(frozen=True, slots=True)
class Beside:
    """Another database of the same folder, or a column mapping, which an exhibit is read with."""

    exhibit: str
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Job:
    """All that is needed to read one exhibit, wherever that is done."""

    root: Path
    exhibit: str
    name: str
    size_bytes: int
    assumption: Assumption
    members: int  # of an archive, else 0
    absent: tuple[Absence, ...]
    beside: tuple[Beside, ...] = ()
    came: tuple[Came, ...] = ()  # the files its messages may name
    limits: Limits = DEFAULT

    @property
    def inputs(self) -> str:
        """Name everything the exhibit's tables are made from."""
        return inputs_of(
            VERSION,
            self.exhibit,
            self.name,
            self.assumption.zone,
            self.assumption.why,
            self.members,
            *(part for one in self.absent for part in (one.code, one.what)),
            *(part for one in self.beside for part in (one.exhibit, one.name)),
            *(part for one in self.came for part in (one.name, one.exhibit)),
            *(part for one in self.assumption.settled for part in _parts(one)),
            *(part for name, value in departures(self.limits) for part in (name, value)),
            *(parser.FORMAT.label for parser in PARSERS),
            READER,
        )


def jobs(folder: Folder, ledger: Ledger, zone: str, limits: Limits = DEFAULT) -> list[Job]:
    """Plan the reading of every exhibit received, in the order of their first receipts."""
    received = receipts(ledger)
    first = first_receipts(received)
    zones = first_receipts(one for one in received if one.zone is not None)
    members = _members(received)
    absent = absences(received, _encrypted(folder, first.values()))
    beside = _beside(list(first.values()))
    files = reach(received)
    rulings = settled(ledger)
    return [
        Job(
            root=folder.root,
            exhibit=exhibit,
            name=receipt.name,
            size_bytes=receipt.size_bytes,
            assumption=_assumption(zones.get(exhibit), zone, rulings.get(exhibit, ())),
            members=members.get(exhibit, 0),
            absent=absent.get(exhibit, ()),
            beside=beside[exhibit],
            came=files.get(exhibit, ()),
            limits=limits,
        )
        for exhibit, receipt in first.items()
    ]


def _beside(first: Sequence[Receipt]) -> dict[str, tuple[Beside, ...]]:
    """Find what lies beside each database: in one folder, from one custodian, taken in one act.

    What was in an encrypted backup lies where the backup lay.  A table's mapping may come later,
    from the same custodian.
    """
    sealed = {one.exhibit: one for one in first if is_sealed(one.name)}

    def name(one: Receipt) -> str:
        around = sealed.get(one.container or "")
        return one.name if around is None else f"{folder_of(around.name)}/{file_of(one.name)}"

    def place(one: Receipt) -> tuple[str, str, str | None]:
        container = sealed.get(one.container or "", one).container if one.container else None
        return one.custodian, one.received_at, container

    found = companions(first, name, place)
    mapped = mappings(first, lambda one: one.name, lambda one: one.custodian)
    return {
        one.exhibit: tuple(
            Beside(each.exhibit, each.name, each.size_bytes)
            for each in (*others, *(() if mapping is None else (mapping,)))
        )
        for one, others, mapping in zip(first, found, mapped, strict=True)
    }


def _members(received: Sequence[Receipt]) -> dict[str, int]:
    """Count the members of each archive, as the act that took most out of it received them.

    An encrypted backup may come once without its key and again with it.
    """
    held: dict[tuple[str | None, str], str] = {}
    for one in received:
        held.setdefault((one.exhibit, one.delivery), one.name)
    taken: Counter[tuple[str, str]] = Counter()
    for one in received:
        archive = held.get((one.container, one.delivery))
        if one.container and archive is not None and one.name.startswith(archive + "/"):
            taken[one.container, one.delivery] += 1
    most: dict[str, int] = {}
    for (container, _), count in taken.items():
        most[container] = max(count, most.get(container, 0))
    return most


def _assumption(stated: Receipt | None, zone: str, settled: tuple[Settled, ...]) -> Assumption:
    word = standing(settled, ZONE, 0)
    if word is not None and word.decision != AS_READ:
        return Assumption(word.decision, "settled for this exhibit", settled=settled)
    if stated is None or stated.zone is None:
        why = "the operation's zone; none was stated for this device"
        return Assumption(zone, why, settled=settled)
    why = f"stated for this device on receipt of {stated.reference}"
    return Assumption(stated.zone, why, stated=True, settled=settled)


def _parts(one: Settled) -> tuple[str, ...]:
    return one.code, one.decision, "" if one.start is None else str(one.start)


def _encrypted(folder: Folder, received: Iterable[Receipt]) -> frozenset[str]:
    """Name the exhibits that are downloads of end-to-end encrypted chats."""
    vault = Vault(folder.vault)
    return frozenset(
        one.exhibit
        for one in received
        if one.name.lower().endswith(".json") and is_encrypted(head_of(vault, one.exhibit))
    )


def head_of(vault: Vault, exhibit: str) -> bytes:
    """Give the beginning of an exhibit, by which its format is told."""
    with vault.open(exhibit) as stream:
        return stream.read(HEAD_BYTES)


def source_of(job: Job, vault: Vault) -> Source:
    """Give an exhibit to its parser, with what lies beside it."""
    beside = tuple(
        Source(
            one.exhibit,
            one.name,
            one.size_bytes,
            partial(vault.open, one.exhibit),
            limits=job.limits,
        )
        for one in job.beside
    )
    opened = partial(vault.open, job.exhibit)
    return Source(job.exhibit, job.name, job.size_bytes, opened, beside, job.limits)
