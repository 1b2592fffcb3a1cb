"""Train the encoder's upper layers, or all, on what the ones below made of the texts once.

Layers that are held stay as MiniLM came, and so does its table of word pieces: what these make of a
text is the same whatever is learned, and is kept on disk.  Many trainings then cost what the layers
cost that are trained.  Lessons, rates and loss are those of ``scripts/train_encoder.py``; there is
no early exit and no word is disguised.
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

READ_TEXTS = 64
"""Texts at a time where nothing is learned."""

SHOWN_STEPS = 100

Pair = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Start:
    """The folder of the network that training starts from, and how many layers are trained."""

    folder: Path
    trained: int

    @property
    def held(self) -> int:
        """Count the layers, from the bottom, that stay as they came."""
        return LAYERS - self.trained

    def network(self) -> "Halves":
        """Make the network from the weights it starts from."""
        return Halves(load_file(self.folder / "model.safetensors"), self.held)


class Halves(Network):
    """The network, to be run in two halves: the layers that are held, and the others."""

    def __init__(self, weights: dict[str, npt.NDArray[np.float32]], held: int) -> None:
        super().__init__(weights, len(HEADS))
        self.held = held

    def lower(self, pieces: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Give what the lower layers make of texts."""
        return self.through(self.begin(pieces), seen, slice(None, self.held))[-1]

    def upper(self, tokens: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Give the logits, text by head, from there."""
        tokens = self.through(tokens, seen, slice(self.held, None))[-1]
        share = (seen / seen.sum(1, keepdim=True))[:, :, None]
        logits: torch.Tensor = self.heads(self.dropout((tokens * share).sum(1)))
        return logits


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


def pieces_of(texts: list[str], start: Start) -> list[list[int]]:
    """Cut texts into word pieces."""
    tokenizer = tokenizer_of(start.folder)
    return [one.ids for one in tokenizer.encode_batch([in_words(text) for text in texts])]


def bounds_of(pieces: list[list[int]]) -> Indices:
    """Say where each text's rows begin."""
    return np.concatenate([[0], np.cumsum([len(one) for one in pieces])]).astype(np.int64)


def fill(pieces: list[list[int]], start: Start, place: Path, share: tuple[int, int]) -> None:
    """Put one share of the texts (the first of two, say) through the lower layers.

    The file of rows is there; that of the bounds is written when all shares are in.
    """
    torch.set_num_threads(1)
    network = start.network().eval()
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
        trained = layers[: LAYERS - network.held]
        groups = [{**heads, "params": list(network.heads.parameters())}, *trained]
        self.optimiser = torch.optim.AdamW(
            groups, lr=PEAK, weight_decay=0.01, betas=(0.9, 0.98), fused=True
        )

    def copied(self, start: Start) -> "Training":
        """Give one that goes on from here by itself."""
        other = Training(start.network(), self.texts)
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
