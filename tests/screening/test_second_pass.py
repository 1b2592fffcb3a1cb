"""The likely are scored again; the rest stands; each category has one score."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.screening.encoders import write_encoder
from witnessbox.screening import second_pass
from witnessbox.screening.encoder import (
    Answer,
    Doubles,
    EncoderError,
    Floats,
    Weights,
    together,
)
from witnessbox.screening.model import SCORED, Category
from witnessbox.screening.second_pass import SecondPass, Settings, again


@dataclass(frozen=True)
class Table:
    """An encoder that looks its answers up, and notes what it was asked."""

    says: dict[str, tuple[float, ...]]
    heads: tuple[Category, ...] = (Category.ABUSE, Category.MISOGYNY, Category.RACISM)
    weights: Weights = (0.0, 1.0, 0.0)
    version: str = "table"
    shows: dict[str, tuple[float, ...]] = field(default_factory=dict)  # embeddings
    asked: list[str] = field(default_factory=list)

    def again(self, texts: pa.StringArray, before: Doubles) -> Answer:
        self.asked.extend(texts.to_pylist())
        said = np.array([self.says[text] for text in texts.to_pylist()], np.float32)
        shown = [self.shows.get(text, (0.0, 0.0)) for text in texts.to_pylist()]
        both = together(before, said[:, 0], self.weights)
        return Answer(said, both, np.array(shown, np.float32))

    def probabilities(self, texts: pa.StringArray) -> Floats:
        raise NotImplementedError


def scored(*rows: tuple[int, str, float, str]) -> pa.RecordBatch:
    blank = dict.fromkeys(SCORED.names)
    return pa.RecordBatch.from_pylist(
        [
            blank
            | {"text": text, "category": category, "score": score, "source": source}
            | {"severity": 1, "reasons": ["word"]}
            for text, category, score, source in rows
        ],
        SCORED,
    )


def rows(first: pa.RecordBatch, second: SecondPass) -> pa.RecordBatch:
    return again(first, TEXTS, second).rows


def scores(batch: pa.RecordBatch) -> list[tuple[int, str, float, str]]:
    return [
        (row["text"], row["category"], round(row["score"], 3), row["source"])
        for row in batch.to_pylist()
    ]


TEXTS = pa.array(["a", "b"])


def test_only_the_likely_are_asked_about() -> None:
    encoder = Table({"b": (0.9, 0.0, 0.0)})
    first = scored((0, "abuse", 0.05, "classifier"), (1, "abuse", 0.3, "classifier"))
    made = rows(first, SecondPass(encoder, least=0.1))
    assert encoder.asked == ["b"]
    assert scores(made) == [(0, "abuse", 0.05, "classifier"), (1, "abuse", 0.9, "encoder")]
    assert made.schema == SCORED


def test_the_two_passes_are_weighed_together() -> None:
    encoder = Table({"a": (0.8, 0.0, 0.0)}, weights=(1.0, 1.0, 0.0))
    made = rows(scored((0, "abuse", 0.2, "classifier")), SecondPass(encoder))
    assert scores(made) == [(0, "abuse", 0.5, "encoder")]


def test_a_category_the_lexicon_named_keeps_its_measure_against_abuse() -> None:
    encoder = Table({"a": (0.8, 0.0, 0.0)})
    first = scored(
        (0, "abuse", 0.4, "classifier"),
        (0, "racism", 0.4, "lexicon"),
        (0, "sexual-violence", 0.7, "lexicon"),
    )
    assert scores(rows(first, SecondPass(encoder))) == [
        (0, "abuse", 0.8, "encoder"),
        (0, "racism", 0.8, "encoder"),
        (0, "sexual-violence", 0.9, "encoder"),
    ]


def test_heads_of_both_passes_are_averaged_and_others_stand() -> None:
    encoder = Table({"a": (0.8, 0.8, 0.0)})
    first = scored(
        (0, "abuse", 0.4, "classifier"),
        (0, "misogyny", 0.2, "classifier"),
        (0, "bullying-threat", 0.3, "classifier"),
    )
    assert scores(rows(first, SecondPass(encoder))) == [
        (0, "abuse", 0.8, "encoder"),
        (0, "misogyny", 0.5, "encoder"),
        (0, "bullying-threat", 0.3, "classifier"),
    ]


def test_a_category_the_encoder_alone_sees_is_added_in_its_place() -> None:
    encoder = Table({"a": (0.7, 0.1, 0.9), "b": (0.7, 0.1, 0.1)})
    first = scored(
        (0, "abuse", 0.4, "classifier"),
        (0, "bullying-threat", 0.4, "lexicon"),
        (1, "abuse", 0.4, "classifier"),
    )
    made = rows(first, SecondPass(encoder))
    assert scores(made) == [
        (0, "abuse", 0.7, "encoder"),
        (0, "racism", 0.7, "encoder"),
        (0, "bullying-threat", 0.7, "encoder"),
        (1, "abuse", 0.7, "encoder"),
    ]
    assert made.to_pylist()[1]["severity"] == 0
    assert made.to_pylist()[1]["reasons"] == ["word"]


def test_where_the_encoder_gives_no_answer_the_first_pass_stands() -> None:
    encoder = Table({"a": (np.nan,) * 3, "b": (0.9, 0.0, 0.0)})
    first = scored((0, "abuse", 0.4, "classifier"), (1, "abuse", 0.4, "classifier"))
    assert scores(rows(first, SecondPass(encoder))) == [
        (0, "abuse", 0.4, "classifier"),
        (1, "abuse", 0.9, "encoder"),
    ]
    assert scores(rows(first.slice(0, 1), SecondPass(encoder))) == scores(first.slice(0, 1))


def test_nothing_and_nothing_likely_stay_as_they_are() -> None:
    second = SecondPass(Table({}), least=0.5)
    assert rows(scored(), second).num_rows == 0
    first = scored((0, "abuse", 0.4, "classifier"))
    assert rows(first, second).equals(first)


def test_texts_read_to_the_end_bring_an_embedding_of_unit_length() -> None:
    no_answer = (np.nan,) * 3
    shows: dict[str, tuple[float, ...]] = {"a": (3.0, 4.0), "c": (np.inf, 1.0), "d": (0.0, 2.0)}
    encoder = Table(
        {"a": (0.9,) * 3, "b": (0.9,) * 3, "c": (0.9,) * 3, "d": no_answer}, shows=shows
    )
    first = scored(*((at, "abuse", 0.4, "classifier") for at in range(4)))
    made = again(first, pa.array(["a", "b", "c", "d"]), SecondPass(encoder))
    assert made.text.tolist() == [0, 3]
    assert made.embedding == pytest.approx(np.array([[0.6, 0.8], [0.0, 1.0]]))


def test_settings_name_the_encoder(tmp_path: Path) -> None:
    assert second_pass.of(Settings(encoder="none")) is None
    assert second_pass.version_of(Settings(encoder="none")) == ""
    for settings, name in (
        (Settings(), "minilm-abuse-2/"),
        (Settings(encoder=str(write_encoder(tmp_path)), least=0.3), "tiny/"),
        (Settings(encoder="http://127.0.0.1:8080/v1", model="small"), "endpoint/"),
    ):
        second = second_pass.of(settings)
        assert second is not None
        assert second.least == settings.least
        assert second.encoder.version.startswith(name)
        assert second.encoder.version in second_pass.version_of(settings)
        assert str(settings.least) in second_pass.version_of(settings)
    with pytest.raises(EncoderError, match="holds no encoder"):
        second_pass.of(Settings(encoder=str(tmp_path / "nowhere")))
