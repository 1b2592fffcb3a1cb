"""An encoder out of a folder: ``model.onnx``, ``tokenizer.json`` and ``encoder.json``.

``model.onnx`` takes ``input_ids`` and ``attention_mask`` (and ``token_type_ids``, where it asks for
them) and gives ``logits``, a column a head.  Embeddings are its output ``embedding``, or the mean
of ``last_hidden_state`` over the pieces seen.  ``encoder.json``: ``name``, ``heads`` (categories),
``pieces`` (most word pieces read of a text) and, where they were measured, ``calibration`` (slope
and offset a head) and ``together`` (see ``encoder.Encoder``).

An encoder may come in two parts: where ``deeper.onnx`` stands beside it, ``model.onnx`` also gives
``hidden``, from which ``deeper.onnx`` goes on.  A text whose probability of abuse is below
``leave_below`` by the first part goes no deeper.

One thread: work is shared out by conversation.  Texts of about one length are taken together.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.screening import data
from witnessbox.screening.encoder import EVENLY, Encoded, EncoderError, Floats
from witnessbox.screening.model import Category
from witnessbox.screening.wording import in_words

if TYPE_CHECKING:
    # Loaded where an encoder runs: most commands need none, and the two take their time.
    import onnxruntime
    from tokenizers import Tokenizer

SHIPPED = "encoder"
FILES = ("encoder.json", "tokenizer.json", "model.onnx")
DEEPER = "deeper.onnx"
MOST_PIECES = 512
BATCH_TEXTS = 16

_Pieces = list[list[int]]


class _About(msgspec.Struct, frozen=True):
    """What ``encoder.json`` says."""

    name: str
    heads: tuple[Category, ...]
    pieces: int = 128
    calibration: tuple[tuple[float, float], ...] = ()
    early_calibration: tuple[tuple[float, float], ...] = ()
    together: tuple[float, float, float] = EVENLY
    leave_below: float = 0.0


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts of about one length: which they are, and their pieces."""

    texts: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int64]
    seen: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """An encoder that runs here, in this process."""

    about: _About
    version: str
    tokenizer: "Tokenizer"
    model: "onnxruntime.InferenceSession"
    deeper: "onnxruntime.InferenceSession | None"

    @property
    def heads(self) -> tuple[Category, ...]:
        """Name the categories."""
        return self.about.heads

    @property
    def together(self) -> tuple[float, float, float]:
        """Give the weights of the two passes."""
        return self.about.together

    def probabilities(self, texts: pa.StringArray) -> Floats:
        """Give the probabilities; plainly harmless texts go no deeper than the early exit."""
        return self._encode(texts, self.about.leave_below).probability

    def encode(self, texts: pa.StringArray) -> Encoded:
        """Give probabilities and embeddings, every text taken all the way."""
        return self._encode(texts, 0.0)

    def logits(self, texts: list[str]) -> tuple[Floats, Floats]:
        """Give the logits of the early exit and of the last layer, as calibration needs them."""
        early, last = (np.zeros((len(texts), len(self.heads)), np.float32) for _ in range(2))
        for batch in self._batches(texts):
            early[batch.texts], hidden = self._first(batch)
            last[batch.texts] = early[batch.texts]
            if self.deeper is not None:
                last[batch.texts], _ = self._deeper(self.deeper, hidden, batch.seen)
        return early, last

    def _encode(self, texts: pa.StringArray, leave_below: float) -> Encoded:
        """Score each distinct text once; embeddings are had only where no text leaves early."""
        column = texts.cast(pa.string()).fill_null("").dictionary_encode()
        distinct = column.dictionary.to_pylist()
        probability = np.zeros((len(distinct), len(self.heads)), np.float32)
        rows: list[tuple[npt.NDArray[np.int64], Floats]] = []
        for batch in self._batches(distinct):
            logits, flow = self._first(batch)
            if self.deeper is None:
                probability[batch.texts] = _probability(logits, self.about.calibration)
                rows.append((batch.texts, flow))
                continue
            early = _probability(logits, self.about.early_calibration)
            probability[batch.texts] = early
            on = np.flatnonzero(early[:, self.heads.index(Category.ABUSE)] >= leave_below)
            if len(on):
                logits, flow = self._deeper(self.deeper, flow[on], batch.seen[on])
                probability[batch.texts[on]] = _probability(logits, self.about.calibration)
                rows.append((batch.texts[on], flow if leave_below == 0 else flow[:, :0]))
        if np.isnan(probability).any():
            raise EncoderError(f"the encoder {self.version} gives no numbers for some texts")
        of = column.indices.to_numpy(zero_copy_only=False)
        embedding = np.zeros((len(distinct), rows[0][1].shape[1] if rows else 0), np.float32)
        for at, flow in rows:
            embedding[at] = flow
        return Encoded(probability[of], embedding[of])

    def _batches(self, texts: list[str]) -> Iterator[_Batch]:
        """Cut texts into batches by length; a text's pieces are worked out by itself."""
        pieces = [self.tokenizer.encode(in_words(text)).ids or [0] for text in texts]
        order = np.argsort([len(one) for one in pieces], kind="stable")
        for first in range(0, len(order), BATCH_TEXTS):
            mine = order[first : first + BATCH_TEXTS]
            longest = len(pieces[mine[-1]])
            ids = np.zeros((len(mine), longest), np.int64)
            seen = np.zeros_like(ids)
            for row, at in enumerate(mine):
                ids[row, : len(pieces[at])] = pieces[at]
                seen[row, : len(pieces[at])] = 1
            yield _Batch(mine, ids, seen)

    def _first(self, batch: _Batch) -> tuple[Floats, Floats]:
        """Run the first part: its logits, and what flows on, or the embeddings."""
        given = {"input_ids": batch.ids, "attention_mask": batch.seen}
        if any(one.name == "token_type_ids" for one in self.model.get_inputs()):
            given["token_type_ids"] = np.zeros_like(batch.ids)
        names = [one.name for one in self.model.get_outputs()]
        made = dict(zip(names, _run(self.model, names, given, self.version), strict=True))
        logits = made["logits"]
        if logits.shape != (len(batch.texts), len(self.heads)):
            raise EncoderError(
                f"the encoder {self.version} gives logits of shape {logits.shape} for "
                f"{len(batch.texts)} texts and {len(self.heads)} heads; mend its encoder.json"
            )
        if self.deeper is not None:
            return logits, made["hidden"]
        if "embedding" in made:
            return logits, made["embedding"]
        if "last_hidden_state" in made:
            share = batch.seen / batch.seen.sum(axis=1, keepdims=True)
            return logits, np.einsum("bth,bt->bh", made["last_hidden_state"], share)
        return logits, np.zeros((len(batch.texts), 0), np.float32)

    def _deeper(
        self, deeper: "onnxruntime.InferenceSession", hidden: Floats, seen: npt.NDArray[np.int64]
    ) -> tuple[Floats, Floats]:
        given = {"hidden": hidden, "attention_mask": seen}
        logits, embedding = _run(deeper, ["logits", "embedding"], given, self.version)
        return logits, embedding


def _run(
    session: "onnxruntime.InferenceSession", names: list[str], given: dict[str, Any], version: str
) -> list[Floats]:
    try:
        return [np.asarray(one, np.float32) for one in session.run(names, given)]
    except Exception as error:  # onnxruntime raises classes of its own, unnamed
        raise EncoderError(f"the encoder {version} cannot be run: {error}") from error


def _probability(logits: Floats, calibration: tuple[tuple[float, float], ...]) -> Floats:
    steps = np.array(calibration or [(1.0, 0.0)] * logits.shape[1])
    margin = np.clip(logits.astype(np.float64) * steps[:, 0] + steps[:, 1], -30, 30)
    result: Floats = (1 / (1 + np.exp(-margin))).astype(np.float32)
    return result


def load(folder: Path) -> OnnxEncoder:
    """Load the encoder in a folder.  Raises EncoderError."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - see above

    about, version = _described(folder)
    deeper = folder / DEEPER
    try:
        tokenizer = Tokenizer.from_file(str(folder / FILES[1]))
        model = _session(folder / FILES[2])
        further = _session(deeper) if deeper.is_file() else None
    except Exception as error:  # both libraries raise classes of their own
        raise EncoderError(f"the encoder in {folder} cannot be loaded: {error}") from error
    if "logits" not in [one.name for one in model.get_outputs()]:
        raise EncoderError(f"{folder / FILES[2]} has no output 'logits'; export one with heads")
    tokenizer.no_padding()
    tokenizer.enable_truncation(about.pieces)
    return OnnxEncoder(about, version, tokenizer, model, further)


def version_of(folder: Path) -> str:
    """Name the encoder in a folder and its files' hash, without loading it."""
    return _described(folder)[1]


def _described(folder: Path) -> tuple[_About, str]:
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise EncoderError(f"{folder} holds no encoder: there is no {', '.join(missing)} in it")
    try:
        about = msgspec.json.decode((folder / FILES[0]).read_bytes(), type=_About)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EncoderError(f"{folder / FILES[0]} cannot be read: {error}") from error
    _check(about, folder)
    digest = hashlib.sha256()
    for name in (*FILES, DEEPER):
        if (folder / name).is_file():
            digest.update((folder / name).read_bytes())
    return about, f"{about.name}/{digest.hexdigest()[:12]}"


def _check(about: _About, folder: Path) -> None:
    for steps in (about.calibration, about.early_calibration):
        if steps and len(steps) != len(about.heads):
            raise EncoderError(
                f"{folder / FILES[0]} calibrates {len(steps)} heads, not {len(about.heads)}"
            )
    if Category.ABUSE not in about.heads or not 4 <= about.pieces <= MOST_PIECES:
        raise EncoderError(
            f"{folder / FILES[0]} must name a head 'abuse' and from 4 to {MOST_PIECES} pieces"
        )


def _session(place: Path) -> "onnxruntime.InferenceSession":
    import onnxruntime  # noqa: PLC0415 - see above

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(place, options, providers=["CPUExecutionProvider"])


@cache
def shipped() -> OnnxEncoder:
    """Load the encoder that comes with the package."""
    with resources.as_file(resources.files(data) / SHIPPED) as folder:
        return load(folder)


@cache
def shipped_version() -> str:
    """Name the shipped encoder, without loading it."""
    with resources.as_file(resources.files(data) / SHIPPED) as folder:
        return version_of(folder)
