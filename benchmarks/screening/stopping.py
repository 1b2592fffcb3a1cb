"""Measure stopping rules side by side on simulated reviews.

    python -m benchmarks.screening.stopping [--reviews 200] [--order FILE] [--out FILE]

A review is an order of 200,000 messages of which some are relevant.  Orders are drawn from curves
of recall by reading: two that were measured (active learning at 1% and at 0.2%) and two steeper;
each review draws its relevant messages anew and is a little better or worse than the curve.
``--order`` takes a saved order instead (a NumPy file: for each message read, whether it was
relevant): its relevant places are drawn with replacement.  Every rule meets the same reviews.
What counts as read is all that is read, samples included, each message once; the *ideal* stop
is the first place at which the target is reached.  Writes ``stopping_results.json``.
"""

import argparse
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator
from scipy.stats import binom

from witnessbox.screening.forecast import fit, plan
from witnessbox.screening.stopping import (
    ERROR,
    TARGET_RECALL,
    Drawn,
    allowance,
    at_most,
    at_most_in_strata,
    missing_allowed,
    quantile_needed,
    sequential_chance,
)

HERE = Path(__file__).parent
MESSAGES = 200_000
REVIEWS = 200
SEED = 0
QUALITY_SPREAD = 0.05
"""Standard deviation of a review's quality: reads to any recall vary by some 10%."""

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Curve:
    """Messages read until each share of the relevant ones is found, as measured."""

    relevant: int
    reads: tuple[tuple[int, float], ...]


CURVES = {
    "active learning, 1%": Curve(
        1987, ((4437, 0.5), (13952, 0.8), (23585, 0.9), (39249, 0.95), (91423, 0.99))
    ),
    "active learning, 0.2%": Curve(
        398, ((2666, 0.5), (11465, 0.8), (30038, 0.9), (52521, 0.95), (128874, 0.99))
    ),
    "steeper, 1%": Curve(
        1987, ((1600, 0.5), (4500, 0.8), (9000, 0.9), (18000, 0.95), (55000, 0.99))
    ),
    "steeper, 0.2%": Curve(
        398, ((1000, 0.5), (4500, 0.8), (11000, 0.9), (22000, 0.95), (65000, 0.99))
    ),
}


@dataclass(frozen=True)
class Stopped:
    """Where a rule ended one review."""

    read: int
    found: int


Rule = Callable[[Places, np.random.Generator], Stopped]


def review_of(curve: Curve, chance: np.random.Generator) -> Places:
    """Draw one review: the places of its relevant messages in reading order, from 0."""
    last = 1 - 1e-4
    half = curve.reads[0][0]
    # Before the first figure finds come nearly evenly, a little denser at the front.
    head = [(1, 1e-4), (half * 0.02, 0.015), (half * 0.1, 0.07), (half * 0.4, 0.25)]
    steps = [*head, *curve.reads, (MESSAGES, last)]
    by_missing = PchipInterpolator(
        [-math.log1p(-share) for _, share in steps], [math.log(read) for read, _ in steps]
    )
    drawn = np.minimum(-np.log1p(-chance.random(curve.relevant)), -math.log1p(-last))
    quality = math.exp(chance.normal(0, QUALITY_SPREAD))
    logs = math.log(MESSAGES) + (by_missing(drawn) - math.log(MESSAGES)) * quality
    return _apart(np.exp(logs).astype(np.int64), MESSAGES)


def review_like(order: npt.NDArray[np.bool_], chance: np.random.Generator) -> Places:
    """Draw one review whose relevant places are drawn from a saved order's."""
    places = np.flatnonzero(order)
    return _apart(chance.choice(places, len(places)), len(order))


def _apart(places: Places, messages: int) -> Places:
    """Sort places and move those that coincide to the next free ones."""
    steps = np.arange(len(places))
    ordered = np.maximum.accumulate(np.sort(places) - steps) + steps
    return np.minimum(ordered, messages - 1 - steps[::-1])


def ideal(places: Places) -> int:
    """Say where the target is first reached."""
    return int(places[math.ceil(TARGET_RECALL * len(places) - 1e-9) - 1]) + 1


def _ended(places: Places, read: int, sample: npt.NDArray[np.int64] | None = None) -> Stopped:
    """Count what was read and found: everything to a place, and a sample."""
    done = np.zeros(MESSAGES, np.bool_)
    done[:read] = True
    if sample is not None:
        done[sample] = True
    return Stopped(int(done.sum()), int(done[places].sum()))


def knee(places: Places, _chance: np.random.Generator) -> Stopped:
    """Stop where finds have become rare beside before (Cormack and Grossman 2016)."""
    for read in range(2000, MESSAGES, 1000):
        found = int(np.searchsorted(places, read))
        if not found:
            continue
        gain = np.arange(1, found + 1) - (places[:found] + 1) * found / read
        bend = int(gain.argmax())
        at = int(places[bend]) + 1
        after = read - at
        if after and (bend + 1) / at / ((found - bend) / after) >= 156 - min(found, 150):
            return _ended(places, read)
    return _ended(places, MESSAGES)


def target_method(places: Places, chance: np.random.Generator) -> Stopped:
    """Stop when ten relevant messages found by lot are all reached (Cormack and Grossman 2016)."""
    order = chance.permutation(MESSAGES)
    tenth = np.flatnonzero(np.isin(order, places))[9]
    sample = order[: tenth + 1]
    return _ended(places, int(sample[np.isin(sample, places)].max()) + 1, sample)


def buscar(places: Places, _chance: np.random.Generator) -> Stopped:
    """Stop by the sequential test, looked at every 1,000 messages."""
    flags = np.zeros(MESSAGES, np.bool_)
    flags[places] = True
    for read in range(1000, MESSAGES, 1000):
        if sequential_chance(flags[:read], MESSAGES) < ERROR:
            return _ended(places, read)
    return _ended(places, MESSAGES)


def quantile(relevant: int) -> Rule:
    """Make the quantile rule with a control sample of so many relevant messages."""

    def rule(places: Places, chance: np.random.Generator) -> Stopped:
        order = chance.permutation(MESSAGES)
        hits = np.flatnonzero(np.isin(order, places))
        sample = order[: int(hits[min(relevant, len(hits)) - 1]) + 1]
        reached = np.sort(sample[np.isin(sample, places)])
        needed = quantile_needed(len(reached))
        if needed is None:
            return _ended(places, MESSAGES)
        return _ended(places, int(reached[needed - 1]) + 1, sample)

    return rule


def sealed(begin: float = 0.9, rate: float | None = None) -> Rule:
    """Make our rule: one sealed sample, drawn when the forecast recall is ``begin``."""

    def rule(places: Places, chance: np.random.Generator) -> Stopped:
        read, size = _when(places, begin)
        if rate is not None:
            size = round(rate * (MESSAGES - read))
        sample = np.sort(chance.choice(np.arange(read, MESSAGES), size, replace=False))
        hits = sample[np.isin(sample, places)]
        # What may be unreached changes only with what is found: look at each find.
        allowed: dict[int, int] = {}
        for stop in (read, *(places[places >= read] + 1)):
            unreached = int((hits >= stop).sum())
            found = int(np.searchsorted(places, stop)) + unreached
            key = missing_allowed(found)
            if key not in allowed:
                allowed[key] = allowance(MESSAGES - read, size, found)
            if unreached <= allowed[key]:
                return _ended(places, int(stop), sample)
        return _ended(places, MESSAGES)

    return rule


def one_bound(rates: tuple[float, float], bound: Callable[[list[Drawn]], int]) -> Rule:
    """Make a rule with one bound, fixed at the draw: read on until enough of it is found.

    The nearer quarter of the unread and the rest are drawn from at these rates.
    """

    def rule(places: Places, chance: np.random.Generator) -> Stopped:
        read, _ = _when(places, 0.97)
        edge = read + (MESSAGES - read) // 4
        samples, drawn = [], []
        for (first, last), rate in zip(((read, edge), (edge, MESSAGES)), rates, strict=True):
            sample = chance.choice(
                np.arange(first, last), round(rate * (last - first)), replace=False
            )
            drawn.append(Drawn(last - first, len(sample), int(np.isin(sample, places).sum())))
            samples.append(sample)
        sample = np.concatenate(samples)
        before = int(np.searchsorted(places, read))
        shown = sum(one.relevant for one in drawn)
        needed = math.ceil(TARGET_RECALL * (before + bound(drawn)) - 1e-9) - before - shown
        rest = places[(places >= read) & ~np.isin(places, sample)]
        if needed > len(rest):
            return _ended(places, MESSAGES)
        return _ended(places, int(rest[needed - 1]) + 1 if needed > 0 else read, sample)

    return rule


def _as_one(drawn: list[Drawn]) -> int:
    """Bound two parts drawn from at one rate as if they were one."""
    return at_most(
        Drawn(
            sum(one.population for one in drawn),
            sum(one.drawn for one in drawn),
            sum(one.relevant for one in drawn),
        )
    )


def _by_weight(drawn: list[Drawn]) -> int:
    """Bound two parts by a weighted count that is fair wherever the relevant messages are.

    Each relevant message lowers the expectation of the product below by the same factor, drawn
    from at whichever rate (Markov's inequality on a product of weights).
    """
    rates = [one.drawn / one.population for one in drawn]
    lost = 0.8 * min(rates)
    product = sum(
        one.relevant * math.log(1 - lost / rate) for one, rate in zip(drawn, rates, strict=True)
    )
    return math.floor((math.log(ERROR) + product) / math.log(1 - lost))


def fresh(places: Places, chance: np.random.Generator) -> Stopped:
    """Draw a new sample of the unread at each forecast end, the error shared out; no sealing."""
    done, number, read = np.zeros(MESSAGES, np.bool_), 1, 2000
    while read < MESSAGES:
        found = int(np.searchsorted(places, read))
        error = ERROR * 0.8 * 0.2 ** (number - 1)
        tail = fit(places[:found] + 1, read)
        planned = tail and plan(tail, found, MESSAGES, error, TARGET_RECALL)
        if planned and read >= planned.read * 0.999:
            rest = np.flatnonzero(~done[read:]) + read
            sample = chance.choice(rest, min(planned.drawn, len(rest)), replace=False)
            shown = int(np.isin(sample, places).sum())
            before = found + int(done[places[found:]].sum())
            done[sample] = True
            most = at_most(Drawn(len(rest), len(sample), shown), error)
            if most - shown <= missing_allowed(before + shown):
                return _ended(places, read, np.flatnonzero(done))
            number, read = number + 1, int(read * 1.07)
        read = int(read * 1.03) + 1
    return _ended(places, MESSAGES)


def forecast_alone(places: Places, _chance: np.random.Generator) -> Stopped:
    """Stop when the forecast, with a margin of 2.33 standard deviations, says so: no promise."""
    for step in range(156):
        read = int(2000 * 1.03**step)
        found = int(np.searchsorted(places[places < MESSAGES], read))
        tail = fit(places[:found] + 1, read)
        if tail is None or read >= MESSAGES:
            continue
        left = float(tail.left(read, MESSAGES))
        spread = math.sqrt(left + 2 * left * left / tail.finds)
        if left + 2.33 * spread <= missing_allowed(found):
            return _ended(places, read)
    return _ended(places, MESSAGES)


def _when(places: Places, begin: float) -> tuple[int, int]:
    """Say when to draw the sealed sample, by forecast, and how large."""
    read = 2000
    while read < MESSAGES:
        found = int(np.searchsorted(places, read))
        tail = fit(places[:found] + 1, read)
        if tail is not None and found / (found + float(tail.left(read, MESSAGES))) >= begin:
            planned = plan(tail, found, MESSAGES, ERROR, TARGET_RECALL)
            if planned is not None:
                rate = planned.drawn / max(MESSAGES - planned.read, 1)
                return read, round(rate * (MESSAGES - read))
        read = int(read * 1.02) + 1
    return MESSAGES // 2, MESSAGES // 10


RULES: dict[str, Rule] = {
    "knee": knee,
    "target method, T = 10": target_method,
    "buscar": buscar,
    "quantile rule, r = 100": quantile(100),
    "quantile rule, r = 200": quantile(200),
    "sealed sample (ours)": sealed(),
    "tried: sealed, drawn at forecast recall 0.7": sealed(0.7),
    "tried: sealed, drawn at forecast recall 0.95": sealed(0.95),
    "tried: sealed, a twentieth of the unread": sealed(rate=0.05),
    "tried: sealed, a tenth of the unread": sealed(rate=0.1),
    "tried: sealed, a fifth of the unread": sealed(rate=0.2),
    "tried: a fresh sample at each look": fresh,
    "tried: one bound, fixed at the draw": one_bound((0.12, 0.12), _as_one),
    "tried: one bound, two strata by score": one_bound((0.2, 0.093), at_most_in_strata),
    "tried: one bound, weighted by score": one_bound((0.2, 0.093), _by_weight),
    "tried: forecast alone (no promise)": forecast_alone,
}


def least_excess(reviews: list[Places]) -> float:
    """Say what a uniform sample of the unread costs at best: curve known, best place and size.

    The sample must be more likely than not to show few enough relevant messages for the promise.
    """
    reads = np.geomspace(1000, MESSAGES - 1, 400)
    found = np.mean([np.searchsorted(one, reads) for one in reviews], axis=0)
    missing = len(reviews[0]) - found
    rates = np.linspace(0.005, 0.6, 120)
    shown = np.arange(150)
    allowed = missing_allowed(round(TARGET_RECALL * len(reviews[0]))) + 1
    most = (binom.cdf(shown, allowed + shown, rates[:, None]) <= ERROR).sum(axis=1) - 1
    passes = (rates[:, None] * missing <= most[:, None] + 2 / 3) & (most[:, None] >= 0)
    cost = np.where(passes, reads + rates[:, None] * (MESSAGES - reads), np.inf)
    return float(cost.min() / np.mean([ideal(one) for one in reviews]) - 1)


def figures(stops: list[Stopped], reviews: list[Places]) -> dict[str, float]:
    """Say how a rule did over all reviews."""
    recalls = np.array([stop.found / len(one) for stop, one in zip(stops, reviews, strict=True)])
    ideals = np.array([ideal(one) for one in reviews])
    read = np.array([stop.read for stop in stops])
    return {
        "at_or_above_target": round(float((recalls >= TARGET_RECALL - 1e-9).mean()), 3),
        "mean_recall": round(float(recalls.mean()), 4),
        "mean_read": round(float(read.mean())),
        "mean_excess": round(float((read / ideals - 1).mean()), 3),
    }


def measure(
    reviews: int = REVIEWS, rules: dict[str, Rule] | None = None, order: Path | None = None
) -> dict[str, Any]:
    """Let every rule end every review."""
    result: dict[str, Any] = {"messages": MESSAGES, "reviews": reviews, "target": TARGET_RECALL}
    makers: dict[str, Callable[[np.random.Generator], Places]] = {
        name: lambda chance, curve=curve: review_of(curve, chance)  # type: ignore[misc]
        for name, curve in CURVES.items()
    }
    if order is not None:
        saved = np.load(order).astype(np.bool_)
        makers = {order.stem: lambda chance: review_like(saved, chance)}
    for name, make in makers.items():
        chance = np.random.default_rng(SEED)
        made = [make(chance) for _ in range(reviews)]
        result[name] = {
            "relevant": len(made[0]),
            "ideal_read": round(float(np.mean([ideal(one) for one in made]))),
            "least_excess": round(least_excess(made), 3),
        }
        for title, rule in (rules or RULES).items():
            own = np.random.default_rng(SEED + 1)
            result[name][title] = figures([rule(one, own) for one in made], made)
            print(name, "|", title, "|", result[name][title], flush=True)
    return result


def _cell(one: dict[str, float]) -> str:
    held, recall = one["at_or_above_target"], one["mean_recall"]
    return f"{held:.1%} · {recall:.3f} · {one['mean_excess']:+.0%}"


def table(result: dict[str, Any]) -> list[str]:
    """Write the results as the explanation of recall shows them: a line a rule."""
    lines = [
        f"| rule | {' | '.join(CURVES)} |",
        "|---|" + "---|" * len(CURVES),
    ]
    for title in RULES:
        cells = [_cell(result[curve][title]) for curve in CURVES]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    floors = [f"{result[curve]['least_excess']:+.0%}" for curve in CURVES]
    lines.append(f"| *the least a uniform sample of the unread can cost* | {' | '.join(floors)} |")
    return lines


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--reviews", type=int, default=REVIEWS)
    arguments.add_argument("--order", type=Path)
    arguments.add_argument("--out", type=Path, default=HERE / "stopping_results.json")
    given = arguments.parse_args()
    result = measure(given.reviews, order=given.order)
    given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
