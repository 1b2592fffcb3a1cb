"""A message's language is told where its words show it, and left undetermined where they do not."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.screening import language
from witnessbox.screening.scoring import score_texts, shipped


def tags(*texts: str) -> list[str]:
    rows = score_texts(pa.array(texts, pa.string()), shipped()).to_pylist()
    return [row["language"] for row in rows if row["category"] == "abuse"]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("see you at the pub later", "en"),
        ("the schadenfreude was immense", "en"),
        ("wo bist du denn heute", "de"),
        ("je ne sais pas ce que tu veux", "fr"),
        ("no sé qué decir de esto", "es"),
        ("não sei o que fazer", "pt"),
        ("ciao come stai oggi", "it"),
        ("ik weet het niet meer", "nl"),
        ("nie wiem co ty robisz", "pl"),
        ("nu știu ce să fac azi", "ro"),
        ("merhaba nasılsın kardeş bugün", "tr"),
        ("nuk e di cfare te them", "sq"),
        ("shwmae, dw i ddim yn gwybod beth", "cy"),
        ("hej vad gör du", "sv"),
        ("привет как дела у тебя", "ru"),
        ("السلام عليكم كيف حالك", "ar"),
        ("آپ کیا کر رہے ہیں", "ur"),
        ("Καλημέρα", "el"),
    ],
)
def test_a_language_is_told_by_its_little_words_or_its_letters(text: str, tag: str) -> None:
    assert tags(text) == [tag]


@pytest.mark.parametrize(
    "text", ["", "ok", "lol", "ha ha", "???", "😂", "A40", "te amo", "la la la"]
)
def test_what_is_too_short_to_tell_is_undetermined(text: str) -> None:
    assert tags(text) == ["und"]


def test_letters_alone_do_not_say_which_language_it_is() -> None:
    assert tags("спасибо", "你好") == ["und-Cyrl", "und-Hani"]


def test_a_foreign_word_or_two_do_not_make_an_english_message_foreign() -> None:
    assert tags("i told him no es mi problema and then we left for the station") == ["en"]


def test_words_that_two_languages_share_settle_nothing() -> None:
    assert tags("ikke nu") == ["da"]
    assert tags("du han vi") == ["und"]


def test_only_languages_that_were_learned_have_a_model() -> None:
    assert language.has_model("en")
    assert language.has_model("und")
    assert not language.has_model("de")
    assert not language.has_model("und-Cyrl")


def test_every_tag_has_a_name() -> None:
    for tag in language.profiles().tags:
        assert language.name(tag) != tag
    assert language.name("xx") == "xx"


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(alphabet=st.sampled_from("iоядchun wёт好")), min_size=1, max_size=4))
def test_a_message_is_tagged_the_same_alone_and_among_others(texts: list[str]) -> None:
    assert tags(*texts) == [tag for text in texts for tag in tags(text)]
