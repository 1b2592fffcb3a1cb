"""An encoder out of a folder: ``model.onnx``, ``tokenizer.json`` and ``encoder.json``.

``model.onnx`` takes ``input_ids`` and ``attention_mask`` (and ``token_type_ids``, where it asks for
them) and gives ``logits``, a column a head.  Embeddings are its output ``embedding``, or the mean
of ``last_hidden_state`` over the pieces seen; a text that leaves early has none.
``encoder.json``: ``name``, ``heads`` (categories), ``pieces`` (most word pieces read of a text)
and, where they were measured, ``calibration`` (slope and offset a head) and ``together`` (see
``encoder.Weights``).

An encoder may come in parts: ``part-2.onnx`` and so on beside ``model.onnx``.  Every part gives
logits; all but the last also give ``hidden``, which the next takes as ``previous``.  In
``encoder.json``, ``exits`` has an entry for each part but the last: its ``calibration``, how it and
the first pass are put ``together``, and ``leave_below``: a text of which both together say that
abuse is less likely goes no further.

One thread: work is shared out by conversation.  Texts of about one length are taken together.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa

from witnessbox.screening import data
from witnessbox.screening.encoder import (
    EVENLY,
    Answer,
    Doubles,
    EncoderError,
    Floats,
    Weights,
    together,
)
from witnessbox.screening.encoder_batches import Batch, batches, gathered, laid_out
from witnessbox.screening.model import Category
from witnessbox.screening.wording import in_words

if TYPE_CHECKING:
    # Loaded where an encoder runs: most commands need none, and the two take their time.
    import onnxruntime
    from tokenizers import Tokenizer

SHIPPED = "encoder"
FILES = ("encoder.json", "tokenizer.json", "model.onnx")
MOST_PIECES = 512


class _End(msgspec.Struct, frozen=True):
    """How what a part says is read."""

    calibration: tuple[tuple[float, float], ...] = ()
    together: Weights = EVENLY
    leave_below: float = 0.0  # of a part that is not the last


class _About(msgspec.Struct, frozen=True):
    """What ``encoder.json`` says."""

    name: str
    heads: tuple[Category, ...]
    pieces: int = 128
    calibration: tuple[tuple[float, float], ...] = ()
    together: Weights = EVENLY
    exits: tuple[_End, ...] = ()

    @property
    def ends(self) -> tuple[_End, ...]:
        """Give the end of every part."""
        return (*self.exits, _End(self.calibration, self.together))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a part says of a batch: logits; and what the next goes on from, or the embedding."""

    logits: Floats
    flow: Floats


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """An encoder that runs here, in this process."""

    about: _About
    version: str
    tokenizer: "Tokenizer"
    parts: tuple["onnxruntime.InferenceSession", ...]

    @property
    def heads(self) -> tuple[Category, ...]:
        """Name the categories."""
        return self.about.heads

    def again(self, texts: pa.StringArray, before: Doubles) -> Answer:
        """Score each distinct text once; what is plainly harmless leaves at the first exit."""
        column = texts.cast(pa.string()).fill_null("").dictionary_encode()
        of = column.indices.to_numpy(zero_copy_only=False)
        distinct = column.dictionary.to_pylist()
        first = np.zeros(len(distinct))
        first[of] = before  # the first pass says the same of the same text
        probability = np.zeros((len(distinct), len(self.heads)), np.float32)
        abuse = np.zeros_like(first)
        flow = self._batches(distinct)
        for number in range(len(self.parts)):
            flow = self._onward(number, flow, first, (probability, abuse))
        embedding = laid_out(list(flow), len(distinct))  # scores are noted as batches pass
        self._check(probability)
        return Answer(probability[of], abuse[of], embedding[of])

    def probabilities(self, texts: pa.StringArray) -> Floats:
        """Score each distinct text by the encoder alone, all the way."""
        column = texts.cast(pa.string()).fill_null("").dictionary_encode()
        last = self.logits(column.dictionary.to_pylist())[-1]
        probability = _probability(last, self.about.calibration)
        self._check(probability)
        result: Floats = probability[column.indices.to_numpy(zero_copy_only=False)]
        return result

    def logits(self, texts: list[str]) -> list[Floats]:
        """Give the logits of every part, as calibration needs them."""
        result = [np.zeros((len(texts), len(self.heads)), np.float32) for _ in self.parts]
        for batch in self._batches(texts):
            for made, said in zip(result, self._through(batch), strict=True):
                made[batch.texts] = said.logits
        return result

    def _through(self, batch: Batch) -> Iterator[_Said]:
        """Run every part on a batch, and give what each says."""
        for number in range(len(self.parts)):
            said = self._said(number, batch)
            yield said
            batch = Batch(batch.texts, said.flow, batch.seen)

    def _onward(
        self, number: int, flow: Iterator[Batch], before: Doubles, scores: tuple[Floats, Doubles]
    ) -> Iterator[Batch]:
        """Run a part: note what it says, and give on what is not left here."""
        end, abuse = self.about.ends[number], self.heads.index(Category.ABUSE)
        for batch in gathered(flow):
            said = self._said(number, batch)
            here = _probability(said.logits, end.calibration)
            both = together(before[batch.texts], here[:, abuse], end.together)
            scores[0][batch.texts], scores[1][batch.texts] = here, both
            on = np.flatnonzero(both >= end.leave_below)
            if len(on):
                yield Batch(batch.texts[on], said.flow[on], batch.seen[on])

    def _check(self, probability: Floats) -> None:
        if np.isnan(probability).any():
            raise EncoderError(f"the encoder {self.version} gives no numbers for some texts")

    def _batches(self, texts: list[str]) -> Iterator[Batch]:
        """Cut texts into batches by length; a text's pieces are worked out by itself."""
        return batches([self.tokenizer.encode(in_words(text)).ids or [0] for text in texts])

    def _said(self, number: int, batch: Batch) -> _Said:
        """Run a part: its logits, and what flows on, or the embeddings."""
        part = self.parts[number]
        given = {
            "input_ids" if number == 0 else "previous": batch.given,
            "attention_mask": batch.seen,
        }
        if any(one.name == "token_type_ids" for one in part.get_inputs()):
            given["token_type_ids"] = np.zeros_like(batch.given)
        names = [one.name for one in part.get_outputs()]
        made = dict(zip(names, _run(part, names, given, self.version), strict=True))
        logits = made["logits"]
        if logits.shape != (len(batch.texts), len(self.heads)):
            raise EncoderError(
                f"the encoder {self.version} gives logits of shape {logits.shape} for "
                f"{len(batch.texts)} texts and {len(self.heads)} heads; mend its encoder.json"
            )
        for name in ("hidden", "embedding"):
            if name in made:
                return _Said(logits, made[name])
        if "last_hidden_state" in made:
            share = batch.seen / batch.seen.sum(axis=1, keepdims=True)
            return _Said(logits, np.einsum("bth,bt->bh", made["last_hidden_state"], share))
        return _Said(logits, np.zeros((len(batch.texts), 0), np.float32))


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
    try:
        tokenizer = Tokenizer.from_file(str(folder / FILES[1]))
        parts = tuple(_session(folder / part_name(at)) for at in range(len(about.exits) + 1))
    except Exception as error:  # both libraries raise classes of their own
        raise EncoderError(f"the encoder in {folder} cannot be loaded: {error}") from error
    for at, part in enumerate(parts):
        if "logits" not in [one.name for one in part.get_outputs()]:
            name = folder / part_name(at)
            raise EncoderError(f"{name} has no output 'logits'; export one with heads")
    tokenizer.no_padding()
    tokenizer.enable_truncation(about.pieces)
    return OnnxEncoder(about, version, tokenizer, parts)


def part_name(number: int) -> str:
    """Name the file of a part, counted from 0."""
    return FILES[2] if number == 0 else f"part-{number + 1}.onnx"


def version_of(folder: Path) -> str:
    """Name the encoder in a folder and its files' hash, without loading it."""
    return _described(folder)[1]


def _described(folder: Path) -> tuple[_About, str]:
    _there(folder, FILES)
    try:
        about = msgspec.json.decode((folder / FILES[0]).read_bytes(), type=_About)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EncoderError(f"{folder / FILES[0]} cannot be read: {error}") from error
    _check(about, folder)
    further = [part_name(at) for at in range(1, len(about.exits) + 1)]
    _there(folder, further)
    digest = hashlib.sha256()
    for name in (*FILES, *further):
        digest.update((folder / name).read_bytes())
    return about, f"{about.name}/{digest.hexdigest()[:12]}"


def _there(folder: Path, names: Sequence[str]) -> None:
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise EncoderError(f"{folder} holds no encoder: there is no {', '.join(missing)} in it")


def _check(about: _About, folder: Path) -> None:
    for steps in (one.calibration for one in about.ends):
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
