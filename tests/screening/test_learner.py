"""The learner: rows, lessons, margins, the order it comes to, and near-duplicates."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from witnessbox.screening import learning_rows
from witnessbox.screening.alike import alike
from witnessbox.screening.context import STANDING, CodedSigns, Codings
from witnessbox.screening.learner import (
    Learned,
    Matter,
    Turn,
    batch_of,
    margin_of_any,
    pool_of,
    rankable,
    taught,
)
from witnessbox.screening.learning import (
    ANY,
    DISPUTED_WEIGHT,
    UNNAMED,
    Coded,
    Embeddings,
    Material,
    cold_signs,
    lessons,
    log_odds,
    margins_of,
)
from witnessbox.screening.learning_order import Mixture, Picked, Pool, Source, best, pick
from witnessbox.screening.learning_rows import rows_of
from witnessbox.screening.simulation import Pace, alone, part_of, play
from witnessbox.screening.weighing import margins, text_margins

TOPICS = ("rota", "kettle", "parking", "radio", "lockers", "boots", "torches")
TEXTS = [
    f"lady drivers again, remark {at}" if at % 10 == 7 else f"the {TOPICS[at % 7]}, call {at}"
    for at in range(200)
]
EVEN = Mixture(messages=20, explored=0, control=0, by_category=0)


@pytest.fixture(scope="module")
def matter() -> Matter:
    count = len(TEXTS)
    chance = np.random.default_rng(0)
    cold = log_odds(chance.random((count, 2)))
    signs = np.zeros((count, len(STANDING)), np.float32)
    rows = rows_of(pa.array(TEXTS))
    return alone(Material(rows, cold, np.arange(count), signs), np.array([5, 150, 77]))


def answer(at: int) -> Coded:
    return Coded(at, 1, int(at % 10 == 7), (("misogyny", 1),) if at % 10 == 7 else ())


def answers(*places: int) -> list[Coded]:
    return [answer(at) for at in places]


def batch(matter: Matter, coded: list[Coded], mixture: Mixture = EVEN, number: int = 1) -> Picked:
    learned = taught(matter, coded)
    pool = pool_of(matter, coded, learned)
    return batch_of(matter, coded, learned, pool, Turn(np.array([], np.int64), number, 0, mixture))


def test_a_rows_weight_is_the_same_one_by_one_and_all_at_once() -> None:
    rows = rows_of(pa.array(["about the rota", "", "tea and toast and tea"]))
    weights = np.random.default_rng(0).random(rows.words.width).astype(np.float32)
    once = rows.words.weigh(weights)
    single = rows.words.matrix(np.array([2, 0, 1])) @ weights
    assert np.allclose(once[[2, 0, 1]], single, atol=1e-5)
    assert once[1] == 0
    both = rows.words.weigh(np.stack([weights, weights * 2], 1))
    assert np.allclose(both, np.stack([once, once * 2], 1))


def test_rows_of_nothing_are_none() -> None:
    assert rows_of(pa.array([], pa.string())).texts == 0


def test_a_text_too_long_for_a_step_is_weighed_whole(monkeypatch: pytest.MonkeyPatch) -> None:

    rows = rows_of(pa.array(["a b c d e f g h", "tea"]))
    weights = np.ones(rows.words.width, np.float32)
    whole = rows.words.weigh(weights)
    monkeypatch.setattr(learning_rows, "_STEP_FEATURES", 2)
    assert np.array_equal(rows.words.weigh(weights), whole)


def test_what_is_like_the_relevant_ones_comes_first(matter: Matter) -> None:
    picked = batch(matter, answers(7, 17, 27, 1, 2, 3))
    first = picked.message[:15].tolist()
    assert sum(at % 10 == 7 for at in first) == 15
    assert not {7, 17, 27, 77} & set(picked.message.tolist())


def test_weighing_some_is_weighing_all(matter: Matter) -> None:
    coded = answers(7, 17, 1, 2)
    learned = taught(matter, coded)
    none = np.zeros((matter.messages, 4), np.float32)
    some = np.array([9, 27, 180])
    nothing = CodedSigns(matter.setting, Codings(np.empty(0, np.int64), np.empty(0, np.float32)))
    of_text = text_margins(learned.weights, matter.material)
    whole = slice(0, matter.messages)
    every = margins(learned.weights, matter.material, of_text, nothing, whole)[0]
    assert np.allclose(
        margins_of(learned.weights[0], matter.material, some, none[some]), every[some], atol=1e-4
    )


def test_an_embedding_is_weighed_where_there_is_one(matter: Matter) -> None:
    sevens = np.arange(7, len(TEXTS), 10)
    shown = Embeddings(sevens, np.ones((len(sevens), 1), np.float16))
    plain = replace(matter.material.rows.words, columns=matter.material.rows.words.columns * 0)
    rows = replace(matter.material.rows, words=plain, runs=plain)
    told = replace(matter, material=replace(matter.material, rows=rows, embeddings=shown))
    picked = batch(told, answers(7, 17, 27, 1, 2, 3))
    assert sum(at % 10 == 7 for at in picked.message[:15].tolist()) == 15


def test_with_nothing_coded_cold_scores_make_the_order(matter: Matter) -> None:
    picked = batch(matter, [])
    cold = matter.material.cold[:, 0].copy()
    cold[matter.control] = -np.inf
    assert picked.message.tolist() == np.argsort(-cold, kind="stable")[:20].tolist()


def test_a_category_without_a_score_counts_as_one_in_twenty_and_the_best_score_as_it_is() -> None:
    cold = cold_signs(np.array([[0.5, 0.0, 0.9], [0.001, 0.0, 0.0]]))
    assert cold[0].tolist() == pytest.approx([2.197, 0.0, UNNAMED, 2.197], abs=0.001)
    assert cold[1].tolist() == pytest.approx([-6.907, UNNAMED, UNNAMED, UNNAMED], abs=0.001)


def test_a_category_wrong_in_a_few_codings_does_not_send_its_other_texts_to_the_end() -> None:
    scores = np.full((80, 2), [0.05, 0.0])  # nothing much
    scores[:40] = [0.8, 0.0]  # likely
    scores[40:50] = [0.8, 0.7]  # likely, and of the second category
    texts = rows_of(pa.array(["remark"] * 80))
    signs = np.zeros((80, len(STANDING)), np.float32)
    given = alone(Material(texts, cold_signs(scores), np.arange(80), signs), np.array([], np.int64))
    coded = [*(Coded(at, 1, 1) for at in range(10)), *(Coded(at, 1, 0) for at in range(40, 43))]
    learned = taught(given, [*coded, Coded(60, 1, 0), Coded(61, 1, 0)])
    likely, named, unlikely = margin_of_any(given, learned, np.array([20, 45, 70]))
    assert likely > named > unlikely


def test_only_one_sort_of_coding_teaches_nothing(matter: Matter) -> None:
    assert taught(matter, answers(1, 2, 3)).weights == ()


def test_a_dispute_counts_for_both_sides_and_less() -> None:
    (lesson,) = lessons([Coded(0, 2, 1), Coded(1, 1, 1), Coded(2, 1, 0)])
    assert lesson.yes.tolist() == [0.5, 1, 0]
    assert lesson.weight.tolist() == [DISPUTED_WEIGHT, 1, 1]


def test_a_category_is_asked_about_once_it_was_coded_often_enough() -> None:
    coded = [answer(at) for at in range(100)]
    assert [one.question for one in lessons(coded)] == [ANY, "misogyny"]
    assert [one.question for one in lessons(coded, least=11)] == [ANY]


def test_control_messages_teach_nothing(matter: Matter) -> None:
    with_control = taught(matter, answers(7, 17, 1, 2, 77))
    without = taught(matter, answers(7, 17, 1, 2))
    assert np.array_equal(with_control.weights[0].words, without.weights[0].words)
    assert not rankable(matter, [])[77]


def test_a_batch_is_mixed_of_ranked_explored_and_control(matter: Matter) -> None:
    mixture = Mixture(messages=20, explored=0.1, control=0.1, by_category=0.5)
    coded = [answer(at) for at in range(118)]
    picked = batch(matter, coded, mixture)
    assert picked.source.count(Source.CONTROL) == 1  # of the sample, only 150 is unread
    assert picked.source.count(Source.EXPLORED) == 2
    assert picked.question.count("misogyny") == 8
    assert len(set(picked.message.tolist())) == 20


def test_the_same_seed_explores_the_same_and_another_round_others(matter: Matter) -> None:
    mixture = Mixture(messages=20, explored=0.5, control=0, by_category=0)
    coded = answers(7, 17, 1, 2)
    one, again = batch(matter, coded, mixture), batch(matter, coded, mixture)
    other = batch(matter, coded, mixture, number=2)
    assert one.message.tolist() == again.message.tolist()
    assert set(one.message.tolist()) != set(other.message.tolist())


def test_few_are_drawn_of_many_without_listing_them() -> None:
    count = 5000
    pool = Pool(np.array([], np.int64), {ANY: np.array([], np.float32)})
    free = np.ones(count, np.bool_)
    free[::2] = False
    mixture = Mixture(messages=10, explored=1, control=0)
    picked = pick(pool, np.arange(count), free, np.array([], np.int64), mixture, (0, 1))
    assert len(set(picked.message.tolist())) == 10
    assert all(free[picked.message])


def test_no_two_of_a_batch_say_the_same() -> None:
    pool = Pool(np.arange(6), {ANY: np.array([5, 4, 3, 2, 1, 0], np.float32)})
    said = np.array([0, 0, 1, 1, 2, 2])
    mixture = Mixture(messages=5, explored=0, control=0)
    picked = pick(pool, said, np.ones(6, np.bool_), np.array([], np.int64), mixture, (0, 1))
    assert picked.message.tolist() == [0, 2, 4]


def test_single_categories_choose_by_turns_until_they_have_no_more() -> None:
    pool = Pool(
        np.arange(4),
        {
            ANY: np.array([4, 3, 2, 1], np.float32),
            "common": np.array([3, 2, 1, 0.5], np.float32),
            "rare": np.array([-1, -1, -1, 9], np.float32),
        },
    )
    free = np.array([True, False, False, True])
    mixture = Mixture(messages=4, explored=0, control=0, by_category=1)
    picked = pick(pool, np.arange(4), free, np.array([], np.int64), mixture, (0, 1))
    assert list(zip(picked.message.tolist(), picked.question, strict=True)) == [
        (3, "rare"),
        (0, "common"),
    ]


def test_the_best_are_the_highest_and_ties_go_by_place() -> None:
    margin = np.array([1, 3, 3, 3, 2], np.float32)
    free = np.array([True, True, False, True, True])
    assert best(margin, free, 2).tolist() == [1, 3]
    assert best(margin, free, 9).tolist() == [1, 3, 4, 0]
    assert best(margin, free, 0).tolist() == []


def test_texts_of_nearly_the_same_words_are_alike_and_short_ones_are_not_compared() -> None:
    said = "please put the kettle on before the late shift begins tonight"
    rows = rows_of(pa.array([said, said.upper() + "!!", said + " ok", "ok", "ok", ""]))
    every = np.arange(rows.texts)
    found = dict(alike(rows, 0, every))
    assert found[1] == 1
    assert 0.6 < found[2] < 1
    assert 3 not in found
    assert alike(rows, 3, every) == ()


def test_a_simulated_review_finds_them_early_and_says_what_was_read(matter: Matter) -> None:
    known = [answer(at) for at in range(len(TEXTS))]
    whole = part_of(matter, np.arange(len(TEXTS)))
    played = play(whole, known, Pace(EVEN), 0)
    assert played.all_relevant == 20
    at_half, at_most = played.reads(0.5), played.reads(0.95)
    assert at_half is not None
    assert at_most is not None
    assert at_half < at_most < 120
    assert played.met(0.95) == 19
    assert play(whole, known, Pace(EVEN), 0).order.tolist() == played.order.tolist()


def test_a_share_that_was_never_found_has_no_figure(matter: Matter) -> None:
    whole = part_of(matter, np.arange(len(TEXTS)))
    played = play(whole, [answer(at) for at in range(200)], Pace(EVEN, until=0.1), 0)
    assert played.reads(0.99) is None
    assert played.met(0.99) is None


def test_a_part_keeps_answers_within_it(matter: Matter) -> None:
    answers = np.full(len(TEXTS), -1)
    answers[[4, 6]] = 2, 3
    told = replace(matter, setting=replace(matter.setting, answers=answers))
    assert part_of(told, np.array([2, 4, 6])).setting.answers.tolist() == [-1, 0, -1]


def test_learned_without_weights_ranks_by_cold_scores(matter: Matter) -> None:
    nothing = Learned((), taught(matter, []).codings)
    pool = pool_of(matter, [], nothing, size=3)
    assert len(pool) == 3
