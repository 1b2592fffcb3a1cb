"""Measure the second pass: beside the first, put together, by function of HateCheck, and its speed.

    python -m benchmarks.screening.encoder DATA [--mixed]

Nothing here is trained or tuned on; HateCheck is only reported.  ``--mixed`` also counts what is
read of the mixed corpus until each share of its abuse is found: some minutes.  Writes
``encoder.json`` beside this file, figures only.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.screening.run import Scorer, Scores, hatecheck, held_out, mixed_corpus, recall
from scripts.train_screening import read_texts

from witnessbox.screening import encoder_onnx, second_pass
from witnessbox.screening.model import CATEGORIES
from witnessbox.screening.scoring import BLOCK_TEXTS, Screener, score_texts, shipped
from witnessbox.screening.second_pass import LEAST, SecondPass

HERE = Path(__file__).parent
SPEED_TEXTS = 4000
HEADS = ("abuse", "misogyny", "bullying-threat")


def table(texts: list[str], screener: Screener, second: SecondPass | None) -> Scores:
    """Give every text's final score in every category; 0 where it has none."""
    names = pa.array([str(one) for one in CATEGORIES])
    made = np.zeros((len(texts), len(CATEGORIES)))
    column = pa.array(texts, pa.string())
    for first in range(0, len(texts), BLOCK_TEXTS):
        block = column.slice(first, BLOCK_TEXTS)
        rows = score_texts(block, screener)
        if second is not None:
            rows = second_pass.again(rows, block, second)
        category = pc.index_in(rows["category"].cast(pa.string()), value_set=names)
        made[rows["text"].to_numpy() + first, category.to_numpy()] = rows["score"].to_numpy()
    return made


def scorers(screener: Screener, second: SecondPass) -> dict[str, Scorer]:
    """Name what is measured: each pass alone, both on every text, and as they are shipped."""
    encoder = second.encoder
    every = SecondPass(encoder, least=0.0)

    def alone(texts: list[str]) -> Scores:
        return encoder.encode(pa.array(texts, pa.string())).probability[:, 0].astype(np.float64)

    return {
        "first pass": lambda texts: table(texts, screener, None)[:, 0],
        "encoder": alone,
        "both, every text": lambda texts: table(texts, screener, every)[:, 0],
        "as shipped": lambda texts: table(texts, screener, second)[:, 0],
    }


def speed(data: Path, second: SecondPass) -> dict[str, Any]:
    """Time the encoder on one thread over chat as it comes; messages a CPU second."""
    result: dict[str, Any] = {}
    for name in ("irc_ubuntu", "topical_chat", "sms_spam"):
        column = pq.read_table(data / f"{name}.parquet", columns=["text"])["text"]
        column = column.combine_chunks().slice(0, SPEED_TEXTS)
        second.encoder.encode(column.slice(0, 100))
        result[name] = {"messages": len(column)}
        for what, work in (
            ("all the way", second.encoder.encode),
            ("with the early exit", second.encoder.probabilities),
        ):
            begun = time.process_time()
            work(column)
            result[name][what] = round(len(column) / (time.process_time() - begun))
    return result


def measure(data: Path) -> dict[str, Any]:
    """Measure all but the mixed corpus."""
    screener, second = shipped(), SecondPass(encoder_onnx.shipped())
    texts = read_texts(data)
    named = scorers(screener, second)
    result: dict[str, Any] = {
        "encoder": second.encoder.version,
        "first pass": screener.version,
        "least": LEAST,
        "hatecheck": {name: hatecheck(data, scorer, 0.5) for name, scorer in named.items()},
        "held_out": {name: held_out(texts, scorer, 0, 0.5) for name, scorer in named.items()},
        "held_out_heads": {},
    }
    for head, name in enumerate(HEADS[1:], start=1):

        def scorer(given: list[str], column: int = head) -> Scores:
            said = second.encoder.encode(pa.array(given, pa.string())).probability
            return said[:, column].astype(np.float64)

        result["held_out_heads"][name] = held_out(texts, scorer, head, 0.5)
    result["speed"] = speed(data, second)
    return result


def mixed(data: Path) -> dict[str, Any]:
    """Count what is read of the mixed corpus, first pass and both."""
    screener, second = shipped(), SecondPass(encoder_onnx.shipped())
    corpus, labels = mixed_corpus(data, read_texts(data))
    before = table(corpus, screener, None)
    begun = time.process_time()
    after = table(corpus, screener, second)
    seconds = time.process_time() - begun
    return {
        "messages": len(corpus),
        "abusive": int(labels.sum()),
        "asked of the encoder": int((before.max(axis=1) >= second.least).sum()),
        "cpu_seconds": round(seconds),
        "first pass": recall(corpus, labels, lambda _: before.max(axis=1)),
        "both": recall(corpus, labels, lambda _: after.max(axis=1)),
        "both, abuse alone": recall(corpus, labels, lambda _: after[:, 0]),
    }


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--mixed", action="store_true")
    arguments.add_argument("--out", type=Path, default=HERE / "encoder.json")
    given = arguments.parse_args()
    result = measure(given.data)
    given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    if given.mixed:
        result["messages_read"] = mixed(given.data)
        given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
