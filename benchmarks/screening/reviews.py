"""Simulated reviews: how much is read until each share of the abuse is found.

    python -m benchmarks.screening.reviews DATA [--scores FILE] [--asreview PROGRAM]

Reads beside active learning with TF-IDF and a linear support vector machine, in the same run, at
the same pace: at 1% and at 0.2% of 200,000 messages.  What is mixed in, as relevant and as
harmless, comes from the parts of the labelled sets that no shipped model was trained on.

``--scores FILE`` takes cold scores of both passes, and embeddings, from the archive that
``both_passes`` writes, instead of the first pass's scores alone.
``--asreview PROGRAM`` reads 20,000 messages with ASReview, installed elsewhere, instead: half an
hour, one thread.  Writes what was measured into ``reviews.json`` beside this file: figures only,
no texts.
"""

import argparse
import csv
import json
import os
import resource
import sqlite3
import subprocess
import tempfile
import time
import zipfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import scipy.sparse as sp  # type: ignore[import-untyped]
from benchmarks.screening.run import SEED, score_table
from scripts.train_screening import read_texts
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from witnessbox.screening import encoder_onnx
from witnessbox.screening.context import STANDING
from witnessbox.screening.learning import Coded, Embeddings, Material, cold_signs
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.learning_rows import rows_of
from witnessbox.screening.scoring import shipped
from witnessbox.screening.simulation import SHARES, Pace, Played, alone, play

HERE = Path(__file__).parent
CHATS = ("irc_ubuntu", "topical_chat", "sms_spam")
MESSAGES, SMALL = 200_000, 20_000
PACE = Pace(Mixture(100, explored=0, control=0, by_category=0), growth=0.2, most=4000, until=0.95)
QUERY = ("bitch", "stupid women", "muslims", "immigrants")
"""What a reviewer would type first; the model to beat begins with what it finds."""

SEPARATOR = "\0"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Messages, which of them are relevant, and what is known of them before anybody reads."""

    texts: list[str]
    labels: Labels
    cold: npt.NDArray[np.float32]
    embedding: npt.NDArray[np.float16] | None  # zeros where a text has none

    @property
    def embeddings(self) -> Embeddings | None:
        """Give the embeddings of the texts that have one."""
        if self.embedding is None:
            return None
        held = np.flatnonzero(self.embedding.any(axis=1))
        return Embeddings(held, self.embedding[held])

    @property
    def answers(self) -> list[Coded]:
        """Say what a reader of each message would code."""
        return [Coded(at, 1, int(label)) for at, label in enumerate(self.labels)]

    def part(self, places: npt.NDArray[np.int64]) -> "Corpus":
        """Give some of the messages."""
        embedding = None if self.embedding is None else self.embedding[places]
        texts = [self.texts[at] for at in places]
        return Corpus(texts, self.labels[places], self.cold[places], embedding)


def corpus(data: Path, relevant: int, scores: Path | None) -> Corpus:
    """Mix abusive texts into ordinary chat and harmless texts of the same sets, each text once."""
    chance = np.random.default_rng(SEED)
    labels: dict[str, set[int]] = {}
    for text in read_texts(data):
        if text.part != "train":
            labels.setdefault(text.text, set()).add(text.labels[0])
    abusive = sorted(text for text, found in labels.items() if found == {1})
    harmless = sorted(text for text, found in labels.items() if found == {0})
    columns = [pq.read_table(data / f"{name}.parquet")["text"].to_pylist() for name in CHATS]
    said = dict.fromkeys(text for column in columns for text in column if text)
    chat = [text for text in said if text not in labels]
    wanted = [abusive[at] for at in chance.permutation(len(abusive))[:relevant]]
    room = MESSAGES - relevant - len(harmless)
    mixed = wanted + harmless + [chat[at] for at in chance.permutation(len(chat))[:room]]
    marks = np.r_[np.ones(relevant, np.int64), np.zeros(len(mixed) - relevant, np.int64)]
    order = chance.permutation(len(mixed))
    texts = [mixed[at] for at in order]
    cold, embedding = _known(texts, scores)
    return Corpus(texts, marks[order], cold, embedding)


def _known(
    texts: list[str], scores: Path | None
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float16] | None]:
    if scores is None:
        return cold_signs(score_table(texts, shipped())), None
    with np.load(scores, allow_pickle=False) as given:
        known = given["texts"].tobytes().decode().split(SEPARATOR)
        at = pc.index_in(pa.array(texts), value_set=pa.array(known)).to_numpy()
        probability, embedding = given["probability"][at], given["embedding"][at]
    return cold_signs(probability), embedding


def ours(given: Corpus, pace: Pace = PACE) -> tuple[Played, float]:
    """Read with the learner; give the reading, and the CPU seconds it took, rows included."""
    begun = time.process_time()
    count = len(given.texts)
    signs = np.zeros((count, len(STANDING)), np.float32)
    rows = rows_of(pa.array(given.texts, pa.string()))
    material = Material(rows, given.cold, np.arange(count), signs, given.embeddings)
    played = play(alone(material, np.array([], np.int64)), given.answers, pace, SEED)
    return played, time.process_time() - begun


def beaten(given: Corpus, pace: Pace = PACE) -> tuple[Played, float]:
    """Read with active learning as in common use: TF-IDF, a linear SVM, a query to begin with."""
    begun = time.process_time()
    matrix = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32
    ).fit_transform(given.texts)
    hit = np.array([any(word in text.lower() for word in QUERY) for text in given.texts])
    chance = np.random.default_rng(SEED).random(len(hit))
    seed_order = np.lexsort((chance, ~hit))
    read = np.zeros(len(hit), np.bool_)
    order: list[int] = []
    wanted = int(np.ceil(pace.until * given.labels.sum()))
    while given.labels[order].sum() < wanted:
        size = min(max(pace.mixture.messages, int(pace.growth * len(order))), pace.most)
        batch = _next(matrix, given.labels, order, read, seed_order)[:size]
        read[batch] = True
        order += batch.tolist()
    places = np.array(order)
    played = Played(places, given.labels[places] == 1, int(given.labels.sum()))
    return played, time.process_time() - begun


def _next(
    matrix: sp.csr_matrix,
    labels: Labels,
    order: list[int],
    read: npt.NDArray[np.bool_],
    seed_order: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    if len(set(labels[order].tolist())) < 2:
        return seed_order[~read[seed_order]]
    model = LinearSVC(class_weight="balanced", random_state=SEED)
    model.fit(matrix[order], labels[order])
    score = matrix @ model.coef_[0]
    score[read] = -np.inf
    result: npt.NDArray[np.int64] = np.argsort(-score, kind="stable")
    return result


def cold(given: Corpus) -> Played:
    """Read by cold scores alone."""
    order = np.argsort(-given.cold[:, 0], kind="stable")
    return Played(order, given.labels[order] == 1, int(given.labels.sum()))


def reads(played: Played) -> dict[str, int | None]:
    """Say how many messages were read for each share."""
    return {f"{share:.0%}": played.reads(share) for share in SHARES}


def side_by_side(given: Corpus) -> dict[str, Any]:
    """Read one corpus both ways."""
    result: dict[str, Any] = {
        "messages": len(given.texts),
        "relevant": int(given.labels.sum()),
        "cold scores alone": reads(cold(given)),
    }
    shipped_mixture = replace(PACE, mixture=replace(PACE.mixture, explored=0.05))
    for name, (played, seconds) in (
        ("TF-IDF and SVM", beaten(given)),
        ("learner", ours(given)),
        ("learner, one in twenty explored", ours(given, shipped_mixture)),
    ):
        result[name] = reads(played) | {"cpu_seconds": round(seconds, 1)}
        print(name, result[name], flush=True)
    theirs = result["TF-IDF and SVM"]
    result["share_of_its_reads"] = {
        share: round(result["learner"][share] / theirs[share], 3) for share in ("80%", "95%")
    }
    return result


def small(given: Corpus) -> Corpus:
    """Give 20,000 of the messages, 200 of them relevant."""
    chance = np.random.default_rng(SEED + 3)
    yes = chance.choice(np.flatnonzero(given.labels == 1), SMALL // 100, replace=False)
    no = chance.choice(np.flatnonzero(given.labels == 0), SMALL - len(yes), replace=False)
    return given.part(chance.permutation(np.r_[yes, no]))


def beside_asreview(given: Corpus, program: Path, labels: int) -> dict[str, Any]:
    """Read the same messages with ASReview's default model, and with the learner."""
    with tempfile.TemporaryDirectory() as folder:
        table, project = Path(folder) / "messages.csv", Path(folder) / "read.asreview"
        with table.open("w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["title", "abstract", "label_included"])
            rows.writerows(
                ("", text, label) for text, label in zip(given.texts, given.labels, strict=True)
            )
        priors = ["--n-prior-included", "1", "--n-prior-excluded", "10", "--prior-seed", "0"]
        pace = ["--seed", "0", "--n-query", "10", "--n-stop", str(labels)]
        begun = _spent_by_children()
        subprocess.run(
            [str(program.absolute()), "simulate", str(table), "-o", str(project), *priors, *pace],
            check=True,
            cwd=folder,  # where it leaves a cache
            env=os.environ | dict.fromkeys(THREADS, "1"),
        )
        seconds = _spent_by_children() - begun
        found = _read_by_asreview(project)
    theirs = Played(np.arange(len(found)), found == 1, int(given.labels.sum()))
    return {
        "messages": len(given.texts),
        "relevant": int(given.labels.sum()),
        "ASReview": reads(theirs) | {"cpu_seconds": round(seconds, 1), "labels": len(found)},
    } | alike(given)


def alike(given: Corpus) -> dict[str, Any]:
    """Read the same messages in the order of cold scores, and with the learner.

    The learner begins as an operation's does, and with ten, as ASReview does.
    """
    result: dict[str, Any] = {"cold scores alone": reads(cold(given))}
    for name, first in (("learner", PACE.mixture.messages), ("learner, beginning with ten", 10)):
        played, own = ours(given, replace(PACE, mixture=replace(PACE.mixture, messages=first)))
        result[name] = reads(played) | {"cpu_seconds": round(own, 1)}
    return result


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _read_by_asreview(project: Path) -> npt.NDArray[np.int64]:
    with zipfile.ZipFile(project) as archive, tempfile.TemporaryDirectory() as folder:
        (name,) = [one for one in archive.namelist() if one.endswith("results.db")]
        with sqlite3.connect(archive.extract(name, folder)) as base:
            return np.array([row[0] for row in base.execute("SELECT label FROM results")])


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--scores", type=Path)
    arguments.add_argument("--asreview", type=Path)
    arguments.add_argument("--asreview-labels", type=int, default=12_000)
    arguments.add_argument("--out", type=Path, default=HERE / "reviews.json")
    given = arguments.parse_args()
    frozen: dict[str, Any] = json.loads(given.out.read_text()) if given.out.exists() else {}
    made_with = {
        "cold_scores": "both passes" if given.scores else "first pass",
        "first_pass": shipped().version,
        "second_pass": encoder_onnx.shipped_version() if given.scores else "",
    }
    mixed = partial(corpus, given.data, scores=given.scores)
    if given.asreview is not None:
        part = small(mixed(relevant=MESSAGES // 100))
        beside = beside_asreview(part, given.asreview, given.asreview_labels)
        frozen["20,000 messages"] = made_with | beside
        given.out.write_text(json.dumps(frozen, indent=1) + "\n")
        return
    frozen |= made_with
    for name, share in (("1%", 100), ("0.2%", 500)):
        frozen[name] = side_by_side(mixed(relevant=MESSAGES // share))
        given.out.write_text(json.dumps(frozen, indent=1) + "\n")


if __name__ == "__main__":
    main()
