"""Each person's receipts: out of blobs nobody has published a definition of, and from beside."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.intake.chatstorage.iphone import (
    AT,
    BO,
    BOOK,
    GROUP,
    RECEIPTS,
    Fill,
    database,
    field,
    group,
    info,
    logged,
    many,
    reaction,
    receipt,
    said,
    script,
    sending,
    to_bo,
)
from tests.intake.reading import batches, rows
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import whatsapp_ios

ANA, DEE = "190000000000001", "190000000000004"
SENT = 978_307_200 + int(AT) + 60  # of the first message
MEMBERS = script(f"INSERT INTO ZWAGROUPMEMBER VALUES(4,1,0,1,'{ANA}@lid','Ana',NULL)")


def read(place: Path, *fills: Fill, beside: dict[str, bytes] | None = None) -> list[Batch]:
    data = database(place / "a.sqlite", *fills)
    return batches(whatsapp_ios, data, "ChatStorage.sqlite", beside)


def told(found: list[Batch]) -> list[tuple[Any, ...]]:
    """Give who did what, in seconds after the first message was sent."""
    wanted = rows(found, "acknowledgements")
    return [
        (one["person"], one["event"], int(one["acknowledged_at"].timestamp()) - SENT)
        for one in wanted
    ]


def problems(found: list[Batch], code: str = "receipt-unread") -> list[tuple[Any, ...]]:
    return [
        (one["severity"], one["row"], one["what"].removeprefix("not read: "))
        for one in rows(found, "problems")
        if one["code"] == code
    ]


def mine(*blobs: bytes) -> tuple[Fill, ...]:
    """Give messages the owner sent to the group, each with its blob."""
    count = range(1, len(blobs) + 1)
    return (
        MEMBERS,
        said(*(group(n, "Kettle is on", 0) for n in count)),
        info(*((n, n, blob) for n, blob in zip(count, blobs, strict=True))),
    )


def test_each_recipient_s_devices_told_when_a_message_came_and_when_it_was_read(
    tmp_path: Path,
) -> None:
    blob = receipt(ANA, reached=0, read=5926) + receipt(DEE, reached=17) + sending(1)
    found = read(tmp_path, *mine(blob))
    assert told(found) == [("Ana", "delivered", 0), ("Dee", "delivered", 17), ("Ana", "read", 5926)]
    (message,) = rows(found, "messages")
    assert {one["start"] for one in rows(found, "acknowledgements")} == {message["start"]}
    assert rows(found, "acknowledgements")[0]["acknowledged_at"] == datetime(
        2023, 3, 8, 20, 27, 40, tzinfo=UTC
    )
    assert problems(found) == []
    (note,) = problems(found, "blob-reading")
    assert note[0] == "note"
    assert note[2].startswith("receipts read out of blobs that have no published definition: 2;")


def test_the_first_of_several_devices_says_when_a_message_came(tmp_path: Path) -> None:
    who = field(1, bytes.fromhex(f"8c{ANA}f"))
    devices = b"".join(field(10, field(1, after) + field(2, 1)) for after in (26, 3, 9))
    blob = field(2, who + field(4, 1_089_263) + field(9, field(1, 0)) + devices) + sending(1)
    assert told(read(tmp_path, *mine(blob))) == [("Ana", "delivered", 3)]


def test_a_hidden_address_is_led_to_its_number(tmp_path: Path) -> None:
    book = {"ContactsV2.sqlite": database(tmp_path / "book.sqlite", schema=BOOK)}
    found = read(tmp_path, *mine(receipt(DEE, read=2) + sending(1)), beside=book)
    assert told(found) == [("Dee Days", "read", 2)]


def test_addresses_of_an_even_number_of_digits_have_no_filler(tmp_path: Path) -> None:
    even = script("INSERT INTO ZWAGROUPMEMBER VALUES(5,1,0,1,'19000000000001@lid','Eve',NULL)")
    blob = receipt("19000000000001", read=2) + receipt("1900000000000123", read=3) + sending(1)
    found = read(tmp_path, *mine(blob), even)
    assert told(found) == [("Eve", "read", 2)]


def test_somebody_the_database_does_not_know_of_itself_is_no_recipient(tmp_path: Path) -> None:
    stranger = "190000000000077"
    blob = receipt(stranger, reached=1) + sending(1)
    marked = field(7, reaction(f"{stranger}@lid", "👍")) + receipt(stranger, reached=1) + sending(2)
    found = read(tmp_path, *mine(blob, marked))
    assert told(found) == []
    what = "a receipt of somebody the database does not know; it may be a device of the owner"
    assert problems(found) == [
        ("note", 1, f"{what} (2 of them; the first belongs to this message)")
    ]
    assert problems(found, "blob-reading") == []


def test_receipts_of_messages_from_others_are_not_known(tmp_path: Path) -> None:
    sent = said(group(1, "Kettle is on", 1)), info((1, 1, receipt(ANA, read=1) + sending(1)))
    found = read(tmp_path, MEMBERS, *sent)
    what = "a receipt of a message that was not sent from this phone"
    assert (told(found), problems(found)) == ([], [("doubt", 1, what)])


WHO = field(1, bytes.fromhex(f"8c{ANA}f"))
NOBODY = "a receipt whose recipient is written in a way nobody has explained"
MISSHAPEN = "a receipt whose fields are not written as they are known"
UNTIMELY = "a receipt whose times do not go with its message's"
UNSENT = "a receipt beside which no moment of sending stands, from which it would count"


@pytest.mark.parametrize(
    ("blob", "what"),
    [
        (receipt(ANA, read=1), UNSENT),
        (receipt(ANA, read=1) + sending(1) * 2, UNSENT),
        (receipt(ANA, read=1) + field(3, b"soon"), UNSENT),
        (receipt(ANA, read=1) + field(3, 1 << 63), UNSENT),
        (receipt(ANA, read=1) + field(3, SENT + 90_000), UNTIMELY),
        (receipt(ANA, read=400_000_000) + sending(1), UNTIMELY),
        (receipt(ANA, reached=400_000_000) + sending(1), UNTIMELY),
        (field(2, field(5, 1)) + sending(1), NOBODY),
        (field(2, WHO * 2 + field(5, 1)) + sending(1), NOBODY),
        (field(2, field(1, 5) + field(5, 1)) + sending(1), NOBODY),
        (field(2, field(1, bytes.fromhex(f"81{ANA}f")) + field(5, 1)) + sending(1), NOBODY),
        (
            field(2, field(1, bytes.fromhex("8c1900000000000a1f")) + field(5, 1)) + sending(1),
            NOBODY,
        ),
        (
            field(2, field(1, bytes.fromhex("8c019000000000001f")) + field(5, 1)) + sending(1),
            NOBODY,
        ),
        (field(2, field(1, b"\x8c\x19") + field(5, 1)) + sending(1), NOBODY),
        (field(2, 7) + sending(1), MISSHAPEN),
        (field(2, b"\xff") + sending(1), MISSHAPEN),
        (field(2, WHO + field(5, b"1")) + sending(1), MISSHAPEN),
        (field(2, WHO + field(5, 1) * 2) + sending(1), MISSHAPEN),
        (field(2, WHO + field(5, 1) + field(10, 3)) + sending(1), MISSHAPEN),
        (field(2, WHO + field(5, 1) + field(10, field(2, 3))) + sending(1), MISSHAPEN),
        (field(2, WHO + field(5, 1) + field(10, b"\x08")) + sending(1), MISSHAPEN),
        (
            field(2, WHO + field(9, field(1, 62) + field(2, 3))) + sending(1),
            "a delivery counted in field 9, which readers take for minutes or for seconds",
        ),
        (
            (receipt(ANA, read=1) + sending(1))[:-1],
            "a blob of receipts that breaks off or is no blob",
        ),
        (b"\xff" * 20, "a blob of receipts that breaks off or is no blob"),
        (
            field(4, 1) * (1 << 19) + b"\x08\x01",
            "a blob of more than 1 MiB, which is no such blob as is known",
        ),
    ],
)
def test_what_is_not_shaped_as_known_is_a_doubt_and_no_receipt(
    tmp_path: Path, blob: bytes, what: str
) -> None:
    found = read(tmp_path, *mine(blob))
    assert (told(found), problems(found)) == ([], [("doubt", 1, what)])


def test_what_is_misshapen_takes_nothing_from_what_stands_beside_it(tmp_path: Path) -> None:
    odd = field(2, field(1, b"\x8c\x19") + field(5, 1))
    broken = field(2, WHO + field(5, b"1"))
    blobs = (odd + receipt(ANA, read=1) + sending(1), b"\xff" * 20, broken + receipt(DEE, read=2))
    found = read(tmp_path, *mine(*blobs[:2], blobs[2] + sending(3), odd + sending(4)))
    assert told(found) == [("Ana", "read", 1), ("Dee", "read", 122)]
    assert [row for _, row, _ in problems(found)] == [2, 1, 3]


def test_a_field_nobody_has_explained_takes_nothing_from_the_rest(tmp_path: Path) -> None:
    blob = field(2, WHO + field(5, 1) + field(6, 30)) + sending(1)
    found = read(tmp_path, *mine(blob))
    assert told(found) == [("Ana", "read", 1)]
    what = "a field of a receipt that nobody has explained; the rest of it is read"
    assert problems(found) == [("doubt", 1, what)]


def test_a_recipient_whose_devices_told_nothing_is_no_doubt(tmp_path: Path) -> None:
    found = read(tmp_path, *mine(field(2, WHO + field(4, 1)) + sending(1), field(4, 1)))
    assert (told(found), rows(found, "problems")) == ([], [])


def test_a_doubt_is_said_once_with_its_first_message(tmp_path: Path) -> None:
    found = read(tmp_path, *mine(field(4, 1), receipt(ANA, read=1), receipt(ANA, read=1) * 2))
    more = "(3 of them; the first belongs to this message)"
    assert problems(found) == [("doubt", 2, f"{UNSENT} {more}")]


def test_receipts_of_what_only_the_log_holds_are_told_there(tmp_path: Path) -> None:
    def later(opened: Any) -> None:
        said(group(2, "Two sugars?", 0))(opened)
        info((2, 2, receipt(ANA, read=1) + sending(2)))(opened)

    first = mine(receipt(ANA, read=7) + sending(1))
    data, log = logged(tmp_path, lambda opened: [fill(opened) for fill in first], later)
    found = batches(whatsapp_ios, log, "ChatStorage.sqlite-wal", {"ChatStorage.sqlite": data})
    assert told(found) == [("Ana", "read", 61)]


def devices(place: Path, *told_of: tuple[Any, ...]) -> dict[str, bytes]:
    """Give the database beside: message, conversation, who, and three moments."""
    columns = "stanza_id, chat_jid, user_jid, delivered_timestamp, read_timestamp, played_timestamp"
    fill = many(f"INSERT INTO receipt_device({columns}) VALUES(?,?,?,?,?,?)", *told_of)
    return {"MessagingInfraDatabase.sqlite": database(place / "b.sqlite", fill, schema=RECEIPTS)}


KEY = "3A000000000000000001"
HIS = "447700900103@s.whatsapp.net"


def test_the_database_beside_says_what_each_device_told(tmp_path: Path) -> None:
    beside = devices(
        tmp_path,
        (KEY, GROUP, f"{DEE}@lid", SENT + 1, SENT + 30, None),
        (KEY, GROUP, HIS, SENT + 2, None, SENT + 90),
        ("3A00000000000000FFFF", GROUP, HIS, SENT + 3, None, None),
    )
    found = read(tmp_path, said(group(1, "Kettle is on", 0), group(2, "hi", 1)), beside=beside)
    assert told(found) == [
        ("Dee", "delivered", 1),
        ("cy", "delivered", 2),
        ("Dee", "read", 30),
        ("cy", "played", 90),
    ]
    assert rows(found, "problems") == []


def test_receipts_of_another_conversation_s_copy_are_not_this_one_s(tmp_path: Path) -> None:
    sent = said(group(1, "Kettle is on", 0), to_bo(2, 1, "Kettle is on", mine=True))
    same = many("UPDATE ZWAMESSAGE SET ZSTANZAID=?", (KEY,))
    beside = devices(
        tmp_path,
        (KEY, BO, BO, SENT + 70, None, None),
        (KEY, "190000000000099@lid", HIS, SENT + 71, None, None),
    )
    found = read(tmp_path, sent, same, beside=beside)
    assert sorted(told(found)) == [
        ("Bo", "delivered", 70),
        ("cy", "delivered", 71),
        ("cy", "delivered", 71),
    ]


def test_moments_that_do_not_go_with_their_message_are_a_doubt(tmp_path: Path) -> None:
    beside = devices(
        tmp_path,
        (KEY, GROUP, HIS, SENT * 1000, SENT - 100_000, 1 << 62),
        (KEY, GROUP, HIS, -5, 0, SENT + 400_000_000),
    )
    found = read(tmp_path, said(group(1, "Kettle is on", 0)), beside=beside)
    assert told(found) == []
    more = "(4 of them; the first belongs to this message)"
    assert problems(found) == [("doubt", 1, f"{UNTIMELY} {more}")]


def test_a_message_without_an_identity_has_no_receipts_beside(tmp_path: Path) -> None:
    beside = devices(
        tmp_path, ("", GROUP, HIS, SENT, None, None), (None, GROUP, HIS, SENT, None, 1)
    )
    nameless = script("UPDATE ZWAMESSAGE SET ZSTANZAID=NULL")
    assert told(read(tmp_path, said(group(1, "hi", 0)), nameless, beside=beside)) == []


def test_an_identity_that_many_messages_bear_gives_its_receipts_to_few(tmp_path: Path) -> None:
    sent = said(*(group(n, "hi", 0) for n in range(1, 30)))
    same = many("UPDATE ZWAMESSAGE SET ZSTANZAID=?", (KEY,))
    beside = devices(tmp_path, (KEY, GROUP, HIS, SENT + 5, None, None))
    found = read(tmp_path, sent, same, beside=beside)
    assert told(found) == [("cy", "delivered", 5)] * 4
    what = "receipts beside of a message whose identity too many messages bear"
    assert problems(found) == [
        ("doubt", 5, f"{what} (25 of them; the first belongs to this message)")
    ]


def test_what_cannot_be_read_of_the_database_beside_is_a_loss(tmp_path: Path) -> None:
    several = ((KEY, GROUP, HIS, SENT + n, None, None) for n in range(60))
    ((name, whole),) = devices(tmp_path, *several).items()
    sent = said(group(1, "Kettle is on", 0))
    found = read(tmp_path, sent, beside={name: whole[:4096]})
    assert 0 < len(told(found)) < 60
    lost = {one["what"] for one in rows(found, "problems") if one["code"] == "table-unread"}
    assert lost
    assert all(one.startswith("MessagingInfraDatabase.sqlite: receipt_device: ") for one in lost)
