"""Chance with a seed: the same seed and purpose draw the same things on every machine."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def draws(seed: int, *purpose: str) -> Random:
    """Make the stream of draws for one purpose, so that one more draw elsewhere changes nothing."""
    return Random(f"{seed}:{':'.join(purpose)}")  # noqa: S311 - an example, not a secret


def happens(stream: Random, per_mille: int) -> bool:
    """Say yes so many times in a thousand."""
    return stream.randrange(1000) < per_mille


def weighted(stream: Random, things: Sequence[T], weights: Sequence[int]) -> T:
    """Draw one thing, each as often as its weight says; whole numbers, so nothing rounds."""
    mark = stream.randrange(sum(weights))
    for thing, weight in zip(things, weights, strict=True):
        mark -= weight
        if mark < 0:
            return thing
    raise AssertionError("weights were counted")  # pragma: no cover
