"""What speaks for and against two names being one person's, in words."""

from collections import Counter
from collections.abc import Iterable

from witnessbox.reconcile.joining import Judged
from witnessbox.reconcile.model import JoinedBy
from witnessbox.reconcile.weighing import MOST_OF_TEXTS, TEXT_AGREES, Point

_BEYOND = {
    JoinedBy.FULL_NAME: "two phones have the same full name for them, in different conversations",
    JoinedBy.NAME: "two phones have the same name for somebody who speaks in one conversation",
    JoinedBy.CUSTODIAN: "a speaker's name fits the custodian's, and no other speaker's does",
}
"""What a hint itself weighs for, by its rule; traits weigh by themselves."""


def in_words(judged: Judged) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what speaks for a link and what against it, the gravest first, each with its weight."""
    found = [*_of_hint(judged), *_of_traits(judged.weighed.points)]
    ordered = sorted(found, key=lambda it: (-abs(it[1]), it[0]))
    return (
        tuple(f"{words} ({_signed(weight)})" for words, weight in ordered if weight > 0),
        tuple(f"{words} ({_signed(weight)})" for words, weight in ordered if weight <= 0),
    )


def _of_hint(judged: Judged) -> list[tuple[str, float]]:
    hint = judged.hint
    if hint.agreed or hint.against:
        agreeing = min(hint.agreed * TEXT_AGREES, MOST_OF_TEXTS)
        found = [(f"{_texts(hint.agreed)} under both names", agreeing)]
        if hint.against:
            words = f"{_texts(hint.against)} under one of them and somebody else's name"
            found.append((words, hint.weight - agreeing))
        return found
    return [(_BEYOND[hint.rule], hint.weight)] if hint.weight else []


def _texts(count: int) -> str:
    return "1 text stands" if count == 1 else f"{count:,} texts stand"


def _of_traits(points: Iterable[Point]) -> list[tuple[str, float]]:
    return [
        (point.words if times == 1 else f"{times} times: {point.words}", times * point.weight)
        for point, times in Counter(points).items()
    ]


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace("-", "−").replace("+0.0", "±0.0").replace("−0.0", "±0.0")
