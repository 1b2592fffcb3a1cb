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
_MOST_DIGITS = 32  # of a number of 64 bits, and its sign


def derive(noun: str, *parts: str | int) -> str:
    """Make the id of a *noun* out of the parts that identify it; 34 hex digits."""
    encoded = [str(part).encode() for part in parts]
    framed = b"".join(len(piece).to_bytes(8, "big") + piece for piece in encoded)
    return f"{RULE_VERSION:02x}{hashlib.sha256(noun.encode() + framed).hexdigest()[:32]}"


def derive_all(
    noun: str, names: Sequence[str], starts: Sequence[int], ends: Sequence[int]
) -> tuple[str, ...]:
    """Make many ids, each as ``derive`` makes it out of a name and two numbers."""
    version, hashed = f"{RULE_VERSION:02x}", hashlib.sha256
    heads = {
        name: noun.encode() + len(name.encode()).to_bytes(8, "big") + name.encode()
        for name in set(names)
    }
    sizes = [size.to_bytes(8, "big") for size in range(_MOST_DIGITS)]
    found = []
    for name, begin, end in zip(names, starts, ends, strict=True):
        first, last = b"%d" % begin, b"%d" % end
        framed = heads[name] + sizes[len(first)] + first + sizes[len(last)] + last
        found.append(version + hashed(framed).hexdigest()[:32])
    return tuple(found)


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
