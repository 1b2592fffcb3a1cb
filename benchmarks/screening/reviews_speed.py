"""Time the learner at ten million messages: a coding's effect, weighing everything, the next batch.

    python -m benchmarks.screening.reviews_speed [--messages 10000000] [--coded 5000]

The messages are made up as numbers: rows of features as long as a chat's, four in five messages a
text of their own, in 5,000 conversations by 20,000 people; one text in five has an embedding.
Writes ``reviews_speed.json`` beside this file: CPU seconds and seconds by the clock, on however
busy a machine.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import ROUNDS
from witnessbox.ledger.model import Actor
from witnessbox.ledger.store import open_ledger
from witnessbox.review.rounds import Basis, Prepared, give_out
from witnessbox.screening import weighing as weighing_module
from witnessbox.screening.context import Setting, standing_signs
from witnessbox.screening.learner import Matter, Turn, batch_of, pool_of, taught
from witnessbox.screening.learning import Coded, Embeddings, Material, regression
from witnessbox.screening.learning_order import Mixture, Picked
from witnessbox.screening.learning_rows import RUNS, WORDS, Rows, Side
from witnessbox.screening.learning_store import Named
from witnessbox.screening.model import CATEGORIES

HERE = Path(__file__).parent
SEED = 0
WORD_FEATURES, RUN_FEATURES = 12, 28
"""Features of a text, as of a chat's: seven words and their pairs, thirty-five letters."""

CONVERSATIONS, PEOPLE = 5_000, 20_000
EMBEDDED, DIMENSIONS = 5, 128
"""One text in so many is read to the end, and the numbers of its embedding."""

Made = TypeVar("Made")


def side(chance: np.random.Generator, texts: int, features: int, width: int) -> Side:
    """Make rows up: common columns are common, as words are."""
    columns = (width * chance.random(texts * features, np.float32) ** 3).astype(np.int32)
    return Side(columns, np.arange(0, len(columns) + 1, features), width)


def made_up(messages: int) -> Matter:
    """Make messages up."""
    chance = np.random.default_rng(SEED)
    texts = messages * 4 // 5
    text = np.concatenate([np.arange(texts), chance.integers(0, texts, messages - texts)])
    rows = Rows(
        side(chance, texts, WORD_FEATURES, WORDS),
        side(chance, texts, RUN_FEATURES, RUNS),
        np.zeros((texts, 2), np.uint64),
    )
    cold = chance.normal(-4, 2, (texts, 1 + len(CATEGORIES))).astype(np.float32)
    nothing = np.zeros(messages, np.float32)
    setting = Setting(
        conversation=np.sort(chance.integers(0, CONVERSATIONS, messages)),
        sender=chance.integers(0, PEOPLE, messages),
        text=text.astype(np.int32),
        answers=np.full(messages, -1, np.int32),
        laughs=nothing,
        reactions=nothing,
        hour=np.full(messages, 12, np.int8),
    )
    score = (1 / (1 + np.exp(-cold[text, 0]))).astype(np.float32)
    signs = standing_signs(setting, score)
    material = Material(rows, cold, setting.text, signs, embeddings(chance, texts))
    return Matter(material, setting, chance.integers(0, messages, 500))


def embeddings(chance: np.random.Generator, texts: int) -> Embeddings:
    """Make embeddings up, a stretch at a time."""
    held = np.sort(chance.permutation(texts)[: texts // EMBEDDED])
    vector = np.empty((len(held), DIMENSIONS), np.float16)
    for first in range(0, len(held), 1 << 16):
        part = vector[first : first + (1 << 16)]
        part[:] = chance.standard_normal(part.shape, np.float32) / np.sqrt(DIMENSIONS)
    return Embeddings(held, vector)


def coded_of(matter: Matter, count: int) -> list[Coded]:
    """Code some of them: the higher the cold score, the likelier relevant."""
    chance = np.random.default_rng(SEED + 1)
    places = np.unique(chance.integers(0, matter.messages, count))
    score = matter.material.cold[matter.material.text[places], 0]
    yes = chance.random(len(places)) < 1 / (1 + np.exp(-score))
    name = ("misogyny", "racism")
    return [
        Coded(int(at), 1, int(found), ((name[at % 2], 1),) if found else ())
        for at, found in zip(places, yes, strict=True)
    ]


def timed(work: Callable[[], Made]) -> tuple[Made, dict[str, float]]:
    """Do something, and say what it took."""
    cpu, clock = time.process_time(), time.perf_counter()
    made = work()
    took = time.process_time() - cpu, time.perf_counter() - clock
    return made, {"cpu_seconds": round(took[0], 3), "seconds": round(took[1], 3)}


def serve(matter: Matter, picked: Picked) -> dict[str, float]:
    """Give out a batch that is ready."""
    rows = [
        dict.fromkeys(ROUNDS.schema.names)
        | {"batch": 1, "rank": rank, "message": f"{at:010}", "conversation": "c", "position": at}
        for rank, at in enumerate(picked.message.tolist())
    ]
    none = np.array([], np.int64)
    named = Named(matter, pa.array([], pa.string()), none, none, (), "0" * 34)
    basis = Basis(1, 1, none, 0, 0, none, Mixture())
    prepared = Prepared(named, basis, pa.RecordBatch.from_pylist(rows, schema=ROUNDS.schema))
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(Path(root))
        ledger = open_ledger(f"sqlite:///{folder.ledger}", "speed", folder.head)
        moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
        return timed(lambda: give_out(folder, ledger, prepared, Actor("ana", "Ana"), moment))[1]


def measure(messages: int, count: int) -> dict[str, Any]:
    """Time everything that stands between a coding and the next batch."""
    matter = made_up(messages)
    coded = coded_of(matter, count)
    regression()  # the workbench has loaded it long before
    learned, learning = timed(lambda: taught(matter, coded))
    pool, weighing = timed(lambda: pool_of(matter, coded, learned))
    with patch.object(weighing_module, "MOST_THREADS", 1):
        alone, weighing_alone = timed(lambda: pool_of(matter, coded, learned))
    if not np.array_equal(pool, alone):
        raise SystemExit("one thread comes to another pool than several")
    turn = Turn(np.array([], np.int64), 1, SEED, Mixture())
    picked, picking = timed(lambda: batch_of(matter, coded, learned, pool, turn))
    return {
        "messages": messages,
        "texts": matter.material.rows.texts,
        "coded": len(coded),
        "questions": [weights.question for weights in learned.weights],
        "learn from what is coded": learning,
        "weigh everything": weighing,
        "weigh everything, in one thread": weighing_alone,
        "pick a batch from the pool": picking,
        "give out a batch that is ready": serve(matter, picked),
    }


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=10_000_000)
    arguments.add_argument("--coded", type=int, default=5_000)
    arguments.add_argument("--out", type=Path, default=HERE / "reviews_speed.json")
    given = arguments.parse_args()
    result = measure(given.messages, given.coded)
    given.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
