"""Hash links and Merkle proofs.  Pure: entries in, entries and findings out.

Rules kept here:

- An entry's hash is SHA-256 over a version byte and the canonical JSON of all its other fields,
  the hash before it included; so no entry can be changed, moved, inserted or removed unnoticed.
- The tree over all entries follows RFC 6962 section 2.1 (leaf prefix 0x00, node prefix 0x01), so
  that one entry can be proven to someone who holds only the root.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from witnessbox.errors import WitnessboxError
from witnessbox.ledger.model import Draft, Entry, Head

GENESIS = "0" * 64
_ENTRY_RULE = b"\x01"
_LEAF, _NODE = b"\x00", b"\x01"


class ChainError(WitnessboxError):
    """A draft cannot be sealed: its body is not JSON or its time has no zone."""


def stamp(at: datetime) -> str:
    """Write a moment the way entries carry it.  Raises ChainError for a time without a zone."""
    if at.tzinfo is None:
        raise ChainError("a ledger entry needs a time with a zone; pass an aware datetime")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def canonical(entry: Entry) -> bytes:
    """Give the bytes an entry's hash covers."""
    fields = [
        entry.position,
        entry.kind,
        entry.body,
        entry.actor.id,
        entry.actor.name,
        entry.at,
        entry.reason,
        entry.previous,
    ]
    return _ENTRY_RULE + json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def hash_of(entry: Entry) -> str:
    """Compute the hash an entry should carry."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def seal(draft: Draft, head: Head) -> Entry:
    """Give a draft its place behind ``head``.  Raises ChainError where it cannot have one."""
    try:
        json.loads(draft.body)
    except ValueError as error:
        raise ChainError(f"the body of a {draft.kind} entry is not JSON: {error}") from error
    unsealed = Entry(
        position=head.length,
        kind=draft.kind,
        body=draft.body,
        actor=draft.actor,
        at=stamp(draft.at),
        reason=draft.reason,
        previous=head.hash,
        hash="",
    )
    return _with_hash(unsealed)


def _with_hash(entry: Entry) -> Entry:
    return Entry(
        position=entry.position,
        kind=entry.kind,
        body=entry.body,
        actor=entry.actor,
        at=entry.at,
        reason=entry.reason,
        previous=entry.previous,
        hash=hash_of(entry),
    )


def breaches(entries: Iterable[Entry], anchor: Head | None = None) -> list[str]:
    """Say where a ledger, read in order, does not hold.

    ``anchor`` is a head noted earlier: the ledger must reach it and agree with it.
    """
    found: list[str] = []
    previous, length = GENESIS, 0
    anchored = anchor is None or anchor.length == 0
    for expected, entry in enumerate(entries):
        found.extend(_breaches_of(entry, expected, previous))
        previous, length = entry.hash, expected + 1
        if anchor is not None and length == anchor.length:
            anchored = True
            if entry.hash != anchor.hash:
                found.append(f"entry {expected} is not the one that was acknowledged there")
    if anchor is not None and not anchored:
        found.append(
            f"the ledger ends after {length} entries, but {anchor.length} were acknowledged"
        )
    return found


def _breaches_of(entry: Entry, expected: int, previous: str) -> Iterable[str]:
    if entry.position != expected:
        yield f"entry {expected} is missing or out of order: found position {entry.position}"
    if entry.previous != previous:
        yield f"entry {entry.position} does not follow the entry before it"
    if entry.hash != hash_of(entry):
        yield f"entry {entry.position} has been changed: its hash does not fit its content"


def _leaf(entry_hash: str) -> bytes:
    return hashlib.sha256(_LEAF + bytes.fromhex(entry_hash)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = _split(len(leaves))
    return _node(_root(leaves[:cut]), _root(leaves[cut:]))


def merkle_root(hashes: Sequence[str]) -> str:
    """Give the root over the entries' hashes, in order; RFC 6962 section 2.1."""
    return _root([_leaf(entry_hash) for entry_hash in hashes]).hex()


def inclusion_proof(hashes: Sequence[str], position: int) -> list[str]:
    """Give the path that proves one entry; at most ⌈log2 n⌉ hashes, nearest first."""
    if not 0 <= position < len(hashes):
        raise ChainError(f"there is no entry {position} in a ledger of {len(hashes)}")
    return [step.hex() for step in _path([_leaf(one) for one in hashes], position)]


def _path(leaves: Sequence[bytes], position: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    cut = _split(len(leaves))
    if position < cut:
        return [*_path(leaves[:cut], position), _root(leaves[cut:])]
    return [*_path(leaves[cut:], position - cut), _root(leaves[:cut])]


def included(entry_hash: str, position: int, length: int, proof: Sequence[str], root: str) -> bool:
    """Check a proof that an entry stood at this position of a ledger with this root."""
    if not 0 <= position < length:
        return False
    found, node, last = _leaf(entry_hash), position, length - 1
    for step in proof:
        other = bytes.fromhex(step)
        if last == 0:
            return False
        if node % 2 or node == last:
            found = _node(other, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = _node(found, other)
        node, last = node >> 1, last >> 1
    return last == 0 and found.hex() == root
