"""An encoder out of a folder scores texts one by one, whatever stands beside them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.screening.encoders import write_deep_encoder, write_encoder
from witnessbox.screening import encoder_onnx
from witnessbox.screening.encoder import EVENLY, Doubles, EncoderError, together
from witnessbox.screening.model import Category


def column(*texts: str | None) -> pa.StringArray:
    return pa.array(texts, pa.string())


def even(texts: pa.StringArray) -> Doubles:
    """Be a first pass that says nothing."""
    return np.full(len(texts), 0.5)


@pytest.mark.parametrize("output", ["embedding", "last_hidden_state"])
def test_a_text_gets_probabilities_by_head_and_an_embedding(tmp_path: Path, output: str) -> None:
    made = encoder_onnx.load(write_encoder(tmp_path, output))
    texts = column("hello", "idiot", "hello idiot")
    said = made.again(texts, even(texts))
    assert made.heads == (Category.ABUSE, Category.MISOGYNY)
    wanted = [[0.002, 0.002], [1.0, 0.002], [0.731, 0.002]]
    assert said.probability == pytest.approx(np.array(wanted), abs=1e-3)
    assert said.embedding.tolist() == [[-6, -6], [8, -6], [1, -6]]


def test_an_encoder_without_embeddings_gives_none(tmp_path: Path) -> None:
    texts = column("hello", "idiot")
    said = encoder_onnx.load(write_encoder(tmp_path, "")).again(texts, even(texts))
    assert said.embedding.shape == (2, 0)
    assert said.probability.shape == (2, 2)


def test_no_texts_nulls_and_repeats_are_scored(tmp_path: Path) -> None:
    made = encoder_onnx.load(write_encoder(tmp_path))
    assert made.again(column(), even(column())).probability.shape == (0, 2)
    texts = column("idiot", None, "", "idiot")
    said = made.again(texts, even(texts))
    assert made.probabilities(texts).tolist() == said.probability.tolist()
    assert said.probability[0].tolist() == said.probability[3].tolist()
    assert said.probability[1].tolist() == said.probability[2].tolist()
    assert said.embedding.shape == (4, 2)


def test_a_pictograph_counts_as_its_name(tmp_path: Path) -> None:
    made = encoder_onnx.load(write_encoder(tmp_path))
    said = made.probabilities(column("🐒", "monkey", "\u200bmonkey"))
    assert len({tuple(row) for row in said.tolist()}) == 1


def test_calibration_moves_the_probabilities(tmp_path: Path) -> None:
    bare = encoder_onnx.load(write_encoder(tmp_path / "bare"))
    moved = encoder_onnx.load(write_encoder(tmp_path / "moved", calibration=[[0, 0], [1, 6]]))
    assert moved.probabilities(column("hello")).tolist() == [[0.5, 0.5]]
    assert bare.version != moved.version


def test_what_is_plainly_harmless_at_the_first_exit_is_not_read_on(tmp_path: Path) -> None:
    made = encoder_onnx.load(write_deep_encoder(tmp_path, leave_below=0.7))
    texts = column("hello idiot", "idiot", "hello")
    whole, hasty = made.probabilities(texts), made.again(texts, even(texts))
    assert whole[:, 0] == pytest.approx([0.881, 1.0, 0.0], abs=1e-3)
    assert hasty.probability[:, 0] == pytest.approx([0.731, 1.0, 0.002], abs=1e-3)
    assert hasty.abuse == pytest.approx(together(even(texts), hasty.probability[:, 0], EVENLY))
    assert hasty.embedding.tolist() == [[0, 0], [8, -6], [0, 0]]
    early, last = made.logits(["hello idiot"])
    assert (early[0, 0], last[0, 0]) == (1, 2)


def test_what_the_first_pass_calls_abuse_is_read_on(tmp_path: Path) -> None:
    made = encoder_onnx.load(write_deep_encoder(tmp_path, leave_below=0.7))
    texts = column("hello idiot", "hello idiot")
    said = made.again(texts, np.full(2, 0.9))
    assert said.probability[:, 0] == pytest.approx([0.881] * 2, abs=1e-3)
    assert said.abuse == pytest.approx([0.891] * 2, abs=1e-3)


def test_many_texts_of_many_lengths_are_scored_each_for_itself(tmp_path: Path) -> None:
    made = encoder_onnx.load(write_deep_encoder(tmp_path, leave_below=0.6))
    texts = [" ".join(["idiot"] * (at % 5) + ["hello"] * (at % 7)) for at in range(100)]
    before = np.arange(1, 101) % 35 / 35  # both lengths are the same again after 35
    alone = [made.again(column(x), before[at : at + 1]) for at, x in enumerate(texts)]
    every = made.again(column(*texts), before)
    assert every.probability.tolist() == [one.probability[0].tolist() for one in alone]
    assert every.abuse.tolist() == [float(one.abuse[0]) for one in alone]


def test_a_part_that_is_told_of_and_missing_is_named(tmp_path: Path) -> None:
    write_deep_encoder(tmp_path, 0.1)
    (tmp_path / "part-2.onnx").unlink()
    with pytest.raises(EncoderError, match=r"there is no part-2\.onnx in it"):
        encoder_onnx.load(tmp_path)


def test_an_encoder_of_one_part_gives_its_logits(tmp_path: Path) -> None:
    (only,) = encoder_onnx.load(write_encoder(tmp_path)).logits(["idiot", "hello"])
    assert only.tolist() == [[8, -6], [-6, -6]]


def test_the_shipped_encoder_says_the_same_of_a_text_whatever_it_stands_beside() -> None:
    made = encoder_onnx.shipped()
    texts = ["see you at six", "women are all stupid pigs and belong in a cage", "ok", "ha " * 200]
    together = made.probabilities(column(*texts * 9))
    alone = np.concatenate([made.probabilities(column(text)) for text in texts])
    assert np.abs(together[:4] - alone).max() < 1e-5
    assert alone[1, 0] > 0.5 > alone[0, 0]


def test_the_shipped_encoder_has_embeddings_of_what_it_reads_to_the_end() -> None:
    texts = column("see you at six", "women are all stupid pigs", "women are all silly pigs")
    embedding = encoder_onnx.shipped().again(texts, np.array([0.02, 0.9, 0.9])).embedding
    assert embedding.shape == (3, 128)
    assert embedding[0].tolist() == [0] * 128
    one, other = embedding[1:] / np.linalg.norm(embedding[1:], axis=1, keepdims=True)
    assert one @ other > 0.5


@pytest.mark.parametrize(
    ("about", "what"),
    [
        ({"heads": ["misogyny"]}, "a head 'abuse'"),
        ({"heads": ["abuse", "rudeness"]}, "cannot be read"),
        ({"pieces": 4000}, "4 to 512 pieces"),
        ({"calibration": [[1, 0]]}, "calibrates 1 heads, not 2"),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(
    tmp_path: Path, about: dict[str, object], what: str
) -> None:
    with pytest.raises(EncoderError, match=what):
        encoder_onnx.load(write_encoder(tmp_path, **about))  # type: ignore[arg-type]


def test_a_folder_that_holds_no_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"holds no encoder: there is no encoder\.json"):
        encoder_onnx.load(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_files_that_are_damaged_are_refused(tmp_path: Path, name: str) -> None:
    (write_encoder(tmp_path) / name).write_bytes(b"\x00damaged")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        encoder_onnx.load(tmp_path)


def test_a_model_whose_columns_are_not_the_heads_is_refused(tmp_path: Path) -> None:
    made = encoder_onnx.load(write_encoder(tmp_path, heads=["abuse", "misogyny", "racism"]))
    with pytest.raises(EncoderError, match="2\\) for 1 texts and 3 heads"):
        made.probabilities(column("hello"))


def test_a_model_that_gives_no_logits_is_refused(tmp_path: Path) -> None:
    write_deep_encoder(tmp_path, 0.1)
    (tmp_path / "part-2.onnx").replace(tmp_path / "model.onnx")
    (tmp_path / "encoder.json").write_text('{"name": "tiny", "heads": ["abuse", "misogyny"]}')
    with pytest.raises(EncoderError, match="cannot be run"):
        encoder_onnx.load(tmp_path).probabilities(column("hello"))
