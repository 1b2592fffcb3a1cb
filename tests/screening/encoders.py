"""Tiny encoders made on the spot: real ONNX files with a vocabulary of a few words."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

WORDS = {"[PAD]": 0, "[UNK]": 1, "hello": 2, "idiot": 3, "women": 4, "monkey": 5}
LOGITS = [[0, 0], [-4, -4], [-6, -6], [8, -6], [0, 6], [6, -6]]
"""Of each word: abuse, misogyny.  A text's logits are the mean of its words'."""

LONG, FLOAT = TensorProto.INT64, TensorProto.FLOAT


def write_encoder(folder: Path, output: str = "embedding", **about: Any) -> Path:
    """Write an encoder whose embedding is the mean of its words' logits; ``output`` names it."""
    folder.mkdir(parents=True, exist_ok=True)
    _tokenizer(folder)
    said = {"name": "tiny", "heads": ["abuse", "misogyny"], "pieces": 16} | about
    (folder / "encoder.json").write_text(json.dumps(said))
    nodes = [helper.make_node("Gather", ["words", "input_ids"], ["last_hidden_state"])]
    mean = "embedding" if output == "embedding" else "logits"
    nodes += _mean("last_hidden_state", mean)
    if output == "embedding":
        nodes.append(helper.make_node("Identity", ["embedding"], ["logits"]))
    outputs = ["logits"] + ([output] if output else [])
    inputs = ["input_ids", "attention_mask"]
    if output == "last_hidden_state":
        inputs.append("token_type_ids")
    _save(folder / "model.onnx", nodes, inputs, outputs)
    return folder


def write_deep_encoder(folder: Path, leave_below: float) -> Path:
    """Write an encoder in two parts; the second doubles what the first says."""
    write_encoder(folder, exits=[{"leave_below": leave_below}])
    nodes = [helper.make_node("Gather", ["words", "input_ids"], ["hidden"])]
    _save(
        folder / "model.onnx",
        nodes + _mean("hidden", "logits"),
        ["input_ids", "attention_mask"],
        ["logits", "hidden"],
    )
    twice = [
        *_mean("previous", "embedding"),
        helper.make_node("Add", ["embedding", "embedding"], ["logits"]),
    ]
    _save(folder / "part-2.onnx", twice, ["previous", "attention_mask"], ["logits", "embedding"])
    return folder


def _mean(given: str, made: str) -> list[onnx.NodeProto]:
    return [
        helper.make_node("Cast", ["attention_mask"], ["seen"], to=FLOAT),
        helper.make_node("Unsqueeze", ["seen", "last"], ["wide"]),
        helper.make_node("Mul", [given, "wide"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "second"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["seen", "second"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], [made]),
    ]


def _save(place: Path, nodes: list[onnx.NodeProto], inputs: list[str], outputs: list[str]) -> None:
    deep = ["b", "t", 2]
    shapes = {"hidden": deep, "previous": deep, "last_hidden_state": deep}
    constants: dict[str, npt.NDArray[Any]] = {
        "words": np.array(LOGITS, np.float32),
        "second": np.array([1], np.int64),
        "last": np.array([2], np.int64),
    }

    def told(name: str, kind: int, plain: list[Any]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shapes.get(name, plain))

    graph = helper.make_graph(
        nodes,
        "tiny",
        [told(name, FLOAT if name == "previous" else LONG, ["b", "t"]) for name in inputs],
        [told(name, FLOAT, ["b", 2]) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.save(made, place)


def _tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
