"""Write the trained encoder as ONNX graphs of whole numbers, one up to each exit.

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

from scripts.encoder_network import EPSILON, EXITS, HEADS, WIDTH
from witnessbox.screening import encoder_onnx

Array = npt.NDArray[Any]
STEPS = 63
LOWEST = -1e4
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

    def exit(self, number: int, tokens: str) -> None:
        """Add the mean and the highest over what is seen, and what an exit says of them."""
        self.constant("second", np.array([1], np.int64))
        self.constant("last", np.array([2], np.int64))
        self.constant("lowest", np.array(LOWEST, np.float32))
        self.add("Cast", ["attention_mask"], "seen", to=FLOAT)
        self.add("Unsqueeze", ["seen", "last"], "seen.wide")
        self.add("Mul", [tokens, "seen.wide"], "seen.tokens")
        self.add("ReduceSum", ["seen.tokens", "second"], "sum", keepdims=0)
        self.add("ReduceSum", ["seen", "second"], "count", keepdims=1)
        self.add("Div", ["sum", "count"], "mean")
        self.add("Cast", ["seen.wide"], "there", to=TensorProto.BOOL)
        self.add("Where", ["there", tokens, "lowest"], "seen.alone")
        self.add("ReduceMax", ["seen.alone", "second"], "highest", keepdims=0)
        self.add("Concat", ["mean", "highest"], "pooled", axis=1)
        at = f"exits.{number}"
        self.constant("wide", self.weights[f"{at}.wide.weight"].T)
        self.constant("narrow", self.weights[f"{at}.narrow.weight"].T)
        self.add("MatMul", ["pooled", "wide"], "broad")
        bent = ["broad", self.weight(f"{at}.wide.bias")]
        self.add("BiasGelu", bent, "bent", CONTRIBUTED)
        self.add("MatMul", ["bent", "narrow"], "heard")
        self.add("Add", ["heard", self.weight(f"{at}.narrow.bias")], "said")
        if number < len(EXITS) - 1:
            self.add("Identity", ["said"], "logits")
            return
        # The last is the mean of the heads that the layers were trained with and of its exit.
        self.constant("half", np.array(0.5, np.float32))
        self.constant("heads", self.weights["heads.weight"].T)
        self.add("MatMul", ["mean", "heads"], "trained")
        self.add("Add", ["trained", self.weight("heads.bias")], "trained.whole")
        self.add("Add", ["trained.whole", "said"], "twice")
        self.add("Mul", ["twice", "half"], "logits")

    def embedding(self) -> None:
        """Add the mean, brought to unit length, along its main directions."""
        self.add("ReduceL2", ["mean", "second"], "length", keepdims=1)
        self.add("Div", ["mean", "length"], "unit")
        self.add("Sub", ["unit", self.weight("middle")], "from the middle")
        self.add("MatMul", ["from the middle", self.weight("directions")], "embedding")

    def write(self, place: Path, inputs: list[Any], outputs: list[Any]) -> None:
        """Write the graph."""
        held = [numpy_helper.from_array(value, name) for name, value in self.constants.items()]
        graph = helper.make_graph(self.nodes, "encoder", inputs, outputs, held)
        sets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIBUTED, 1)]
        model = helper.make_model(graph, opset_imports=sets, ir_version=8)
        place.write_bytes(model.SerializeToString(deterministic=True))


def write(weights: dict[str, Array], ranges: dict[str, tuple[float, float]], folder: Path) -> None:
    """Write one part for each exit, ``model.onnx`` first."""
    heads = len(weights["heads.bias"])
    tokens, previous = (
        helper.make_tensor_value_info(name, FLOAT, ["texts", "pieces", WIDTH])
        for name in ("hidden", "previous")
    )
    pieces = helper.make_tensor_value_info("input_ids", LONG, ["texts", "pieces"])
    mask = helper.make_tensor_value_info("attention_mask", LONG, ["texts", "pieces"])
    logits = helper.make_tensor_value_info("logits", FLOAT, ["texts", heads])
    dimensions = weights["directions"].shape[1]
    embedding = helper.make_tensor_value_info("embedding", FLOAT, ["texts", dimensions])
    before = 0
    for number, layers in enumerate(EXITS):
        part, first = _begin(weights, ranges), number == 0
        flow = _embed(part) if first else "previous"
        for layer in range(before, layers):
            flow = part.layer(layer, flow)
        part.exit(number, flow)
        made = [logits, embedding]
        if number < len(EXITS) - 1:
            part.add("Identity", [flow], "hidden")
            made = [logits, tokens]
        else:
            part.embedding()
        part.write(
            folder / encoder_onnx.part_name(number), [pieces if first else previous, mask], made
        )
        before = layers


def _begin(weights: dict[str, Array], ranges: dict[str, tuple[float, float]]) -> Graph:
    graph = Graph(weights, ranges)
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    return graph


def _embed(graph: Graph) -> str:
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
    return graph.add("LayerNormalization", given, "tokens", epsilon=EPSILON)
