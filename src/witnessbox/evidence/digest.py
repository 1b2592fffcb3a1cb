"""Ids that are hashes of content.

An exhibit is named by its plain SHA-256, so that anyone can check it with ``sha256sum``.  Every
other id is made by ``derive``: two hex digits that name the version of the hashing rule, then the
first sixteen bytes of a SHA-256 over the parts.  A rule that changes gets a new version, and old
ids never come to mean something else.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import BinaryIO

RULE_VERSION = 1
_CHUNK_BYTES = 1 << 20
_LENGTHS = [length.to_bytes(8, "big") for length in range(32)]
"""Of the digits of numbers that tables can hold."""


def derive(noun: str, *parts: str | int) -> str:
    """Make the id of a *noun* out of the parts that identify it; 34 hex digits."""
    framed = b"".join(map(_framed, parts))
    return f"{RULE_VERSION:02x}{hashlib.sha256(noun.encode() + framed).hexdigest()[:32]}"


def derive_each(noun: str, *columns: Sequence[str] | Sequence[int]) -> tuple[str, ...]:
    """Make many ids, each as ``derive`` makes it; columns run alike, a part of each id in each."""
    version, head, hashed = f"{RULE_VERSION:02x}", noun.encode(), hashlib.sha256
    framed = zip(*map(_framed_each, columns), strict=True)
    # All digests are spelled out together: one by one, that costs as much as hashing.
    digests = [hashed(head + b"".join(parts)).digest()[:16] for parts in framed]
    digits = b"".join(digests).hex()
    return tuple([version + digits[at : at + 32] for at in range(0, len(digits), 32)])


def _framed(part: str | int) -> bytes:
    encoded = str(part).encode()
    return len(encoded).to_bytes(8, "big") + encoded


def _framed_each(column: Sequence[str] | Sequence[int]) -> list[bytes]:
    """Frame many parts: words, which repeat, each once; and numbers, which hardly do."""
    if not column or isinstance(column[0], str):
        words = {str(part): str(part).encode() for part in set(column)}
        known = {word: len(it).to_bytes(8, "big") + it for word, it in words.items()}
        return [known[str(part)] for part in column]
    return [_LENGTHS[len(digits)] + digits for digits in map(str.encode, map(str, column))]


def sha256_of(chunks: Iterable[bytes]) -> str:
    """Hash bytes that come in pieces; lower-case hex."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def pieces(stream: BinaryIO, size_bytes: int = _CHUNK_BYTES) -> Iterable[bytes]:
    """Read a stream to its end in pieces of at most ``size_bytes``."""
    while chunk := stream.read(size_bytes):
        yield chunk
