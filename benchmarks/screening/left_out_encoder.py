"""Train the second pass without one set at a time and test both passes on it.

    python -m benchmarks.screening.left_out_encoder DATA START WORK [--texts 24000] [--layers 6]

Ten trainings such as the shipped encoder had would take twenty hours of two cores, so these are
cheaper (``upper_encoder.py``): they read fewer texts, word pieces keep what MiniLM has for them,
and ``--layers 2`` trains the two upper layers alone.  And sets are left out by pairs at first: an
encoder learns without both, then goes on from there twice, each time with one of the two let in.
Neither of the two that come of it has read a text of the set it is tested on.  One more is trained
with nothing left out, to be held against the shipped encoder's figures.

Beside it, the linear model of ``left_out.py`` without the same set; and the two put together as
``scripts/export_encoder.py`` does it.  Calibration, weights and thresholds come from tune parts of
the sets that were not left out.  WORK keeps what is done: start it again and it goes on.  Two
processes of one thread each.  Writes ``left_out_encoder.json`` beside this file as sets get done.
"""

import argparse
import json
import multiprocessing
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from benchmarks.screening.left_out import Corpus, Indices, figures, labelled, linear_without
from benchmarks.screening.left_out_figures import (
    Bools,
    Doubles,
    best_threshold,
    closed,
    compared,
    mean,
)
from benchmarks.screening.upper_encoder import (
    Lowered,
    Start,
    Training,
    abuse_logits,
    bounds_of,
    fill,
    pieces_of,
)
from numpy.lib.format import open_memmap
from scripts.encoder_lessons import Lesson, lessons
from scripts.encoder_network import LAYERS, WIDTH
from scripts.export_encoder import fitted
from scripts.train_screening import LABELS, SEED, Text, bare

from witnessbox.screening.encoder import logit
from witnessbox.screening.second_pass import LEAST

HERE = Path(__file__).parent
NONE = "none"
LEARNED_TEXTS, MOST_LEARNED = 4000, {"dynahate": 14000}
"""Texts of a set's training part that are read at most."""

WIDE_TEXTS = 2000
"""Texts of a left-out set, of all parts, that it is tested on beside its test part."""

TUNE_SHARE = 0.5
TOGETHER = 2 / 3
"""Share of its texts that a pair reads before the two part."""

PROCESSES = 2
PARTS = ("test", "wide")
MODELS = ("linear", "encoder", "both", "as shipped")

Lessons = dict[int, Lesson]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything is, and how many texts an encoder reads."""

    data: Path
    start: Start
    work: Path
    texts: int

    @property
    def lowered(self) -> tuple[Path, Path]:
        """Name the files of what the lower layers made: rows, and bounds, which come last."""
        made = f"lower-{self.start.held}"
        return self.work / f"{made}.npy", self.work / f"{made}.bounds.npy"

    def said(self, model: str, without: str) -> Path:
        """Name the file of a model's scores."""
        how = f"-{self.start.held}-{self.texts}" if model == "encoder" else ""
        return self.work / f"{model}{how}-{without}.npy"


@dataclass(frozen=True, slots=True)
class Sample:
    """The texts this reads: what is learned, and all of tune and test.

    ``at`` are their places among all labelled texts; ``wide`` marks those that a set is also tested
    on when it is left out.
    """

    at: Indices
    texts: list[Text]
    labels: Indices
    part: npt.NDArray[np.str_]
    origin: npt.NDArray[np.str_]
    wide: Bools

    @classmethod
    def of(cls, texts: list[Text]) -> "Sample":
        """Choose."""
        chance = np.random.default_rng(SEED)
        part = np.array([text.part for text in texts])
        origin = np.array([text.origin for text in texts])
        chosen = part != "train"
        for name in sorted(LABELS):
            mine = chance.permutation(np.flatnonzero((part == "train") & (origin == name)))
            chosen[mine[: MOST_LEARNED.get(name, LEARNED_TEXTS)]] = True
        at = np.flatnonzero(chosen)
        wide = np.zeros(len(at), np.bool_)
        for name in sorted(LABELS):
            wide[chance.permutation(np.flatnonzero(origin[at] == name))[:WIDE_TEXTS]] = True
        # One that stands in another set's training part too was learned from.
        learned = defaultdict(set)
        for text in texts:
            if text.part == "train":
                learned[bare(text.text)].add(text.origin)
        wide &= [not learned[bare(texts[one].text)] - {texts[one].origin} for one in at]
        kept = [texts[one] for one in at]
        return cls(at, kept, np.array([t.labels[0] for t in kept]), part[at], origin[at], wide)

    def learned(self, without: list[str]) -> Indices:
        """Give the texts to learn from in all sets but some."""
        return np.flatnonzero((self.part == "train") & ~np.isin(self.origin, without))

    def tune(self, without: str) -> Indices:
        """Give the tune texts of the sets that were not left out, thinned."""
        mine = np.flatnonzero((self.part == "tune") & (self.origin != without))
        kept = np.random.default_rng(SEED).random(len(mine)) < TUNE_SHARE
        return mine[kept]

    def parts(self, name: str) -> dict[str, Indices]:
        """Give the texts a set is tested on when it is left out."""
        mine = self.origin == name
        test, wide = mine & (self.part == "test"), mine & self.wide
        return {"test": np.flatnonzero(test), "wide": np.flatnonzero(wide)}

    def tested(self, without: str) -> Indices:
        """Give the texts of all those parts; the test parts of every set where none is out."""
        if without == NONE:
            return np.flatnonzero(self.part == "test")
        return np.unique(np.concatenate(list(self.parts(without).values())))


def lower(plan: Plan, sample: Sample, pool: Pool) -> None:
    """Put the texts through the lower layers, and keep what comes of it."""
    rows, bounds = plan.lowered
    pieces = pieces_of([text.text for text in sample.texts], plan.start)
    laid = bounds_of(pieces)
    open_memmap(rows, "w+", np.float16, shape=(int(laid[-1]), WIDTH)).flush()
    shares = [(pieces, plan.start, rows, (at, PROCESSES)) for at in range(PROCESSES)]
    pool.starmap(fill, shares, chunksize=1)
    np.save(bounds, laid)


def linear(plan: Plan, names: list[str]) -> None:
    """Train the linear model without each set, and keep what it says of the sample."""
    texts = labelled(plan.data)
    corpus, at = Corpus.of(texts), Sample.of(texts).at
    for name in names:
        np.save(plan.said("linear", name), linear_without(corpus, name)[at])
        print(f"linear without {name}", flush=True)


def pair(plan: Plan, sample: Sample, given: Lessons, both: list[str], wanted: list[str]) -> None:
    """Train without two sets, then with one of them let in, for each; keep the abuse logits.

    A set let in late is drawn the more often, so that in the end it was read as much as the others.
    """
    torch.set_num_threads(1)
    lowered = Lowered.load(*plan.lowered)
    training = Training(plan.start.network(), plan.texts)
    learn = sample.learned(both)
    training.go_on(lowered, learn, given, TOGETHER)
    for name in wanted:
        own = training.copied(plan.start)
        late = sample.learned([one for one in LABELS if one not in both or one == name])
        often = round(1 / (1 - TOGETHER))
        own.go_on(lowered, np.concatenate([learn, np.repeat(late, often)]), given, 1.0)
        said = np.full(len(sample.texts), np.nan)
        for texts in (sample.tune(name), sample.tested(name)):
            said[texts] = abuse_logits(own.network, lowered, texts)
        np.save(plan.said("encoder", name), said)
        print(f"encoder without {name}", flush=True)


def measure(plan: Plan, sample: Sample, name: str) -> dict[str, Any]:
    """Compare the models on the set that none of them saw."""
    first = np.load(plan.said("linear", name))
    second = np.load(plan.said("encoder", name))
    tune, labels = sample.tune(name), sample.labels
    slope, offset = fitted(second[tune][:, None], labels[tune])
    logits = np.c_[logit(first), slope * second + offset]
    *weights, added = fitted(logits[tune], labels[tune])
    both = _probability(logits @ np.array(weights) + added)
    said = {
        "linear": first,
        "encoder": _probability(logits[:, 1]),
        "both": both,
        "as shipped": np.where(first >= LEAST, both, first),
    }
    best = {model: best_threshold(labels[tune], said[model][tune]) for model in MODELS}
    chance = np.random.default_rng([SEED, list(LABELS).index(name)])
    result: dict[str, Any] = {"weights": [*weights, added], "thresholds": best}
    for part, texts in sample.parts(name).items():
        mine = {model: said[model][texts] for model in MODELS}
        result[part] = compared(labels[texts], mine, best, chance)
    return result


def _probability(logits: Doubles) -> Doubles:
    result: Doubles = 1 / (1 + np.exp(-logits))
    return result


def frozen(plan: Plan, sample: Sample) -> dict[str, Any]:
    """Put together all that is done so far."""
    done = [
        name
        for name in LABELS
        if all(plan.said(model, name).exists() for model in ("linear", "encoder"))
    ]
    sets = {name: measure(plan, sample, name) for name in done}
    means = {part: mean([one[part] for one in sets.values()]) for part in PARTS}
    result = {
        "texts_read": plan.texts,
        "layers_trained": plan.start.trained,
        "sets": {
            name: {**one, **{part: closed(one[part]) for part in PARTS}}
            for name, one in sets.items()
        },
        "mean": {part: closed(one) for part, one in means.items()},
    }
    if plan.said("encoder", NONE).exists():
        result["nothing left out"] = whole(plan, sample)
    return result


def freeze(plan: Plan, sample: Sample, place: Path) -> None:
    """Write what is done so far."""
    place.write_text(json.dumps(frozen(plan, sample), indent=1) + "\n")


def whole(plan: Plan, sample: Sample) -> dict[str, Any]:
    """Give the figures of the encoder that had nothing left out."""
    said, tune = np.load(plan.said("encoder", NONE)), sample.tune(NONE)
    slope, offset = fitted(said[tune][:, None], sample.labels[tune])
    scores = _probability(slope * said + offset)
    return {
        name: figures(sample.labels[texts], scores[texts], 0.5)
        for name in LABELS
        if len(texts := sample.parts(name)["test"])
    }


def jobs(
    plan: Plan, sample: Sample, given: Lessons, wanted: list[str]
) -> list[tuple[Callable[..., None], list[Any]]]:
    """List what is still to do."""
    order = list(LABELS)
    todo = [name for name in wanted if not plan.said("encoder", name).exists()]
    pairs = [order[first : first + 2] for first in range(0, len(order), 2)]
    pairs = [*([[NONE]] if NONE in todo else []), *pairs]
    result: list[tuple[Callable[..., None], list[Any]]] = [
        (pair, [plan, sample, given, both, mine])
        for both in pairs
        if (mine := [name for name in both if name in todo])
    ]
    lacking = [name for name in order if not plan.said("linear", name).exists()]
    return [*([(linear, [plan, lacking])] if lacking else []), *result]


def main() -> None:
    """Do what is still to do, and freeze."""
    arguments = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "start", "work"):
        arguments.add_argument(name, type=Path)
    arguments.add_argument("--texts", type=int, default=24000, help="that an encoder reads")
    arguments.add_argument("--layers", type=int, default=LAYERS, help="that are trained")
    arguments.add_argument("--sets", nargs="+", default=[*LABELS, NONE], metavar="NAME")
    arguments.add_argument("--out", type=Path, default=HERE / "left_out_encoder.json")
    given = arguments.parse_args()
    plan = Plan(given.data, Start(given.start, given.layers), given.work, given.texts)
    plan.work.mkdir(parents=True, exist_ok=True)
    sample = Sample.of(labelled(plan.data))
    # Every job in a process of its own: what one held is given back.
    with multiprocessing.get_context("spawn").Pool(PROCESSES, maxtasksperchild=1) as pool:
        if not plan.lowered[1].exists():
            lower(plan, sample, pool)
        learn = sample.learned([])
        named = lessons([sample.texts[at] for at in learn])
        lesson_of = dict(zip(learn.tolist(), named, strict=True))
        todo = jobs(plan, sample, lesson_of, given.sets)
        for one in [pool.apply_async(job, settings) for job, settings in todo]:
            one.get()
            freeze(plan, sample, given.out)
    freeze(plan, sample, given.out)


if __name__ == "__main__":
    main()
