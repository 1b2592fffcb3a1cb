"""Disguises come off, and every word still knows its place in the text as written."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from witnessbox.screening.normalise import Stream, clean


def cleaned(*texts: str | None) -> list[str]:
    stream = clean(pa.array(texts, pa.string()))
    whole = "".join(map(chr, stream.codes))
    assert whole[0] == whole[-1] == "\n"
    return [" ".join(text.split()) for text in whole[1:].split("\n")[:-1]]


def words(stream: Stream) -> list[str]:
    return [
        bytes(stream.written[first:end]).decode()
        for first, end in zip(stream.first_byte, stream.end_byte, strict=True)
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CAFÉ Noël", "cafe noel"),
        ("ｆｏｏｌ 𝐟𝐨𝐨𝐥 ⓕⓞⓞⓛ", "fool fool fool"),
        ("fo\u200bol f\u00adool", "fool fool"),
        ("fооl", "fool"),  # Cyrillic о twice
        ("don't don’t", "dont dont"),
        ("1d10t f00l f@ol foo1ish", "idiot fool faol fooiish"),
        ("5tupid tw1t5 hell0", "stupid twits hello"),
        ("a55hat", "asshat"),
        ("f o o l", "fool"),
        ("f.o.o.l and f-o-o-l", "fool and fool"),
        ("d*mn d**n", "d*mn d**n"),
        ("*bold* **", "bold"),
        ("soooo fooool willlling", "so fol willing"),
        ("hi, you... there!?", "hi you there"),
        ("see https://example.org/a?b=c or www.example.org now", "see or now"),
        ("@ana are you in", "are you in"),
        ("one\n\ntwo\r\nthree", "one two three"),
        ("😀😀 hi😀", "😀😀 hi😀"),
        ("👍🏿", "👍🏿"),
        ("❤️", "❤"),
        ("𠀀𠀀", "𠀀𠀀"),
    ],
)
def test_a_disguise_comes_off(written: str, meant: str) -> None:
    assert cleaned(written) == [meant]


@pytest.mark.parametrize(
    "plain", ["see you at 10am", "1st 2nd 3rd", "привет", "i am a b", "mp3 ps4", "a2", "2000"]
)
def test_plain_writing_stays_as_it_is(plain: str) -> None:
    assert cleaned(plain) == [plain]


def test_empty_and_null_texts_are_empty_messages() -> None:
    assert cleaned("", None, "!!", "hi") == ["", "", "", "hi"]
    assert cleaned() == []


def test_letters_set_apart_are_not_joined_across_messages() -> None:
    assert cleaned("a b", "c d") == ["a b", "c d"]


def test_a_sliced_column_is_read_from_where_the_slice_begins() -> None:
    stream = clean(pa.array(["left out", "Héllo w0rld", "left out"]).slice(1, 1))
    assert words(stream) == ["Héllo", "w0rld"]


def test_a_word_is_shown_as_it_was_written() -> None:
    stream = clean(pa.array(["You F 0 0 L!", "d’oh 😀"]))
    assert words(stream) == ["You", "F", "0", "0", "L", "d’oh", "😀"]
    assert stream.message.tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert words(clean(pa.array(["so F o o L ok"]))) == ["so", "F o o L", "ok"]


@given(st.lists(st.text()))
@example(["0aaa", "$$$a", "***", "aaa", "\n", "@", "http", "a*"])
def test_every_word_lies_in_its_own_message(texts: list[str]) -> None:
    stream = clean(pa.array(texts, pa.string()))
    assert stream.messages == len(texts)
    bounds = [1]
    for text in texts:
        bounds.append(bounds[-1] + len(text.encode()) + 1)
    for first, end, message in zip(stream.first_byte, stream.end_byte, stream.message, strict=True):
        assert bounds[message] <= first < end < bounds[message + 1]
    assert bytes(stream.written) == b"\n" + b"".join(text.encode() + b"\n" for text in texts)


@given(st.lists(st.text(alphabet=st.sampled_from("aeo01$*@. h\nF")), min_size=2, max_size=2))
def test_a_message_is_cleaned_the_same_whatever_stands_before_it(texts: list[str]) -> None:
    assert cleaned(*texts)[1:] == cleaned(texts[1])
