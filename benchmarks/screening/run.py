"""Measure screening: held-out tests, HateCheck by function, recall along the reading order, speed.

    python -m benchmarks.screening.run DATA [--baseline]

DATA holds the data sets as Parquet files.  Nothing here is trained or tuned on; HateCheck is only
reported.  ``--baseline`` also trains the model to beat (TF-IDF of words and character runs with a
linear support vector machine, as in common use) on the same texts: minutes and gigabytes.
Writes ``results.json`` beside this file: accuracy and speed apart, figures only, no texts.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scripts.train_screening import UNKNOWN, Text, read_texts
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from witnessbox.screening.classifier import margins, sizes, weigh
from witnessbox.screening.features import extract
from witnessbox.screening.model import CATEGORIES
from witnessbox.screening.normalise import clean
from witnessbox.screening.scoring import BLOCK_TEXTS, Screener, by_category, score_texts, shipped
from witnessbox.screening.weights import HEADS

HERE = Path(__file__).parent

Scores = npt.NDArray[np.float64]
Scorer = Callable[[list[str]], Scores]
SEED = 0
MIXED_TEXTS, MIXED_ABUSIVE = 200_000, 2_000
SPEED_TEXTS = 100_000
SPEED_SECONDS = 15


def score_table(texts: list[str], screener: Screener) -> Scores:
    """Give every text's score in every category; 0 where it has none."""
    return by_category(score_texts(pa.array(texts, pa.string()), screener), len(texts))


def by_abuse(screener: Screener) -> Scorer:
    """Score by the ``abuse`` category."""
    return lambda texts: score_table(texts, screener)[:, 0]


def by_best(screener: Screener) -> Scorer:
    """Score as messages are ranked: by the best category."""
    return lambda texts: score_table(texts, screener).max(axis=1)


def by_head(screener: Screener, name: str) -> Scorer:
    """Score by a head's margin alone."""
    head = HEADS.index(name)

    def scorer(texts: list[str]) -> Scores:
        column, parts = pa.array(texts, pa.string()), []
        for first in range(0, len(texts), BLOCK_TEXTS):
            stream = clean(column.slice(first, BLOCK_TEXTS))
            weighed = weigh(screener.model, stream, extract(stream))
            parts.append(margins(screener.model, weighed, sizes(stream, weighed))[:, head])
        return np.concatenate(parts)

    return scorer


def figures(labels: npt.NDArray[np.int64], scores: Scores, threshold: float) -> dict[str, float]:
    """Give the usual figures of a two-way test."""
    said = (scores >= threshold).astype(int)
    return {
        "texts": len(labels),
        "positive": int(labels.sum()),
        "auc": round(float(roc_auc_score(labels, scores)), 3),
        "average_precision": round(float(average_precision_score(labels, scores)), 3),
        "accuracy": round(float((said == labels).mean()), 3),
        "macro_f1": round(float(f1_score(labels, said, average="macro")), 3),
    }


def held_out(texts: list[Text], scorer: Scorer, head: int, threshold: float) -> dict[str, Any]:
    """Test one head on the test part of every set that is coded for it."""
    test = [text for text in texts if text.part == "test" and text.labels[head] != UNKNOWN]
    labels = np.array([text.labels[head] for text in test])
    scores = scorer([text.text for text in test])
    origin = np.array([text.origin for text in test])
    result = {"all": figures(labels, scores, threshold)}
    for name in sorted(set(origin)):
        mine = origin == name
        if 0 < labels[mine].sum() < mine.sum():
            result[name] = figures(labels[mine], scores[mine], threshold)
    return result


def best_threshold(texts: list[Text], scorer: Scorer) -> float:
    """Choose, on the tune parts alone, the threshold with the best macro-F1."""
    tune = [text for text in texts if text.part == "tune" and text.labels[0] != UNKNOWN]
    labels, scores = np.array([t.labels[0] for t in tune]), scorer([t.text for t in tune])
    return max(
        (step / 100 for step in range(5, 96)),
        key=lambda at: float(f1_score(labels, scores >= at, average="macro")),
    )


def calibration(texts: list[Text], scorer: Scorer) -> list[dict[str, float]]:
    """Say, by tenths of the abuse score, how many of the test texts were coded abuse."""
    test = [text for text in texts if text.part == "test" and text.labels[0] != UNKNOWN]
    labels, scores = np.array([t.labels[0] for t in test]), scorer([t.text for t in test])
    tenth = np.minimum((scores * 10).astype(int), 9)
    return [
        {
            "from": step / 10,
            "texts": int((tenth == step).sum()),
            "mean_score": round(float(scores[tenth == step].mean()), 3),
            "coded_abuse": round(float(labels[tenth == step].mean()), 3),
        }
        for step in range(10)
        if (tenth == step).any()
    ]


def hatecheck(data: Path, scorer: Scorer, threshold: float) -> dict[str, Any]:
    """Report on HateCheck: whole, by function, and by the group that is named."""
    rows = pq.read_table(data / "hatecheck.parquet").to_pylist()
    labels = np.array([row["label"] for row in rows])
    scores = scorer([row["text"] for row in rows])
    right = (scores >= threshold) == labels

    def shares(column: str, only: npt.NDArray[np.bool_]) -> dict[str, float]:
        values = np.array([str(row[column]) for row in rows])
        return {
            name: round(float(right[only & (values == name)].mean()), 3)
            for name in sorted(set(values[only]))
        }

    every = np.ones(len(rows), np.bool_)
    return {
        **figures(labels, scores, threshold),
        "right_by_function": shares("functionality", every),
        "right_by_group_hateful": shares("target_ident", labels == 1),
        "right_by_group_not_hateful": shares("target_ident", labels == 0),
    }


def named_categories(data: Path, screener: Screener) -> dict[str, Any]:
    """Say how often the group a HateCheck text is about gets its category named, and for others."""
    groups = {
        "women": "misogyny",
        "gay people": "homophobia-transphobia",
        "trans people": "homophobia-transphobia",
        "disabled people": "ableism",
        "Muslims": "islamophobia",
        "black people": "racism",
        "immigrants": "racism",
    }
    rows = pq.read_table(data / "hatecheck.parquet").to_pylist()
    hateful = [row for row in rows if row["label"] == 1]
    table = score_table([row["text"] for row in hateful], screener) > 0
    about = np.array([row["target_ident"] for row in hateful])
    result = {}
    for group, category in groups.items():
        column = [str(one) for one in CATEGORIES].index(category)
        others = [name for name, other in groups.items() if other != category]
        result[group] = {
            "category": category,
            "named": round(float(table[about == group, column].mean()), 3),
            "named_for_other_groups": round(float(table[np.isin(about, others), column].mean()), 3),
        }
    return result


def mixed_corpus(data: Path, texts: list[Text]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Mix held-out abusive texts into ordinary chat and held-out harmless texts, 1 in 100."""
    chance = np.random.default_rng(SEED)
    test = {text.text: text.labels[0] for text in texts if text.part == "test"}
    abusive = sorted(text for text, label in test.items() if label == 1)
    abusive = [abusive[at] for at in chance.permutation(len(abusive))[:MIXED_ABUSIVE]]
    harmless = sorted(text for text, label in test.items() if label == 0)
    names = ("irc_ubuntu", "topical_chat", "sms_spam")
    columns = [pq.read_table(data / f"{name}.parquet")["text"].to_pylist() for name in names]
    # Chat repeats itself; "ok" twice is two messages to read, so repeats are kept.
    chat = [text for column in columns for text in column if text]
    room = MIXED_TEXTS - len(abusive) - len(harmless)
    chat = [chat[at] for at in chance.permutation(len(chat))[:room]]
    mixed = abusive + harmless + chat
    labels = np.r_[np.ones(len(abusive), int), np.zeros(len(mixed) - len(abusive), int)]
    order = chance.permutation(len(mixed))
    return [mixed[at] for at in order], labels[order]


def recall(texts: list[str], labels: npt.NDArray[np.int64], scorer: Scorer) -> dict[str, int]:
    """Say how many messages are read, best score first, until each share of the abuse is found."""
    found = np.cumsum(labels[np.argsort(-scorer(texts), kind="stable")])
    wanted = (0.5, 0.8, 0.9, 0.95, 0.99)
    return {
        f"{share:.0%}": int(np.searchsorted(found, np.ceil(share * found[-1])) + 1)
        for share in wanted
    }


def _cpu_seconds(column: pa.StringArray, screener: Screener) -> float:
    begun = time.process_time()
    score_texts(column, screener)
    return time.process_time() - begun


def speed(data: Path, screener: Screener) -> dict[str, Any]:
    """Time scoring with reasons, clean-up included, on one thread; messages a CPU second.

    The best and the middle of the runs of ``SPEED_SECONDS`` of processor time: a neighbour on the
    machine can only make a run slower.
    """
    result: dict[str, Any] = {}
    for name in ("irc_ubuntu", "topical_chat", "sms_spam"):
        column = pq.read_table(data / f"{name}.parquet", columns=["text"])["text"]
        column = column.combine_chunks().slice(0, SPEED_TEXTS)
        runs = [_cpu_seconds(column, screener)]
        while sum(runs) < SPEED_SECONDS:
            runs.append(_cpu_seconds(column, screener))
        result[name] = {
            "messages": len(column),
            "mean_characters": round(pc.mean(pc.utf8_length(column)).as_py()),
            "messages_per_cpu_second": round(len(column) / min(runs)),
            "middle_run": round(len(column) / float(np.median(runs))),
        }
    return result


def baseline(texts: list[Text]) -> Scorer:
    """Train the model to beat on the texts ours was trained on."""
    learn = [text for text in texts if text.part == "train" and text.labels[0] != UNKNOWN]
    union = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32),
        TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            min_df=5,
            sublinear_tf=True,
            dtype=np.float32,
            max_features=400_000,
        ),
    )
    model = make_pipeline(union, LinearSVC(C=0.1, random_state=SEED))
    model.fit(cleaned([text.text for text in learn]), [text.labels[0] for text in learn])

    def scorer(given: list[str]) -> Scores:
        scores: Scores = model.decision_function(cleaned(given))
        return scores

    return scorer


def cleaned(texts: list[str]) -> list[str]:
    """Undo disguises as our own model has it done, so that the two differ in the model alone."""
    result = []
    for first in range(0, len(texts), BLOCK_TEXTS):
        stream = clean(pa.array(texts[first : first + BLOCK_TEXTS], pa.string()))
        whole = "".join(map(chr, stream.codes))
        result += [" ".join(text.split()) for text in whole[1:-1].split("\n")]
    return result


def measure(data: Path, *, with_baseline: bool) -> dict[str, Any]:
    """Measure everything."""
    screener, texts = shipped(), read_texts(data)
    mixed, labels = mixed_corpus(data, texts)
    chosen = best_threshold(texts, by_abuse(screener))
    result: dict[str, Any] = {
        "model": screener.version,
        "held_out": {
            "abuse": held_out(texts, by_abuse(screener), 0, 0.5),
            **{
                name: held_out(texts, by_head(screener, name), head, 0.0)
                for head, name in enumerate(HEADS)
                if head
            },
        },
        "calibration": calibration(texts, by_abuse(screener)),
        "hatecheck": hatecheck(data, by_abuse(screener), 0.5),
        "at_threshold_chosen_on_tune": {
            "threshold": chosen,
            "held_out": held_out(texts, by_abuse(screener), 0, chosen)["all"],
            "hatecheck": hatecheck(data, by_abuse(screener), chosen),
        },
        "hatecheck_category_named": named_categories(data, screener),
        "messages_read": {
            "messages": len(mixed),
            "abusive": int(labels.sum()),
            "by best category": recall(mixed, labels, by_best(screener)),
            "by abuse": recall(mixed, labels, by_abuse(screener)),
        },
    }
    if with_baseline:
        scorer = baseline(texts)
        result["baseline"] = {
            "held_out": held_out(texts, scorer, 0, 0.0),
            "hatecheck": hatecheck(data, scorer, 0.0),
            "messages_read": recall(mixed, labels, scorer),
        }
    result["speed"] = speed(data, screener)
    return result


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--baseline", action="store_true")
    arguments.add_argument("--out", type=Path, default=HERE / "results.json")
    given = arguments.parse_args()
    result = measure(given.data, with_baseline=given.baseline)
    if not given.baseline and given.out.is_file():
        # The model to beat does not change with ours: its figures stand until they are made anew.
        result = json.loads(given.out.read_text()) | result
    given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
