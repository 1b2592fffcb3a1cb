"""Backups of text messages are read whole: every message, every byte, every doubt."""

from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parsers import sms_backup_xml
from witnessbox.intake.parsers.sms_backup_xml import identify
from witnessbox.intake.sms_backup import pieces

NAME = "sms-20240301.xml"
SOUND = samples(sms_backup_xml)
ANA, BO = "07700900101", "07700900102"
USUAL = {"address": ANA, "date": "1709298000000", "type": "1", "body": "hi"}


def element(tag: str, attributes: dict[str, str], inside: str = "") -> str:
    told = "".join(f" {key}={quoteattr(value, LINE)}" for key, value in attributes.items())
    return f"<{tag}{told}>{inside}</{tag}>"


LINE = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def sms(**fields: str) -> str:
    return element("sms", USUAL | fields)


def mms(*parts: dict[str, str], sender: str = "", **fields: str) -> str:
    usual = {"address": ANA, "date": "1709298000000", "msg_box": "1"}
    inside = "".join(element("part", part) for part in parts)
    address = element("addr", {"type": "137", "address": sender}) if sender else ""
    return element("mms", usual | fields, f"<parts>{inside}</parts><addrs>{address}</addrs>")


def backup(*messages: str, count: int | None = None) -> bytes:
    told = len(messages) if count is None else count
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
    return f'{head}<smses count="{told}">\n{"".join(messages)}</smses>\n'.encode()


def read(data: bytes, table: str = "messages", limits: Limits = DEFAULT) -> list[dict[str, Any]]:
    return rows(batches(sms_backup_xml, data, NAME, limits=limits), table)


def codes(data: bytes) -> list[str]:
    return [row["code"] for row in read(data, "problems") if row["code"] != "envelope"]


def test_a_message_has_its_time_sender_text_and_place() -> None:
    data = backup(sms(contact_name="Ana"))
    (row,) = read(data)
    assert (row["sender"], row["text"], row["kind"]) == ("Ana", "hi", "text")
    assert row["sent_at"].isoformat() == "2024-03-01T13:00:00+00:00"
    assert (row["zone"], row["conversation"], row["thread"]) == ("UTC", "Ana", ANA)
    assert codes(data) == []


def test_what_the_phone_sent_is_its_owners() -> None:
    assert [row["sender"] for row in read(backup(sms(type="2"), sms()))] == ["Me", ANA]


@pytest.mark.parametrize("box", ["3", "4", "5", "6"])
def test_what_was_never_sent_is_said_to_be_so(box: str) -> None:
    data = backup(sms(type=box), mms(msg_box=box))
    assert [row["sender"] for row in read(data)] == ["Me", "Me"]
    assert codes(data) == ["not-sent", "not-sent"]


def test_a_group_is_its_numbers_in_any_order() -> None:
    data = backup(
        sms(address=BO, contact_name="Bo"),
        mms({"ct": "text/plain", "text": "a"}, address=f"{ANA}~{BO}", sender=BO),
        mms({"ct": "text/plain", "text": "b"}, address=f"{BO}~{ANA}", sender=ANA),
        mms({"ct": "text/plain", "text": "c"}, address=f"{BO}~{ANA}"),
    )
    _, *group = read(data)
    assert {row["thread"] for row in group} == {f"{ANA}~{BO}"}
    assert {row["conversation"] for row in group} == {f"{ANA}, Bo"}
    assert [row["sender"] for row in group] == ["Bo", ANA, f"{ANA}, Bo"]


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ([{"ct": "text/x-vCard", "cl": "card.vcf"}], "contact"),
        ([{"ct": "text/x-vCard", "cl": "card.vcf"}, {"ct": "image/gif", "cl": "a.gif"}], "media"),
    ],
)
def test_a_picture_message_of_cards_alone_is_a_contact(
    parts: list[dict[str, str]], kind: str
) -> None:
    assert read(backup(mms(*parts)))[0]["kind"] == kind


def test_a_picture_message_has_its_texts_and_files() -> None:
    data = backup(
        mms(
            {"ct": "application/smil", "text": "<smil/>"},
            {"ct": "text/plain", "text": "one"},
            {"ct": "text/plain", "text": "null", "name": "long.txt"},
            {"ct": "image/gif", "cl": "a.gif", "data": "R0lG"},
            {"ct": "application/octet-stream", "fn": "b.mp4", "data": "AAAA"},
            {"ct": "text/vcard"},
            sub="Rota",
        )
    )
    (row,) = read(data)
    assert (row["text"], row["kind"], row["precision"]) == ("Rota\none", "media", "second")
    found = [(row["name"], row["media"], row["omitted"]) for row in read(data, "attachments")]
    assert found == [
        ("long.txt", "document", True),
        ("a.gif", "gif", False),
        ("b.mp4", "video", False),
        (None, "contact", True),
    ]


@pytest.mark.parametrize("date", ["0", "-5", "x", "9" * 18, "1.5"])
def test_what_is_no_time_is_kept_as_written_and_in_doubt(date: str) -> None:
    data = backup(sms(date=date))
    (row,) = read(data)
    assert (row["sent_at"], row["stamp"]) == (None, date)
    assert codes(data) == ["no-time"]


def test_a_message_may_lack_everything() -> None:
    data = backup("<sms/>")
    (row,) = read(data)
    assert (row["kind"], row["conversation"], row["thread"]) == ("empty", "no number", None)
    assert sorted(codes(data)) == ["no-time", "unknown-direction"]


@pytest.mark.parametrize(
    ("written", "text", "doubts"),
    [
        ("&#55357;&#56846;", "😎", []),
        ("&#xD83D;&#xde0e;", "😎", []),
        ("&#128526;&amp;#55357;", "😎&#55357;", []),
        ("&#55357;", "\ufffd", ["damaged-text"]),
        ("&#56846;&#55357;", "\ufffd\ufffd", ["damaged-text"]),
        ("&#55900;&#55900;", "\ufffd\ufffd", ["damaged-text"]),
        ("&#55000;&#57000;", "\ud6d8\ufffd", ["damaged-text"]),
        ("&#0;&#11;&#x110000;&#65535;", "\ufffd" * 4, ["damaged-text"]),
        ("\x01", "\ufffd", ["damaged-text"]),
        ("&#10;&#xe000;", "\n\ue000", []),
    ],
)
def test_letters_no_reader_of_xml_takes_are_put_right_or_in_doubt(
    written: str, text: str, doubts: list[str]
) -> None:
    data = backup(sms(body="BODY")).replace(b"BODY", written.encode())
    assert read(data)[0]["text"] == text
    assert codes(data) == doubts


def test_bytes_that_are_not_utf_8_are_shown_as_damaged() -> None:
    data = backup(sms(body="BODY")).replace(b"BODY", b"caf\xe9")
    assert read(data)[0]["text"] == "caf\ufffd"
    assert codes(data) == ["damaged-text"]
    latin = data.replace(b"UTF-8", b"ISO-8859-1")
    assert read(latin)[0]["text"] == "café"
    assert codes(latin) == []


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE smses [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    data = (
        backup(sms(body="BODY"), sms())
        .replace(b"BODY", b"&b;")
        .replace(b"<smses", bomb + b"<smses")
    )
    assert [row["text"] for row in read(data)] == ["hi"]
    assert codes(data) == ["broken-head", "broken-message"]
    inside = backup(f"<sms>{bomb.decode()}</sms>")
    assert codes(inside) == ["broken-message", "count-differs"]


def test_a_document_type_between_messages_reaches_nothing() -> None:
    data = backup(sms(), "<!DOCTYPE x [<!ENTITY a 'b'>]>", sms(body="&a;"))
    assert [row["text"] for row in read(data)] == ["&a;"]


def test_a_file_that_stops_early_or_holds_fewer_says_so() -> None:
    whole = backup(sms(), sms())
    assert codes(whole[: whole.index(b"</smses")]) == ["cut-off"]
    cut = whole[: whole.rindex(b"body")]
    assert codes(cut) == ["broken-message", "cut-off", "count-differs"]
    assert codes(backup(sms(), count=3)) == ["count-differs"]


def test_a_backup_of_nothing_is_sound() -> None:
    assert codes(b'<smses count="0" />') == []
    assert codes(backup()) == []


def test_a_message_too_long_to_hold_is_lost_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Limits(sms_record_bytes=400)
    monkeypatch.setattr(pieces, "WINDOW_BYTES", 50)
    data = backup(sms(body="x" * 1000), sms())
    assert [row["text"] for row in read(data, limits=small)] == ["hi"]
    told = {row["code"]: row["what"] for row in read(data, "problems", small)}
    assert told.keys() == {"envelope", "broken-message", "count-differs"}
    assert "400 bytes" in told["broken-message"]


def test_rows_are_given_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_backup_xml, "_ROWS", 2)
    assert len(batches(sms_backup_xml, backup(*[sms()] * 5), NAME)) == 4


def test_those_who_wrote_are_participants_with_their_numbers() -> None:
    data = backup(sms(contact_name="Ana"), sms(type="2", contact_name="Ana"))
    found = [
        (row["conversation"], row["name"], row["platform_id"], row["messages"])
        for row in read(data, "participants")
    ]
    assert found == [("Ana", "Ana", ANA, 1), ("Ana", "Me", None, 1)]


@pytest.mark.parametrize(
    ("head", "ours"),
    [
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- made by a program --><smses count='1'>", True),
        (b"<smses/>", True),
        (b"<calls count='1'>", False),
        (b"<html><smsesx>", False),
        (b"see <smses >", False),
    ],
)
def test_its_own_files_are_known_by_their_root(head: bytes, *, ours: bool) -> None:
    assert identify(NAME, head) is ours


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_file_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(sms_backup_xml, damaged(sample.read_bytes(), seed), NAME)


@given(st.lists(st.sampled_from([b"<smses>", b"<sms a='1'/>", b"</smses", b">", b"<mms", b"\xff"])))
def test_any_tags_at_all_are_explained(tags: list[bytes]) -> None:
    batches(sms_backup_xml, b"".join(tags), NAME)


SAID = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(st.lists(SAID.filter(lambda said: said != "null"), max_size=8))
def test_texts_come_back_as_they_were_said(said: list[str]) -> None:
    assert [row["text"] for row in read(backup(*(sms(body=one) for one in said)))] == said
