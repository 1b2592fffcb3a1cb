"""Compare models on a set that none of them saw: figures, differences and how sure they are."""

from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.screening.left_out import Indices, figures
from sklearn.metrics import f1_score

RESAMPLES = 1000

Doubles = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Figures = dict[str, Any]


def best_threshold(labels: Indices, scores: Doubles) -> float:
    """Choose the threshold with the best macro-F1."""
    steps = [step / 100 for step in range(5, 96)]
    return max(steps, key=lambda at: float(f1_score(labels, scores >= at, average="macro")))


def compared(
    labels: Indices,
    said: dict[str, Doubles],
    best: dict[str, float],
    chance: np.random.Generator,
) -> Figures:
    """Give figures at 0.5 and at the model's own threshold, and its lead over ``linear``."""
    result: Figures = {"texts": len(labels), "positive": int(labels.sum())}
    linear = said["linear"]
    for model, scores in said.items():
        result[model] = {
            **figures(labels, scores, 0.5),
            "macro_f1_chosen": figures(labels, scores, best[model])["macro_f1"],
            "over": resampled(labels, (scores >= 0.5, linear >= 0.5), chance),
            "over_chosen": resampled(
                labels, (scores >= best[model], linear >= best["linear"]), chance
            ),
        }
    return result


def resampled(labels: Indices, said: tuple[Bools, Bools], chance: np.random.Generator) -> Doubles:
    """Give how far the first answers are over the second in macro-F1: truly, then by resample.

    Texts differ only in label and the two answers, so eight counts are drawn, not the texts.
    """
    counts = np.bincount(labels * 4 + said[0] * 2 + said[1], minlength=8)
    drawn = chance.multinomial(len(labels), counts / len(labels), RESAMPLES)
    drawn = np.vstack([counts, drawn]).reshape(-1, 2, 2, 2)
    return _macro_f1(drawn.sum(3)) - _macro_f1(drawn.sum(2))


def _macro_f1(counts: npt.NDArray[np.int64]) -> Doubles:
    """Work macro-F1 out of counts by label and answer."""
    right = counts[:, [0, 1], [0, 1]]
    result: Doubles = (2 * right / np.maximum(counts.sum(1) + counts.sum(2), 1)).mean(axis=1)
    return result


def mean(parts: list[Figures]) -> Figures:
    """Average the sets' figures, resamples too; every set counts once."""
    models = [name for name, one in parts[0].items() if isinstance(one, dict)] if parts else []
    return {
        model: {key: np.mean([one[model][key] for one in parts], axis=0) for key in parts[0][model]}
        for model in models
    }


def closed(part: Figures) -> Figures:
    """Make the true difference and its 95% interval of the resamples, and round."""
    return {name: _closed(one) if isinstance(one, dict) else one for name, one in part.items()}


def _closed(model: Figures) -> Figures:
    return {
        key: np.round(_interval(value) if np.ndim(value) else value, 3).tolist()
        for key, value in model.items()
    }


def _interval(resamples: Doubles) -> list[float]:
    true, *others = resamples
    return [true, *np.quantile(others, (0.025, 0.975))]
