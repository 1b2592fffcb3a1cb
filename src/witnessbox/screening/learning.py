"""The learner: from what people coded to what is to be read next.  Pure; seed and codings decide.

One logistic regression a question ("relevant at all?", and one for each category coded often
enough), over a text's words and runs, its cold scores, the signs of its context and, where an
encoder gave one, its embedding.  The cold scores are signs among others, on a scale at which a
handful of codings leaves their order nearly as it was; as codings come in, words outweigh them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp  # type: ignore[import-untyped]

from witnessbox.screening.context import Floats, met
from witnessbox.screening.learning_rows import RUNS, WORDS, Rows
from witnessbox.screening.normalise import Places

VERSION = 2
"""Of what the learner works out; a round names the version that made it."""

ANY = "relevant"
"""The question whether a message is relevant at all, whatever the category."""

LEAST_OF_CATEGORY = 10
"""A category is asked about by itself from so many relevant codings on."""

STRENGTH = 0.3
"""Inverse of how strongly weights are held to zero."""

COLD_SCALE = 0.3
CONTEXT_SCALE = 0.5
EMBEDDING_SCALE = 1.5
DISPUTED_WEIGHT = 0.5
"""What a message counts on which reviewers differ: half for, half against, and less in all."""

UNNAMED = -3.0
"""Log-odds, one in twenty, of a category that a text has no score of.

It was not named; that is not to say it is impossible.  Where it counts as that, the distance to the
lowest score that is named outweighs all else: one category found wrong in a few codings then sends
every text of it to the end.
"""

_ROUNDS = 300


@dataclass(frozen=True, slots=True)
class Embeddings:
    """What an encoder made of some texts.  All others count as zeros."""

    text: Places  # in order
    vector: npt.NDArray[np.float16]  # one for each of ``text`` x dimensions

    def of(self, texts: Places) -> Floats:
        """Give the vectors of some texts."""
        result = np.zeros((len(texts), self.vector.shape[1]), np.float32)
        row, at = met(self.text, texts)
        result[row] = self.vector[at]
        return result


@dataclass(frozen=True, slots=True)
class Material:
    """All there is to weigh.  ``text`` names each message's text; rows and colds are by text."""

    rows: Rows
    cold: Floats  # texts x cold scores, as ``cold_signs`` gives them
    text: Places  # messages
    signs: Floats  # messages x signs of context that no coding changes
    embeddings: Embeddings | None = None

    @property
    def messages(self) -> int:
        """Count the messages."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one question is learned from: messages, the share who said yes, and what each counts."""

    question: str
    message: Places
    yes: Floats
    weight: Floats

    @property
    def taught(self) -> bool:
        """Say whether there is both a yes and a no to learn from."""
        return bool((self.yes > 0).any() and (self.yes < 1).any())


@dataclass(frozen=True, slots=True)
class Weights:
    """What a question's lesson came to."""

    question: str
    words: Floats
    runs: Floats
    dense: Floats  # cold scores, embedding; then signs
    bias: float = 0.0


@dataclass(frozen=True, slots=True)
class Coded:
    """What the reviewers of one message said, folded."""

    message: int  # its place among the messages
    readers: int
    relevant: int  # readers who found anything
    categories: tuple[tuple[str, int], ...] = field(default=())  # and how many named it

    @property
    def disputed(self) -> bool:
        """Say whether its readers differ on whether it is relevant."""
        return 0 < self.relevant < self.readers


def log_odds(score: npt.NDArray[np.float64] | Floats) -> Floats:
    """Turn scores from 0 to 1 into log-odds, kept away from infinity."""
    clipped = np.clip(np.asarray(score, np.float64), 1e-4, 1 - 1e-4)
    result: Floats = np.log(clipped / (1 - clipped)).astype(np.float32)
    return result


def cold_signs(scores: npt.NDArray[np.float64] | Floats) -> Floats:
    """Give log-odds, texts x (the best score, each category's); ``scores`` are 0 where none is."""
    best = log_odds(scores.max(axis=1, initial=0))
    named = np.maximum(log_odds(scores), np.float32(UNNAMED))
    return np.column_stack([best, named])


def lessons(coded: Sequence[Coded], least: int = LEAST_OF_CATEGORY) -> tuple[Lesson, ...]:
    """Say what is to be learned: relevance first, then each category coded often enough."""
    message = np.array([one.message for one in coded], np.int64)
    readers = np.array([one.readers for one in coded], np.float32)
    weight = np.array([DISPUTED_WEIGHT if one.disputed else 1.0 for one in coded], np.float32)

    def asked(question: str, yes: Sequence[int]) -> Lesson:
        return Lesson(question, message, np.array(yes, np.float32) / readers, weight)

    said = [dict(one.categories) for one in coded]
    names = sorted({name for one in said for name in one})
    found = [asked(ANY, [one.relevant for one in coded])]
    for name in names:
        yes = [one.get(name, 0) for one in said]
        if sum(count > 0 for count in yes) >= least:
            found.append(asked(name, yes))
    return tuple(lesson for lesson in found if lesson.taught)


def regression() -> Any:
    """Load and give the class that learns.  It takes a second or two; most commands need it not."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - see above

    return LogisticRegression


def learn(lesson: Lesson, material: Material, learned: Floats) -> Weights:
    """Work out one question's weights; ``learned`` are the coded messages' learned signs.

    Yes and no count alike in all, however few the yeses are.
    """
    text = material.text[lesson.message]
    dense = _dense(material, text, lesson.message, learned)
    matrix = sp.hstack(
        [
            material.rows.words.matrix(text),
            material.rows.runs.matrix(text),
            sp.csr_matrix(dense, dtype=np.float64),
        ],
        format="csr",
    )
    used = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]))
    rows, answer, weight = _sides(lesson)
    for side in (0, 1):
        weight[answer == side] *= len(weight) / (2 * weight[answer == side].sum())
    fitted = regression()(
        C=STRENGTH, solver="liblinear", dual=True, random_state=0, max_iter=_ROUNDS, tol=1e-3
    )
    fitted.fit(matrix[:, used][rows], answer, sample_weight=weight)
    whole = np.zeros(matrix.shape[1], np.float32)
    whole[used] = fitted.coef_[0]
    return Weights(
        lesson.question,
        whole[:WORDS],
        whole[WORDS : WORDS + RUNS],
        whole[WORDS + RUNS :],
        float(fitted.intercept_[0]),
    )


def _sides(lesson: Lesson) -> tuple[Places, npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    """Give each message once for its yeses and once for its noes, with what either counts."""
    yes, no = np.flatnonzero(lesson.yes > 0), np.flatnonzero(lesson.yes < 1)
    weight = np.concatenate(
        [(lesson.weight * lesson.yes)[yes], (lesson.weight * (1 - lesson.yes))[no]]
    )
    answer = np.concatenate([np.ones(len(yes), np.int8), np.zeros(len(no), np.int8)])
    return np.concatenate([yes, no]), answer, weight.astype(np.float64)


def _dense(material: Material, text: Places, message: Places, learned: Floats) -> Floats:
    parts = [material.cold[text] * np.float32(COLD_SCALE)]
    if material.embeddings is not None:
        parts.append(material.embeddings.of(text) * np.float32(EMBEDDING_SCALE))
    signs = np.hstack([material.signs[message], learned]) * np.float32(CONTEXT_SCALE)
    return np.hstack([*parts, signs])


def margins_of(weights: Weights, material: Material, message: Places, learned: Floats) -> Floats:
    """Weigh some messages only; ``learned`` are their learned signs."""
    text = material.text[message]
    dense = _dense(material, text, message, learned)
    result: Floats = (
        material.rows.words.matrix(text) @ weights.words
        + material.rows.runs.matrix(text) @ weights.runs
        + dense @ weights.dense
        + weights.bias
    ).astype(np.float32)
    return result
