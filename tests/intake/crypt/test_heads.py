"""The head of a backup says its layout, whatever its name says."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.crypt.backups import ACCOUNT, LAYOUTS, NONCE, SALT, field, head, varint
from witnessbox.intake.crypt.heads import HeadError, head_of


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_head_says_its_layout_and_its_nonce(layout: str, *, marked: bool) -> None:
    data = head(layout, marked=marked)
    found = head_of(data + b"ciphertext")
    assert (found.layout, found.nonce, found.size_bytes) == (layout, NONCE, len(data))
    known = (None, None) if layout == "crypt15" else (SALT, ACCOUNT)
    assert (found.salt, found.account) == known


def test_a_head_longer_than_127_bytes_and_unknown_fields_are_read() -> None:
    fixed = varint(9 << 3 | 1) + bytes(8) + varint(10 << 3 | 5) + bytes(4)
    message = field(3, field(1, NONCE)) + field(4, b"x" * 200) + fixed
    data = varint(len(message)) + message
    assert head_of(data).size_bytes == len(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x00\x01\x09" + bytes(64),
        b"\x00\x02\x02" + bytes(64),
        b"\xff" * 20,
        b"\x7f" + b"\x0a",
        b"\x05hello",
        b"SQLite format 3\0" + bytes(80),
        varint(4) + field(4, b"ab"),
        varint(5) + field(3, b"abc"),
        varint(20) + field(3, field(1, NONCE[:-2])),
        varint(2) + b"\x1a\x7f",
        varint(2) + b"\x1b\x00",
        varint(1) + b"\x80",
    ],
)
def test_what_begins_otherwise_is_refused(data: bytes) -> None:
    with pytest.raises(HeadError, match="does not begin like"):
        head_of(data)


def test_a_cipher_of_another_version_is_refused_by_that_name() -> None:
    with pytest.raises(HeadError, match="version 0002"):
        head_of(head("crypt14", cipher=b"\x00\x02"))


@given(st.binary(max_size=200))
def test_whatever_it_begins_with_it_is_read_or_refused(data: bytes) -> None:
    with suppress(HeadError):
        assert head_of(data).size_bytes <= len(data)
