"""Train the encoder's upper layers alone, on what the lower ones made of the texts once.

The lower layers stay as MiniLM came, so what they make of a text is the same whatever is learned,
and is kept on disk.  Many trainings then cost what the upper layers cost.  Lessons, rates and loss
are those of ``scripts/train_encoder.py``; there is no early exit and no word is disguised.
"""

import copy
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from benchmarks.screening.left_out import Indices
from benchmarks.screening.left_out_figures import Doubles
from safetensors.numpy import load_file
from scripts.encoder_lessons import (
    BATCH_TEXTS,
    HEADS,
    POOL_BATCHES,
    SEED,
    Lesson,
    tokenizer_of,
)
from scripts.encoder_network import LAYERS, WIDTH, Network
from scripts.train_encoder import DECAY, PEAK, rate
from torch.nn import functional

from witnessbox.screening.wording import in_words

FROZEN = 4
"""Layers, from the bottom, that stay as they came."""

READ_TEXTS = 64
"""Texts at a time where nothing is learned."""

SHOWN_STEPS = 100

Pair = tuple[torch.Tensor, torch.Tensor]


class Halves(Network):
    """The network, to be run in two halves."""

    def lower(self, pieces: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Give what the lower layers make of texts."""
        return self.through(self.begin(pieces), seen, slice(None, FROZEN))[-1]

    def upper(self, tokens: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Give the logits, text by head, from there."""
        tokens = self.through(tokens, seen, slice(FROZEN, None))[-1]
        share = (seen / seen.sum(1, keepdim=True))[:, :, None]
        logits: torch.Tensor = self.heads(self.dropout((tokens * share).sum(1)))
        return logits


def halves(start: Path) -> Halves:
    """Make the network from the weights it starts from."""
    return Halves(load_file(start / "model.safetensors"), len(HEADS))


@dataclass(frozen=True, slots=True)
class Lowered:
    """What the lower layers made of texts: a row for each word piece, text after text."""

    rows: npt.NDArray[np.float16]
    bounds: Indices

    @classmethod
    def load(cls, place: Path, bounds: Path) -> "Lowered":
        """Open the rows and their bounds."""
        return cls(np.load(place, mmap_mode="r"), np.load(bounds))

    def lengths(self) -> Indices:
        """Give the number of word pieces of each text."""
        return np.diff(self.bounds)

    def batch(self, texts: Indices) -> Pair:
        """Give some texts, filled up to the longest, and which places are theirs."""
        lengths = self.bounds[texts + 1] - self.bounds[texts]
        tokens = np.zeros((len(texts), int(lengths.max()), WIDTH), np.float32)
        for row, (text, length) in enumerate(zip(texts, lengths, strict=True)):
            first = self.bounds[text]
            tokens[row, :length] = self.rows[first : first + length]
        seen = np.arange(tokens.shape[1]) < lengths[:, None]
        return torch.from_numpy(tokens), torch.from_numpy(seen)


def pieces_of(texts: list[str], start: Path) -> list[list[int]]:
    """Cut texts into word pieces."""
    tokenizer = tokenizer_of(start)
    return [one.ids for one in tokenizer.encode_batch([in_words(text) for text in texts])]


def bounds_of(pieces: list[list[int]]) -> Indices:
    """Say where each text's rows begin."""
    return np.concatenate([[0], np.cumsum([len(one) for one in pieces])]).astype(np.int64)


def fill(pieces: list[list[int]], start: Path, place: Path, share: tuple[int, int]) -> None:
    """Put one share of the texts (the first of two, say) through the lower layers.

    The file of rows is there; that of the bounds is written when all shares are in.
    """
    torch.set_num_threads(1)
    network = halves(start).eval()
    rows, bounds = np.load(place, mmap_mode="r+"), bounds_of(pieces)
    with torch.no_grad():
        for texts in list(_alike(np.diff(bounds), READ_TEXTS))[share[0] :: share[1]]:
            longest = max(len(pieces[at]) for at in texts)
            ids = torch.tensor([pieces[at] + [0] * (longest - len(pieces[at])) for at in texts])
            made = network.lower(ids, ids != 0).numpy().astype(np.float16)
            for row, at in enumerate(texts):
                rows[bounds[at] : bounds[at + 1]] = made[row, : len(pieces[at])]
    rows.flush()


def _alike(lengths: Indices, size: int) -> Iterator[Indices]:
    """Cut texts, the shortest first, into batches."""
    order = np.argsort(lengths, kind="stable")
    for first in range(0, len(order), size):
        yield order[first : first + size]


def _batches(lengths: Indices, seed: int) -> Iterator[Indices]:
    """Give batches of texts about as long as each other, round after round, without end."""
    chance = np.random.default_rng([SEED, seed])
    waiting: Indices = np.zeros(0, np.int64)
    size = BATCH_TEXTS * POOL_BATCHES
    while True:
        while len(waiting) < size:
            waiting = np.concatenate([waiting, chance.permutation(len(lengths))])
        pool, waiting = waiting[:size], waiting[size:]
        cuts = [pool[mine] for mine in _alike(lengths[pool], BATCH_TEXTS)]
        random.Random(int(chance.integers(1 << 32))).shuffle(cuts)
        yield from cuts


class Training:
    """A training under way: what was learned so far, and how much of its texts it has read."""

    def __init__(self, network: Halves, texts: int) -> None:
        torch.manual_seed(SEED)
        self.network, self.texts, self.read = network, texts, 0
        heads, *layers = list(network.groups(PEAK, DECAY))
        groups = [{**heads, "params": list(network.heads.parameters())}, *layers[: LAYERS - FROZEN]]
        self.optimiser = torch.optim.AdamW(
            groups, lr=PEAK, weight_decay=0.01, betas=(0.9, 0.98), fused=True
        )

    def copied(self, start: Path) -> "Training":
        """Give one that goes on from here by itself."""
        other = Training(halves(start), self.texts)
        other.network.load_state_dict(self.network.state_dict())
        other.optimiser.load_state_dict(copy.deepcopy(self.optimiser.state_dict()))
        other.read = self.read
        return other

    def go_on(
        self, lowered: Lowered, learn: Indices, lessons: dict[int, Lesson], until: float
    ) -> None:
        """Learn from some texts until that share of all is read; one named twice is drawn twice."""
        labels, counts = (
            torch.from_numpy(np.stack([getattr(lessons[at], name) for at in learn.tolist()]))
            for name in ("labels", "weights")
        )
        batches = _batches(lowered.lengths()[learn], self.read)
        mean, begun = 0.7, time.process_time()
        while self.read < until * self.texts:
            batch = next(batches)
            loss = self._step(lowered.batch(learn[batch]), (labels[batch], counts[batch]))
            self.read += len(batch)
            mean = 0.98 * mean + 0.02 * loss  # shown only
            if self.read // BATCH_TEXTS % SHOWN_STEPS == 0:
                spent = time.process_time() - begun
                print(f"{self.read} texts read, loss {mean:.3f}, {spent:.0f} s", flush=True)

    def _step(self, texts: Pair, labels: Pair) -> float:
        self.network.train()
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * rate(min(self.read / self.texts, 1.0))
        parts = functional.binary_cross_entropy_with_logits(
            self.network.upper(*texts), *labels, reduction="none"
        )
        self.optimiser.zero_grad(set_to_none=True)
        (parts.sum() / len(parts)).backward()
        torch.nn.utils.clip_grad_norm_(
            [one for group in self.optimiser.param_groups for one in group["params"]], 1.0
        )
        self.optimiser.step()
        return float(parts[:, 0].mean().detach())


def abuse_logits(network: Halves, lowered: Lowered, texts: Indices) -> Doubles:
    """Give the abuse logits of some texts."""
    result = np.zeros(len(texts))
    network.eval()
    with torch.no_grad():
        for batch in _alike(lowered.lengths()[texts], READ_TEXTS):
            result[batch] = network.upper(*lowered.batch(texts[batch]))[:, 0].numpy()
    return result
