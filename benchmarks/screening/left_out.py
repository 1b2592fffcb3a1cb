"""Train without one set at a time and test on it: how far what was learned carries.

    python -m benchmarks.screening.left_out DATA

For every labelled set: the ``abuse`` head is trained on the training parts of all others and tested
on the test part of the one left out, beside the model to beat, a linear support vector machine over
TF-IDF of the same words, pairs and character runs, trained on the same texts.  Ours says "abuse"
from 0.5 of a probability calibrated on the tune parts of the others; the other where its margin is
over 0, as it is commonly used.  Writes ``left_out.json`` beside this file.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp  # type: ignore[import-untyped]
from scripts.train_screening import (
    LABELS,
    SEED,
    SETTINGS,
    UNKNOWN,
    Text,
    calibrate,
    counts_of,
    features_of,
    fit,
    read_texts,
    severities,
)
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.svm import LinearSVC

from witnessbox.screening.classifier import Calibration

HERE = Path(__file__).parent
HEAD = "abuse"
LEAST_TEXTS = (2, 5)
"""That must hold a word or pair, and a character run, for the model to beat to weigh it."""

Indices = npt.NDArray[np.int64]


def tfidf(counts: sp.csr_matrix, learn: Indices, least: int) -> sp.csr_matrix:
    """Weigh features by how seldom the texts learned from hold them; every text at length one."""
    held = np.asarray((counts[learn] > 0).sum(axis=0)).ravel()
    weight = np.log((1 + len(learn)) / (1 + held)) + 1
    weight[held < least] = 0
    matrix = counts.copy()
    matrix.data = 1 + np.log(matrix.data)
    matrix = matrix.dot(sp.diags(weight.astype(np.float32))).tocsr()
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sp.diags((1 / np.maximum(length, 1e-6)).astype(np.float32)).dot(matrix).tocsr()


def figures(labels: Indices, scores: npt.NDArray[np.float64], threshold: float) -> dict[str, float]:
    """Give the figures one model is compared by."""
    said = scores >= threshold
    return {
        "auc": round(float(roc_auc_score(labels, scores)), 3),
        "macro_f1": round(float(f1_score(labels, said, average="macro")), 3),
    }


@dataclass(frozen=True, slots=True)
class Corpus:
    """Every text labelled for the head, and what the linear model reads of it."""

    texts: list[Text]
    labels: Indices
    part: npt.NDArray[np.str_]
    origin: npt.NDArray[np.str_]
    severity: Indices
    features: sp.csr_matrix

    @classmethod
    def of(cls, texts: list[Text]) -> "Corpus":
        """Read the texts."""
        written = [text.text for text in texts]
        return cls(
            texts=texts,
            labels=np.array([text.labels[0] for text in texts]),
            part=np.array([text.part for text in texts]),
            origin=np.array([text.origin for text in texts]),
            severity=severities(written, 0),
            features=features_of(written, SETTINGS[HEAD]),
        )

    def where(self, part: str, without: str) -> Indices:
        """Find the texts of a part in every set but one."""
        return np.flatnonzero((self.part == part) & (self.origin != without))


def labelled(data: Path) -> list[Text]:
    """Read the texts labelled for the head."""
    return [text for text in read_texts(data) if text.labels[0] != UNKNOWN]


def linear_without(corpus: Corpus, name: str) -> npt.NDArray[np.float64]:
    """Train and calibrate without one set; give the probability of every text, that set's too."""
    learn, tune = corpus.where("train", name), corpus.where("tune", name)
    ones = np.ones(len(corpus.labels))
    weight, bias = fit(corpus.features, corpus.labels, ones, learn, SETTINGS[HEAD])
    margin = corpus.features @ weight.astype(np.float32) + bias
    slope, offset, *added = calibrate(margin[tune], corpus.severity[tune], corpus.labels[tune])
    none, mild, strong, severe = added
    platt = Calibration(slope, offset, (none, mild, strong, severe))
    return platt.probability(margin, corpus.severity.astype(np.int8))


def measure(data: Path) -> dict[str, Any]:
    """Leave every set out in turn."""
    corpus = Corpus.of(labelled(data))
    labels = corpus.labels
    counts = counts_of([text.text for text in corpus.texts], SETTINGS[HEAD])
    result: dict[str, Any] = {}
    for name in LABELS:
        learn = corpus.where("train", name)
        test = np.flatnonzero((corpus.part == "test") & (corpus.origin == name))
        said = linear_without(corpus, name)[test]
        matrix = sp.hstack(
            [tfidf(one, learn, least) for one, least in zip(counts, LEAST_TEXTS, strict=True)]
        ).tocsr()
        machine = LinearSVC(C=0.1, random_state=SEED).fit(matrix[learn], labels[learn])
        result[name] = {
            "texts": len(test),
            "positive": int(labels[test].sum()),
            "linear": figures(labels[test], said, 0.5),
            "tfidf_svm": figures(labels[test], machine.decision_function(matrix[test]), 0.0),
        }
        print(name, json.dumps(result[name]), flush=True)
    result["mean"] = {
        model: {
            figure: round(float(np.mean([result[name][model][figure] for name in LABELS])), 3)
            for figure in ("auc", "macro_f1")
        }
        for model in ("linear", "tfidf_svm")
    }
    return result


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--out", type=Path, default=HERE / "left_out.json")
    given = arguments.parse_args()
    given.out.write_text(json.dumps(measure(given.data), indent=1) + "\n")


if __name__ == "__main__":
    main()
