"""Write the trained encoder as two ONNX graphs of whole numbers: up to the early exit, and beyond.

Weights are int8 by column, kept to 63 steps each way: a processor without instructions made for it
adds two products in 16 bits, which these never overrun, so every machine gets the same sums.  What
flows in is put into 256 steps by a range measured beforehand, not by the texts of the moment: a
text's score must not hang on which texts it is scored beside.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from scripts.encoder_network import EARLY, EPSILON, HEADS, LAYERS, WIDTH

Array = npt.NDArray[Any]
STEPS = 63
CONTRIBUTED = "com.microsoft"
LONG, FLOAT = TensorProto.INT64, TensorProto.FLOAT


class Graph:
    """A graph in the making."""

    def __init__(self, weights: dict[str, Array], ranges: dict[str, tuple[float, float]]) -> None:
        self.weights, self.ranges = weights, ranges
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, Array] = {}

    def constant(self, name: str, value: Array) -> str:
        """Hold a constant and give its name."""
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def weight(self, name: str) -> str:
        """Hold trained weights as they are."""
        return self.constant(name, self.weights[name])

    def add(self, kind: str, given: list[str], made: str, domain: str = "", **settings: Any) -> str:
        """Add one operation and give the name of what it makes."""
        self.nodes.append(helper.make_node(kind, given, [made], domain=domain, **settings))
        return made

    def product(self, given: str, place: str, weight: Array, made: str) -> str:
        """Multiply by a matrix in whole numbers; ``place`` names the range of ``given``."""
        low, high = self.ranges[place]
        step = np.float32((high - low) / 255)
        zero = np.uint8(np.clip(round(-low / float(step)), 0, 255))
        scale = (np.abs(weight).max(axis=0) / STEPS).astype(np.float32)
        whole = np.round(weight / scale).astype(np.int8)
        names = {
            "step": np.array(step),
            "scale": scale,
            "zero": np.array(zero),
            "none": np.zeros(len(scale), np.int8),
            "whole": whole,
        }
        at = {name: self.constant(f"{made}.{name}", value) for name, value in names.items()}
        put = self.add("QuantizeLinear", [given, at["step"], at["zero"]], f"{made}.put")
        order = [put, at["whole"], at["step"], at["scale"], at["zero"], at["none"]]
        return self.add("MatMulIntegerToFloat", order, made, CONTRIBUTED)

    def layer(self, number: int, tokens: str) -> str:
        """Add one transformer layer."""
        at, of = f"layers.{number}", self.weights
        three = [f"{at}.{name}" for name in ("query", "key", "value")]
        joined = np.concatenate([of[f"{name}.weight"].T for name in three], axis=1)
        flow = self.product(tokens, three[0], joined, f"{at}.three")
        parts = [f"{at}.{name}" for name in ("q", "k", "v")]
        self.nodes.append(helper.make_node("Split", [flow], parts, axis=2, num_outputs=3))
        bias = np.concatenate([of[f"{name}.bias"] for name in three])
        looked = self.add(
            "MultiHeadAttention",
            [*parts, self.constant(f"{at}.three.bias", bias), "mask"],
            f"{at}.looked",
            CONTRIBUTED,
            num_heads=HEADS,
        )
        out = self.product(looked, f"{at}.out", of[f"{at}.out.weight"].T, f"{at}.said")
        tokens = self._join(out, tokens, f"{at}.norm", f"{at}.out.bias", f"{at}.heard")
        wide = self.product(tokens, f"{at}.wide", of[f"{at}.wide.weight"].T, f"{at}.broad")
        bent = self.add(
            "BiasGelu", [wide, self.weight(f"{at}.wide.bias")], f"{at}.bent", CONTRIBUTED
        )
        back = self.product(bent, f"{at}.narrow", of[f"{at}.narrow.weight"].T, f"{at}.back")
        return self._join(back, tokens, f"{at}.last_norm", f"{at}.narrow.bias", f"hidden.{number}")

    def _join(self, one: str, other: str, norm: str, bias: str, made: str) -> str:
        given = [one, other, *map(self.weight, (f"{norm}.weight", f"{norm}.bias", bias))]
        return self.add("SkipLayerNormalization", given, made, CONTRIBUTED, epsilon=EPSILON)

    def exit(self, tokens: str, heads: str, embedding: str) -> None:
        """Add the mean over what is seen, and the heads."""
        self.constant("second", np.array([1], np.int64))
        self.constant("last", np.array([2], np.int64))
        self.add("Cast", ["attention_mask"], "seen", to=FLOAT)
        self.add("Unsqueeze", ["seen", "last"], "seen.wide")
        self.add("Mul", [tokens, "seen.wide"], "seen.tokens")
        self.add("ReduceSum", ["seen.tokens", "second"], "sum", keepdims=0)
        self.add("ReduceSum", ["seen", "second"], "count", keepdims=1)
        self.add("Div", ["sum", "count"], embedding)
        self.constant("heads", self.weights[f"{heads}.weight"].T)
        self.add("MatMul", [embedding, "heads"], "heard")
        self.add("Add", ["heard", self.weight(f"{heads}.bias")], "logits")

    def write(self, place: Path, inputs: list[Any], outputs: list[Any]) -> None:
        """Write the graph."""
        held = [numpy_helper.from_array(value, name) for name, value in self.constants.items()]
        graph = helper.make_graph(self.nodes, "encoder", inputs, outputs, held)
        sets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIBUTED, 1)]
        model = helper.make_model(graph, opset_imports=sets, ir_version=8)
        place.write_bytes(model.SerializeToString(deterministic=True))


def write(weights: dict[str, Array], ranges: dict[str, tuple[float, float]], folder: Path) -> None:
    """Write ``model.onnx``, up to the early exit, and ``deeper.onnx``."""
    heads = len(weights["heads.bias"])
    tokens = helper.make_tensor_value_info("hidden", FLOAT, ["texts", "pieces", WIDTH])
    pieces = helper.make_tensor_value_info("input_ids", LONG, ["texts", "pieces"])
    mask = helper.make_tensor_value_info("attention_mask", LONG, ["texts", "pieces"])
    logits = helper.make_tensor_value_info("logits", FLOAT, ["texts", heads])
    embedding = helper.make_tensor_value_info("embedding", FLOAT, ["texts", WIDTH])
    first = _begin(weights, ranges)
    _embed(first)
    flow = "tokens"
    for number in range(EARLY):
        flow = first.layer(number, flow)
    first.exit(flow, "early_heads", "early")
    first.add("Identity", [flow], "hidden")
    first.write(folder / "model.onnx", [pieces, mask], [logits, tokens])
    deeper = _begin(weights, ranges)
    flow = "hidden"
    for number in range(EARLY, LAYERS):
        flow = deeper.layer(number, flow)
    deeper.exit(flow, "heads", "embedding")
    deeper.write(folder / "deeper.onnx", [tokens, mask], [logits, embedding])


def _begin(weights: dict[str, Array], ranges: dict[str, tuple[float, float]]) -> Graph:
    graph = Graph(weights, ranges)
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    return graph


def _embed(graph: Graph) -> None:
    """Look pieces up in a table of int8, each row with its scale, and add their places."""
    table = graph.weights["words"]
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-9) / 127
    graph.constant("words", np.round(table / scale).astype(np.int8))
    graph.constant("words.scale", scale.astype(np.float32))
    graph.weight("places")
    graph.add("Gather", ["words", "input_ids"], "found")
    graph.add("Cast", ["found"], "found.float", to=FLOAT)
    graph.add("Gather", ["words.scale", "input_ids"], "found.scale")
    graph.add("Mul", ["found.float", "found.scale"], "read")
    graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    graph.constant("start", np.array([0], np.int64))
    graph.add("Slice", ["places", "start", "length", "start"], "here")
    graph.add("Add", ["read", "here"], "placed")
    given = ["placed", graph.weight("norm.weight"), graph.weight("norm.bias")]
    graph.add("LayerNormalization", given, "tokens", epsilon=EPSILON)
