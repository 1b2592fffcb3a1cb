"""Training is one command, and the same texts give the same bytes."""

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scripts import train_screening
from scripts.train_screening import LABELS, Settings

from witnessbox.screening import lexicons
from witnessbox.screening.weights import HEADS, STEP

WORDS = ("kettle", "lamp", "torch", "nitwit", "late", "shift", "women", "van", "tea", "night")


def row(name: str, place: int) -> dict[str, object]:
    """Invent one labelled text: that with "nitwit" in it is the unkind one."""
    text = " ".join(WORDS[(place * step + step) % len(WORDS)] for step in (1, 3, 7))
    unkind = int("nitwit" in text)
    columns: dict[str, object] = {
        "text": f"{text} {name} {place}",
        "label": unkind if name != "davidson" else 2 - 2 * unkind,
        "split": "train" if place % 3 else "dev",
    }
    if name == "edos":
        columns["label_category"] = "1. threats" if unkind and place % 2 else "none"
    if name == "cad":
        columns["labels"] = "PersonDirected" if unkind else "Neutral"
    if name == "gab_hate_corpus":
        columns |= {"hd": unkind, "cv": 0}
    if name == "guest_misogyny":
        columns |= {"level_2": None, "level_3": "Threat" if unkind else None}
    if name == "hatemojibuild":
        columns |= {"target": "wom" if unkind else "", "type": "none"}
    return columns


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in LABELS:
        rows = [row(name, place) for place in range(60)]
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / f"{name}.parquet")
    check = pa.table({"text": ["you nitwit", str(row("mhs", 7)["text"])]})
    pq.write_table(check, tmp_path / "hatecheck.parquet")
    return tmp_path


def train(data: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    target.mkdir()
    for file in lexicons.FILES:
        (target / file).write_text("the same lexicon")
    weights = target / "weights.npz"
    monkeypatch.setattr("sys.argv", ["train_screening.py", str(data), str(weights)])
    train_screening.main()
    return weights


def test_the_same_texts_give_the_same_bytes(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        train_screening, "SETTINGS", dict.fromkeys(HEADS, Settings(10, 10, 1e-3, 0.5))
    )
    first, second = (train(data, data / name, monkeypatch) for name in ("one", "two"))
    assert (
        hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest()
    )
    arrays = np.load(first)
    assert str(arrays["version"]).startswith("linear-2/")
    weights = arrays["abuse.words"].astype(np.float32)
    assert (weights == np.round(weights / STEP) * STEP).all()
    assert (weights != 0).any()


def test_a_text_that_is_tested_on_anywhere_is_trained_on_nowhere(data: Path) -> None:
    texts = train_screening.read_texts(data)
    train, apart = (
        {text.text for text in texts if (text.part == "train") is trained}
        for trained in (True, False)
    )
    assert train
    assert not train & apart
    assert str(row("mhs", 7)["text"]) not in train
