"""The walk finds every element and explains every byte, whatever state the file is in."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.intake import json_walk
from witnessbox.intake.json_spans import (
    Broken,
    Elements,
    Frame,
    Shape,
    Stretch,
    closing,
    list_start,
    reads,
)
from witnessbox.intake.json_walk import walk
from witnessbox.intake.limits import DEFAULT

SHAPE = Shape("messages", ("who", "when"))
ONE = b'{"who":"Ana"}'
PHOTOS = b'{"who":"Bo","photos":[{"uri":"1"},{"uri":"2"}]}'


def stretches(data: bytes, longest_bytes: int = DEFAULT.json_record_bytes) -> list[Stretch]:
    return list(walk(io.BytesIO(data), SHAPE, longest_bytes))


def spans(data: bytes, longest_bytes: int = DEFAULT.json_record_bytes) -> list[tuple[str, bytes]]:
    """Name each span and give its bytes, holding the walk to its word on the way."""
    found: list[tuple[str, bytes]] = []
    reached = 0
    for stretch in stretches(data, longest_bytes):
        if isinstance(stretch, Elements):
            ends = [*stretch.starts[1:], stretch.end]
            for start, end, piece in zip(stretch.starts, ends, stretch.pieces, strict=True):
                assert start == reached
                assert data[start:end].startswith(piece)
                assert reads(piece)
                found.append(("element", data[start:end]))
                reached = end
        else:
            assert stretch.start == reached
            name = stretch.code if isinstance(stretch, Broken) else "frame"
            found.append((name, data[stretch.start : stretch.end]))
            reached = stretch.end
    assert reached == len(data)
    return found


def names(data: bytes, longest_bytes: int = DEFAULT.json_record_bytes) -> list[str]:
    return [name for name, _ in spans(data, longest_bytes)]


def test_commas_and_white_space_fall_to_the_element_before_them() -> None:
    data = b'{"messages": [ {"who":"Ana"} , {"who":"Bo"}\n], "title": "x"}\n'
    assert spans(data) == [
        ("frame", b'{"messages": [ '),
        ("element", b'{"who":"Ana"} , '),
        ("element", b'{"who":"Bo"}\n'),
        ("frame", b'], "title": "x"}\n'),
    ]


def test_each_half_of_the_frame_decodes_by_itself() -> None:
    found = stretches(b'\xef\xbb\xbf{"a":1,"messages":[' + ONE + b'],"b":{"messages":[2]}}')
    frames = [json.loads(one.data) for one in found if isinstance(one, Frame)]
    assert frames == [{"a": 1, "messages": []}, {"messages": [], "b": {"messages": [2]}}]


@pytest.mark.parametrize("indent", [None, 2])
def test_neighbours_alike_and_unlike_are_all_found(indent: int | None) -> None:
    messages = [{"who": "Ana", "n": n, "photos": [{"uri": "1"}, {"uri": "2"}]} for n in range(9)]
    data = json.dumps({"messages": messages}, indent=indent).encode()
    found = [json.loads(text.rstrip(b", \n")) for name, text in spans(data) if name == "element"]
    assert found == messages


def test_an_element_may_be_longer_than_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_walk, "WINDOW_BYTES", 64)
    long = b'{"who":"' + b"x" * 900 + b'"}'
    data = b'{"messages":[' + b",".join([ONE, long, ONE + b" " * 300, PHOTOS]) + b"]}"
    assert names(data) == ["frame", *["element"] * 4, "frame"]


def test_an_element_beyond_every_bound_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_walk, "WINDOW_BYTES", 64)
    long = b'{"x":"' + b"x" * 9000 + b'"}'
    data = b'{"messages":[' + b",".join([ONE, long, ONE]) + b"]}"
    assert names(data, 256) == ["frame", "element", "broken-message", "element", "frame"]


def test_a_list_beyond_every_bound_is_looked_for_by_its_elements(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_walk, "WINDOW_BYTES", 64)
    data = b'{"people":"' + b"x" * 500 + b'","messages":[' + ONE + b"]}"
    assert names(data, 128) == ["broken-head", "element", "frame"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["no-messages"]),
        (b"[]", ["no-messages"]),
        (b'{"people":[]}', ["no-messages"]),
        (b'{"messages":[]}', ["frame", "frame"]),
        (b'{"messages":[', ["frame", "cut-off"]),
        (b'{"messages":[' + ONE, ["frame", "element", "cut-off"]),
        (b'{"messages":[' + ONE + b',{"who":"B', ["frame", "element", "cut-off"]),
        (b'{"messages":[' + ONE + b" " + ONE + b"]}", ["frame", "element", "broken-list"]),
        (b'{"messages":[' + ONE + b",]}", ["frame", "element", "broken-list", "frame"]),
        (b'{"messages":[null,' + ONE + b"]}", ["frame", "not-a-message", "element", "frame"]),
        (b'{"messages":[{"who":x},' + ONE + b"]}", ["frame", "broken-message", "element"]),
        (b'{"messages":[{"who":"A},' + ONE + b"]}", ["frame", "broken-message", "element"]),
        (b'{"messages":[' + ONE + b',{"who":x}],"t":1}', ["frame", "element", "broken-message"]),
        (b'{"messages":[' + ONE + b"]}}", ["frame", "element", "broken-tail"]),
        (b'{x "messages":[' + ONE + b"]}", ["broken-head", "element", "frame"]),
        (b'x{"who":"Ana"},' + ONE + b"]}", ["broken-head", "element", "element", "frame"]),
    ],
)
def test_damage_is_named_and_the_rest_is_read(data: bytes, expected: list[str]) -> None:
    assert names(data)[: len(expected)] == expected


def test_the_frame_behind_a_broken_last_message_is_read() -> None:
    broken = b'{"who":x,"p":[1],"q":2}'
    data = b'{"messages":[' + ONE + b"," + broken + b'],"title":"t"}'
    assert spans(data)[2:] == [("broken-message", broken), ("frame", b'],"title":"t"}')]


def test_messages_behind_a_false_end_of_the_list_are_not_hidden() -> None:
    data = b'{"messages":[' + ONE + b'],"messages":[' + PHOTOS + b"]}"
    assert names(data) == ["frame", "element", "not-a-message", "element", "frame"]


def test_another_list_behind_this_one_belongs_to_the_frame() -> None:
    data = b'{"messages":[' + ONE + b'],"people":[' + ONE + b"]}"
    assert names(data) == ["frame", "element", "frame"]
    assert names(data[:-1])[2:] == ["not-a-message", "element", "broken-tail"]


def test_an_object_nested_deep_is_broken_not_fatal() -> None:
    deep = b'{"who":' + b"[" * 5000 + b"]" * 5000 + b"}"
    assert names(b'{"messages":[' + deep + b"," + ONE + b"]}")[-2:] == ["element", "frame"]


def test_what_looks_like_an_element_inside_another_belongs_to_it() -> None:
    nested = b'{"x":{"who":"Ana"}}'
    assert names(b'{"messages":[' + nested + b"]}") == ["frame", "element", "frame"]


def test_brackets_are_counted_outside_strings_only() -> None:
    assert closing(b'{"a":"}\\"}"}x', 0, 99) == 12
    assert closing(b'{"a":"}', 0, 99) == -1
    assert closing(b"{[", 0, 99) == -1
    assert list_start(b'{"a":{"messages":[]},"b":"messages","messages" : [', "messages") == 50


MARKS = [b"]}", b"[", b"]", b"{", b"}", b",", b'"', b"\\", b" ", b"\n", b"\xff", b"null"]
PARTS = [b'{"messages":[', ONE, PHOTOS, b'{"who":', b'"title":1', b"\xef\xbb\xbf"]
PIECES = st.sampled_from([*MARKS, *PARTS])


@given(st.lists(PIECES, max_size=30).map(b"".join))
def test_every_byte_lies_in_exactly_one_stretch(data: bytes) -> None:
    spans(data)


@settings(max_examples=60)
@given(st.lists(PIECES, max_size=30).map(b"".join), st.integers(1, 40))
def test_the_size_of_the_window_changes_nothing_for_sound_files(data: bytes, size: int) -> None:
    before = json_walk.WINDOW_BYTES
    sound = b'{"messages":[' + ONE + b", " + PHOTOS + b"\n],\n" + b'"rest":"' + data.hex().encode()
    sound += b'"}'
    whole = spans(sound)
    try:
        json_walk.WINDOW_BYTES = size
        assert spans(sound) == whole
        spans(data)
    finally:
        json_walk.WINDOW_BYTES = before


def test_what_a_writer_gets_wrong_is_taken_as_it_stands_once_it_can_be_mended() -> None:
    data = b'{"messages":[{"who":"A\\x0B"},{"who":"Bo"}],"title":"\\x0C"}'
    mending = Shape("messages", ("who",), lambda piece: piece.replace(b"\\x", b"\\u00"))
    first, elements, last = walk(io.BytesIO(data), mending)
    assert isinstance(elements, Elements)
    assert elements.pieces == [b'{"who":"A\\x0B"}', b'{"who":"Bo"}']
    assert [type(stretch) for stretch in (first, last)] == [Frame, Frame]
    assert "broken-message" in names(data)


def test_after_much_damage_an_element_that_holds_what_looks_like_one_is_still_read() -> None:
    holding = b'{"who":"Bo","quoted":{"who":"Ana","said":"' + b"x" * 300 + b'"}}'
    data = b'{"messages":[' + b'{"who":"Ana,' * 50 + holding + b"]}"
    found = spans(data)
    assert [name for name, _ in found][-2:] == ["element", "frame"]
    assert found[-2][1] == holding
