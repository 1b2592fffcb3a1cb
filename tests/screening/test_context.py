"""Signs of context: what stands around a message, what was coded near it, and what is no sign."""

from dataclasses import replace

import numpy as np

from witnessbox.screening.context import (
    LEARNED,
    NAMES,
    STANDING,
    Codings,
    Floats,
    Setting,
    banter_said,
    learned_signs,
    reasons,
    standing_signs,
)


def setting(messages: int = 8, conversations: int = 1) -> Setting:
    count = messages * conversations
    nothing = np.zeros(count, np.float32)
    return Setting(
        conversation=np.repeat(np.arange(conversations), messages),
        sender=np.arange(count) % 3,
        text=np.arange(count),
        answers=np.full(count, -1),
        laughs=nothing,
        reactions=nothing,
        hour=np.full(count, 12, np.int8),
    )


def scores(count: int, **high: float) -> Floats:
    result = np.zeros(count, np.float32)
    for place, score in high.items():
        result[int(place[1:])] = score
    return result


def coded(*pairs: tuple[int, float]) -> Codings:
    return Codings(
        np.array([at for at, _ in pairs], np.int64), np.array([yes for _, yes in pairs], np.float32)
    )


def sign(signs: Floats, name: str) -> list[float]:
    names = STANDING if signs.shape[1] == len(STANDING) else LEARNED
    return [round(one, 4) for one in signs[:, names.index(name)].tolist()]


def test_a_high_score_is_felt_on_either_side_and_halves_with_each_step() -> None:
    signs = standing_signs(setting(), scores(8, _3=0.8))
    assert sign(signs, "before") == [0, 0, 0, 0, 0.4, 0.2, 0.1, 0.05]
    assert sign(signs, "behind") == [0.1, 0.2, 0.4, 0, 0, 0, 0, 0]


def test_another_conversation_is_not_nearby() -> None:
    signs = standing_signs(setting(4, 2), scores(8, _3=0.8))
    assert sign(signs, "before")[4] == 0
    assert sign(learned_signs(setting(4, 2), coded((3, 1.0))), "nearby")[4] == 0


def test_an_answer_takes_note_of_what_it_answers_and_that_of_being_answered() -> None:
    answers = np.full(8, -1)
    answers[5] = 1
    signs = standing_signs(replace(setting(), answers=answers), scores(8, _1=0.9))
    assert sign(signs, "answers")[5] == 0.9
    assert sign(signs, "replied-to")[1] > 0


def test_laughter_and_the_hour_are_signs() -> None:
    laughs = scores(8, _2=3)
    hour = np.array([23, 2, 12, 12, 12, 12, 12, -1], np.int8)
    signs = standing_signs(replace(setting(), laughs=laughs, hour=hour), scores(8))
    assert sign(signs, "laughed-at")[2] == 1
    assert sign(signs, "night") == [1, 1, 0, 0, 0, 0, 0, 0]


def test_no_message_at_all_has_no_signs() -> None:
    assert standing_signs(setting(0), scores(0)).shape == (0, len(STANDING))


def test_a_person_whose_messages_were_coded_relevant_is_looked_at_more() -> None:
    signs = learned_signs(setting(), coded((0, 1.0), (3, 1.0), (1, 0.0), (4, 0.0)))
    sender = sign(signs, "sender")
    assert sender[6] > 0 > sender[7]
    assert sender[5] == 0  # nothing of this person was coded


def test_a_message_does_not_speak_for_itself() -> None:
    signs = learned_signs(setting(), coded((0, 1.0)))
    assert sign(signs, "sender")[0] == 0
    assert sign(signs, "same-words")[0] == 0
    assert sign(signs, "nearby")[0] == 0
    assert sign(signs, "nearby")[1] > sign(signs, "nearby")[3] > 0


def test_the_same_words_elsewhere_are_a_sign() -> None:
    text = np.arange(8)
    text[6] = text[2]
    signs = learned_signs(replace(setting(), text=text), coded((2, 1.0), (1, 0.0)))
    assert sign(signs, "same-words")[6] > 0.3


def test_signs_of_some_messages_are_those_of_all() -> None:
    codings = coded((0, 1.0), (3, 0.5), (4, 0.0))
    some = np.array([3, 6, 1])
    assert np.array_equal(
        learned_signs(setting(), codings, some), learned_signs(setting(), codings)[some]
    )


def test_banter_is_shown_and_is_no_sign() -> None:
    """No sign is made from texts, so no word can take anything off a score."""
    assert banter_said(["It was only BANTER mate", None]) == ("banter",)
    assert banter_said(["see you at eight"]) == ()
    assert not any("banter" in name for name in NAMES)


def test_reasons_are_said_in_words_for_what_speaks_for_reading() -> None:
    row = np.zeros(len(NAMES), np.float32)
    assert reasons(row) == ()
    row[NAMES.index("laughed-at")] = 1
    row[NAMES.index("night")] = 1
    row[NAMES.index("sender")] = -0.5
    assert reasons(row) == ("somebody laughed at it",)
