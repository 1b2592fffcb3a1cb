"""Draw messages by lot, so that anyone can draw the same ones again.  Pure.

The rule: a message's *lot* is the first eight bytes, as a big-endian number, of the SHA-256 of
``"<seed>:<message>"`` in UTF-8; the lowest lots are drawn, equal lots by message id.  It follows

- the draw does not depend on the order in which the population is given, nor on anything but the
  seed and the ids;
- a draw of 1,000 begins with the draw of 500 under the same seed, so a sample can be made larger;
- what is left of a draw after some messages were taken away for reasons that had nothing to do with
  their lots is a draw of the remaining population ("permanent random numbers", Ohlsson 1995).
"""

import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.errors import WitnessboxError

_LOT_BYTES = 8


class SampleError(WitnessboxError):
    """A sample cannot be drawn as asked; the message says why."""


def lots(population: pa.Array, seed: int) -> npt.NDArray[np.uint64]:
    """Give every message its lot under this seed."""
    prefix = hashlib.sha256(f"{seed}:".encode())
    digests = bytearray()
    for message in population.to_pylist():
        lot = prefix.copy()
        lot.update(message.encode())
        digests += lot.digest()[:_LOT_BYTES]
    return np.frombuffer(bytes(digests), ">u8").astype(np.uint64)


def draw_uniform(population: pa.Array, size: int, seed: int) -> pa.Array:
    """Draw ``size`` messages, each set of that size as likely as any other; in order of their lots.

    Raises SampleError where the population is smaller or names a message twice.
    """
    if not 0 <= size <= len(population):
        raise SampleError(f"{size:,} messages cannot be drawn from {len(population):,}; draw fewer")
    if len(pc.unique(population)) != len(population):
        raise SampleError("a message stands twice in the population; give each once")
    plain = population.cast(pa.string())
    ordered = pa.table({"lot": pa.array(lots(plain, seed)), "message": plain}).sort_by(
        [("lot", "ascending"), ("message", "ascending")]
    )
    drawn: pa.Array = ordered["message"].combine_chunks().slice(0, size)
    return drawn


def population_hash(population: pa.Array) -> str:
    """Name a population by what is in it: SHA-256 over its ids in sorted order, one a line."""
    digest = hashlib.sha256()
    for message in sorted(population.to_pylist()):
        digest.update(message.encode() + b"\n")
    return digest.hexdigest()
