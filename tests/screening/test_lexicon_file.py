"""A lexicon's lines become entries, and a line that cannot be read says what to mend."""

import pytest

from witnessbox.screening.lexicon_file import COLUMNS, MOST_FORMS, LexiconError, forms, read
from witnessbox.screening.model import Category, Entry, EntryKind

HEAD = "\t".join(COLUMNS)


def line(
    *,
    entry: str = "nitwit",
    category: str = "bullying-threat",
    kind: str = "abusive",
    severity: str = "1",
    sense: str = "",
    licence: str = "Apache-2.0",
    reviewed: str = "no",
) -> str:
    return f"{entry}\t{category}\t{kind}\t{severity}\t{sense}\tus\t{licence}\t{reviewed}"


def test_choices_are_written_out() -> None:
    assert list(forms("(go|get) home(|s)")) == ["go home", "go homes", "get home", "get homes"]


def test_a_line_becomes_an_entry_a_form_and_comments_do_not() -> None:
    written = line(entry="(big|) nitwit", sense="a fool", reviewed="A. Reader 2026-01-31")
    assert list(read("a.tsv", ["# why", "", HEAD + "\r\n", written])) == [
        Entry(
            form,
            Category.BULLYING_THREAT,
            EntryKind.ABUSIVE,
            1,
            "us",
            "Apache-2.0",
            sense="a fool",
            reviewed="A. Reader 2026-01-31",
        )
        for form in ("big nitwit", "nitwit")
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nitwit\tabuse", "a.tsv line 2: it has 2 columns, not 8; mend the line"),
        (line(category="rudeness"), "'rudeness' is not a valid Category"),
        (line(kind="rude"), "'rude' is not a valid EntryKind"),
        (line(severity="very"), "'very'"),
        (line(severity="4"), "severity is 1 to 3 for abusive and coarse, else 0, not 4"),
        (line(severity="0"), "not 0"),
        (line(kind="innocent", severity="1"), "else 0, not 1"),
        (line(licence=""), "names no source, or no licence"),
        (line(reviewed="yes"), "a name and a date"),
        (line(entry="(a|b)" * 20), "its choices make 1,048,576 forms"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused(written: str, said: str) -> None:
    with pytest.raises(LexiconError, match=said):
        list(read("a.tsv", [HEAD, written]))


def test_a_file_that_does_not_name_its_columns_is_refused() -> None:
    with pytest.raises(LexiconError, match=r"a\.tsv line 1: the first line must name the columns"):
        list(read("a.tsv", [line()]))


def test_a_file_that_makes_too_many_forms_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("witnessbox.screening.lexicon_file.MOST_ENTRIES", 3)
    with pytest.raises(LexiconError, match=r"a\.tsv makes over 3 forms; shorten it"):
        list(read("a.tsv", [HEAD, line(), line(entry="(a|b|c)")]))
    assert MOST_FORMS > 3
