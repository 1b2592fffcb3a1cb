"""Go through a file that was handed over and all that lies in it, once to check, once to keep.

Both times the same way and in the same order, so that the second can be held against the first.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from witnessbox.evidence.digest import pieces
from witnessbox.evidence.model import Exhibit
from witnessbox.evidence.vault import Vault
from witnessbox.intake.containers import ContainerError, is_archive, opened
from witnessbox.intake.crypt.keys import Key
from witnessbox.intake.crypt.opening import is_encrypted
from witnessbox.intake.crypt.opening import opened as opened_backup
from witnessbox.intake.handed import Handed
from witnessbox.intake.limits import Limits
from witnessbox.intake.mail import is_mail
from witnessbox.intake.mail import opened as opened_mail

_SPOOL_BYTES = 1 << 24  # an archive in an archive stays in memory up to this size while checked


@dataclass(frozen=True, slots=True)
class Found:
    """One exhibit-to-be.

    ``closed`` says why an archive inside another, or an encrypted backup, is not opened; ``key`` is
    the fingerprint of the key it was decrypted with.
    """

    name: str
    exhibit: Exhibit
    number: tuple[int, ...]
    container: str | None
    delivery: str
    closed: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a stream was, once read to its end, and how to read it again if it is an archive."""

    exhibit: Exhibit
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class _Content:
    """One file in another, still to be read."""

    name: str
    size_bytes: int  # as far as is known before it is read
    reading: AbstractContextManager[BinaryIO]


_Keep = Callable[[BinaryIO, str], _Kept]


@dataclass(slots=True)
class _Visit:
    """One way through one file; the limits hold for all that lies in it together."""

    keep: _Keep
    limits: Limits
    closed: frozenset[str]
    key: Key | None
    members: int = 0
    total_bytes: int = 0

    def file(self, handed: Handed) -> list[Found]:
        with handed.path.open("rb") as stream:
            kept = self.keep(stream, handed.name)
        found = Found(handed.name, kept.exhibit, handed.number, None, handed.delivery)
        if is_archive(found.name):
            return [found, *self._members(found, kept, 1)]
        return self._inner(found, kept, 1)

    def _members(self, archive: Found, kept: _Kept, depth: int) -> list[Found]:
        found: list[Found] = []
        with kept.open() as stream:
            inside = _contents(stream, archive.name, self.limits, self.key)
            for count, member in enumerate(inside, 1):
                self._count(archive.name, member.size_bytes)
                name = f"{archive.name}/{member.name}"
                with member.reading as content:
                    its = self.keep(content, name)
                one = Found(
                    name=name,
                    exhibit=its.exhibit,
                    number=(*archive.number, count),
                    container=archive.exhibit.digest,
                    delivery=archive.delivery,
                    key=self.key.fingerprint if self.key and is_encrypted(archive.name) else None,
                )
                found += self._inner(one, its, depth + 1)
        return found

    def _inner(self, one: Found, kept: _Kept, depth: int) -> list[Found]:
        """Open an archive that lies in another, or a backup; one that is refused is kept closed."""
        if not _opens(one.name, self.key) or one.name in self.closed:
            return [one]
        if depth > self.limits.depth:
            why = f"it lies {depth} archives deep; unpack it and receive it by itself"
            return [replace(one, closed=why)]
        try:
            return [one, *self._members(one, kept, depth)]
        except ContainerError as error:
            return [replace(one, closed=str(error))]

    def _count(self, name: str, size_bytes: int) -> None:
        self.members += 1
        self.total_bytes += size_bytes
        if self.members > self.limits.members or self.total_bytes > self.limits.total_bytes:
            raise ContainerError(
                f"{name} is refused: with the archives in it it holds more than "
                f"{self.limits.members:,} members or {self.limits.total_bytes:,} bytes"
            )


def _opens(name: str, key: Key | None) -> bool:
    return is_archive(name) or (key is not None and is_encrypted(name))


def _contents(stream: BinaryIO, name: str, limits: Limits, key: Key | None) -> Iterator[_Content]:
    """Give what lies in an archive, in a mail that carries one, or in a backup, in its order."""
    if key is not None and is_encrypted(name):
        with opened_backup(stream, name, key, limits) as backup:
            yield _Content(backup.member, backup.size_bytes, backup.reading())
    elif is_mail(name):
        with opened_mail(stream, name, limits) as mail:
            for part in mail.members:
                yield _Content(part.name, part.size_bytes, mail.reading(part))
    else:
        with opened(stream, name, limits) as inside:
            for member in inside.members:
                yield _Content(member.name, member.size_bytes, inside.reading(member))


def check(handed: Handed, limits: Limits, key: Key | None = None) -> list[Found]:
    """Read a file and all that lies in it, keeping nothing; decrypt backups where there is a key.

    Raises ContainerError or OSError.
    """
    with ExitStack() as spools:

        def keep(stream: BinaryIO, name: str) -> _Kept:
            digest, size_bytes = hashlib.sha256(), 0
            spool = None
            if _opens(name, key) and name != handed.name:
                spool = spools.enter_context(tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES))
            for piece in pieces(stream):
                digest.update(piece)
                size_bytes += len(piece)
                if spool is not None:
                    spool.write(piece)
            exhibit = Exhibit(digest.hexdigest(), size_bytes)
            if spool is None:
                return _Kept(exhibit, lambda: handed.path.open("rb"))
            return _Kept(exhibit, lambda: cast("BinaryIO", spool))

        return _Visit(keep, limits, frozenset(), key).file(handed)


def store(
    handed: Handed,
    vault: Vault,
    limits: Limits,
    closed: frozenset[str],
    key: Key | None = None,
) -> list[Found]:
    """Copy a file and all that lies in it into the vault, opening none of the ``closed``."""

    def keep(stream: BinaryIO, _name: str) -> _Kept:
        exhibit = vault.store(stream)
        return _Kept(exhibit, lambda: vault.open(exhibit.digest))

    return _Visit(keep, limits, closed, key).file(handed)
