"""A key is read as it came, and is shown nowhere."""

import hashlib

import pytest

from tests.intake.crypt.backups import (
    ACCOUNT,
    ACCOUNT_KEY,
    DIGITS,
    ROOT,
    ROOT_KEY,
    SALT,
    SECRET,
    account_file,
    java,
)
from witnessbox.intake.crypt.keys import Key, KeyFormatError, key_of


@pytest.mark.parametrize(
    "given",
    [
        DIGITS,
        DIGITS.upper() + b"\n",
        b" ".join(DIGITS[at : at + 4] for at in range(0, 64, 4)),
        java(ROOT),
    ],
)
def test_a_root_key_is_64_digits_or_a_file(given: bytes) -> None:
    assert key_of(given) == ROOT_KEY
    assert key_of(given).derives


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_account_key_knows_whose_it_is(version: int) -> None:
    key = key_of(account_file(bytes([0, 1, version])))
    assert key == ACCOUNT_KEY
    assert (key.salt, key.account, key.cipher_key) == (SALT, ACCOUNT, SECRET)


def test_the_key_of_a_backup_is_derived_as_whatsapp_derives_it() -> None:
    """The value was worked out by hand: HMAC of the root under zeros, then HMAC of info and 1."""
    expected = "4e54c0777a7214dfdf0af5b6e153acfa2fbdac603fea6fd1630b824e5c29eef5"
    assert ROOT_KEY.cipher_key.hex() == expected


def test_a_key_shows_its_fingerprint_and_never_itself() -> None:
    assert ROOT_KEY.fingerprint == hashlib.sha256(ROOT).hexdigest()
    for key in (ROOT_KEY, ACCOUNT_KEY):
        assert key.secret.hex() not in repr(key)
        assert repr(key.secret) not in repr(key)


@pytest.mark.parametrize(
    "given",
    [
        b"",
        DIGITS[:-1],
        DIGITS + b"0",
        DIGITS[:-1] + b"g",
        java(ROOT[:-1]),
        java(ROOT) + b"x",
        java(ROOT)[:20],
        b"0" * 5000,
        account_file(b"\x00\x02\x02"),
        account_file(b"\x00\x01\x09"),
        account_file(proof=bytes(32)),
    ],
)
def test_what_is_no_key_is_refused_and_not_shown(given: bytes) -> None:
    with pytest.raises(KeyFormatError) as refusal:
        key_of(given)
    assert DIGITS.decode()[:32] not in str(refusal.value)


def test_two_keys_are_two_fingerprints() -> None:
    assert Key(ROOT).fingerprint != Key(SECRET).fingerprint
