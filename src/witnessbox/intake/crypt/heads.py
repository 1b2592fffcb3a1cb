"""The heads of WhatsApp's encrypted backups.  Pure.

crypt12 begins with 67 plain bytes: cipher version, key version, server salt, account salt, nonce.
crypt14 and crypt15 begin with the length of a protobuf message, which says which it is:
``wa_provided_key_data`` (2) with salts and nonce, or ``e2ee_key_data`` (3) with the nonce alone.

Behind the head lies the ciphertext (AES-256 in GCM) and its 16-byte tag; then, but for parts of
backups in several files, the MD5 of all before it; and in crypt12 four bytes of the number's end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from witnessbox.errors import WitnessboxError

HEAD_BYTES = 1 << 12
"""How much of a file is needed to read its head."""

TAG_BYTES = 16
MD5_BYTES = 16

_PLAIN_BYTES = 67
_NONCE_BYTES = 16
_VARINT_BYTES = 10
_WA_PROVIDED, _END_TO_END = 2, 3
_CIPHER_VERSION = b"\x00\x01"
_UNKNOWN = "it does not begin like crypt12, crypt14 or crypt15"


class HeadError(WitnessboxError):
    """A file does not begin like an encrypted backup of a version that is read."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup's head says; ``trailer_bytes`` lie behind everything else."""

    layout: str  # crypt12, crypt14 or crypt15
    size_bytes: int
    nonce: bytes
    salt: bytes | None = None
    account: bytes | None = None
    trailer_bytes: int = 0


def head_of(data: bytes) -> Head:
    """Read the head of a backup.  Raises HeadError where there is none."""
    if data[:1] == b"\x00":
        return _plain(data)
    try:
        message, end = _message(data)
        fields = dict(_fields(message))
        if _END_TO_END in fields:
            return Head("crypt15", end, _nonce(dict(_fields(fields[_END_TO_END])).get(1)))
        held = dict(_fields(fields[_WA_PROVIDED]))
        nonce = _nonce(held.get(5))
    except (ValueError, KeyError):
        raise HeadError(_UNKNOWN) from None
    if held.get(1, _CIPHER_VERSION) != _CIPHER_VERSION:
        raise HeadError(f"its cipher is of version {held[1].hex()[:8]}, which is not known")
    return Head("crypt14", end, nonce, held.get(3), held.get(4))


def _message(data: bytes) -> tuple[bytes, int]:
    """Give the protobuf message a head is, and where it ends."""
    length, start = _varint(data, 0)
    if data[start : start + 1] == b"\x01":  # no field has this key: a mark of some versions
        start += 1
    if not 0 < length <= len(data) - start:
        raise ValueError
    return data[start : start + length], start + length


def _plain(data: bytes) -> Head:
    if len(data) < _PLAIN_BYTES or data[:2] != _CIPHER_VERSION or data[2] not in (1, 2, 3):
        raise HeadError(_UNKNOWN)
    return Head(
        layout="crypt12",
        size_bytes=_PLAIN_BYTES,
        nonce=data[51:67],
        salt=data[3:35],
        account=data[35:51],
        trailer_bytes=4,
    )


def _nonce(found: bytes | None) -> bytes:
    if found is None or len(found) != _NONCE_BYTES:
        raise ValueError
    return found


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give a protobuf message's fields that are bytes, each with its number."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            _, at = _varint(data, at)
        elif wire == 2:
            length, at = _varint(data, at)
            if length > len(data) - at:
                raise ValueError
            yield number, data[at : at + length]
            at += length
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
        else:
            raise ValueError


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(data[at : at + _VARINT_BYTES]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError
