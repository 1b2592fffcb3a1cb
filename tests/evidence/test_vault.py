"""The vault keeps what it was given."""

import hashlib
import io
from pathlib import Path

import pytest

from witnessbox.evidence.model import Span
from witnessbox.evidence.vault import Vault, VaultError

DATA = b"[31/12/2023, 21:04:05] Ana: hi\n"
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def test_an_exhibit_is_named_by_the_hash_of_its_bytes(vault: Vault) -> None:
    exhibit = vault.store(io.BytesIO(DATA))
    assert (exhibit.digest, exhibit.size_bytes) == (NAME, len(DATA))
    assert vault.has(NAME)
    assert vault.open(NAME).read() == DATA
    assert list(vault.exhibits()) == [NAME]


def test_the_same_bytes_twice_are_one_object(vault: Vault) -> None:
    vault.store(io.BytesIO(DATA))
    before = vault.path(NAME).stat().st_mtime_ns
    vault.store(io.BytesIO(DATA))
    assert vault.path(NAME).stat().st_mtime_ns == before
    assert list(vault.exhibits()) == [NAME]


def test_an_object_is_read_only(vault: Vault) -> None:
    vault.store(io.BytesIO(DATA))
    assert vault.path(NAME).stat().st_mode & 0o777 == 0o444


def test_a_span_is_read_from_its_bytes(vault: Vault) -> None:
    vault.store(io.BytesIO(DATA))
    assert vault.read(Span(NAME, 23, 30)) == b"Ana: hi"


def test_a_span_past_the_end_is_refused(vault: Vault) -> None:
    vault.store(io.BytesIO(DATA))
    with pytest.raises(VaultError, match="ends before byte 99"):
        vault.read(Span(NAME, 0, 99))


def test_an_exhibit_that_is_not_there_is_said(vault: Vault) -> None:
    with pytest.raises(VaultError, match="is not in the vault"):
        vault.open(NAME)
    assert vault.check(NAME) == f"exhibit {NAME} is missing from the vault"


def test_one_flipped_bit_is_found(vault: Vault) -> None:
    vault.store(io.BytesIO(DATA))
    assert vault.check(NAME) is None
    place = vault.path(NAME)
    place.chmod(0o644)
    place.write_bytes(bytes([DATA[0] ^ 1]) + DATA[1:])
    assert "has changed" in str(vault.check(NAME))


def test_an_interrupted_copy_leaves_nothing(vault: Vault) -> None:
    def stop(_read_bytes: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vault.store(io.BytesIO(DATA), stop)
    assert list(vault.exhibits()) == []
    assert list(vault.root.iterdir()) == []
