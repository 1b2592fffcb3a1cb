"""The vault: exhibits stored by their SHA-256, read-only, never changed and never removed.

Rules kept here: an object's name is the hash of its bytes; it appears whole or not at all; the same
bytes twice are one object; what is stored is hashed from what was read, not from what was promised.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.digest import pieces, sha256_of
from witnessbox.evidence.model import Exhibit, Span

_READ_ONLY = 0o444


class VaultError(WitnessboxError):
    """An exhibit is missing, or its bytes are not the ones that were received."""


@dataclass(frozen=True, slots=True)
class Vault:
    """The exhibits of one operation."""

    root: Path

    def path(self, exhibit: str) -> Path:
        """Give the place of an exhibit, whether it is there or not."""
        return self.root / exhibit[:2] / exhibit

    def has(self, exhibit: str) -> bool:
        """Say whether an exhibit is in the vault."""
        return self.path(exhibit).is_file()

    def store(
        self, stream: BinaryIO, watch: Callable[[int], None] = lambda _read_bytes: None
    ) -> Exhibit:
        """Copy a stream into the vault; ``watch`` is told the bytes read so far and may raise."""
        self.root.mkdir(parents=True, exist_ok=True)
        digest, size_bytes = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(prefix=".incoming-", dir=self.root)
        incoming = Path(name)
        try:
            with os.fdopen(handle, "wb") as copy:
                for piece in pieces(stream):
                    digest.update(piece)
                    copy.write(piece)
                    size_bytes += len(piece)
                    watch(size_bytes)
                copy.flush()
                os.fsync(copy.fileno())
            exhibit = Exhibit(digest.hexdigest(), size_bytes)
            self._settle(incoming, exhibit)
        finally:
            incoming.unlink(missing_ok=True)
        return exhibit

    def _settle(self, incoming: Path, exhibit: Exhibit) -> None:
        place = self.path(exhibit.digest)
        if place.is_file() and place.stat().st_size == exhibit.size_bytes:
            return
        incoming.chmod(_READ_ONLY)
        place.parent.mkdir(parents=True, exist_ok=True)
        incoming.replace(place)
        _sync_folder(place.parent)
        _sync_folder(self.root)

    def open(self, exhibit: str) -> BinaryIO:
        """Open an exhibit for reading.  Raises VaultError where it is not there."""
        try:
            return self.path(exhibit).open("rb")
        except FileNotFoundError:
            raise VaultError(
                f"exhibit {exhibit} is not in the vault {self.root}; restore it from a backup"
            ) from None

    def read(self, span: Span) -> bytes:
        """Read the bytes of a span.  Raises VaultError where the exhibit is too short for it."""
        with self.open(span.exhibit) as stream:
            stream.seek(span.start)
            data = stream.read(span.size_bytes)
        if len(data) != span.size_bytes:
            raise VaultError(
                f"exhibit {span.exhibit} ends before byte {span.end}; run 'witnessbox verify'"
            )
        return data

    def exhibits(self) -> Iterator[str]:
        """List the exhibits, in the order of their hashes."""
        for place in sorted(self.root.glob("[0-9a-f][0-9a-f]/*")):
            yield place.name

    def check(self, exhibit: str) -> str | None:
        """Hash an exhibit again; say what is wrong with it, or None where it is as received."""
        if not self.has(exhibit):
            return f"exhibit {exhibit} is missing from the vault"
        with self.open(exhibit) as stream:
            found = sha256_of(pieces(stream))
        return (
            None if found == exhibit else f"exhibit {exhibit} has changed: it now hashes to {found}"
        )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
