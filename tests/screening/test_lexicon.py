"""Entries are found whole, disguised or not, and say where they come from."""

from dataclasses import replace

import pyarrow as pa
import pytest

from witnessbox.screening import lexicons
from witnessbox.screening.features import extract
from witnessbox.screening.lexicon import Lexicon, build
from witnessbox.screening.lexicon_file import LexiconError
from witnessbox.screening.model import Category, Entry, EntryKind
from witnessbox.screening.normalise import clean

NITWIT = Entry("nitwit", Category.BULLYING_THREAT, EntryKind.ABUSIVE, 1, "us", "Apache-2.0")
OFF_YOU_GO = replace(NITWIT, form="off you go home", severity=2)
OFF = replace(NITWIT, form="off you", category=Category.ABUSE, kind=EntryKind.COARSE)
SMALL = build([NITWIT, OFF_YOU_GO, OFF])


def found(texts: list[str], where: Lexicon = SMALL) -> list[tuple[str, int, int]]:
    stream = clean(pa.array(texts))
    hits = where.find(stream, extract(stream))
    return sorted(
        (where.entries[entry].form, int(stream.message[first]), int(words))
        for entry, first, words in zip(hits.entry, hits.first, hits.words, strict=True)
    )


def test_words_and_phrases_are_found_disguised_or_not() -> None:
    assert found(["Nitwit", "n1twit!", "N i t w i t", "nitwits"]) == [
        ("nitwit", 0, 1),
        ("nitwit", 1, 1),
        ("nitwit", 2, 1),
    ]


def test_a_phrase_and_its_beginning_are_both_found() -> None:
    assert found(["OFF you go home"]) == [("off you", 0, 2), ("off you go home", 0, 4)]
    assert found(["off you go"]) == [("off you", 0, 2)]


def test_a_phrase_does_not_run_on_into_the_next_message() -> None:
    assert found(["off you go", "home"]) == [("off you", 0, 2)]


def test_nothing_is_found_in_nothing() -> None:
    assert found([""]) == []


@pytest.mark.parametrize("form", ["?!", "a line of more words than any entry has"])
def test_an_entry_that_could_never_match_is_refused(form: str) -> None:
    with pytest.raises(LexiconError, match="cleans to"):
        build([replace(NITWIT, form=form)])


def test_every_shipped_entry_says_its_source_and_licence() -> None:
    entries = lexicons.shipped().entries
    assert {entry.licence for entry in entries} == {"MIT", "Apache-2.0"}
    assert all(entry.source for entry in entries)


def test_every_category_has_shipped_entries() -> None:
    kinds = {entry.category for entry in lexicons.shipped().entries}
    assert kinds == set(Category)


NITWIT_HERE = replace(NITWIT, kind=EntryKind.INNOCENT, severity=0, sense="a knitting stitch")


def test_a_form_with_an_innocent_sense_names_its_category_and_counts_one_step_less() -> None:
    severe = replace(NITWIT, severity=3)
    for given in ([severe, NITWIT_HERE], [NITWIT_HERE, severe]):
        made = build(given)
        (hit,) = found(["what a nitwit"], made)
        assert hit == ("nitwit", 0, 1)
        assert made.severity[given.index(severe)] == 2
        assert made.meanings("Nitw1t") == tuple(given)


def test_a_mild_entry_is_still_mild_where_it_has_an_innocent_sense() -> None:
    assert build([NITWIT, NITWIT_HERE]).severity[0] == 1


def test_a_group_with_a_reclaimed_sense_keeps_no_severity() -> None:
    group = replace(NITWIT, kind=EntryKind.GROUP, severity=0)
    own = replace(group, kind=EntryKind.RECLAIMED)
    assert build([group, own]).severity.tolist() == [0, 0]


def test_an_innocent_phrase_speaks_for_the_words_in_it() -> None:
    phrase = replace(NITWIT_HERE, form="nitwit stitch")
    made = build([NITWIT, phrase, replace(OFF, form="stitch up")])
    assert found(["a nitwit stitch"], made) == []
    assert found(["a nitwit stitch, nitwit", "nitwit stitch up"], made) == [
        ("nitwit", 0, 1),
        ("stitch up", 1, 2),
    ]


def test_a_reclaimed_phrase_names_its_category_in_place_of_the_words_in_it() -> None:
    phrase = replace(NITWIT, form="proud nitwit", kind=EntryKind.RECLAIMED, severity=0)
    assert found(["a proud nitwit"], build([NITWIT, phrase])) == [("proud nitwit", 0, 2)]


def test_a_phrase_has_its_meanings_and_a_word_of_no_entry_has_none() -> None:
    assert SMALL.meanings("off YOU go home") == (OFF_YOU_GO,)
    assert SMALL.meanings("teapot") == SMALL.meanings("?!") == ()


def test_shipped_entries_are_in_the_lexicon_with_innocent_and_reclaimed_senses() -> None:
    kinds = {entry.kind for entry in lexicons.shipped().meanings("fag")}
    assert kinds == {EntryKind.ABUSIVE, EntryKind.INNOCENT, EntryKind.RECLAIMED}
    assert found(["off for a fag break"], lexicons.shipped()) == []


def test_every_shipped_mild_use_says_its_sense() -> None:
    for entry in lexicons.shipped().entries:
        if entry.kind in {EntryKind.INNOCENT, EntryKind.RECLAIMED}:
            assert entry.sense, entry
