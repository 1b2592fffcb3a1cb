"""Archives are opened within limits, wholly or not at all."""

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.archives import CHAT, encrypted, overlapping, packed, renamed, with_mode
from witnessbox.intake.containers import ContainerError, is_archive, opened
from witnessbox.intake.limits import Limits

LIMITS = Limits()
TIGHT = Limits(members=2, total_bytes=100_000, ratio=10)


def contents(archive: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    with opened(io.BytesIO(archive), "x.zip", limits) as inside:
        found = {}
        for member in inside.members:
            with inside.reading(member) as stream:
                found[member.name] = stream.read()
    return found


def refusal(archive: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(ContainerError) as caught:
        contents(archive, limits)
    return str(caught.value)


def test_a_sound_archive_gives_its_files_and_not_its_folders() -> None:
    archive = packed([("chat/", b""), ("chat/_chat.txt", CHAT), ("empty.txt", b"")])
    assert contents(archive) == {"chat/_chat.txt": CHAT, "empty.txt": b""}


def test_a_name_is_what_makes_an_archive() -> None:
    assert is_archive("Chat.ZIP")
    assert not is_archive("letter.docx")


def test_a_name_in_utf_8_that_does_not_say_so_is_read_as_such() -> None:
    archive = packed([("ab_chat.txt", CHAT)])
    assert list(contents(renamed(archive, b"ab_", "é_".encode()))) == ["é_chat.txt"]
    assert list(contents(renamed(archive, b"ab_", b"\x82b_"))) == ["éb_chat.txt"]
    assert list(contents(packed([("Nächte ☕.txt", CHAT)]))) == ["Nächte ☕.txt"]


@pytest.mark.parametrize(
    "name",
    [
        "../out.txt",
        "a/../../out.txt",
        "/etc/out",
        "\\out",
        "C:out",
        "a//b",
        "./a",
        "a\\..\\b",
        "..",
    ],
)
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    assert "name in it" in refusal(packed([("ok.txt", b"x"), (name, b"x")]))


def test_a_name_with_a_nul_is_refused() -> None:
    assert "NUL" in refusal(renamed(packed([("a.txt#.jpg", b"x")]), b"#", b"\0"))


def test_links_and_devices_are_refused() -> None:
    assert "link or device" in refusal(with_mode("a", b"/etc", stat.S_IFLNK | 0o777))
    assert "link or device" in refusal(with_mode("a", b"", stat.S_IFIFO))
    assert contents(with_mode("a", b"x", stat.S_IFREG | 0o644)) == {"a": b"x"}


def test_a_name_that_stands_twice_is_refused() -> None:
    archive = renamed(packed([("a.txt", b"one"), ("b.txt", b"two")]), b"b.txt", b"a.txt")
    assert "stands in it twice" in refusal(archive)


def test_an_encrypted_archive_is_refused() -> None:
    assert "encrypted" in refusal(encrypted(packed([("a.txt", CHAT)])))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_without_bounds_is_refused(method: int) -> None:
    assert "method" in refusal(packed([("a.txt", CHAT)], method))


def test_members_that_share_bytes_are_refused() -> None:
    assert "share" in refusal(overlapping(10))


def test_a_directory_that_lies_over_a_member_is_refused() -> None:
    archive = bytearray(packed([("a.txt", b"x" * 99)], zipfile.ZIP_STORED))
    directory = archive.index(b"PK\x01\x02")
    struct.pack_into("<LL", archive, directory + 20, 5000, 5000)
    assert "share" in refusal(bytes(archive))


def test_limits_on_members_size_and_ratio_hold() -> None:
    assert "members" in refusal(packed([(f"{n}", b"") for n in range(3)]), TIGHT)
    assert "unpacks to more than 100,000" in refusal(packed([("a", b"x" * 100_001)]), TIGHT)
    bomb = packed([("a", b"\0" * 11_000_000)])
    assert "250 times" in refusal(bomb)
    assert len(contents(bomb, Limits(ratio=2000))["a"]) == 11_000_000


def test_a_directory_too_long_for_its_limit_is_refused_before_it_is_read() -> None:
    assert "lists more than 2" in refusal(packed([("x" * 300, b""), ("y" * 300, b"")]), TIGHT)


def test_a_large_directory_is_bounded_too() -> None:
    archive = packed([("a.txt", CHAT)])
    end = archive.index(b"PK\x05\x06")
    directory = archive.index(b"PK\x01\x02")
    for length, told in ((end - directory, False), (1 << 40, True)):
        large = struct.pack(
            "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, length, directory
        ) + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
        whole = archive[:end] + large + archive[end:]
        if told:
            assert "lists more" in refusal(whole)
        else:
            assert contents(whole) == {"a.txt": CHAT}
    lost = struct.pack("<4sLQL", b"PK\x06\x07", 0, 1 << 40, 1)
    assert "no whole zip" in refusal(archive[:end] + lost + archive[end:])


@pytest.mark.parametrize("archive", [b"", b"not a zip", b"PK\x05\x06", packed([("a", CHAT)])[:-9]])
def test_what_is_no_whole_archive_is_refused(archive: bytes) -> None:
    assert "no whole zip" in refusal(archive)


def test_a_member_with_a_flipped_bit_is_refused() -> None:
    archive = bytearray(packed([("a.txt", CHAT)], zipfile.ZIP_STORED))
    archive[archive.index(CHAT) + 5] ^= 1
    assert "a.txt in it is broken" in refusal(bytes(archive))


@given(st.binary(max_size=80), st.integers(0, 1 << 16))
def test_no_damage_gives_anything_but_the_whole_or_a_refusal(insert: bytes, seed: int) -> None:
    sound = packed([("a.txt", CHAT), ("b/c.json", CHAT * 3)])
    at = seed % len(sound)
    try:
        found = contents(sound[:at] + insert + sound[at + len(insert) :])
    except ContainerError:
        return
    assert all(content in (CHAT, CHAT * 3, b"") for content in found.values())
