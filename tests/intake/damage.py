"""Hurt bytes the way transfers and clumsy hands do."""

import random


def damaged(data: bytes, seed: int) -> bytes:
    """Cut, flip and insert at random; the same seed gives the same damage."""
    chance = random.Random(seed)  # noqa: S311 - damage, not secrets
    hurt = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(hurt) + 1)
        deed = chance.randrange(4)
        if deed == 0:
            del hurt[at : at + chance.randint(1, 60)]
        elif deed == 1:
            hurt[at : at + 1] = bytes([chance.randrange(256)])
        elif deed == 2:
            hurt[at:at] = bytes(chance.choice(b'{}[]",:\\ \n') for _ in range(3))
        else:
            del hurt[chance.randrange(len(hurt) + 1) :]
    return bytes(hurt)
