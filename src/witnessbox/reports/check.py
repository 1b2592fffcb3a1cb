"""Check published reports: a bundle on its own, and an operation's releases against its ledger."""

import hashlib
from pathlib import Path

from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import Ledger
from witnessbox.reports import bundle, recall_check
from witnessbox.reports.recall_check import is_certificate
from witnessbox.reports.record import Release, releases


def verify_bundle(path: Path) -> list[str]:
    """Say all that does not hold in a bundle, a folder or a zip, with nothing but the bundle.

    Raises BundleError where it cannot be opened.
    """
    files = files_of(path)
    return recall_check.breaches(files) if is_certificate(files) else bundle.breaches(files)


def files_of(path: Path) -> dict[str, bytes]:
    """Read a bundle's files.  Raises BundleError where there is none."""
    try:
        if path.is_dir():
            return {
                place.relative_to(path).as_posix(): place.read_bytes()
                for place in sorted(path.rglob("*"))
                if place.is_file()
            }
        return bundle.unpack(path.read_bytes())
    except OSError as error:
        raise bundle.BundleError(f"{path} cannot be read: {error}; check the path") from error


def is_bundle(path: Path) -> bool:
    """Say whether a path looks like a bundle rather than an operation's folder."""
    return path.is_file() or (path / bundle.MANIFEST).is_file()


def verify_releases(folder: Folder, ledger: Ledger) -> list[str]:
    """Say what does not hold in an operation's reports, against what its ledger released."""
    found: list[str] = []
    for made in releases(ledger):
        found.extend(f"report {made.name}: {one}" for one in _breaches_of(folder, made))
    return found


def _breaches_of(folder: Folder, made: Release) -> list[str]:
    place, packed = folder.reports / made.name, folder.reports / f"{made.name}.zip"
    found: list[str] = []
    if not place.is_dir():
        return ["its folder is missing"]
    files = files_of(place)
    manifest = files.get(bundle.MANIFEST)
    if manifest is not None and hashlib.sha256(manifest).hexdigest() != made.manifest_sha256:
        found.append("its manifest is not the one that was released")
    found.extend(bundle.breaches(files))
    if not packed.is_file():
        found.append("its zip is missing")
    elif hashlib.sha256(packed.read_bytes()).hexdigest() != made.bundle_sha256:
        found.append("its zip is not the one that was released")
    return found
