"""What is decided before messages are laid together: groups, clocks, names."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reconcile.chats import MINUTE, SECOND, Phone, Said, chat, rows, source
from witnessbox.reconcile.blocking import agreeing_around, conversations
from witnessbox.reconcile.chains import HOUR_MS
from witnessbox.reconcile.model import Plan
from witnessbox.reconcile.names import is_number, label, plain_name
from witnessbox.reconcile.normalise import fold_word
from witnessbox.reconcile.plan import plan, title
from witnessbox.reconcile.sketch import sketch

ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND)
BEN = Phone("ben", ("~ A", "Benny", "Cyrus", "07700 900123", "El"), MINUTE)


def planned(*copies: tuple[list[Said], Phone]) -> Plan:
    ordered = sorted(copies, key=lambda it: source(it[1]).copy)
    return plan([source(p) for _, p in ordered], [sketch(rows(s, p)) for s, p in ordered])


def greetings(phone: Phone, others: list[Said]) -> tuple[list[Said], Phone]:
    """A chat of other talk in which the same greetings are said at the same times."""
    shared = {i: replace(others[i], text=f"ok {i}") for i in (0, 1)}
    return [shared.get(i, one) for i, one in enumerate(others)], phone


def test_groups_that_share_a_greeting_stay_apart() -> None:
    first = greetings(ANA, chat(60, seed=1))
    second = greetings(replace(BEN, title="Green"), chat(60, seed=2))
    assert len(planned(first, second).conversations) == 2


def test_groups_that_share_forwarded_texts_at_other_times_stay_apart() -> None:
    first, second = chat(300, seed=1), chat(300, seed=2)
    for i in range(20):
        text = f"have you all seen this long joke number {i}"
        first[i * 10] = replace(first[i * 10], kind="text", text=text, who=1)
        second[i * 13] = replace(second[i * 13], kind="text", text=text, who=2)
    assert len(planned((first, ANA), (second, replace(BEN, title="Green"))).conversations) == 2


def test_copies_in_another_zone_with_another_title_come_together() -> None:
    said = chat(200)
    made = planned((said, ANA), (said, replace(BEN, title="The lads", skew_ms=5 * HOUR_MS)))
    assert len(made.conversations) == 1


def test_short_windows_that_overlap_a_little_come_together() -> None:
    said = chat(400)
    made = planned((said, replace(ANA, last=210)), (said, replace(BEN, first=190)))
    assert len(made.conversations) == 1


def test_two_messages_in_common_are_enough_only_under_one_title() -> None:
    said = [replace(one, kind="text", text=f"lamp {one.number}", who=0) for one in chat(2)]
    assert len(planned((said, ANA), (said, BEN)).conversations) == 1
    assert len(planned((said, ANA), (said, replace(BEN, title="Green"))).conversations) == 2


def test_another_platform_is_another_conversation() -> None:
    said = chat(100)
    sources = [source(ANA), replace(source(BEN), platform="messenger")]
    assert conversations(sources, [sketch(rows(said, p)) for p in (ANA, BEN)]) == [(0,), (1,)]


def test_one_thread_id_holds_copies_together_that_share_little() -> None:
    said = chat(40)
    sources = [replace(source(p), thread="120363000000000001@g.us") for p in (ANA, BEN)]
    apart = [replace(ANA, last=15), replace(BEN, first=25)]
    assert conversations(sources, [sketch(rows(said, p)) for p in apart]) == [(0, 1)]


@given(st.integers(-(10**10), 10**10), st.integers(-40_000, 40_000))
def test_of_a_few_texts_an_hour_of_summer_time_does_not_count(base: int, jitter: int) -> None:
    differences = np.array([0, 60_000, HOUR_MS + jitter, 1_800_000], np.int64) + base
    agreeing = agreeing_around(differences, np.arange(4))
    assert agreeing.tolist() == [True, True, True, False]


@given(st.permutations(range(60)), st.integers(-40_000, 40_000))
def test_a_text_agrees_with_those_around_it_while_the_clock_drifts_and_steps(
    order: list[int], drift: int
) -> None:
    places = np.array(order, np.int64)
    differences = places * drift + np.where(places >= 30, HOUR_MS * 5, 0)
    differences[places == 17] += 10**9
    agreeing = agreeing_around(differences, places)
    assert set(places[~agreeing].tolist()) == {17}


def test_the_thread_of_a_chat_of_two_is_not_that_of_another_phone_with_the_same_friend() -> None:
    thread = "447700900123@s.whatsapp.net"
    first, second = (
        replace(source(phone), thread=thread, custodian=name)
        for phone, name in ((ANA, "Ana"), (BEN, "Ben"))
    )
    sketches = [sketch(rows(chat(40, seed=1), ANA)), sketch(rows(chat(40, seed=2), BEN))]
    assert conversations([first, second], sketches) == [(0,), (1,)]
    group = [replace(one, thread="120363000000000001@g.us") for one in (first, second)]
    assert conversations(group, [sketch(rows(chat(3, seed=s), ANA)) for s in (1, 2)]) == [(0, 1)]


@pytest.mark.parametrize(
    ("names", "own", "shown"),
    [
        ({"Ana": (1, 5), "~ Annie": (3, 50), "07700 900111": (2, 90)}, (), "Ana"),
        ({"~ Annie": (1, 5), "07700 900111": (2, 90)}, (), "~ Annie"),
        ({"Skip": (3, 5), "Alan Moss": (1, 2)}, ("Alan Moss",), "Alan Moss"),
        ({"Skip": (1, 5), "Alan Moss": (1, 2)}, (), "Alan Moss"),
        ({"07700 900111": (1, 1)}, (), "07700 900111"),
    ],
)
def test_the_label_is_the_best_name(
    names: dict[str, tuple[int, int]], own: tuple[str, ...], shown: str
) -> None:
    assert label(names, own) == shown


def test_names_are_compared_without_marks_and_numbers_by_their_digits() -> None:
    assert plain_name("~\u202fZoë ") == "zoe"
    assert plain_name("+44 7700 900111") == plain_name("\u202a+44\u00a07700\u00a0900111\u202c")
    assert not is_number("Unit 7700900")
    assert fold_word("Ｃａｆé\u200d \u00a0 Noir") == "cafe noir"


def test_a_number_is_one_person_in_every_conversation() -> None:
    blue, green = chat(100, seed=1), chat(100, seed=2)
    other = replace(BEN, name="other", title="Green", custodian="Cy")
    made = planned((blue, replace(BEN, custodian="Ben")), (green, other))
    people = [{name.name: name.person for name in c.copies[0].names} for c in made.conversations]
    assert people[0]["07700 900123"] == people[1]["07700 900123"]
    assert people[0]["Benny"] != people[1]["Benny"]


def test_one_phone_calls_one_person_one_name_in_every_conversation() -> None:
    first = replace(ANA, custodian="Ana Holt")
    made = planned(
        (chat(100, seed=1), first), (chat(100, seed=2), replace(first, name="x", title="Green"))
    )
    people = [
        {name.name: (name.person, name.owner) for name in c.copies[0].names}
        for c in made.conversations
    ]
    assert people[0] == people[1]
    assert [name for name, (_, owner) in people[0].items() if owner] == ["Ana"]


def test_speakers_without_texts_of_their_own_are_matched_by_name() -> None:
    said = chat(200)
    said = [replace(one, text="ok", kind="text") if one.who == 4 else one for one in said]
    both = replace(BEN, names=("A", "B", "C", "D", "eli"))
    (made,) = planned((said, ANA), (said, both)).conversations
    persons = {name.name: name.person for copy in made.copies for name in copy.names}
    assert persons["Eli"] == persons["eli"]


def test_the_title_most_copies_use_is_shown() -> None:
    assert title([("Blue", 5), ("Lads", 90), ("Blue", 5)]) == "Blue"
    assert title([("", 5), ("Lads", 1)]) == "Lads"
