"""The stopping benchmark runs, and what it froze says what the documentation says."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.screening import stopping

from witnessbox.screening.stopping import TARGET_RECALL

FROZEN = json.loads((Path(stopping.__file__).parent / "stopping_results.json").read_text())
OURS = "sealed sample (ours)"


@pytest.fixture
def places() -> stopping.Places:
    return stopping.review_of(stopping.CURVES["active learning, 1%"], np.random.default_rng(3))


def test_a_review_is_an_order_in_which_each_place_holds_one_message(
    places: stopping.Places,
) -> None:
    assert len(set(places.tolist())) == 1987
    assert places.tolist() == sorted(places.tolist())
    assert 0 <= places[0] <= places[-1] < stopping.MESSAGES


def test_reviews_follow_the_curve_they_are_drawn_from() -> None:
    chance = np.random.default_rng(0)
    curve = stopping.CURVES["active learning, 1%"]
    ideals = [stopping.ideal(stopping.review_of(curve, chance)) for _ in range(30)]
    assert abs(np.mean(ideals) / 39249 - 1) < 0.06


@pytest.mark.parametrize("title", [name for name in stopping.RULES if name != "buscar"])
def test_every_rule_ends_a_review(title: str, places: stopping.Places) -> None:
    stop = stopping.RULES[title](places, np.random.default_rng(1))
    assert 0 < stop.read <= stopping.MESSAGES
    assert stop.found <= len(places)
    if title == OURS:
        assert stop.found >= TARGET_RECALL * len(places)


def test_a_saved_order_can_be_reviewed() -> None:
    order = np.zeros(1000, np.bool_)
    order[::10] = True
    drawn = stopping.review_like(order, np.random.default_rng(0))
    assert len(set(drawn.tolist())) == 100


@pytest.mark.parametrize("curve", stopping.CURVES)
def test_the_frozen_rules_that_promise_hold_their_promise(curve: str) -> None:
    held = {name: FROZEN[curve][name]["at_or_above_target"] for name in stopping.RULES}
    assert held[OURS] >= 0.95
    assert held["quantile rule, r = 100"] >= 0.95


def test_the_explanation_shows_the_frozen_figures() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "recall.md").read_text()
    for line in stopping.table(FROZEN):
        assert line in page
