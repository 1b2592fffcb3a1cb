"""Conversations and people, by what the database and an address book call them."""

from pathlib import Path

from tests.intake.imessage.mac import (
    ANA,
    ANA_SMS,
    BOOK,
    FULL,
    MAC_BOOK,
    UNTITLED,
    database,
    message,
    row,
    script,
)
from tests.intake.imessage.reading import ANA_ADDRESS, BO_ADDRESS, OWNER, made, read, told


def test_a_group_without_a_title_is_named_by_its_members(tmp_path: Path) -> None:
    crowd = [
        row("INSERT INTO handle(id, service) VALUES(?, 'SMS')", f"+4477009002{n:02}")
        for n in range(10)
    ]
    found = made(
        tmp_path,
        message(1, "Tea?", UNTITLED),
        *crowd,
        script(
            "INSERT INTO chat(ROWID, guid, style)"
            " VALUES(7,'iMessage;+;',43),(8,'',45),(9,'a;b',45);"
            "INSERT INTO chat_handle_join SELECT 7, ROWID FROM handle WHERE ROWID>4;"
            "INSERT INTO chat_handle_join VALUES(7,99);"
            "INSERT INTO chat_message_join VALUES(7,2,0),(8,3,0),(9,4,0)"
        ),
        *(message(n, "hi", None) for n in (2, 3, 4)),
    )
    names = [name for (name,) in told(found, "conversation")]
    assert names[0] == f"{ANA_ADDRESS}, {BO_ADDRESS}"
    assert names[1].endswith("+447700900207 and 3 more")
    assert names[2:] == ["chat 8", "b"]


def test_a_group_without_title_or_members_stands_under_its_identity(tmp_path: Path) -> None:
    found = made(tmp_path, message(1, "Tea?", UNTITLED), script("DELETE FROM chat_handle_join"))
    assert told(found, "conversation", "thread") == [("chat200", "chat200")]


def test_one_person_is_one_conversation_over_both_services(tmp_path: Path) -> None:
    found = made(tmp_path, message(1, "Tea?", ANA), message(2, "Yes?", ANA_SMS, handle_id=3))
    assert set(told(found, "thread", "sender")) == {(ANA_ADDRESS, ANA_ADDRESS)}
    listed = told(found, "conversation", "name", "messages", "listed", table="participants")
    assert (ANA_ADDRESS, ANA_ADDRESS, 2, True) in listed


def test_the_address_book_of_an_iphone_gives_names(tmp_path: Path) -> None:
    book = database(tmp_path / "book.db", schema=BOOK)
    found = read(database(tmp_path / "a.db", *FULL), book=book)
    assert {one for (one,) in told(found, "sender")} == {
        None,
        OWNER,
        "Ana Reed",
        BO_ADDRESS,
        "The desk",
    }
    assert ("Ana Reed", ANA_ADDRESS) in told(found, "conversation", "thread")


def test_a_number_two_people_have_names_neither(tmp_path: Path) -> None:
    book = database(tmp_path / "book.db", schema=BOOK)
    other = script(
        "INSERT INTO handle(ROWID, id, service) VALUES(9,'+441632960001','SMS'),(10,'Desk','SMS')"
    )
    data = database(tmp_path / "a.db", other, message(1, "hi", None, handle_id=9))
    assert told(read(data, book=book), "sender") == [("+441632960001",)]


def test_the_address_book_of_a_mac_gives_names(tmp_path: Path) -> None:
    book = database(tmp_path / "book.db", schema=MAC_BOOK)
    found = read(database(tmp_path / "a.db", *FULL), mac_book=book)
    assert {"Bo Lind", ANA_ADDRESS} <= {one for (one,) in told(found, "sender")}


def test_an_address_book_that_cannot_be_read_gives_no_names(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.db", *FULL), book=b"x" * 200)
    assert (ANA_ADDRESS,) in told(found, "sender")
