from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.example.archive import zipped
from witnessbox.example.chats import CHATS, title_at
from witnessbox.example.clock import END, START, ms, share, wall
from witnessbox.example.draws import draws, weighted
from witnessbox.example.layouts import layout, stamp, wording
from witnessbox.example.model import Chat
from witnessbox.example.phones import PHONES
from witnessbox.example.phrases import fill, phrases
from witnessbox.example.roster import Roster, within

READ = {
    "android-en-gb-24": "%d/%m/%Y, %H:%M",
    "android-en-us-12": "%m/%d/%y, %I:%M\u202f%p",
    "ios-en-us-12": "%m/%d/%y, %I:%M:%S\u202f%p",
    "ios-en-gb-24": "%d/%m/%Y, %H:%M:%S",
    "ios-fr-24": "%d/%m/%Y %H:%M:%S",
    "android-de-24": "%d.%m.%y, %H:%M",
    "android-en-ie-dotted": "%d/%m/%Y, %I:%M %p",
    "android-en-gb-12": "%d/%m/%Y, %I:%M\u202f%p",
    "ios-de-24": "%d.%m.%y, %H:%M:%S",
    "android-es-spaced": "%d/%m/%y, %I:%M\u202f%p",
    "android-en-ca-iso": "%Y-%m-%d, %H:%M",
    "android-nl-24": "%d-%m-%Y %H:%M",
}


@pytest.mark.parametrize("name", READ)
@given(when=st.datetimes(datetime(2022, 1, 1), datetime(2025, 1, 1)))  # noqa: DTZ001
def test_a_stamp_reads_back_as_the_moment(name: str, when: datetime) -> None:
    form = layout(name)
    written = stamp(form, when)
    for half, plain in zip(form.halves, ("AM", "PM"), strict=True):
        written = written.replace(half, plain)
    read = datetime.strptime(written, READ[name])  # noqa: DTZ007
    seconds = when.second if "%S" in READ[name] else 0
    assert read == when.replace(second=seconds, microsecond=0)


def test_every_phone_has_a_layout_and_words_of_its_own_language() -> None:
    assert {phone.layout for phone in PHONES} == set(READ)
    words = [set(wording(layout(phone.layout).locale)) for phone in PHONES]
    assert all(keys == words[0] for keys in words)


@given(st.lists(st.integers(0, 5), min_size=1).filter(any), st.integers())
def test_nothing_without_weight_is_drawn(weights: list[int], seed: int) -> None:
    drawn = weighted(Random(seed), range(len(weights)), weights)  # noqa: S311
    assert weights[drawn] > 0


def test_draws_depend_on_seed_and_purpose() -> None:
    numbers = {draws(seed, purpose).random() for seed in (1, 2) for purpose in ("a", "b")}
    assert len(numbers) == 4
    assert draws(1, "a").random() == draws(1, "a").random()


@given(st.sampled_from(CHATS), st.integers(ms(START), ms(END)))
def test_the_roster_agrees_with_the_spells(chat: Chat, at_ms: int) -> None:
    there = {spell.officer for spell in chat.spells if within(spell, at_ms)}
    present = Roster(chat).present(at_ms)
    assert set(present) <= there
    assert len(set(present)) == len(present)
    assert len(present) >= 3


@given(st.data())
def test_no_slot_is_left_open(data: st.DataObject) -> None:
    words = phrases()
    templates = [
        *(line for family in words.families for line in family),
        *words.tails,
        *words.replies,
        *words.banter,
        *words.challenge,
        *words.laugh,
        *(planted.template for planted in words.planted),
        *(template for _, template in words.lookalikes),
    ]
    template = data.draw(st.sampled_from(templates))
    text = fill(template, Random(data.draw(st.integers())), ("Ada", "Lew", "Pri"))  # noqa: S311
    assert text
    assert not set("{}") & set(text)


def test_a_clock_that_runs_ahead_shows_a_later_time_in_its_own_zone() -> None:
    at_ms = ms(datetime(2023, 7, 1, 12, 0, tzinfo=UTC))
    assert wall(at_ms, "Europe/London", 90).isoformat() == "2023-07-01T13:01:30+01:00"
    assert wall(at_ms, "Europe/Madrid").hour == 14


def test_names_change_at_their_share_of_the_two_years() -> None:
    chat = CHATS[1]
    assert title_at(chat, 0.43) == "Late turn"
    assert title_at(chat, 0.44) == "Late turn: the survivors"
    assert share(0.0) == ms(START)
    assert share(1.0) == ms(END)


def test_an_archives_bytes_depend_on_its_members_alone() -> None:
    members = [("a/é.txt", b"one"), ("b.txt", b"two")]
    assert zipped(members) == zipped(members)
