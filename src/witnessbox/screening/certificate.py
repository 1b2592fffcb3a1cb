"""The certificate of recall: what may remain unfound, out of what was read and drawn.  Pure.

It speaks of the *process*, people included: a message is relevant when a standing coding gives it a
category; what readers miss is bounded by second readings.  Every figure follows from the
material alone, so that whoever holds the material can compute all of them again.
"""

from dataclasses import dataclass

from witnessbox.screening.agreement import Pair, Reader, Share, alpha, pairs, readers, share
from witnessbox.screening.material import Draw, Material, Purpose, View
from witnessbox.screening.stopping import (
    Drawn,
    allowance,
    at_least,
    at_most,
    error_of_draw,
    quantile_needed,
    recall,
    sequential_chance,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a sealed sample says: ``relevant`` in it, and how many its population holds at most.

    ``fits`` says whether its population is still what there was to draw from; if not, or if it is
    not read whole, it bounds nothing.  ``found_before`` were found outside its population;
    ``unreached`` of its relevant messages has reading in order not come to; ``allowed``: with so
    many unreached the target is reached; -1 if even none would not do, None where it is not read
    whole, or was drawn for another ``target``: one that is chosen when the outcome is known
    promises nothing.
    """

    number: int
    position: int
    fits: bool
    population: int
    drawn: int
    read: int
    relevant: int
    found_before: int
    error: float
    target: float | None
    at_most: int | None
    unreached: int
    allowed: int | None

    @property
    def complete(self) -> bool:
        """Say whether all of the sample was read."""
        return self.read == self.drawn

    @property
    def reached(self) -> bool:
        """Say whether this sample shows the target reached."""
        return self.allowed is not None and self.unreached <= self.allowed


@dataclass(frozen=True, slots=True)
class Missed:
    """What second readings say: of relevant messages, the share readers missed at most."""

    population: int
    drawn: int
    read: int
    relevant: int
    at_most: int | None
    share_at_most: float | None


@dataclass(frozen=True, slots=True)
class Control:
    """What a control sample says of the whole, and how much of it reading in order has reached."""

    population: int
    drawn: int
    read: int
    relevant: int
    reached: int
    needed: int | None
    between: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class CategoryRecall:
    """One category's recall, by the best sealed sample; each is right by itself."""

    category: str
    found: int
    sampled: int
    left_at_most: int
    recall_at_least: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """Every figure of the certificate."""

    population: int
    read: int
    relevant: int
    target: float
    error: float
    target_reached: bool
    recall_estimate: float | None
    left_at_most: int | None
    recall_at_least: float | None
    process_recall_at_least: float | None
    sequential_chance: float
    bounds: tuple[Bound, ...]
    missed: Missed | None
    control: Control | None
    categories: tuple[CategoryRecall, ...]
    readers: tuple[Reader, ...]
    pairs: tuple[Pair, ...]
    alpha: float | None
    disputed: Share


def certify(material: Material) -> Certificate:
    """Work every figure out."""
    view = View(material)
    error, target = material.error, material.target
    bounds = _bounds(view, error, target)
    found, missed = len(view.found), _missed(view, error)
    most = _relevant_at_most(bounds)
    halved = _relevant_at_most(_bounds(view, error / 2, target))
    process = None
    half_missed = _missed(view, error / 2)
    if halved is not None and half_missed and half_missed.share_at_most is not None:
        process = found / max(found, halved) * (1 - half_missed.share_at_most) if found else 0.0
    together = [said for said in view.units if len(said) > 1]
    return Certificate(
        population=len(material.order),
        read=len(view.units),
        relevant=found,
        target=target,
        error=error,
        target_reached=any(one.reached for one in bounds),
        recall_estimate=_estimate(bounds, found),
        left_at_most=None if most is None else max(most - found, 0),
        recall_at_least=None if most is None else recall(found, max(most - found, 0)),
        process_recall_at_least=process,
        sequential_chance=sequential_chance(view.in_sequence(), len(material.order), target),
        bounds=bounds,
        missed=missed,
        control=_control(view, error, target),
        categories=_categories(view, bounds),
        readers=readers(view.units, error),
        pairs=pairs(view.units),
        alpha=alpha(view.units),
        disputed=share(sum(len(set(said.values())) > 1 for said in together), len(together), error),
    )


def _of(view: View, purpose: Purpose) -> list[Draw]:
    return [one for one in view.draws if one.purpose is purpose]


def _bounds(view: View, error: float, target: float) -> tuple[Bound, ...]:
    return tuple(
        _bound(view, draw, number, error_of_draw(number, error), target)
        for number, draw in enumerate(_of(view, Purpose.SEALED), 1)
    )


def _bound(view: View, draw: Draw, number: int, error: float, target: float) -> Bound:
    relevant = [one for one in draw.messages if view.relevant(one)]
    read = sum(view.readers(one) > 0 for one in draw.messages)
    before = sum(view.first[one] < draw.position for one in view.found)
    fits = view.fits(draw)
    whole = fits and read == len(draw.messages)
    aimed = draw.target in (None, target)
    sample = Drawn(draw.population, len(draw.messages), len(relevant))
    return Bound(
        number=number,
        position=draw.position,
        fits=fits,
        population=draw.population,
        drawn=len(draw.messages),
        read=read,
        relevant=len(relevant),
        found_before=before,
        error=error,
        target=draw.target,
        at_most=at_most(sample, error) if whole else None,
        unreached=sum(one in view.unreached for one in relevant),
        allowed=allowance(sample.population, sample.drawn, len(view.found), error, target)
        if whole and aimed
        else None,
    )


def _best(bounds: tuple[Bound, ...]) -> Bound | None:
    known = [one for one in bounds if one.at_most is not None]
    return min(known, key=lambda one: one.found_before + (one.at_most or 0), default=None)


def _relevant_at_most(bounds: tuple[Bound, ...]) -> int | None:
    best = _best(bounds)
    return None if best is None or best.at_most is None else best.found_before + best.at_most


def _estimate(bounds: tuple[Bound, ...], found: int) -> float | None:
    """Give the recall by the last sample that was read whole; unbiased, with no promise."""
    whole = [one for one in bounds if one.at_most is not None and one.drawn]
    if not whole:
        return None
    last = whole[-1]
    relevant = last.found_before + last.relevant * last.population / last.drawn
    return recall(found, max(relevant - found, 0))


def _missed(view: View, error: float) -> Missed | None:
    """Bound what readers miss, by the last second reading."""
    draws = _of(view, Purpose.SECOND_READING)
    if not draws:
        return None
    draw = draws[-1]
    read = sum(view.readers(one) > 1 for one in draw.messages)
    relevant = sum(view.relevant(one) for one in draw.messages)
    if read < len(draw.messages) or not view.fits(draw):
        return Missed(draw.population, len(draw.messages), read, relevant, None, None)
    most = at_most(Drawn(draw.population, len(draw.messages), relevant), error)
    seen = sum(view.first_relevant[one] < draw.position for one in view.found)
    return Missed(draw.population, len(draw.messages), read, relevant, most, 1 - recall(seen, most))


def _control(view: View, error: float, target: float) -> Control | None:
    draws = _of(view, Purpose.CONTROL)
    if not draws:
        return None
    draw = draws[0]
    relevant = [one for one in draw.messages if view.relevant(one)]
    read = sum(view.readers(one) > 0 for one in draw.messages)
    sample = Drawn(draw.population, len(draw.messages), len(relevant))
    whole = read == len(draw.messages) and view.fits(draw)
    return Control(
        population=draw.population,
        drawn=len(draw.messages),
        read=read,
        relevant=len(relevant),
        reached=sum(one not in view.unreached for one in relevant),
        needed=quantile_needed(len(relevant), target, error) if whole else None,
        between=(at_least(sample, error / 2), at_most(sample, error / 2)) if whole else None,
    )


def _categories(view: View, bounds: tuple[Bound, ...]) -> tuple[CategoryRecall, ...]:
    """Give each category's recall by the best sample; a category nobody used has no line."""
    best = _best(bounds)
    names = sorted({name for message in view.found for name in view.categories(message)})
    if best is None:
        return ()
    draw = _of(view, Purpose.SEALED)[best.number - 1]
    return tuple(_category(view, name, draw, best) for name in names)


def _category(view: View, name: str, draw: Draw, best: Bound) -> CategoryRecall:
    held = [message for message in view.found if name in view.categories(message)]
    sampled = sum(name in view.categories(message) for message in draw.messages)
    before = sum(view.first[message] < draw.position for message in held)
    most = at_most(Drawn(draw.population, len(draw.messages), sampled), best.error)
    left = max(before + most - len(held), 0)
    return CategoryRecall(name, len(held), sampled, left, recall(len(held), left))
