"""Case files in TOML."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cases.builders import SPAN
from witnessbox.cases.casefile import KINDS, fold
from witnessbox.cases.checks import breaches
from witnessbox.cases.load import fixture, from_words, load_toml, parse
from witnessbox.cases.model import (
    Allegation,
    CaseError,
    Fact,
    Matter,
    Outcome,
    Role,
    Source,
    Statement,
    Status,
    Subject,
)
from witnessbox.cases.vocabulary import outcome_kinds, standards
from witnessbox.evidence.model import Span
from witnessbox.review.places import Found, Lost, Reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "case-file.md"
ALLEGATION = """
[[allegation]]
id = "a1"
text = "Mocked a colleague"
status = "open"
messages = [{}]
"""


def only(text: str) -> object:
    (record,) = parse(text, "cases.toml")
    return record


def find(references: Sequence[Reference]) -> tuple[Found | Lost, ...]:
    return tuple(
        Lost("no such byte")
        if one.start == 9
        else Found("m1", Span("b" * 64, one.start or 0, 99_999))
        for one in references
    )


def test_a_date_is_taken_as_text_or_as_tomls_own() -> None:
    own = '[[source]]\nid = "p"\ntitle = "Page"\npublished = 2023-05-02'
    assert only(own) == Source("p", "Page", published="2023-05-02")
    assert only(own.replace("2023-05-02", '"2023-05"')) == Source("p", "Page", published="2023-05")


def test_there_is_one_matter() -> None:
    assert only('[matter]\ntitle = "Operation Lantern"') == Matter("Operation Lantern")


def test_roles_are_given_to_their_subjects_in_order() -> None:
    text = """
    [[role]]
    subject = "a"
    role = "constable"
    until = 2021-01-01
    [[subject]]
    id = "a"
    label = "Officer A"
    [[role]]
    subject = "a"
    role = "sergeant"
    unit = "Night Team"
    """
    roles = (Role("constable", until="2021-01-01"), Role("sergeant", "Night Team"))
    assert only(text) == Subject("a", "Officer A", roles=roles)


def test_statements_keep_their_sources() -> None:
    text = '[[fact]]\nid = "f"\nquestion = "When?"\nstatements = [{value = "May", ours = true}]'
    assert only(text) == Fact("f", "When?", (Statement("May", ours=True),))


def test_a_whole_span_needs_no_looking_up() -> None:
    text = ALLEGATION.format(f'{{exhibit = "{SPAN.exhibit}", start = 0, end = 10}}')
    allegation = only(text)
    assert isinstance(allegation, Allegation)
    assert allegation.messages == (SPAN,)


def test_messages_are_looked_up_in_their_order() -> None:
    text = ALLEGATION.format(
        f'{{exhibit = "AB/1", start = 7}}, {{exhibit = "{SPAN.exhibit}", start = 0, end = 10}}, '
        '{message = "m1"}'
    )
    (allegation,) = parse(text, "cases.toml", find)
    assert isinstance(allegation, Allegation)
    assert allegation.messages == (Span("b" * 64, 7, 99_999), SPAN, Span("b" * 64, 0, 99_999))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[subject]", "cases.toml is not TOML"),
        ("[[subjects]]\nid = 1", "there is no table 'subjects'; use: matter, source"),
        ('subject = "a"', "'subject' is a table; write it under [[subject]]"),
        ("subject = [1]", "'subject' is a table; write it under [[subject]]"),
        ("matter = 1", "'matter' is a table; write it under [matter]"),
        (
            '[[subject]]\nid = "a"\nlabel = "A"\nrank = "PC"',
            "cases.toml, subject 1 ('a'): there is no key 'rank'; use: id, label",
        ),
        ('[[subject]]\nid = "a"', "subject 1 ('a'): Object missing required field `label`"),
        ('[[subject]]\nid = 1\nlabel = "A"', "subject 1: key 'id': Expected `str`, got `int`"),
        (
            '[[investigation]]\nid = "i"\nnumber = "one"',
            "investigation 1 ('i'): key 'number': Expected `int`, got `str`",
        ),
        (
            '[[source]]\nid = "p"\ntitle = "P"\npublished = "soon"',
            "source 1 ('p'): source 'p': 'soon' is no date",
        ),
        (
            '[[allegation]]\nid = "a"\ntext = "T"\nstatus = "guilty"',
            "allegation 1 ('a'): key 'status': Invalid enum value 'guilty'",
        ),
        (
            '[[source]]\nid = "p"\ntitle = "P"\n[[source]]\nid = "p"\ntitle = "Q"',
            "two tables [[source]] have the id 'p'",
        ),
        ('[[role]]\nsubject = "x"\nrole = "PC"', "role 1: key 'subject' must be the id of"),
        ('[[role]]\nsubject = ["x"]\nrole = "PC"', "role 1: key 'subject' must be the id of"),
        (
            '[[subject]]\nid = "a"\nlabel = "A"\nroles = 3\n[[role]]\nsubject = "a"\nrole = "PC"',
            "subject ('a'), key 'roles': write a list",
        ),
        (
            ALLEGATION.format('{exhibit = "AB/1", start = 7}'),
            "allegation 1 ('a1'), key 'messages': a message without 'end' can only be looked up",
        ),
        (ALLEGATION.format("3"), "key 'messages': write a list of"),
        (
            ALLEGATION.replace("[{}]", "3"),
            "key 'messages': write a list of",
        ),
        (ALLEGATION.format("{byte = 3}"), "key 'messages': there is no key 'byte'"),
        (
            ALLEGATION.format('{exhibit = "AB/1", end = 3}'),
            "allegation 1 ('a1'), key 'messages': a span has an exhibit, a start and an end",
        ),
        (
            ALLEGATION.format('{exhibit = "AB/1", start = 5, end = 3}'),
            "allegation 1 ('a1'): key 'messages[0]': a span runs forward",
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_its_table_and_key(text: str, says: str) -> None:
    with pytest.raises(CaseError, match=re.escape(says)):
        parse(text, "cases.toml")


def test_a_message_that_is_nowhere_is_named_with_its_allegation() -> None:
    text = ALLEGATION.format('{exhibit = "AB/1", start = 7}, {exhibit = "AB/1", start = 9}')
    with pytest.raises(CaseError, match=r"allegation 1 \('a1'\), key 'messages': no such byte"):
        parse(text, "cases.toml", find)


@pytest.mark.parametrize("data", [None, b"\xff"], ids=["absent", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes | None) -> None:
    place = tmp_path / "cases.toml"
    if data is not None:
        place.write_bytes(data)
    with pytest.raises(CaseError, match=r"cases\.toml cannot be read"):
        load_toml(place)


def test_the_reference_page_shows_every_table_and_its_example_loads(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    place = tmp_path / "cases.toml"
    place.write_text(found[1], "utf-8")
    records = load_toml(place, find)
    assert {type(record) for record in records} == set(KINDS.values())
    # The example names an allegation that came before; nothing else in it dangles.
    (breach,) = breaches(fold(records))
    assert "no allegation 'a-0'" in breach


def test_there_is_no_fixture_but_those_that_ship() -> None:
    with pytest.raises(CaseError, match="there is no fixture 'other'; use one of: hotton"):
        fixture("other")


def test_one_record_is_made_of_words() -> None:
    words = ("id=o7", "kind=resigned", "subject=crew", "number=2", "dated=2018", 'sources=["p"]')
    assert from_words("outcome", words) == Outcome(
        "o7", "resigned", "crew", number=2, dated="2018", sources=("p",)
    )


def test_an_allegation_of_words_has_its_messages_looked_up() -> None:
    words = ("id=a1", "text=x = y", "status=open", 'messages=[{exhibit = "AB/1", start = 7}]')
    span = Span("b" * 64, 7, 99_999)
    assert from_words("allegation", words, find) == Allegation(
        "a1", "x = y", Status.OPEN, messages=(span,)
    )


@pytest.mark.parametrize(
    ("kind", "word", "says"),
    [
        ("verdict", "id=v1", "there is no table 'verdict'"),
        ("outcome", "resigned", "outcome: 'resigned' gives a key no value; write key=value"),
        ("outcome", "sources=[p]", "outcome, key 'sources': [p] is not TOML"),
        ("outcome", "id=o7", "outcome ('o7'): Object missing required field `kind`"),
        ("outcome", "mood=bad", "outcome: there is no key 'mood'"),
    ],
)
def test_words_that_make_no_record_are_refused(kind: str, word: str, says: str) -> None:
    with pytest.raises(CaseError, match=re.escape(says)):
        from_words(kind, [word])


@pytest.mark.parametrize(
    "word",
    [
        *(status.value for status in Status),
        *(kind.id for kind in outcome_kinds()),
        *(standard.id for standard in standards()),
    ],
)
def test_the_reference_page_names_every_word_a_case_file_may_use(word: str) -> None:
    assert f"`{word}`" in PAGE.read_text("utf-8")
