"""Reading what was released, and only as it was released."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import read
from witnessbox.ledger.store import Ledger
from witnessbox.reports import bundle
from witnessbox.reports.record import KIND, Release


class ReleaseError(WitnessboxError):
    """A released file is gone or is not as it was released."""


@dataclass(frozen=True, slots=True)
class Released:
    """One release with who made it, when and why."""

    release: Release
    actor: Actor
    at: str
    reason: str


def released(ledger: Ledger) -> list[Released]:
    """List the releases, newest first."""
    found = [
        Released(read(entry, Release), entry.actor, entry.at, entry.reason)
        for entry in ledger.entries(KIND)
    ]
    return found[::-1]


def file_of(folder: Folder, release: Release, name: str) -> bytes:
    """Read one file of a release.  Raises ReleaseError where it is not what was released."""
    place = folder.reports / release.name
    manifest = _bytes(place / bundle.MANIFEST)
    _check(manifest, release.manifest_sha256, place / bundle.MANIFEST)
    listed = msgspec.json.decode(manifest, type=bundle.Manifest).files
    data = _bytes(place / name)
    promised = next((one.sha256 for one in listed if one.path == name), "")
    _check(data, promised, place / name)
    return data


def bundle_of(folder: Folder, release: Release) -> bytes:
    """Read a release's bundle.  Raises ReleaseError where it is not what was released."""
    place = folder.reports / f"{release.name}.zip"
    data = _bytes(place)
    _check(data, release.bundle_sha256, place)
    return data


def _bytes(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as error:
        raise ReleaseError(
            f"{place} cannot be read ({error.strerror}); restore it from a backup or publish again"
        ) from error


def _check(data: bytes, promised: str, place: Path) -> None:
    if hashlib.sha256(data).hexdigest() != promised:
        raise ReleaseError(
            f"{place} is not as it was released and is not shown; restore it from a backup"
        )
