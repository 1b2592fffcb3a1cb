"""Entries are found whole, disguised or not, and say where they come from."""

from dataclasses import replace

import pyarrow as pa
import pytest

from witnessbox.screening import lexicon
from witnessbox.screening.features import words_of
from witnessbox.screening.lexicon import Lexicon, LexiconError, build, forms, read
from witnessbox.screening.model import Category, Entry, EntryKind
from witnessbox.screening.normalise import clean

NITWIT = Entry("nitwit", Category.BULLYING_THREAT, EntryKind.ABUSIVE, 1, "us", "Apache-2.0")
OFF_YOU_GO = replace(NITWIT, form="off you go home", severity=2)
OFF = replace(NITWIT, form="off you", category=Category.ABUSE, kind=EntryKind.COARSE)
SMALL = build([NITWIT, OFF_YOU_GO, OFF])


def found(texts: list[str], where: Lexicon = SMALL) -> list[tuple[str, int, int]]:
    stream = clean(pa.array(texts))
    hits = where.find(stream, words_of(stream))
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


def test_choices_are_written_out() -> None:
    assert list(forms("(go|get) home(|s)")) == ["go home", "go homes", "get home", "get homes"]


def test_a_line_becomes_an_entry_a_form_and_comments_do_not() -> None:
    head = "entry\tcategory\tkind\tseverity\tsource\tlicence"
    line = "(big|) nitwit\tbullying-threat\tabusive\t1\tus\tApache-2.0"
    assert list(read("a.tsv", ["# why", head, line])) == [
        replace(NITWIT, form="big nitwit"),
        NITWIT,
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nitwit\tabuse", "a.tsv line 1 has 2 columns, not 6"),
        ("nitwit\trudeness\tabusive\t1\tus\tMIT", "'rudeness' is not a valid Category"),
        ("nitwit\tabuse\tabusive\tvery\tus\tMIT", "'very'"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused(line: str, said: str) -> None:
    with pytest.raises(LexiconError, match=said):
        list(read("a.tsv", [line]))


@pytest.mark.parametrize("form", ["?!", "a line of more words than any entry has"])
def test_an_entry_that_could_never_match_is_refused(form: str) -> None:
    with pytest.raises(LexiconError, match="cleans to"):
        build([replace(NITWIT, form=form)])


def test_every_shipped_entry_says_its_source_and_licence() -> None:
    entries = lexicon.shipped().entries
    assert {entry.licence for entry in entries} == {"MIT", "Apache-2.0"}
    assert all(entry.source for entry in entries)


def test_every_category_has_shipped_entries() -> None:
    kinds = {entry.category for entry in lexicon.shipped().entries}
    assert kinds == set(Category)


def test_shipped_severities_fit_their_kinds() -> None:
    for entry in lexicon.shipped().entries:
        assert (entry.severity == 0) == (entry.kind is EntryKind.GROUP), entry
        assert entry.severity <= 3
