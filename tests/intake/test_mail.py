"""A mail that carries an archive is taken apart within limits, wholly or not at all."""

import base64
import io
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.archives import CHAT, packed
from tests.intake.damage import damaged
from witnessbox.intake.containers import ContainerError
from witnessbox.intake.handed import Handed
from witnessbox.intake.limits import Limits
from witnessbox.intake.mail import is_mail, opened
from witnessbox.intake.unpack import check

ZIP = packed([("rsmf_manifest.json", b'{"events": []}')])


def mail(*attached: tuple[str, bytes], lines: str = "\n") -> bytes:
    message = EmailMessage()
    message["X-RSMF-Version"] = "2.0.0"
    message.set_content("--what was said--\n")
    for name, content in attached:
        message.add_attachment(content, "application", "zip", filename=name)
    return message.as_bytes(policy=message.policy.clone(linesep=lines))


def contents(data: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    with opened(io.BytesIO(data), "x.rsmf", limits or Limits()) as inside:
        found = {}
        for member in inside.members:
            with inside.reading(member) as stream:
                found[member.name] = stream.read()
            assert len(found[member.name]) <= member.size_bytes
    return found


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(ContainerError) as caught:
        contents(data, limits)
    return str(caught.value)


def test_a_name_is_what_makes_a_mail() -> None:
    assert is_mail("Nights.RSMF")
    assert not is_mail("Nights.eml")


@pytest.mark.parametrize("lines", ["\n", "\r\n"])
def test_attachments_come_out_as_they_went_in(lines: str) -> None:
    large = bytes(range(256)) * 999
    attached = {"rsmf.zip": ZIP, "Zoë.png": large, "empty.txt": b""}
    assert contents(mail(*attached.items(), lines=lines)) == attached


def test_attachments_of_a_mail_in_a_mail_are_found() -> None:
    inner = mail(("deep.png", b"x"))
    outer = (
        b"Content-Type: multipart/mixed; boundary=A\n\nlead\n--A\n"
        + inner
        + b"\n--A\nContent-Disposition: attachment; filename=rsmf.zip\n\nas written\n--A--\nend\n"
    )
    assert contents(outer) == {"deep.png": b"x", "rsmf.zip": b"as written"}


def test_a_mail_that_is_one_file_and_ends_without_a_mark_is_read_to_its_end() -> None:
    head = (
        b"Content-Disposition: attachment; filename=rsmf.zip\nContent-Transfer-Encoding: base64\n\n"
    )
    assert contents(head + base64.encodebytes(ZIP)) == {"rsmf.zip": ZIP}


def test_a_line_longer_than_is_read_at_once_ends_no_part() -> None:
    long = b"x" * 65536 + b"--A\n"
    data = b"Content-Type: multipart/mixed; boundary=A\n\n--A\n"
    data += b"Content-Disposition: attachment; filename=rsmf.zip\n\n" + long + b"--A--\n"
    assert contents(data) == {"rsmf.zip": long[:-1]}


def with_boundary(head: bytes) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=A\n\n--A\n" + head + b"\n\nx\n--A--\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no attachment rsmf.zip"),
        (mail(("other.zip", ZIP)), "no attachment rsmf.zip"),
        (mail(("rsmf.zip", ZIP), ("rsmf.zip", ZIP)), "stands in it twice"),
        (mail(("rsmf.zip", ZIP), ("../x", b"")), "leads elsewhere"),
        (b"Content-Type: multipart/mixed\n\n--A\n", "no attachment rsmf.zip"),
        (b"Content-Disposition: attachment; filename=a; filename*\n", "head in it cannot be read"),
        (
            b"Content-Disposition: x(y; filename*=utf-8''a%20; filename*1=b\n",
            "head in it cannot be read",
        ),
        (b"x" * (1 << 19), "does not begin like a mail"),
        (
            with_boundary(
                b"Content-Disposition: attachment; filename=rsmf.zip\n"
                b"Content-Transfer-Encoding: base64"
            ).replace(b"\nx\n", b"\n!!!!\n"),
            "rsmf.zip in it is broken",
        ),
        (
            with_boundary(
                b"Content-Disposition: attachment; filename=rsmf.zip\n"
                b"Content-Transfer-Encoding: x-uuencode"
            ),
            "written as x-uuencode",
        ),
        (
            b"".join(
                b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(9)
            ),
            "too many parts",
        ),
        (
            b"Content-Type: multipart/mixed; boundary=A\n\n" + b"--A\n\n" * 10_001,
            "too many parts",
        ),
    ],
)
def test_a_mail_that_is_none_or_is_hostile_is_refused(data: bytes, why: str) -> None:
    assert why in refusal(data)


def test_more_attachments_than_the_limit_are_refused() -> None:
    data = mail(("rsmf.zip", ZIP), ("a", b""), ("b", b""))
    assert "more than 2 attachments" in refusal(data, Limits(members=2))


def test_all_that_lies_in_it_becomes_exhibits_of_their_own(tmp_path: Path) -> None:
    place = tmp_path / "Nights.rsmf"
    place.write_bytes(mail(("rsmf.zip", packed([("rsmf_manifest.json", CHAT)])), ("a.png", b"x")))
    found = check(Handed(place, place.name, (), "d"), Limits())
    assert [(one.name, one.number) for one in found] == [
        ("Nights.rsmf", ()),
        ("Nights.rsmf/rsmf.zip", (1,)),
        ("Nights.rsmf/rsmf.zip/rsmf_manifest.json", (1, 1)),
        ("Nights.rsmf/a.png", (2,)),
    ]
    assert found[1].container == found[0].exhibit.digest


@given(st.integers(0, 1 << 32))
def test_damage_is_refused_or_read_and_nothing_else(seed: int) -> None:
    data = damaged(mail(("rsmf.zip", ZIP), ("a.png", b"y" * 99)), seed)
    try:
        found = contents(data)
    except ContainerError:
        return
    assert "rsmf.zip" in found


@given(st.binary(max_size=300))
def test_any_bytes_behind_a_head_are_refused_or_read(data: bytes) -> None:
    try:
        contents(b"Content-Type: multipart/mixed; boundary=A\n" + data)
    except ContainerError:
        return
