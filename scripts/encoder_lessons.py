"""What the encoder of the second pass learns from: texts of the sets marked train-ok, in batches.

The parts are those of ``train_screening``: texts of tune, test and HateCheck are learned nowhere.
Adversarial sets are read whole, round after round; of the others each round has the next share.
The same data and seed give the same texts in the same order.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import torch
from tokenizers import Tokenizer

from scripts.train_screening import BLOCK_TEXTS, UNKNOWN, Text
from witnessbox.screening import lexicons
from witnessbox.screening.features import extract
from witnessbox.screening.model import CATEGORIES, Category
from witnessbox.screening.normalise import clean
from witnessbox.screening.wording import in_words

SEED = 0
HEADS = (
    Category.ABUSE,
    Category.MISOGYNY,
    Category.BULLYING_THREAT,
    Category.RACISM,
    Category.HOMOPHOBIA_TRANSPHOBIA,
    Category.ABLEISM,
    Category.ANTISEMITISM,
    Category.ISLAMOPHOBIA,
)
CODED = 3
"""Heads with coded labels; the others learn from abusive texts in which the lexicon names one."""

MOST_PIECES = 48
MOST_CHARACTERS = 180
"""Longer texts are read of the adversarial sets only: chats are short, and so is the time."""

BATCH_TEXTS, POOL_BATCHES = 32, 64
ROUND = {
    "dynahate": 1.0,
    "hatemojibuild": 1.0,
    "mhs": 0.2,
    "hatexplain": 0.15,
    "implicit_hate": 0.15,
    "edos": 0.2,
    "cad": 0.2,
    "gab_hate_corpus": 0.1,
    "guest_misogyny": 0.2,
    "davidson": 0.4,
}
"""The share of each set's texts that one round reads."""

SMOOTHING = 0.05
ADVERSARIAL = {"dynahate", "hatemojibuild"}
"""Labels checked by several people; those of the other sets are smoothed."""

CATEGORY_WEIGHT, BORROWED_WEIGHT = 0.15, 0.3
DISGUISED = 0.12
_LEET = str.maketrans("oieastg", "0134579")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text to learn from: its labels, and how much each counts (0: unknown)."""

    origin: str
    text: str
    labels: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]


def lessons(texts: list[Text]) -> list[Lesson]:
    """Make lessons of the training part, coded and weakly labelled."""
    learn = [t for t in texts if t.part == "train" and any(x != UNKNOWN for x in t.labels)]
    named = _named([text.text for text in learn])
    return [_lesson(text, names) for text, names in zip(learn, named, strict=True)]


def _named(texts: list[str]) -> npt.NDArray[np.bool_]:
    """Say which categories the lexicon names in each text, in the order of ``HEADS``."""
    found, column = lexicons.shipped(), pa.array(texts, pa.string())
    table = np.zeros((len(texts), len(CATEGORIES)), np.bool_)
    for first in range(0, len(texts), BLOCK_TEXTS):
        stream = clean(column.slice(first, BLOCK_TEXTS))
        hits = found.find(stream, extract(stream))
        category = found.category[hits.entry]
        used = category >= 0
        table[stream.message[hits.first][used] + first, category[used]] = True
    chosen: npt.NDArray[np.bool_] = table[:, [CATEGORIES.index(head) for head in HEADS]]
    return chosen


def _lesson(text: Text, named: npt.NDArray[np.bool_]) -> Lesson:
    labels, weights = np.zeros(len(HEADS), np.float32), np.zeros(len(HEADS), np.float32)
    for at, label in enumerate(text.labels):
        if label != UNKNOWN:
            labels[at], weights[at] = label, 1
    if text.labels[0] == 0:
        weights[1:] = np.maximum(weights[1:], BORROWED_WEIGHT)
    elif text.labels[0] == 1 and named[1:].any():
        # A group is named and the text is abusive: very likely it is abuse of that group.
        weak = (weights == 0) & (np.arange(len(HEADS)) != HEADS.index(Category.BULLYING_THREAT))
        labels[weak], weights[weak] = named[weak], np.where(named[weak], 0.7, BORROWED_WEIGHT)
    weights[1:] *= CATEGORY_WEIGHT
    if text.origin not in ADVERSARIAL:
        labels = labels * (1 - 2 * SMOOTHING) + SMOOTHING
    return Lesson(text.origin, text.text, labels, weights)


def rounds(given: list[Lesson], left_out: str | None) -> Iterator[Lesson]:
    """Give lessons without end, round by round, each shuffled."""
    chance = random.Random(SEED)  # noqa: S311 - shuffles, no secret
    by_set: dict[str, list[Lesson]] = {name: [] for name in ROUND if name != left_out}
    for lesson in given:
        short = len(lesson.text) <= MOST_CHARACTERS or lesson.origin in ADVERSARIAL
        if lesson.origin in by_set and short:
            by_set[lesson.origin].append(lesson)
    for mine in by_set.values():
        chance.shuffle(mine)
    number = 0
    while True:
        chosen = []
        for name, mine in by_set.items():
            size = int(len(mine) * ROUND[name])
            chosen += [mine[(number * size + at) % len(mine)] for at in range(size)]
        chance.shuffle(chosen)
        yield from chosen
        number += 1


def disguise(text: str, chance: random.Random) -> str:
    """Write a word or two as people do who hide them: digits, gaps, slips, letters left out."""
    words = text.split(" ")
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(words))
        if len(words[at]) < 4:
            continue
        cut = chance.randrange(1, len(words[at]) - 1)
        kind = chance.randrange(6)
        if kind < 5:
            words[at] = _hidden(words[at], cut, kind, chance)
        elif at + 1 < len(words):
            words[at : at + 2] = [words[at] + words[at + 1]]
            words.append("")
    return " ".join(words)


def _hidden(word: str, cut: int, kind: int, chance: random.Random) -> str:
    """Write one word another way: digits, gaps, a slip, a letter left out, a mark or a drawl."""
    if kind == 0:
        return word.lower().translate(_LEET)
    if kind == 1:
        return " ".join(word)
    if kind == 2:
        return word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    mark = "" if kind == 3 else chance.choice(("*", word[cut] * 3, ".", "-"))
    return word[:cut] + mark + word[cut + 1 :]


def tokenizer_of(start: Path) -> Tokenizer:
    """Load the tokenizer, to cut texts as they are learned from and scored."""
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_PIECES)
    return tokenizer


Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def batches(stream: Iterator[Lesson], tokenizer: Tokenizer) -> Iterator[Batch]:
    """Cut lessons into batches of texts about as long as each other."""
    chance = random.Random(SEED + 1)  # noqa: S311 - as above
    while True:
        pool = [next(stream) for _ in range(BATCH_TEXTS * POOL_BATCHES)]
        texts = [disguise(x.text, chance) if chance.random() < DISGUISED else x.text for x in pool]
        pieces = [e.ids for e in tokenizer.encode_batch([in_words(text) for text in texts])]
        order = sorted(range(len(pool)), key=lambda at: len(pieces[at]))
        cuts = list(range(0, len(order), BATCH_TEXTS))
        chance.shuffle(cuts)
        for cut in cuts:
            mine = order[cut : cut + BATCH_TEXTS]
            longest = max(len(pieces[at]) for at in mine)
            ids = torch.zeros(len(mine), longest, dtype=torch.long)
            for row, at in enumerate(mine):
                ids[row, : len(pieces[at])] = torch.tensor(pieces[at])
            labels = torch.from_numpy(np.stack([pool[at].labels for at in mine]))
            weights = torch.from_numpy(np.stack([pool[at].weights for at in mine]))
            yield ids, ids != 0, labels, weights
