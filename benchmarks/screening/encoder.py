"""Measure the second pass: beside the first, put together, by function of HateCheck, and its speed.

    python -m benchmarks.screening.encoder DATA [--mixed]

Nothing here is trained or tuned on; HateCheck is only reported.  ``--mixed`` also counts what is
read of the mixed corpus until each share of its abuse is found: some minutes.  Writes
``encoder.json`` and ``encoder.md`` beside this file, figures only.
"""

import argparse
import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.screening.run import Scorer, Scores, hatecheck, held_out, mixed_corpus, recall
from scripts.train_screening import UNKNOWN, Text, read_texts
from sklearn.metrics import f1_score

from witnessbox.screening import encoder_onnx, second_pass
from witnessbox.screening.model import CATEGORIES
from witnessbox.screening.scoring import BLOCK_TEXTS, Screener, by_category, score_texts, shipped
from witnessbox.screening.second_pass import LEAST, SecondPass

HERE = Path(__file__).parent
SPEED_TEXTS = 4000
HEADS = ("abuse", "misogyny", "bullying-threat")


def table(texts: list[str], screener: Screener, second: SecondPass | None) -> Scores:
    """Give every text's final score in every category; 0 where it has none."""
    column, parts = pa.array(texts, pa.string()), [np.zeros((0, len(CATEGORIES)))]
    for first in range(0, len(texts), BLOCK_TEXTS):
        block = column.slice(first, BLOCK_TEXTS)
        rows = score_texts(block, screener)
        if second is not None:
            rows = second_pass.again(rows, block, second).rows
        parts.append(by_category(rows, len(block)))
    return np.concatenate(parts)


def scorers(screener: Screener, second: SecondPass) -> dict[str, Scorer]:
    """Name what is measured: each pass alone, both on every text, and as they are shipped."""
    encoder = second.encoder
    every = SecondPass(encoder, least=0.0)

    def alone(texts: list[str]) -> Scores:
        return encoder.probabilities(pa.array(texts, pa.string()))[:, 0].astype(np.float64)

    return {
        "first pass": lambda texts: table(texts, screener, None)[:, 0],
        "encoder": alone,
        "both, every text": lambda texts: table(texts, screener, every)[:, 0],
        "as shipped": lambda texts: table(texts, screener, second)[:, 0],
    }


def speed(data: Path, screener: Screener, second: SecondPass) -> dict[str, Any]:
    """Time the encoder on one thread over chat as it comes; messages a CPU second.

    It is asked about every message, likely or not; what the first pass says is not timed.
    """
    result: dict[str, Any] = {}
    for name in ("irc_ubuntu", "topical_chat", "sms_spam"):
        column = pq.read_table(data / f"{name}.parquet", columns=["text"])["text"]
        column = column.combine_chunks().slice(0, SPEED_TEXTS)
        before = table(column.to_pylist(), screener, None)[:, 0]
        second.encoder.probabilities(column.slice(0, 100))
        result[name] = {"messages": len(column)}
        for what, work in (
            ("all the way", partial(second.encoder.probabilities, column)),
            ("with the early exits", partial(second.encoder.again, column, before)),
        ):
            begun = time.process_time()
            work()
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
    result["chosen_on_tune"] = chosen(data, texts, named["as shipped"])
    for column, head in enumerate(second.encoder.heads):
        if head not in HEADS[1:]:
            continue

        def scorer(given: list[str], column: int = column) -> Scores:
            said = second.encoder.probabilities(pa.array(given, pa.string()))
            return said[:, column].astype(np.float64)

        result["held_out_heads"][str(head)] = held_out(texts, scorer, HEADS.index(head), 0.5)
    result["speed"] = speed(data, screener, second)
    return result


def chosen(data: Path, texts: list[Text], scorer: Scorer) -> dict[str, Any]:
    """Choose the threshold with the best macro-F1 on tune texts, and say what is right there."""
    tune = [text for text in texts if text.part == "tune" and text.labels[0] != UNKNOWN]
    labels, scores = np.array([t.labels[0] for t in tune]), scorer([t.text for t in tune])
    steps = [step / 100 for step in range(5, 96)]
    best = max(steps, key=lambda at: f1_score(labels, scores >= at, average="macro"))
    return {
        "threshold": best,
        "hatecheck": hatecheck(data, scorer, best),
        "held_out": held_out(texts, scorer, 0, best),
    }


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


def page(result: dict[str, Any]) -> str:
    """Lay the figures out as tables."""
    about = (
        f"Encoder `{result['encoder']}`, first pass `{result['first pass']}`; a message is likely "
        f"from {result['least']} up. Made by `benchmarks/screening/encoder.py`. Right means on the "
        "right side of 0.5."
    )
    parts = ["# The second pass, measured", "", about, *_hatecheck_page(result["hatecheck"])]
    at_best = result["chosen_on_tune"]
    checked, parts_right = at_best["hatecheck"], at_best["held_out"]["all"]
    said = (
        f"At {at_best['threshold']}, which has the best macro-F1 on tune texts, as shipped: "
        f"accuracy {checked['accuracy']}, macro-F1 {checked['macro_f1']} on HateCheck; macro-F1 "
        f"{parts_right['macro_f1']} on all test parts."
    )
    parts += ["", said]
    for figure, title in (("auc", "AUC"), ("macro_f1", "macro-F1")):
        parts += ["", f"## Test parts, {title} of the abuse score", ""]
        by_way = result["held_out"]
        rows = {
            name: [one[name][figure] for one in by_way.values()] for name in by_way["first pass"]
        }
        parts += _rows("set", list(by_way), rows)
    parts += ["", "## Test parts, the encoder's other heads", ""]
    heads = {
        f"{head}, {name}": [one["texts"], one["positive"], one["auc"]]
        for head, sets in result["held_out_heads"].items()
        for name, one in sets.items()
    }
    parts += _rows("head, set", ["texts", "positive", "AUC"], heads)
    parts += ["", "## Messages a CPU second, one thread", ""]
    kinds = ["messages", "all the way", "with the early exits"]
    speeds = {name: [one[kind] for kind in kinds] for name, one in result["speed"].items()}
    parts += _rows("", kinds, speeds)
    if "messages_read" in result:
        parts += _read_page(result["messages_read"])
    return "\n".join(parts) + "\n"


def _hatecheck_page(by_way: dict[str, Any]) -> list[str]:
    figures = {
        name: [one[name] for one in by_way.values()] for name in ("accuracy", "macro_f1", "auc")
    }
    parts = ["", "## HateCheck", "", *_rows("", list(by_way), figures)]
    for title, key in (
        ("By function (`_h` hateful, `_nh` not)", "right_by_function"),
        ("By group, hateful", "right_by_group_hateful"),
        ("By group, not hateful", "right_by_group_not_hateful"),
    ):
        names = next(iter(by_way.values()))[key]
        rows = {name: [one[key][name] for one in by_way.values()] for name in names}
        parts += ["", f"### {title}", "", *_rows("", list(by_way), rows)]
    return parts


def _read_page(read: dict[str, Any]) -> list[str]:
    about = (
        f"{read['messages']:,} messages, {read['abusive']:,} of them abusive; the encoder was "
        f"asked about {read['asked of the encoder']:,} ({read['cpu_seconds']:,} CPU seconds, both "
        "passes)."
    )
    orders = ("first pass", "both", "both, abuse alone")
    rows = {name: list(read[name].values()) for name in orders}
    title = "## Messages read until a share of the abuse is found"
    return ["", title, "", about, "", *_rows("order", list(read["both"]), rows)]


def _rows(first: str, heads: list[str], rows: dict[str, list[Any]]) -> list[str]:
    lines = [f"| {first} | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for name, row in rows.items():
        cells = [f"{cell:,}" if isinstance(cell, int) else f"{cell:.3f}" for cell in row]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def freeze(result: dict[str, Any], place: Path) -> None:
    """Write the figures and their page."""
    place.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    place.with_suffix(".md").write_text(page(result))


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--mixed", action="store_true")
    arguments.add_argument("--out", type=Path, default=HERE / "encoder.json")
    given = arguments.parse_args()
    result = measure(given.data)
    freeze(result, given.out)
    if given.mixed:
        result["messages_read"] = mixed(given.data)
        freeze(result, given.out)
    print(page(result))


if __name__ == "__main__":
    main()
