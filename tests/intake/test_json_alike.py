"""Objects that are alike are found many at once, and each of them is what it is taken for."""

import io
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.damage import damaged
from witnessbox.intake import json_walk
from witnessbox.intake.json_layout import LONGEST_BYTES, MOST_SLOTS, Slot, layout_of
from witnessbox.intake.json_octets import escapes_of, numbers_of, octets_of, quotes_of, slashes_of
from witnessbox.intake.json_spans import Elements, Run, Shape, Stretch
from witnessbox.intake.json_strings import read, texts_of, written
from witnessbox.intake.json_walk import walk, walk_runs

VARYING = frozenset(("who", "when", "said"))
SHAPE = Shape("messages", ("who", "when"), varying=VARYING)
SLOW = Shape("messages", ("who", "when"))
_WORDS = st.sampled_from(["", "tea", 'a "b" \\', "é☕", "\\u00e9", "},{", '"who":'])
_ELEMENTS = st.fixed_dictionaries(
    {"who": _WORDS, "when": st.integers(0, 10**18)},
    optional={"said": _WORDS, "inner": st.lists(st.fixed_dictionaries({"who": _WORDS}))},
)


def document(elements: list[Any], *, indent: int | None = None, escaped: bool = False) -> bytes:
    made = json.dumps({"messages": elements, "title": "x"}, indent=indent, ensure_ascii=escaped)
    return made.encode()


def stretches(data: bytes, shape: Shape) -> list[Stretch]:
    """Give the stretches of a document, elements that are neighbours as one."""
    found: list[Stretch] = []
    for one in walk(io.BytesIO(data), shape):
        last = found[-1] if found else None
        if isinstance(one, Elements) and isinstance(last, Elements) and one.starts[0] == last.end:
            found[-1] = Elements(last.starts + one.starts, last.pieces + one.pieces, one.end)
        else:
            found.append(one)
    return found


def runs(data: bytes) -> list[Run]:
    return [one for one in walk_runs(io.BytesIO(data), SHAPE) if isinstance(one, Run)]


@settings(deadline=None, max_examples=200)
@given(st.lists(_ELEMENTS, max_size=20), st.sampled_from([None, 1]), st.integers(0, 1 << 32))
def test_elements_are_the_same_whether_found_at_once_or_one_by_one(
    elements: list[Any], indent: int | None, seed: int
) -> None:
    sound = document(elements, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_walk, "_FEW", 1)
        for data in (sound, damaged(sound, seed)):
            assert stretches(data, SHAPE) == stretches(data, SLOW)


def test_what_a_slot_holds_is_what_the_element_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_walk, "_FEW", 1)
    said = [
        {"who": f"n{n % 7}", "when": 10_000 + n, "inner": [{"said": "x" * n}]} for n in range(9)
    ]
    (run,) = runs(document(said))
    (alike,) = run.alike
    paths = [slot.path for slot in alike.layout.slots]
    assert paths == [("who",), ("when",), ("inner", 0, "said")]
    for column, place in enumerate(alike.places.tolist()):
        slots = zip(alike.starts[:, column], alike.ends[:, column], strict=True)
        held = [run.data[start:end].decode() for start, end in slots]
        one = json.loads(run.piece(place))
        assert held == [one["who"], str(one["when"]), one["inner"][0]["said"]]


def test_a_slot_never_holds_a_quote_that_was_meant_to_end_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_walk, "_FEW", 1)
    usual = b'{"who":"Ana","when":1,"said":"a"}'
    for odd in (
        b'{"who":"Ana","when":1,"said":"a"b\\"}',
        b'{"who":"A\\","when":1,"said":"a"}',
        b'{"who":"Ana","when":01,"said":"a"}',
        b'{"who":"Ana","when":-1,"said":"a"}',
        b'{"who":"Ana","when":x,"said":"a"}',
        b'{"who":"Ana","when":1 "said":"a"}',
        b'{"who":"Ana","when":1,"said":"\\q"}',
    ):
        data = b'{"messages":[' + b",".join([usual] * 3 + [odd] + [usual] * 3) + b"]}"
        assert stretches(data, SHAPE) == stretches(data, SLOW)
        taken = [run.piece(place) for run in runs(data) for a in run.alike for place in a.places]
        assert set(taken) == {usual}


@pytest.mark.parametrize("gap", [b" " * 4000, b"\n\t "])
def test_wide_gaps_between_elements_do_no_harm(gap: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_walk, "_FEW", 1)
    one = b'{"who":"Ana","when":12}'
    data = b'{"messages":[' + (gap + b"," + gap).join([one] * 9) + b"]}"
    assert stretches(data, SHAPE) == stretches(data, SLOW)


def test_a_layout_has_slots_where_values_vary() -> None:
    layout = layout_of(
        b'{"who": "Ana", "when": 123, "x": "y", "said": "", "in": [{"who":"b"}]}', VARYING
    )
    assert layout is not None
    assert layout.slots == (Slot(("who",), 0), Slot(("when",), 3), Slot(("in", 0, "who"), 0))
    assert json.loads(layout.sample()) == {
        "who": "x",
        "when": 111,
        "x": "y",
        "said": "",
        "in": [{"who": "x"}],
    }


@pytest.mark.parametrize(
    "piece",
    [
        b'{"x": 1}',
        b'{"who": ""}',
        b'{"who": ["a"]}',
        b'{"when": 1.5}',
        b'{"when": -1}',
        b'{"who": "' + b"a" * LONGEST_BYTES + b'"}',
        b"{" + b",".join([b'"who":"a"'] * (MOST_SLOTS + 1)) + b"}",
    ],
    ids=range(7),
)
def test_an_object_without_values_that_vary_has_no_layout(piece: bytes) -> None:
    assert layout_of(piece, VARYING) is None


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=9), st.booleans())
def test_strings_are_read_as_json_has_them(said: list[str], escaped: bool) -> None:  # noqa: FBT001
    bodies = [json.dumps(text, ensure_ascii=escaped)[1:-1].encode() for text in said]
    column = column_of(bodies)
    assert texts_of(column) == said
    found = read(column, join=False)
    if found is not None:
        assert (found.column.to_pylist(), found.joined) == (said, 0)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=9))
def test_letters_are_put_together_from_bytes(said: list[str]) -> None:
    column = column_of([json.dumps(mojibake(text))[1:-1].encode() for text in said])
    found = read(column, join=True)
    assert found is not None
    assert found.column.to_pylist() == said
    assert found.joined == sum(not text.isascii() for text in said)


@pytest.mark.parametrize(
    "body",
    [
        rb"\u00c3",
        rb"\u2615",
        rb"\u00c3\u00a9\u2615",
        rb"\ud83d",
        rb"\q",
        rb"\u12",
        rb"\u12g4",
        b"a\tb",
        b"\xc3\xa9",
    ],
)
def test_strings_to_be_looked_at_one_by_one_are_not_put_together(body: bytes) -> None:
    assert read(column_of([b"tea", body, b"x"]), join=True) is None


@given(st.lists(st.sampled_from([b'"', b"\\", b"n", b"\\\\", b"u00e9"]), max_size=30))
def test_quotes_and_escapes_are_told_apart_as_a_reader_does(parts: list[bytes]) -> None:
    data = b"".join(parts) + b" "
    quotes, slashes, at = [], [], 0
    while at < len(data) - 1:
        if data[at : at + 1] == b"\\":
            slashes.append(at)
            at += 1
        elif data[at : at + 1] == b'"':
            quotes.append(at)
        at += 1
    octets = octets_of(data)
    assert slashes_of(octets).tolist() == slashes
    assert quotes_of(octets, slashes_of(octets)).tolist() == quotes


def test_an_escape_that_the_end_cuts_off_is_none() -> None:
    octets = octets_of(rb"\u00e9 \n \u00E")
    found = escapes_of(octets, slashes_of(octets))
    assert found.characters.tolist() == [0xE9, 0x0A, -1]


@given(st.integers(1, 10**18 - 1))
def test_numbers_of_any_length_are_read(number: int) -> None:
    data = b"x" * 9 + str(number).encode() + b"y" * 9
    found = numbers_of(octets_of(data), np.array([9]), len(str(number)))
    assert found.tolist() == [number]


def column_of(bodies: list[bytes]) -> pa.BinaryArray:
    ends = np.cumsum([0, *(len(body) + 1 for body in bodies)])
    return written(b",".join(bodies) + b",", ends[:-1], ends[1:] - 1)


def mojibake(text: str) -> str:
    return text.encode().decode("latin-1")
