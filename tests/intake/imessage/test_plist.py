"""Property lists: what Apple's writer writes comes back, and no blob costs more than the limits."""

import plistlib
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake.imessage import plist
from witnessbox.intake.imessage.plist import MOST_DEPTH, MOST_OBJECTS, PlistError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PLAIN = (
    st.integers(-(2**63), 2**64 - 1)
    | st.booleans()
    | st.floats(allow_nan=False)
    | TEXT
    | st.binary(max_size=40)
)
NESTED = st.recursive(
    PLAIN,
    lambda one: st.lists(one, max_size=20) | st.dictionaries(TEXT, one, max_size=20),
    max_leaves=40,
)


def written(value: Any) -> bytes:
    return plistlib.dumps(value, fmt=plistlib.FMT_BINARY)


def blob(*objects: bytes, top: int = 0, reference_bytes: int = 1) -> bytes:
    """Put objects together as they stand, sound or not."""
    body, offsets = b"bplist00", []
    for one in objects:
        offsets.append(len(body))
        body += one
    table = b"".join(at.to_bytes(4, "big") for at in offsets)
    numbers = b"".join(n.to_bytes(8, "big") for n in (len(objects), top, len(body)))
    return body + table + bytes(6) + bytes([4, reference_bytes]) + numbers


@given(NESTED)
def test_what_is_written_comes_back(value: object) -> None:
    assert plist.read(written(value)) == value


def test_a_date_is_its_seconds_since_2001_and_a_reference_its_number() -> None:
    assert plist.read(written(datetime(2001, 1, 1, 0, 1))) == 60.0  # noqa: DTZ001
    assert plist.read(written([plistlib.UID(7)])) == [7]
    assert plist.read(blob(b"\x00")) is None


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (b"", "does not begin"),
        (b"bplist00", "does not begin"),
        (b"<?xml version='1.0'?><plist/>" + bytes(40), "does not begin"),
        (written("tea")[:-1], "an object it does not have|breaks off"),
        (blob(b"\x5f\x13"), "breaks off"),
        (blob(b"\x5f\x10\xff"), "breaks off"),
        (blob(b"\x15" + bytes(32)), "no known size"),
        (blob(b"\x21\x00\x00"), "no known size"),
        (blob(b"\x70"), "no known sort"),
        (blob(b"\xa1\x05"), "an object it does not have"),
        (blob(b"\xa1\x00"), "too much"),
        (blob(b"\xaf\x12\x00\x00\xff\xff", b"\x09"), "too much"),
        (blob(b"\x09", top=9), "an object it does not have"),
    ],
)
def test_what_is_no_sound_list_is_refused(held: bytes, why: str) -> None:
    with pytest.raises(PlistError, match=why):
        plist.read(held)


def test_a_list_that_names_its_parts_again_and_again_is_refused() -> None:
    wide = b"\xaf\x10\xc8" + b"\x01" * 200
    bomb = blob(wide, *(b"\xaf\x10\xc8" + bytes([n]) * 200 for n in range(2, 6)), b"\x09")
    with pytest.raises(PlistError, match="too much"):
        plist.read(bomb)


def test_bytes_named_again_and_again_are_counted_each_time() -> None:
    many = b"\xaf\x11\x10\x00" + b"\x01" * 4096
    with pytest.raises(PlistError, match="too much"):
        plist.read(blob(many, b"\x4f\x11\xff\xff" + bytes(65_535)))


def test_a_list_deeper_than_any_summary_is_refused() -> None:
    value: object = "tea"
    for _ in range(MOST_DEPTH):
        value = [value]
    assert plist.read(written(value)) == value
    with pytest.raises(PlistError, match="too much"):
        plist.read(written([value]))
    with pytest.raises(PlistError, match="too much"):
        plist.read(written(list(range(MOST_OBJECTS))))


@given(st.binary(max_size=300), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255))))
def test_no_blob_does_more_than_be_refused(held: bytes, hurt: list[tuple[int, int]]) -> None:
    sound = bytearray(written({"ec": {"0": [{"d": 7.5, "t": held}]}, "rp": [0], "é": held}))
    for at, value in hurt:
        sound[at % len(sound)] = value
    for one in (held, b"bplist00" + held, bytes(sound)):
        try:
            plist.read(one)
        except PlistError:
            continue
