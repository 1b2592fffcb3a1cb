"""The tables of what the platform writes: whole, and each with its source."""

import tomllib
from importlib.resources import files

import pytest

from witnessbox.intake.whatsapp.wordings import fold, made_for_itself, recognise, wordings

FOLDER = files("witnessbox.intake.whatsapp").joinpath("wordings")
TABLES = {
    entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8"))
    for entry in FOLDER.iterdir()
    if entry.name.endswith(".toml") and entry.name != "halves.toml"
}
LANGUAGES = sorted(set(TABLES) - {"others"})


def test_every_language_promised_has_a_table() -> None:
    promised = "ar da de en es fa fi fr he hi it ja ko nb nl pl pt ru sv tr zh-hans zh-hant"
    assert promised.split() == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_has_all_that_an_export_needs(language: str) -> None:
    table = TABLES[language]
    for part in ("deleted", "edited", "attached_before", "calls", "titles", "omitted"):
        assert table[part], part
    assert {"created", "added", "removed", "left", "joined", "subject", "other"} <= set(
        table["notices"]
    )


@pytest.mark.parametrize("language", sorted(TABLES))
def test_a_table_names_its_source(language: str) -> None:
    assert TABLES[language]["sources"]["placeholders"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_recognised_as_the_event_its_table_says(language: str) -> None:
    for event, phrases in TABLES[language]["notices"].items():
        for phrase in phrases:
            text = phrase.format(actor="Ana", member="Bo", title="Rota", old="Tea", any="x")
            found = recognise(text)
            assert found is not None, text
            if event != "other":
                assert found[0].event == event, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_each_phone_makes_for_itself_is_known_in_every_language(language: str) -> None:
    phrases = [phrase for some in TABLES[language]["notices"].values() for phrase in some]
    own = TABLES[language]["own"]
    assert all(any(word in phrase for phrase in phrases) for word in own)
    assert all(made_for_itself(f"x {word} y") for word in own)
    shared = [
        one
        for event, some in TABLES[language]["notices"].items()
        if event != "other"
        for one in some
    ]
    assert not any(map(made_for_itself, shared))


def test_what_is_sought_by_its_brackets_has_them() -> None:
    known = wordings()
    assert all(phrase.startswith("<") for phrase in known.attached_before)
    assert all(phrase[-1] in ")）" for phrase in known.attached_after)
    assert all(phrase.endswith(">") for phrase in known.edited)


def test_everyday_phrases_stand_in_some_other_part_too() -> None:
    known = wordings()
    assert known.everyday <= known.calls | set(map(fold, known.omitted))
