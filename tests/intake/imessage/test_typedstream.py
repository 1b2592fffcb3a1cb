"""Words out of Apple's archives: what is built as they are is read, and nothing else is."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.imessage.mac import archive
from witnessbox.intake.imessage.bodies import decoded
from witnessbox.intake.imessage.typedstream import USUAL, usual_words, words

HEAD = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@"
PLAIN = b"\x84\x84\x84\x08NSString\x01\x84\x84\x08NSObject\x00\x85\x84\x01+"
HURT = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6)


@pytest.mark.parametrize("mutable", [False, True])
@pytest.mark.parametrize("size", [0, 1, 127, 128, 32_767, 32_768, 70_000])
def test_a_text_of_any_length_comes_back(size: int, mutable: bool) -> None:  # noqa: FBT001
    assert words(archive("x" * size, mutable=mutable)) == b"x" * size


def test_a_string_that_is_the_whole_archive_is_read() -> None:
    assert words(HEAD + PLAIN + b"\x02hi\x86") == b"hi"


def test_an_archive_built_a_little_otherwise_is_taken_apart() -> None:
    odd = archive("hi").replace(b"NSObject\x00", b"NSObject\x01")
    assert not odd.startswith(USUAL)
    assert words(odd) == b"hi"


def test_a_length_may_be_one_byte_beyond_the_tags() -> None:
    assert words(HEAD + PLAIN + b"\xc8" + b"x" * 200) == b"x" * 200


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"plain text",
        HEAD,
        HEAD + b"\x85",
        HEAD + b"\x84\x84\x84",
        HEAD + b"\x84\x84\x84\xff",
        HEAD + b"\x84\x84\x84\x08NSNumber\x00\x85\x84\x01+\x02hi",
        HEAD + b"\x84\x84\x84\x08NSString\x01\x86\x84\x01+\x02hi",
        HEAD + b"\x84\x84\x84\x08NSString\x01",
        HEAD + b"\x84" + b"\x84\x84\x08NSString\x01" * 9 + b"\x85\x84\x01+\x02hi",
        HEAD + PLAIN,
        HEAD + PLAIN[:-1] + b"i\x02hi",
        HEAD + PLAIN + b"\x03hi",
        HEAD + PLAIN + b"\x80hi",
        HEAD + PLAIN + b"\x83hi",
        HEAD + PLAIN + b"\x82\xff\xff\xff\xffhi",
        USUAL[0],
        USUAL[0] + b"\x81\x02",
        USUAL[1] + b"\x84\x02hi",
    ],
)
def test_what_is_not_built_so_or_breaks_off_has_no_words(blob: bytes) -> None:
    assert words(blob) is None


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda end: HEAD + end), st.booleans())
def test_no_blob_gives_more_bytes_than_it_has(blob: bytes, styled: bool) -> None:  # noqa: FBT001
    whole = USUAL[0] + blob if styled else blob
    found = words(whole)
    assert found is None or found in whole


@given(st.text(max_size=300), st.booleans(), HURT, st.integers(0, 700))
def test_many_at_once_are_read_as_each_by_itself(
    text: str,
    mutable: bool,  # noqa: FBT001
    hurt: list[tuple[int, int]],
    cut: int,
) -> None:
    blob = bytearray(archive(text.encode("utf-8", "replace"), mutable=mutable))
    for at, value in hurt:
        blob[at % len(blob)] = value
    several = [bytes(blob[:cut]), None, archive("tea"), bytes(blob), b""]
    found, _, _ = decoded(pa.array(several, pa.binary()))
    for one, got in zip(several, found.to_pylist(), strict=True):
        alone = None if one is None else words(one)
        assert got == (None if not alone else alone.decode("utf-8", "replace"))


def test_none_at_all_are_read_as_none() -> None:
    nothing = np.empty(0, np.int64)
    at, size = usual_words(np.zeros(100, np.uint8), nothing, nothing)
    assert (len(at), len(size)) == (0, 0)
    assert decoded(pa.nulls(2, pa.binary()))[0].to_pylist() == [None, None]
    assert decoded(pa.array([], pa.binary()))[0].to_pylist() == []
