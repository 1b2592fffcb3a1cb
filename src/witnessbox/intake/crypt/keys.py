"""The keys of WhatsApp's encrypted backups, as they come: a file, or 64 hexadecimal digits.  Pure.

``key`` (crypt12, crypt14) and ``encrypted_backup.key`` (crypt15) are Java byte arrays.  The first
holds 131 bytes: cipher version, key version, server salt, account salt and its SHA-256, an empty
nonce, and the key.  The second holds the 32 bytes that the 64 digits say, from which the key of
backups is derived (HKDF with SHA-256, its info "backup encryption").
"""

import hashlib
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from witnessbox.errors import WitnessboxError

_JAVA_BYTES = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870")
_DIGITS = re.compile(rb"[0-9a-fA-F]{64}")
_BETWEEN = re.compile(rb"[\s:-]+")
_KEY_BYTES = 32
_ACCOUNT_BYTES = 131
_LARGEST_FILE_BYTES = 4096


class KeyFormatError(WitnessboxError):
    """What was given is no key of a backup; the message never shows it."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key.  ``salt`` and ``account`` say whose backups an older key opens.

    The secret shows in no representation; ``fingerprint`` tells which key it was.
    """

    secret: bytes = field(repr=False)  # 32 bytes; of crypt15, what the key is derived from
    salt: bytes | None = field(default=None, repr=False)
    account: bytes | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> str:
        """Give the SHA-256 of the secret, in hexadecimal."""
        return hashlib.sha256(self.secret).hexdigest()

    @property
    def derives(self) -> bool:
        """Say whether this is a key of crypt15, from which that of a backup is derived."""
        return self.salt is None

    @property
    def cipher_key(self) -> bytes:
        """Give the key that a backup is encrypted with."""
        if not self.derives:
            return self.secret
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"backup encryption").derive(self.secret)


def key_of(given: bytes) -> Key:
    """Read a key file, or 64 hexadecimal digits.  Raises KeyFormatError where it is neither."""
    if len(given) > _LARGEST_FILE_BYTES:
        raise KeyFormatError("the key file is too long to be one; give the file 'key' or its like")
    digits = _BETWEEN.sub(b"", given)
    if _DIGITS.fullmatch(digits):
        return Key(bytes.fromhex(digits.decode()))
    if given.startswith(_JAVA_BYTES):
        start = len(_JAVA_BYTES) + 4
        size_bytes = int.from_bytes(given[len(_JAVA_BYTES) : start], "big")
        held = given[start:]
        if size_bytes == len(held) == _KEY_BYTES:
            return Key(held)
        if size_bytes == len(held) == _ACCOUNT_BYTES:
            return _account_key(held)
    raise KeyFormatError(
        "what was given is no key of a WhatsApp backup; give the file 'key' or "
        "'encrypted_backup.key', or the 64 hexadecimal digits"
    )


def _account_key(held: bytes) -> Key:
    version, salt, account, proof = held[:3], held[3:35], held[35:51], held[51:83]
    if version[:2] != b"\x00\x01" or version[2] not in (1, 2, 3):
        raise KeyFormatError(f"the key file is of version {version.hex()}, which is not known")
    if hashlib.sha256(account).digest() != proof:
        raise KeyFormatError("the key file is damaged: its account does not hash as it says")
    return Key(held[99:], salt, account)
