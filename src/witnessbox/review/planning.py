"""Plans: what a review would take, played through on messages whose codings are known.

The messages are those that stand coded in the operation (a pilot), or a table of texts with what
was found in them.  Each seed plays the review through on another four fifths of them.  What is read
is also given as a share: it holds for the whole operation as far as the coded messages are like it,
which they are where they were drawn by lot.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa

from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import ReviewError
from witnessbox.review.record import standing
from witnessbox.review.rounds import coded_of
from witnessbox.screening.context import STANDING
from witnessbox.screening.learner import Matter
from witnessbox.screening.learning import Coded, Material, cold_signs
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.learning_rows import rows_of
from witnessbox.screening.learning_store import ready
from witnessbox.screening.scoring import by_category, score_texts, shipped
from witnessbox.screening.simulation import Pace, Played, alone, part_of, play

TARGETS = (0.8, 0.95, 0.99)
LEAST_RELEVANT = 5
_KEPT = 0.8
_YES, _NO = ("1", "yes", "true"), ("", "0", "no", "false")


@dataclass(frozen=True, slots=True)
class Team:
    """Who reads, how fast, and how much of what hurts one person may meet in a day."""

    readers: int = 2
    per_hour: int = 300  # messages
    hours_a_day: float = 5.0
    limit: int = 200  # relevant messages a reader meets in a day at most


@dataclass(frozen=True, slots=True)
class Plan:
    """What one recall would take: the middle of all seeds, and the least and the most."""

    recall: float
    reads: int
    least: int
    most: int
    share: float  # of the messages
    hours: float  # of all readers together
    relevant: int  # relevant messages that somebody reads
    days: float  # with these readers, within hours and limit
    relevant_a_day: float  # for each reader, over these days


@dataclass(frozen=True, slots=True)
class Pilot:
    """Messages whose codings are known."""

    matter: Matter
    answers: tuple[Coded, ...]

    @property
    def relevant(self) -> int:
        """Count the relevant ones."""
        return sum(one.relevant > 0 for one in self.answers)


def of_operation(folder: Folder, ledger: Ledger) -> Pilot:
    """Take the messages that stand coded in an operation."""
    named = ready(folder)
    coded = coded_of(standing(folder, ledger), named.find)
    places = np.array([one.message for one in coded], np.int64)
    return Pilot(part_of(named.matter, places), _renumbered(coded))


def of_file(path: Path) -> Pilot:
    """Read texts with what was found in them: CSV with the columns ``text`` and ``relevant``.

    Raises ReviewError where it cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [(row.get("text"), row.get("relevant")) for row in csv.DictReader(stream)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReviewError(f"{path} cannot be read: {error}; check the file") from error
    for line, (text, said) in enumerate(rows, 2):
        if text is None or said is None or said.strip().lower() not in _YES + _NO:
            raise ReviewError(
                f"{path.name} line {line}: it needs a text, and yes or no as relevant; correct it"
            )
    texts = pa.array([text for text, _ in rows], pa.string()).dictionary_encode()
    answers = tuple(
        Coded(at, 1, int((said or "").strip().lower() in _YES)) for at, (_, said) in enumerate(rows)
    )
    of = texts.indices.to_numpy(zero_copy_only=False)
    material = Material(
        rows_of(texts.dictionary),
        cold_signs(by_category(score_texts(texts.dictionary, shipped()), len(texts.dictionary))),
        of,
        np.zeros((len(of), len(STANDING)), np.float32),
    )
    return Pilot(alone(material, np.array([], np.int64)), answers)


def plans(known: Pilot, team: Team, seeds: int, mixture: Mixture | None = None) -> tuple[Plan, ...]:
    """Play the review through once a seed and say what each target would take.

    Raises ReviewError where too few relevant messages are known to say anything.
    """
    if known.relevant < LEAST_RELEVANT:
        raise ReviewError(
            f"{known.relevant} relevant messages are coded; a plan needs {LEAST_RELEVANT} or more: "
            "code some more, or give a file with --labels"
        )
    pace = Pace(mixture or Mixture(control=0), until=max(TARGETS))
    played = [_played(known, pace, seed) for seed in range(seeds)]
    return tuple(_plan(target, played, len(known.answers), team) for target in TARGETS)


def _played(known: Pilot, pace: Pace, seed: int) -> tuple[Played, int]:
    count = len(known.answers)
    chance = np.random.default_rng(seed)
    kept = np.sort(chance.permutation(count)[: max(round(_KEPT * count), 1)])
    answers = _renumbered([known.answers[at] for at in kept])
    return play(part_of(known.matter, kept), answers, pace, seed), len(kept)


def _renumbered(coded: Sequence[Coded]) -> tuple[Coded, ...]:
    return tuple(replace(one, message=at) for at, one in enumerate(coded))


def _plan(target: float, played: Sequence[tuple[Played, int]], count: int, team: Team) -> Plan:
    whole = [
        (reads * count / size, (one.met(target) or 0) * count / size)
        for one, size in played
        for reads in [one.reads(target) or size]
    ]
    reads = [round(one) for one, _ in whole]
    middle, relevant = round(median(reads)), round(median(met for _, met in whole))
    hours = middle / team.per_hour
    by_hours = hours / (team.readers * team.hours_a_day)
    days = max(by_hours, relevant / (team.readers * team.limit))
    return Plan(
        recall=target,
        reads=middle,
        least=min(reads),
        most=max(reads),
        share=round(middle / count, 4),
        hours=round(hours, 1),
        relevant=relevant,
        days=round(days, 1),
        relevant_a_day=round(relevant / (team.readers * max(days, 1)), 1),
    )
