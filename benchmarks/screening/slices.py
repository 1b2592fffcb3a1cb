"""Error rates by who is named, what kind of speech it is, and which dialect.

    python -m benchmarks.screening.slices DATA

On the held-out test parts, and on HateCheck, which is only reported.  Of each slice: how often a
text coded harmless scores 0.5 and over (a false alarm), and how often one coded abuse scores under
it (a miss), each with the counts and the exact 95% interval (Clopper & Pearson 1934).

Dialect is a proxy and no more: a text counts as in a dialect if it holds a word that is common in
it and rare outside (after Blodgett, Green & O'Connor 2016 for African-American English).  Who wrote
a text is not known.  Writes ``slices.json`` beside this file.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.screening.run import by_abuse
from scipy.stats import beta
from scripts.train_screening import UNKNOWN, read_texts

from witnessbox.screening.features import extract, words_of
from witnessbox.screening.model import CATEGORIES, EntryKind
from witnessbox.screening.normalise import clean
from witnessbox.screening.scoring import Screener, shipped

HERE = Path(__file__).parent
THRESHOLD = 0.5

DIALECTS = {
    "African-American English": (
        "aint finna tryna gon ion iont dat dis dem dey dese wit nun yall bruh ima imma talmbout "
        "bouta bout nuthin sumn wassup ight aight homie lawd chile ya'll"
    ),
    "informal British English": (
        "innit bruv mate mates lad lads bloke blokes owt nowt summat wee aye ye bollocks knackered "
        "gutted cheers blimey daft nae cannae didnae"
    ),
}

SPEECH = {
    "neutral mention of a group": ("ident_neutral_nh",),
    "kind words about a group": ("ident_pos_nh",),
    "counter-speech that quotes hate": ("counter_quote_nh",),
    "counter-speech that refers to hate": ("counter_ref_nh",),
    "reclaimed slurs": ("slur_reclaimed_nh",),
    "innocent homonyms of slurs": ("slur_homonym_nh",),
    "denied hate": ("negate_neg_nh",),
    "swearing that is no abuse": ("profanity_nh",),
}

Mask = npt.NDArray[np.bool_]


def share(events: int, of: int) -> dict[str, Any]:
    """Give a share with its counts and its exact 95% interval."""
    low = float(beta.ppf(0.025, events, of - events + 1)) if events else 0.0
    high = float(beta.ppf(0.975, events + 1, of - events)) if events < of else 1.0
    return {
        "events": events,
        "texts": of,
        "share": round(events / of, 3) if of else None,
        "interval": [round(low, 3), round(high, 3)] if of else None,
    }


def rates(labels: npt.NDArray[np.int64], scores: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Give false alarms among harmless texts and misses among abusive ones."""
    said = scores >= THRESHOLD
    harmless, abusive = labels == 0, labels == 1
    return {
        "false_alarms": share(int(said[harmless].sum()), int(harmless.sum())),
        "misses": share(int((~said[abusive]).sum()), int(abusive.sum())),
    }


def groups_named(texts: list[str], screener: Screener) -> dict[str, Mask]:
    """Say of each text which groups it names, by the lexicon's group entries; and which none."""
    found = screener.lexicon
    stream = clean(pa.array(texts, pa.string()))
    hits = found.find(stream, extract(stream))
    group = np.array([entry.kind is EntryKind.GROUP for entry in found.entries])
    of, category = stream.message[hits.first], found.category[hits.entry]
    named: dict[str, Mask] = {}
    for place, name in enumerate(CATEGORIES):
        held = np.zeros(len(texts), np.bool_)
        held[of[group[hits.entry] & (category == place)]] = True
        if held.any():
            named[f"group of {name}"] = held
    named["no group"] = ~np.any(list(named.values()), axis=0)
    return named


def dialects(texts: list[str]) -> dict[str, Mask]:
    """Say of each text which dialect's words it holds."""
    stream = clean(pa.array(texts, pa.string()))
    words = words_of(stream)
    named: dict[str, Mask] = {}
    for name, markers in DIALECTS.items():
        marks = words_of(clean(pa.array(markers.split(), pa.string())))
        held = np.zeros(len(texts), np.bool_)
        held[stream.message[np.isin(words, marks)]] = True
        named[name] = held
    named["neither"] = ~np.any(list(named.values()), axis=0)
    return named


def measure(data: Path) -> dict[str, Any]:
    """Measure every slice."""
    screener = shipped()
    scorer = by_abuse(screener)
    test = [one for one in read_texts(data) if one.part == "test" and one.labels[0] != UNKNOWN]
    texts = [one.text for one in test]
    labels, scores = np.array([one.labels[0] for one in test]), scorer(texts)
    check = pq.read_table(data / "hatecheck.parquet").to_pylist()
    functions = np.array([row["functionality"] for row in check])
    said = scorer([row["text"] for row in check]) >= THRESHOLD
    return {
        "model": screener.version,
        "threshold": THRESHOLD,
        "all": rates(labels, scores),
        "by_group_named": {
            name: rates(labels[held], scores[held])
            for name, held in groups_named(texts, screener).items()
        },
        "by_dialect": {
            name: rates(labels[held], scores[held]) for name, held in dialects(texts).items()
        },
        "hatecheck_false_alarms": {
            name: share(int(said[mine].sum()), int(mine.sum()))
            for name, wanted in SPEECH.items()
            for mine in (np.isin(functions, wanted),)
        },
    }


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--out", type=Path, default=HERE / "slices.json")
    given = arguments.parse_args()
    given.out.write_text(json.dumps(measure(given.data), indent=1) + "\n")


if __name__ == "__main__":
    main()
