"""The encoder as it is trained: MiniLM's six layers, heads after the last and after the second.

The embeddings stay as they came: they are half the weights, and a word seldom met here would drift.
The exits, where a text can be left, are fitted once the layers are trained.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import load_file
from torch import nn
from torch.nn import functional

LAYERS, EARLY, HEADS, WIDTH, EPSILON = 6, 2, 12, 384, 1e-12
"""Layers, those before the early heads, attention heads, width; and what keeps norms from zero."""

EXITS = (0, 1, 2, LAYERS)
"""How many layers lie before each exit: the first reads the words alone."""

BENT = 256
"""Numbers that an exit bends what it sees into."""

Arrays = dict[str, npt.NDArray[np.float32]]


class Layer(nn.Module):  # type: ignore[misc]
    """One transformer layer, named as the weights it starts from are."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("query", "key", "value", "out"):
            setattr(self, name, nn.Linear(WIDTH, WIDTH))
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.last_norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, tokens: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Let every token look at those seen."""
        rows, length, _ = tokens.shape
        query, key, value = (
            getattr(self, name)(tokens).view(rows, length, HEADS, -1).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        looked = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        looked = looked.transpose(1, 2).reshape(rows, length, WIDTH)
        tokens = self.norm(tokens + self.out(looked))
        mixed: torch.Tensor = self.last_norm(
            tokens + self.narrow(functional.gelu(self.wide(tokens)))
        )
        return mixed


class Exit(nn.Module):  # type: ignore[misc]
    """Says what a text is from the mean and the highest of each number over its pieces."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.wide, self.narrow = nn.Linear(2 * WIDTH, BENT), nn.Linear(BENT, heads)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        """Give the logits, text by head."""
        said: torch.Tensor = self.narrow(functional.gelu(self.wide(seen)))
        return said


class Network(nn.Module):  # type: ignore[misc]
    """Texts as word pieces in; logits of the early exit and of the last layer out."""

    def __init__(self, start: Arrays, heads: int) -> None:
        super().__init__()
        whole = start["embeddings.word_embeddings.weight"]
        place = start["embeddings.position_embeddings.weight"][:128]
        place = place + start["embeddings.token_type_embeddings.weight"][0]
        self.register_buffer("words", torch.from_numpy(whole.copy()))
        self.register_buffer("places", torch.from_numpy(place))
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.early_heads, self.heads = nn.Linear(WIDTH, heads), nn.Linear(WIDTH, heads)
        self.dropout = nn.Dropout(0.1)
        self._start(start)

    def _start(self, start: Arrays) -> None:
        _fill(self.norm, start, "embeddings.LayerNorm")
        for at, layer in enumerate(self.layers):
            for name, place in PLACES.items():
                _fill(getattr(layer, name), start, f"encoder.layer.{at}.{place}")

    def forward(self, pieces: torch.Tensor, seen: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Give the logits, text by head: early ones, last ones."""
        share = (seen / seen.sum(1, keepdim=True))[:, :, None]
        flow = self.flow(pieces, seen)
        pooled = [self.dropout((flow[at] * share).sum(1)) for at in (EARLY, LAYERS)]
        return self.early_heads(pooled[0]), self.heads(pooled[1])

    def flow(self, pieces: torch.Tensor, seen: torch.Tensor) -> list[torch.Tensor]:
        """Give what stands for each piece, text x piece x width, first and after each layer."""
        return self.through(self.begin(pieces), seen, slice(None))

    def begin(self, pieces: torch.Tensor) -> torch.Tensor:
        """Give what stands for each piece before the layers."""
        tokens = functional.embedding(pieces, self.words) + self.places[: pieces.shape[1]]
        begun: torch.Tensor = self.norm(tokens)
        return begun

    def through(self, tokens: torch.Tensor, seen: torch.Tensor, which: slice) -> list[torch.Tensor]:
        """Give what stands for each piece as it came, and after each of some layers."""
        flow = [tokens]
        mask = None if bool(seen.all()) else seen[:, None, None, :]
        for layer in self.layers[which]:
            flow.append(layer(flow[-1], mask))
        return flow

    def groups(self, rate: float, decay: float) -> Iterator[dict[str, object]]:
        """Give the weights with their learning rates: less, layer by layer, from the top down."""
        heads = [*self.heads.parameters(), *self.early_heads.parameters()]
        yield {"params": heads, "peak": 8 * rate}
        for below, layer in enumerate(reversed(self.layers)):
            yield {"params": list(layer.parameters()), "peak": rate * decay**below}
        yield {"params": list(self.norm.parameters()), "peak": rate * decay**LAYERS}


def trained(start: Path, checkpoint: Path, heads: int) -> tuple[Network, dict[str, Any]]:
    """Load a network, for reading only, and how far its training had come."""
    saved = torch.load(checkpoint, weights_only=True)
    network = Network(load_file(start / "model.safetensors"), heads)
    network.load_state_dict(saved["network"])
    return network.eval(), saved["state"]


PLACES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "last_norm": "output.LayerNorm",
}


def _fill(module: nn.Module, start: Arrays, place: str) -> None:
    with torch.no_grad():
        for name, weights in module.named_parameters():
            weights.copy_(torch.from_numpy(start[f"{place}.{name}"]))
