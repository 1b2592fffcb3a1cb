"""Train the screening classifier and write its weights as plain arrays.

    python scripts/train_screening.py DATA src/witnessbox/screening/data/weights.npz

DATA holds the labelled sets as Parquet files.  Only sets marked ``train-ok`` are learned from.
``hatecheck.parquet`` is opened for one thing: texts that happen to stand in it are taken *out* of
the training sets, so that it stays a fair test.  The same data and seed give the same bytes.

Three parts of every labelled set are kept apart: ``train`` (weights), ``tune`` (settings and
calibration) and ``test`` (figures in the model card; see benchmarks/screening).  Where a set has
its own development split, tune and test are its halves; else a hash of the text decides, 5% each.
"""

import argparse
import hashlib
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import scipy.sparse as sp  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import roc_auc_score

from witnessbox.screening import data as shipped_data
from witnessbox.screening import lexicons
from witnessbox.screening.features import Hashes, extract, runs_of
from witnessbox.screening.model import CATEGORIES
from witnessbox.screening.normalise import Places, Stream, clean
from witnessbox.screening.weights import HEADS, STEP, bucket

SEED = 0
BLOCK_TEXTS = 4096
EPOCHS = 8
KEEP = 0.5
"""Added to each feature's log-count ratio, so that one which tells little apart counts a little."""

UNKNOWN = -1
NEGATIVE_WEIGHT = 0.3
"""Weight of texts that are no abuse at all, as negatives of a category they were not coded for."""

_PLACEHOLDER = re.compile(
    r"<user>|\[user\]|\[url\]|\[linebreak\]|<number>|<percent>|\bRT\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How one head is made: table sizes as powers of two, and the strength of regularisation.

    ``word_share`` scales words and pairs against runs: with many texts, words and pairs learn them
    by heart.
    """

    word_bits: int
    run_bits: int
    alpha: float
    word_share: float


SETTINGS = {
    "abuse": Settings(19, 20, 5e-6, 0.5),
    "misogyny": Settings(18, 18, 5e-6, 0.5),
    "bullying-threat": Settings(18, 18, 1e-5, 1.0),
}


@dataclass(frozen=True, slots=True)
class Text:
    """One labelled text; a label is 1, 0 or ``UNKNOWN``, one for each head."""

    origin: str
    text: str
    part: str
    labels: tuple[int, int, int]


def tidy(text: str | None) -> str:
    """Take out what the data sets put in: entities and placeholders."""
    return _PLACEHOLDER.sub(" ", html.unescape(html.unescape(text or ""))).strip()


Row = dict[str, Any]


def _guest_threat(row: Row) -> int:
    return int("Threat" in (row["level_3"] or "") or "personal_attack" in (row["level_2"] or ""))


LABELS: dict[str, Callable[[Row], tuple[int, int, int]]] = {
    "edos": lambda r: (r["label"], r["label"], int(r["label_category"].startswith("1"))),
    "hatexplain": lambda r: (int(r["label"] > 0), UNKNOWN, UNKNOWN),
    "dynahate": lambda r: (r["label"], UNKNOWN, UNKNOWN),
    "mhs": lambda r: (r["label"], UNKNOWN, UNKNOWN),
    "cad": lambda r: (r["label"], UNKNOWN, int("PersonDirected" in r["labels"])),
    "gab_hate_corpus": lambda r: (int(r["hd"] or r["cv"]), UNKNOWN, r["cv"]),
    "guest_misogyny": lambda r: (r["label"], r["label"], _guest_threat(r)),
    "davidson": lambda r: ((1, UNKNOWN, 0)[r["label"]], UNKNOWN, UNKNOWN),
    "hatemojibuild": lambda r: (
        r["label"],
        int("wom" in r["target"]),
        int(r["type"] == "threateninglanguage"),
    ),
    "implicit_hate": lambda r: (r["label"], UNKNOWN, UNKNOWN),
}
"""Labels by set, for ``HEADS``.  Davidson's "offensive" (swearing, mostly) is neither."""


def read_texts(data: Path) -> list[Text]:
    """Read every labelled set, parted; a text kept apart anywhere is trained on nowhere."""
    texts = [text for name, labels in LABELS.items() for text in _read(data, name, labels)]
    apart = {bare(text.text) for text in texts if text.part != "train"}
    check = pq.read_table(data / "hatecheck.parquet", columns=["text"])["text"].to_pylist()
    apart |= {bare(text) for text in check}
    return [text for text in texts if text.part != "train" or bare(text.text) not in apart]


def _read(data: Path, name: str, labels: Callable[[Row], tuple[int, int, int]]) -> Iterator[Text]:
    for row in pq.read_table(data / f"{name}.parquet").to_pylist():
        text = tidy(row["text"])
        first = hashlib.sha256(text.encode()).digest()[0]
        split = row.get("split")
        # A set whose rows are all "train" or that has no split is parted by hash.
        parted = name not in {"gab_hate_corpus", "guest_misogyny"} and split is not None
        apart = split != "train" if parted else first < 26
        part = ("tune", "test")[first % 2] if apart else "train"
        yield Text(name, text, part, labels(row))


def bare(text: str) -> str:
    """Give a text's letters and digits alone: what two texts that are the same have in common."""
    return re.sub(r"\W+", "", text.lower())


def counts_of(texts: list[str], settings: Settings) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Count each text's words and pairs, and its runs, by their places in a head's tables."""
    column = pa.array(texts, pa.string())
    blocks: list[tuple[sp.csr_matrix, sp.csr_matrix]] = []
    for first in range(0, len(column), BLOCK_TEXTS):
        stream = clean(column.slice(first, BLOCK_TEXTS))
        features = extract(stream)
        found = runs_of(stream, np.arange(len(features.words)))
        word_rows = [features.word_message, features.word_message[features.pair_first]]
        run_rows = [np.repeat(features.word_message, np.diff(bounds)) for bounds in found.bounds]
        blocks.append(
            (
                _counted(word_rows, (features.words, features.pairs), settings.word_bits, stream),
                _counted(run_rows, found.hashes, settings.run_bits, stream),
            )
        )
    words, runs = (sp.vstack(parts, format="csr") for parts in zip(*blocks, strict=True))
    return words, runs


def _counted(
    rows: list[Places], hashes: tuple[Hashes, ...], bits: int, stream: Stream
) -> sp.csr_matrix:
    columns = bucket(np.concatenate(hashes), 1 << bits)
    ones = np.ones(len(columns), np.float32)
    shape = stream.messages, 1 << bits
    return sp.csr_matrix((ones, (np.concatenate(rows), columns)), shape)


def features_of(texts: list[str], settings: Settings) -> sp.csr_matrix:
    """Give the matrix whose product with a head's weights is its margins, less the bias."""
    parts = []
    for counts in counts_of(texts, settings):
        features = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)
        parts.append(sp.diags((1 / np.sqrt(features)).astype(np.float32)).dot(counts))
    return sp.hstack(parts, format="csr", dtype=np.float32)


def ratios(matrix: sp.csr_matrix, labels: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Give each feature's absolute log-count ratio (Wang & Manning 2012), plus ``KEEP``."""
    seen = matrix.copy()
    seen.data[:] = 1
    positive = seen.T @ (labels == 1).astype(np.float32) + 1
    negative = seen.T @ (labels == 0).astype(np.float32) + 1
    ratio = np.log((positive / positive.sum()) / (negative / negative.sum()))
    result: npt.NDArray[np.float32] = (KEEP + np.abs(ratio)).astype(np.float32)
    return result


def labels_of(
    texts: list[Text], head: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Give a head's labels and weights: no abuse at all is none of any category, at less weight."""
    labels = np.array([text.labels[head] for text in texts])
    weights = np.ones(len(texts))
    if head:
        borrowed = (labels == UNKNOWN) & (np.array([text.labels[0] for text in texts]) == 0)
        labels[borrowed], weights[borrowed] = 0, NEGATIVE_WEIGHT
    return labels, weights


def severities(texts: list[str], category: int) -> npt.NDArray[np.int64]:
    """Give the severest entry each text holds, of one category or (0) of any."""
    found, column = lexicons.shipped(), pa.array(texts, pa.string())
    result = np.zeros(len(texts), np.int64)
    for first in range(0, len(texts), BLOCK_TEXTS):
        stream = clean(column.slice(first, BLOCK_TEXTS))
        hits = found.find(stream, extract(stream))
        of = found.category[hits.entry]
        used = of == category if category else of >= 0
        message = stream.message[hits.first[used]] + first
        np.maximum.at(result, message, found.severity[hits.entry[used]])
    return result


def fit(
    matrix: sp.csr_matrix,
    labels: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    learn: Places,
    settings: Settings,
) -> tuple[npt.NDArray[np.float16], float]:
    """Learn a head's weights and bias from some rows of a matrix."""
    ratio = ratios(matrix[learn], labels[learn])
    ratio[: 1 << settings.word_bits] *= settings.word_share
    fitted = SGDClassifier(
        loss="log_loss",
        alpha=settings.alpha,
        max_iter=EPOCHS,
        tol=None,
        average=True,
        random_state=SEED,
    )
    scaled = matrix[learn].multiply(ratio).tocsr()
    fitted.fit(scaled, labels[learn], sample_weight=weights[learn])
    weight = (np.round(ratio * fitted.coef_[0] / STEP) * STEP).astype(np.float16)
    return weight, float(fitted.intercept_[0])


def train(texts: list[Text], head: int) -> dict[str, npt.NDArray[Any]]:
    """Train and calibrate one head; arrays as ``classifier`` reads them."""
    name, settings = HEADS[head], SETTINGS[HEADS[head]]
    labels, weights = labels_of(texts, head)
    part = np.array([text.part for text in texts])
    matrix = features_of([text.text for text in texts], settings)
    learn = np.flatnonzero((part == "train") & (labels != UNKNOWN))
    weight, bias = fit(matrix, labels, weights, learn, settings)
    # Calibrated on texts coded for this very head: borrowed negatives would flatter it.
    coded = np.array([text.labels[head] != UNKNOWN for text in texts])
    tune = np.flatnonzero((part == "tune") & coded)
    margin = matrix[tune] @ weight.astype(np.float32) + bias
    category = [str(one) for one in CATEGORIES].index(name)
    severity = severities([texts[at].text for at in tune], category)
    calibration = calibrate(margin, severity, labels[tune])
    print(f"{name}: {len(learn)} texts, {labels[learn].sum()} positive; {calibration.round(3)}")
    for origin in sorted({text.origin for text in texts}):
        mine = np.array([texts[at].origin == origin for at in tune])
        if 0 < labels[tune][mine].sum() < mine.sum():
            print(f"  {origin} {roc_auc_score(labels[tune][mine], margin[mine]):.3f}")
    words = 1 << settings.word_bits
    return {
        f"{name}.words": weight[:words],
        f"{name}.runs": weight[words:],
        f"{name}.bias": np.array(bias),
        f"{name}.calibration": calibration,
    }


def calibrate(
    margin: npt.NDArray[np.float64],
    severity: npt.NDArray[np.int64],
    labels: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """Fit slope, offset and what each severity adds (nothing for none, never less for more)."""
    found = (severity[:, None] >= np.arange(1, 4)).astype(float)
    fitted = LogisticRegression(C=10.0).fit(np.c_[margin, found], labels)
    steps = np.maximum(fitted.coef_[0][1:], 0)
    result: npt.NDArray[np.float64] = np.concatenate(
        [[fitted.coef_[0][0], fitted.intercept_[0], 0], np.cumsum(steps)]
    )
    return result


def main() -> None:
    """Train all heads and write them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("target", type=Path)
    given = arguments.parse_args()
    texts = read_texts(given.data)
    arrays: dict[str, Any] = {}
    for head in range(len(HEADS)):
        arrays.update(train(texts, head))
    digest = hashlib.sha256()
    for key in sorted(arrays):
        digest.update(arrays[key].tobytes())
    for file in lexicons.FILES:
        digest.update(resources.files(shipped_data).joinpath(file).read_bytes())
    arrays["version"] = np.array(f"linear-2/{digest.hexdigest()[:12]}")
    np.savez_compressed(given.target, **arrays)
    print(f"{arrays['version']}: {given.target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
