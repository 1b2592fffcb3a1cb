"""A backup is opened whole, with its own key, or not at all."""

import io
import zlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.crypt.backups import (
    ACCOUNT,
    ACCOUNT_KEY,
    ARCHIVE,
    DATABASE,
    KEY_OF,
    LAYOUTS,
    NONCE,
    ROOT_KEY,
    SALT,
    SECRET,
    Writing,
    head,
    stream,
)
from witnessbox.intake.containers import ContainerError
from witnessbox.intake.crypt.keys import Key
from witnessbox.intake.crypt.opening import is_encrypted, opened
from witnessbox.intake.limits import Limits

CRYPT15 = Writing()


def read(data: bytes, layout: str = "crypt15", key: Key | None = None) -> tuple[str, bytes]:
    name = f"phone/msgstore.db.{layout}"
    with (
        opened(stream(data), name, key or KEY_OF[layout], Limits()) as backup,
        backup.reading() as clear,
    ):
        return backup.member, clear.read()


def refusal(data: bytes, layout: str = "crypt15", key: Key | None = None) -> str:
    with pytest.raises(ContainerError) as refused:
        read(data, layout, key)
    return str(refused.value)


@pytest.mark.parametrize("checksum", [True, False])
@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_backup_gives_back_what_was_put_in(layout: str, *, marked: bool, checksum: bool) -> None:
    data = Writing(layout, checksum=checksum, marked=marked).of(DATABASE)
    assert read(data, layout) == ("msgstore.db", DATABASE)


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_in_a_backup_is_called_one(*, packed: bool) -> None:
    data = Writing(packed=packed).of(ARCHIVE)
    assert read(data) == ("msgstore.db.zip", ARCHIVE)


@pytest.mark.parametrize("content", [b"{}", b"settings\n" * 9])
def test_what_was_not_packed_comes_as_it_is(content: bytes) -> None:
    data = Writing(packed=False).of(content)
    assert read(data) == ("msgstore.db", content)


def test_what_lies_behind_the_packed_bytes_is_not_part_of_them() -> None:
    data = Writing(packed=False).of(zlib.compress(DATABASE) + b"padding")
    assert read(data) == ("msgstore.db", DATABASE)


def test_much_comes_out_piece_by_piece() -> None:
    content = DATABASE + bytes(9_000_000)
    with (
        opened(stream(CRYPT15.of(content)), "a.crypt15", ROOT_KEY, Limits()) as backup,
        backup.reading() as clear,
    ):
        found = list(iter(lambda: clear.read(1 << 16), b""))
    assert b"".join(found) == content
    assert max(map(len, found)) == 1 << 16


@pytest.mark.parametrize("layout", LAYOUTS)
def test_another_key_is_refused_by_that_name(layout: str) -> None:
    right = KEY_OF[layout]
    key = Key(b"x" * 32, right.salt, right.account)
    said = refusal(Writing(layout).of(DATABASE), layout, key)
    assert "the key does not fit, and the file is whole" in said
    said = refusal(Writing(layout, checksum=False).of(DATABASE), layout, key)
    assert "the key does not fit, or the file is damaged" in said


@pytest.mark.parametrize("layout", ["crypt12", "crypt14"])
@pytest.mark.parametrize("key", [Key(SECRET, b"t" * 32, ACCOUNT), Key(SECRET, SALT, b"b" * 16)])
def test_another_accounts_key_is_seen_before_anything_is_decrypted(layout: str, key: Key) -> None:
    assert "another account's" in refusal(Writing(layout).of(DATABASE), layout, key)


@pytest.mark.parametrize(
    ("layout", "key", "wanted"),
    [
        ("crypt15", ACCOUNT_KEY, "encrypted_backup.key"),
        ("crypt14", ROOT_KEY, "the file 'key'"),
        ("crypt12", ROOT_KEY, "the file 'key'"),
    ],
)
def test_a_key_of_another_kind_is_refused_with_what_is_wanted(
    layout: str, key: Key, wanted: str
) -> None:
    assert wanted in refusal(Writing(layout).of(DATABASE), layout, key)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_bit_changed_in_the_body_is_refused(layout: str) -> None:
    data = bytearray(Writing(layout).of(DATABASE + bytes(range(256)) * 64))
    data[len(data) - 200] ^= 1
    assert "the key fits, but the file is damaged" in refusal(bytes(data), layout)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("lost", [1, 15, 17, 30, 100])
def test_a_file_cut_off_is_refused(layout: str, lost: int) -> None:
    said = refusal(Writing(layout).of(DATABASE + bytes(range(256)) * 64)[:-lost], layout)
    assert "damaged or cut off" in said or "cut off" in said


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_cut_off_in_its_head_or_just_behind_is_refused(layout: str) -> None:
    begun = head(layout)
    assert "does not begin like" in refusal(begun[:-1], layout)
    assert "cut off behind its head" in refusal(begun + b"12345", layout)


def test_packed_bytes_that_end_too_soon_are_refused_though_the_tag_holds() -> None:
    data = Writing(packed=False).of(zlib.compress(DATABASE)[:-5])
    assert "damaged or cut off" in refusal(data)


def test_packed_bytes_that_are_damaged_are_refused() -> None:
    inside = bytearray(zlib.compress(bytes(range(256)) * 400, 0))
    inside[70_000:70_020] = b"\xff" * 20
    assert "damaged or cut off" in refusal(Writing(packed=False).of(bytes(inside)))


@pytest.mark.parametrize("name", ["a.crypt", "a.crypt5", "a.crypt8", "a.db.crypt16"])
def test_other_versions_are_refused_by_name(name: str) -> None:
    with (
        pytest.raises(ContainerError, match=name.rpartition(".")[2]),
        opened(stream(b""), name, ROOT_KEY, Limits()),
    ):
        pass


def test_a_backup_that_unpacks_to_too_much_is_refused() -> None:
    data = CRYPT15.of(DATABASE + bytes(11_000_000))
    with (
        opened(stream(data), "a.crypt15", ROOT_KEY, Limits(ratio=2)) as backup,
        backup.reading() as clear,
        pytest.raises(ContainerError, match="unpacks to more than"),
    ):
        clear.read()


@pytest.mark.parametrize(
    ("name", "holds"),
    [("msgstore.db.crypt15", True), ("A.CRYPT12", True), ("a.crypt", True), ("crypt15", False)],
)
def test_a_backup_is_known_by_its_name(name: str, *, holds: bool) -> None:
    assert is_encrypted(name) == holds


def test_a_name_that_is_only_an_ending_still_gives_a_member() -> None:
    with opened(stream(CRYPT15.of(b"")), "x/.crypt15", ROOT_KEY, Limits()) as backup:
        assert backup.member == "backup"


@given(st.binary(max_size=3000), st.sampled_from(LAYOUTS), st.booleans(), st.booleans())
def test_any_content_comes_back(content: bytes, layout: str, checksum: bool, packed: bool) -> None:  # noqa: FBT001
    data = Writing(layout, packed=True, checksum=checksum, marked=packed).of(content)
    assert read(data, layout)[1] == content


@given(st.integers(0, 1 << 32), st.integers(1, 255))
def test_no_byte_can_change_unnoticed_but_in_what_is_said_about_the_backup(
    seed: int, flip: int
) -> None:
    data = bytearray(CRYPT15.of(DATABASE))
    at = seed % len(data)
    data[at] ^= flip
    try:
        assert read(bytes(data)) == ("msgstore.db", DATABASE)
    except ContainerError:
        return
    # What is no part of the message: the head's other fields, and the checksum behind the tag.
    assert at < len(head("crypt15")) or at >= len(data) - 16


def test_a_stream_that_was_read_before_is_read_from_its_start() -> None:
    data = io.BytesIO(CRYPT15.of(DATABASE))
    data.read()
    with opened(data, "a.crypt15", ROOT_KEY, Limits()) as backup, backup.reading() as clear:
        assert clear.read() == DATABASE


def test_the_tests_write_what_the_library_reads() -> None:
    body = CRYPT15.of(DATABASE)[len(head("crypt15")) : -16]
    clear = AESGCM(ROOT_KEY.cipher_key).decrypt(NONCE, body, None)
    assert zlib.decompress(clear) == DATABASE
