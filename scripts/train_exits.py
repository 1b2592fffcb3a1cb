"""Fit the exits of a trained encoder: what it says of a text after so many layers.

    python -m scripts.train_exits DATA START CHECKPOINT TARGET

CHECKPOINT comes of ``train_encoder``; its layers stay as they are.  TARGET gets the exits' weights.
An exit reads a text's mean and highest numbers over its pieces, so it costs a text next to nothing
beside a layer; texts are drawn from the training parts as they stand there, not set by set.  The
last exit stands beside the heads that the layers were trained with (see ``encoder_graph``): fitted
on texts of which the layers have seen many, it would be too sure of itself alone.

TARGET also gets the directions that embeddings are kept along: the principal components of what the
last exit sees (K. Pearson, 1901), so that a third of the numbers holds nearly all the difference.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from scripts.encoder_lessons import (
    DISGUISED,
    HEADS,
    SEED,
    Lesson,
    disguise,
    lessons,
    tokenizer_of,
)
from scripts.encoder_network import EXITS, WIDTH, Exit, Network, trained
from scripts.train_encoder import rate
from scripts.train_screening import read_texts
from witnessbox.screening.encoder_batches import batches
from witnessbox.screening.wording import in_words

TEXTS = 60_000
ROUNDS, BATCH_TEXTS, PEAK, DECAY = 5, 256, 1e-3, 0.01
DROP_SEEN, DROP_BENT = 0.2, 0.3
LEAST_SPREAD = 1e-5
DIMENSIONS = 128
"""Of an embedding, out of the encoder's 384."""

Halves = npt.NDArray[np.float16]


def pooled(network: Network, tokenizer: Tokenizer, texts: list[str]) -> Halves:
    """Give what the exits see: exit x text x (mean, then highest, of each number)."""
    result = np.zeros((len(EXITS), len(texts), 2 * WIDTH), np.float16)
    pieces = [tokenizer.encode(in_words(text)).ids or [0] for text in texts]
    with torch.no_grad():
        for done, batch in enumerate(batches(pieces)):
            seen = torch.from_numpy(batch.seen) != 0
            flow = network.flow(torch.from_numpy(batch.given), seen)
            share = (seen / seen.sum(1, keepdim=True))[:, :, None]
            for number, at in enumerate(EXITS):
                mean = (flow[at] * share).sum(1)
                highest = flow[at].masked_fill(~seen[:, :, None], float("-inf")).amax(1)
                result[number, batch.texts] = torch.cat([mean, highest], 1).numpy()
            if done % 500 == 0:
                print("read", done * len(batch.texts), flush=True)
    return result


def fit(seen: Halves, learn: list[Lesson]) -> Exit:
    """Fit one exit.  What it sees is brought to one measure, which its weights then hold."""
    torch.manual_seed(SEED)
    given = torch.from_numpy(seen.astype(np.float32))
    middle, spread = given.mean(0), given.std(0) + LEAST_SPREAD
    given = (given - middle) / spread
    labels, weights = (
        torch.from_numpy(np.stack([getattr(one, name) for one in learn]))
        for name in ("labels", "weights")
    )
    made = Exit(len(HEADS))
    network = nn.Sequential(
        nn.Dropout(DROP_SEEN), made.wide, nn.GELU(), nn.Dropout(DROP_BENT), made.narrow
    )
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK, weight_decay=DECAY)
    steps = ROUNDS * len(learn) // BATCH_TEXTS
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = PEAK * rate(step / steps)
        mine = torch.randint(0, len(learn), (BATCH_TEXTS,))
        said = network(given[mine])
        loss = binary_cross_entropy_with_logits(said, labels[mine], weights[mine], reduction="sum")
        optimiser.zero_grad(set_to_none=True)
        loss.div(BATCH_TEXTS).backward()
        optimiser.step()
    with torch.no_grad():
        made.wide.weight.div_(spread)
        made.wide.bias.sub_(made.wide.weight @ middle)
    return made


def directions(seen: Halves) -> dict[str, torch.Tensor]:
    """Give the middle of the texts' means, brought to unit length, and their main directions."""
    means = seen[:, :WIDTH].astype(np.float64)
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    middle = means.mean(0)
    _, found = np.linalg.eigh(np.cov((means - middle).T))
    main = found[:, ::-1][:, :DIMENSIONS]  # they come with the least first
    # Which way a direction points means nothing; fixed, so that one training gives one file.
    main = main * np.sign(main[np.abs(main).argmax(axis=0), np.arange(main.shape[1])])
    kept = {"middle": middle, "directions": main}
    return {name: torch.from_numpy(value.astype(np.float32)) for name, value in kept.items()}


def main() -> None:
    """Fit all exits."""
    arguments = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "start", "checkpoint", "target"):
        arguments.add_argument(name, type=Path)
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    torch.set_num_threads(given.threads)
    network, _ = trained(given.start, given.checkpoint, len(HEADS))
    tokenizer = tokenizer_of(given.start)
    chance = random.Random(SEED)  # noqa: S311 - a choice of texts, no secret
    learn = lessons(read_texts(given.data))
    learn = chance.sample(learn, min(TEXTS, len(learn)))
    texts = [disguise(x.text, chance) if chance.random() < DISGUISED else x.text for x in learn]
    seen = pooled(network, tokenizer, texts)
    exits = nn.ModuleList(fit(one, learn) for one in seen)
    torch.save({**exits.state_dict(), **directions(seen[-1])}, given.target)


if __name__ == "__main__":
    main()
