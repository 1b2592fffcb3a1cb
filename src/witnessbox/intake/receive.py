"""Receive: take custody of files, folders and archives.

Everything handed over is first read to its end, archives in archives included, and only then
copied into the vault; what was copied must be what was read.  Receipts and refusals enter the
ledger in one append, last of all: either all of them or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.steps import Progress, silent
from witnessbox.evidence.vault import Vault
from witnessbox.intake.containers import ContainerError
from witnessbox.intake.crypt.keys import Key
from witnessbox.intake.crypt.opening import is_encrypted
from witnessbox.intake.handed import Handed, Refusal, handed_over, reason_of
from witnessbox.intake.limits import Limits
from witnessbox.intake.record import KIND, REFUSED, Receipt, Refused, receipts
from witnessbox.intake.unpack import Found, check, store
from witnessbox.ledger.chain import stamp
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger


class ReceiveError(WitnessboxError):
    """Nothing was received; the message says why."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms things are received.

    ``reference`` is the exhibit reference of what is handed over; what lies in it gets numbers
    behind it (WB/001, WB/001/3).  ``zone`` is the device's time zone where it is known.  ``key``
    opens encrypted backups among them.
    """

    custodian: str
    reference: str
    lawful_basis: str
    zone: str | None = None
    limits: Limits = field(default_factory=Limits)
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What was taken and what was not."""

    receipts: tuple[Receipt, ...]
    refusals: tuple[Refusal, ...]


def receive(  # noqa: PLR0913 - custody is who, what, from whom, when and on what terms
    folder: Folder,
    ledger: Ledger,
    paths: Sequence[Path],
    terms: Terms,
    actor: Actor,
    at: datetime,
    *,
    progress: Progress = silent,
) -> Received:
    """Take files, folders and archives into the vault and write their receipts.

    An archive that is encrypted, broken or hostile is refused whole; one inside another is then
    kept unopened, and so is an encrypted backup that the key does not open.  Links are refused,
    never followed.  Raises ReceiveError where nothing can be received on these terms, or where what
    was read changes or cannot be copied.
    """
    _check_terms(ledger, paths, terms)
    moment = stamp(at)
    refusals: list[Refusal] = []
    plans: list[tuple[Handed, list[Found]]] = []
    handed = list(handed_over(paths, (moment, terms.reference), refusals))
    for done, file in enumerate(handed):
        progress("receive", done, 2 * len(handed))
        try:
            plans.append((file, check(file, terms.limits, terms.key)))
        except (ContainerError, OSError) as error:
            reason = str(error) if isinstance(error, ContainerError) else reason_of(error)
            refusals.append(Refusal(file.name, reason))
    _check_key(terms, plans)
    vault = Vault(folder.vault)
    for done, (file, plan) in enumerate(plans):
        progress("receive", len(handed) + done, 2 * len(handed))
        _copy(file, plan, vault, terms)
    found = [one for _, plan in plans for one in plan]
    refusals += [Refusal(one.name, one.closed) for one in found if one.closed is not None]
    made = tuple(_receipt(one, terms, actor, moment) for one in found)
    turned_away = [_refused(refusal, terms, actor, moment) for refusal in refusals]
    ledger.append(
        [
            *(draft(KIND, one, actor, at) for one in made),
            *(draft(REFUSED, one, actor, at, one.reason) for one in turned_away),
        ]
    )
    progress("receive", 2 * len(handed), 2 * len(handed))
    return Received(made, tuple(refusals))


def _check_terms(ledger: Ledger, paths: Sequence[Path], terms: Terms) -> None:
    for what, value in (
        ("whose they were (custodian)", terms.custodian),
        ("an exhibit reference", terms.reference),
        ("the lawful basis", terms.lawful_basis),
    ):
        if not value.strip():
            raise ReceiveError(f"exhibits cannot be received without {what}; state it")
    if not paths:
        raise ReceiveError("nothing was named to receive; name files, folders or zip archives")
    if terms.zone is not None:
        try:
            ZoneInfo(terms.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ReceiveError(
                f"{terms.zone} is no time zone; give an IANA name such as Europe/London"
            ) from None
    stem = terms.reference + "/"
    for receipt in receipts(ledger):
        if receipt.reference == terms.reference or receipt.reference.startswith(stem):
            raise ReceiveError(
                f"exhibit reference {terms.reference} is taken by {receipt.name}; choose another"
            )


def _check_key(terms: Terms, plans: Sequence[tuple[Handed, list[Found]]]) -> None:
    if terms.key is not None and not any(
        is_encrypted(one.name) for _, plan in plans for one in plan
    ):
        raise ReceiveError(
            "a key was given, and no encrypted backup is among what was handed over; nothing was "
            "received: name the backup, or leave the key out"
        )


def _copy(file: Handed, plan: list[Found], vault: Vault, terms: Terms) -> None:
    """Copy what was checked into the vault; what arrives there must be what was checked."""
    closed = frozenset(one.name for one in plan if one.closed is not None)
    try:
        stored = store(file, vault, terms.limits, closed, terms.key)
    except OSError as error:
        raise ReceiveError(
            f"{file.name} could not be copied into the vault ({error.strerror or error}); "
            "no receipt was written: make room and receive again"
        ) from error
    except ContainerError as error:
        raise ReceiveError(_changed(file)) from error
    if [one.exhibit for one in stored] != [one.exhibit for one in plan]:
        raise ReceiveError(_changed(file))


def _changed(file: Handed) -> str:
    return (
        f"{file.name} changed while it was being received; no receipt was written: "
        "make sure nothing writes to it and receive again"
    )


def _refused(refusal: Refusal, terms: Terms, actor: Actor, moment: str) -> Refused:
    return Refused(
        name=refusal.name,
        reason=refusal.reason,
        custodian=terms.custodian,
        reference=terms.reference,
        refused_by=actor.name,
        refused_at=moment,
    )


def _receipt(one: Found, terms: Terms, actor: Actor, moment: str) -> Receipt:
    return Receipt(
        exhibit=one.exhibit.digest,
        reference="/".join([terms.reference, *map(str, one.number)]),
        name=one.name,
        size_bytes=one.exhibit.size_bytes,
        custodian=terms.custodian,
        received_by=actor.name,
        received_at=moment,
        lawful_basis=terms.lawful_basis,
        container=one.container,
        delivery=one.delivery,
        zone=terms.zone,
        key=one.key,
    )
