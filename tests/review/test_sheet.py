"""Files of codings."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from witnessbox.review.coding import ReviewError
from witnessbox.review.places import Reference
from witnessbox.review.sheet import Line, parse

FIRST = Line(1, Reference("m1"), "ana", ("racism", "ableism"), 2, banter=True, note="why")


def test_json_lines_give_one_line_each_and_blank_ones_are_passed_over() -> None:
    data = (
        b'{"message":"m1","reviewer":"ana","categories":["racism","ableism"],"severity":2,'
        b'"banter":true,"note":"why"}\n\n{"exhibit":"AB/1","start":0}\n'
    )
    assert parse("codings.jsonl", data) == (
        FIRST,
        Line(3, Reference("", "AB/1", 0), "", (), 0, banter=False, note=""),
    )


def test_a_line_break_that_is_not_a_line_end_stays_in_the_note() -> None:
    (line,) = parse("codings.jsonl", '{"message":"m1","note":"a\u2028b"}'.encode())
    assert line.note == "a\u2028b"


def test_csv_says_the_same_with_categories_divided_by_semicolons() -> None:
    data = (
        "\ufeffmessage,exhibit,start,reviewer,categories,severity,banter,note\r\n"
        "m1,,,ana,racism; ableism,2,Yes,why\r\n"
        ',AB/1,0,,,,,"two\r\nlines"\r\n'
    ).encode()
    first, second = parse("codings.CSV", data)
    assert first == Line(2, *_after_line(FIRST))
    assert second == Line(4, Reference("", "AB/1", 0), "", (), 0, banter=False, note="two\r\nlines")


def _after_line(line: Line) -> tuple[Reference, str, tuple[str, ...], int, bool, str]:
    return (
        line.reference,
        line.reviewer,
        line.categories,
        line.severity,
        line.banter,
        line.note,
    )


@pytest.mark.parametrize("name", ["codings.csv", "codings.jsonl"])
def test_an_empty_file_has_no_lines(name: str) -> None:
    assert parse(name, b"") == ()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("c.jsonl", b'{"message":"m1"}\n{"message":', "c.jsonl line 2: "),
        ("c.jsonl", b'{"massage":"m1"}', "line 1: .*unknown field `massage`"),
        ("c.jsonl", b'{"severity":"high"}', r"line 1: Expected `int`.*severity"),
        ("c.jsonl", b"[]", "line 1: "),
        ("c.jsonl", b'{"message":"m1"}\n{"note":"\xff"}', "line 2 is not UTF-8"),
        ("c.csv", b"message,mood\nm1,bad\n", "line 1: there is no column 'mood'"),
        ("c.csv", b"message,message\nm1,m2\n", "line 1: a column is named twice"),
        ("c.csv", b"message,note\nm1\n", "line 2: it has more or fewer fields"),
        ("c.csv", b"message,note\nm1,a,b\n", "line 2: it has more or fewer fields"),
        ("c.csv", b'message,note\nm1,"a"b\n', "after line 1: "),
        ("c.csv", b"message,severity\nm1,high\n", "line 2: severity is a whole number"),
        ("c.csv", b"exhibit,start\nAB/1,-1\n", "line 2: start is a whole number"),
        ("c.csv", b"exhibit,start\nAB/1,1" + b"0" * 5000, "line 2: start is a whole number"),
        ("c.csv", b"message,banter\nm1,maybe\n", "line 2: banter is yes or no"),
        ("c.xlsx", b"PK", r"c\.xlsx: codings come as"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(name: str, data: bytes, says: str) -> None:
    with pytest.raises(ReviewError, match=says):
        parse(name, data)


def test_the_examples_of_the_how_to_page_can_be_read() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "code-messages.md"
    blocks = re.findall(r"```(?:json)?\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    json_lines = next(block for block in blocks if block.startswith("{"))
    csv = next(block for block in blocks if block.startswith("exhibit,"))
    first, second = parse("codings.jsonl", json_lines.encode())
    assert second.reference.message
    assert parse("codings.csv", csv.encode()) == (
        replace(first, line=2, categories=("racism", "bullying-threat")),
    )
