"""Weigh everything and keep the best: every text, then every message, a range at a time.

Ranges are weighed in a few threads.  What a message weighs does not depend on how many there are:
a message's products are added up in one order, which is written down here and left to no library.
Pure.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from witnessbox.screening.context import CodedSigns, Floats, met
from witnessbox.screening.learning import (
    COLD_SCALE,
    CONTEXT_SCALE,
    EMBEDDING_SCALE,
    Material,
    Weights,
)
from witnessbox.screening.learning_order import Mask, best
from witnessbox.screening.normalise import Places

MOST_THREADS = 4
"""Weighing is done beside the reading: it takes no more of a machine than this."""

_TEXTS, _MESSAGES = 1 << 16, 1 << 19
"""Texts, and messages, of one range."""

_STEP = 1 << 15
"""Messages weighed at a time: few enough for a processor's cache."""

Made = TypeVar("Made")


def best_of_all(
    questions: Sequence[Weights], material: Material, learned: CodedSigns, free: Mask, count: int
) -> list[Places]:
    """Give for each question the ``count`` free messages that weigh most, highest first."""
    of_text = text_margins(questions, material)

    def weigh(messages: slice) -> list[tuple[Places, Floats]]:
        weighed = margins(questions, material, of_text, learned, messages)
        kept = [np.sort(best(one, free[messages], count)) for one in weighed]
        return [(at + messages.start, one[at]) for at, one in zip(kept, weighed, strict=True)]

    found: list[Places] = []
    # The best of all are among the best of each range.
    for ranges in zip(*_in_ranges(weigh, material.messages, _MESSAGES), strict=True):
        place, margin = (np.concatenate(parts) for parts in zip(*ranges, strict=True))
        found.append(place[best(margin, np.ones(len(place), np.bool_), count)])
    return found


def text_margins(questions: Sequence[Weights], material: Material) -> Floats:
    """Weigh every text without its context, questions x texts."""
    rows = material.rows
    words = np.stack([one.words for one in questions], 1)
    runs = np.stack([one.runs for one in questions], 1)
    result = np.empty((len(questions), rows.texts), np.float32)

    def weigh(texts: slice) -> None:
        margin = result[:, texts]
        margin[:] = (rows.words.weigh(words, texts) + rows.runs.weigh(runs, texts)).T
        dense = _summed(questions, material.cold[texts], 0, COLD_SCALE)
        if material.embeddings is not None:
            colds = material.cold.shape[1]
            row, at = met(material.embeddings.text, texts)
            vectors = material.embeddings.vector[at].astype(np.float32)
            dense[:, row] += _summed(questions, vectors, colds, EMBEDDING_SCALE)
        margin += dense
        margin += np.array([one.bias for one in questions], np.float32)[:, None]

    _in_ranges(weigh, rows.texts, _TEXTS)
    return result


def margins(
    questions: Sequence[Weights],
    material: Material,
    of_text: Floats,
    learned: CodedSigns,
    messages: slice,
) -> Floats:
    """Weigh a range of messages with their context, questions x messages."""
    result = np.empty((len(questions), messages.stop - messages.start), np.float32)
    for first in range(messages.start, messages.stop, _STEP):
        step = slice(first, min(first + _STEP, messages.stop))
        margin = result[:, step.start - messages.start : step.stop - messages.start]
        standing, coded = material.signs[step], learned.of(step)
        signs = standing.shape[1] + coded.shape[1]
        margin[:] = of_text[:, material.text[step]]
        margin += _summed(questions, standing, -signs, CONTEXT_SCALE)
        margin += _summed(questions, coded, -coded.shape[1], CONTEXT_SCALE)
    return result


def _summed(questions: Sequence[Weights], rows: Floats, first: int, scale: float) -> Floats:
    """Sum rows of signs for each question, by its weights from the ``first`` on.

    Not as a matrix product: how one adds up depends on the machine and on what lies beside it.
    """
    result = np.zeros((len(questions), len(rows)), np.float32)
    columns = np.ascontiguousarray(rows.T) * np.float32(scale)
    for place, column in enumerate(columns, first):
        for at, one in enumerate(questions):
            result[at] += column * one.dense[place]
    return result


def _in_ranges(work: Callable[[slice], Made], count: int, size: int) -> list[Made]:
    """Do something with each range of so many, in a few threads, and give all results in order."""
    ranges = [slice(first, min(first + size, count)) for first in range(0, count, size)]
    if len(ranges) < 2:
        return [work(one) for one in ranges]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS, len(ranges))) as threads:
        return list(threads.map(work, ranges))
