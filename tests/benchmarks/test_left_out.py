"""Figures on a left-out set: a lead is what it is, and comes with how sure it is."""

import numpy as np
from benchmarks.screening.left_out_figures import (
    RESAMPLES,
    best_threshold,
    closed,
    compared,
    mean,
    resampled,
)
from sklearn.metrics import f1_score

CHANCE = np.random.default_rng(5)
LABELS = (CHANCE.random(400) < 0.3).astype(np.int64)
GOOD = np.clip(LABELS * 0.5 + CHANCE.random(400) * 0.6, 0, 1)
POOR = CHANCE.random(400)


def test_a_lead_is_the_difference_in_macro_f1() -> None:
    good, poor = GOOD >= 0.5, POOR >= 0.5
    lead = resampled(LABELS, (good, poor), np.random.default_rng(0))
    expected = f1_score(LABELS, good, average="macro") - f1_score(LABELS, poor, average="macro")
    assert len(lead) == 1 + RESAMPLES
    assert abs(lead[0] - expected) < 1e-12


def test_resamples_spread_as_texts_drawn_again_do() -> None:
    good, poor = GOOD >= 0.5, POOR >= 0.5
    drawn = []
    for _ in range(300):
        at = CHANCE.integers(len(LABELS), size=len(LABELS))
        drawn.append(
            f1_score(LABELS[at], good[at], average="macro")
            - f1_score(LABELS[at], poor[at], average="macro")
        )
    lead = resampled(LABELS, (good, poor), np.random.default_rng(0))[1:]
    assert abs(np.std(lead) / np.std(drawn) - 1) < 0.2
    assert abs(np.mean(lead) - np.mean(drawn)) < 0.01


def test_a_model_has_no_lead_over_itself() -> None:
    lead = resampled(LABELS, (GOOD >= 0.5, GOOD >= 0.5), np.random.default_rng(0))
    assert not lead.any()


def test_the_best_threshold_parts_what_can_be_parted() -> None:
    scores = np.where(LABELS == 1, 0.62, 0.6)
    assert best_threshold(LABELS, scores) in {0.61, 0.62}


def test_the_mean_counts_every_set_once_and_narrows_the_interval() -> None:
    said = {"linear": POOR, "encoder": GOOD}
    best = {"linear": 0.5, "encoder": 0.5}
    sets = [compared(LABELS, said, best, np.random.default_rng(seed)) for seed in range(9)]
    one, all_of_them = closed(sets[0])["encoder"], closed(mean(sets))["encoder"]
    assert one["macro_f1"] == all_of_them["macro_f1"]
    true, low, high = all_of_them["over"]
    assert one["over"][1] < low < true < high < one["over"][2]
