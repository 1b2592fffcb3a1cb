"""A table of addresses that is too long is held in part, and a problem says so."""

from dataclasses import replace
from pathlib import Path

from tests.intake.msgstore.phone import BELONGING, BOOK, FULL, SCHEMA, database, said, say, script
from tests.intake.msgstore.reading import ANA, BO, of, read
from tests.intake.reading import LONDON, source
from witnessbox.intake.limits import Limits
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import whatsapp_android


def told(place: Path, most: int, *, of_book: int = 100) -> list[Batch]:
    """Read a database with its address book, each with so many addresses held."""
    data = database(place / "a.db", FULL, BELONGING)
    names = database(place / "wa.db", schema=BOOK)
    book = replace(source(names, "wa.db"), limits=Limits(database_addresses=of_book))
    limits = Limits(database_addresses=most)
    one = replace(source(data, "msgstore.db"), beside=(book,), limits=limits)
    return list(whatsapp_android.parse(one, LONDON))


def unheld(found: list[Batch]) -> list[str]:
    return [
        what.partition(" has more than")[0]
        for code, what in of(found, "problems", "code", "what")
        if code == "addresses-unread"
    ]


def test_messages_beyond_the_addresses_that_are_held_are_read_without_them(tmp_path: Path) -> None:
    whole, some = told(tmp_path, 5), told(tmp_path, 2)
    assert unheld(whole) == []
    assert unheld(some) == ["jid", "chat"]
    # The first is WhatsApp's own and names who came.
    assert of(some, "messages", "row", "text")[1:] == of(whole, "messages", "row", "text")[1:]
    senders = dict(of(some, "messages", "row", "sender"))
    assert (senders[2], senders[4]) == ("Ana Nights", None)


def test_a_book_that_is_too_long_gives_the_names_that_are_held(tmp_path: Path) -> None:
    found = told(tmp_path, 100, of_book=1)
    assert unheld(found) == ["wa_contacts"]
    senders = dict(of(found, "messages", "row", "sender"))
    assert (senders[2], senders[4]) == ("Ana Nights", BO)


def test_no_address_is_held_where_none_may_be(tmp_path: Path) -> None:
    limits = Limits(database_addresses=1)
    data = database(tmp_path / "a.db", said(say(1, "Tea?", sender=2)), schema=SCHEMA)
    found = list(
        whatsapp_android.parse(replace(source(data, "msgstore.db"), limits=limits), LONDON)
    )
    assert of(found, "messages", "text", "sender") == [("Tea?", None)]


def test_a_group_is_never_named_as_the_one_who_reacted(tmp_path: Path) -> None:
    reaction = script(
        "INSERT INTO message_add_on VALUES(1,1,0,'r1',77,1,1700000950000,56);"
        "INSERT INTO message_add_on_reaction VALUES(1,'👍',0)"
    )
    found = read(tmp_path, said(say(1, "Kettle is on")), reaction)
    assert of(found, "reactions", "actor", "reaction") == [(None, "👍")]
    assert of(found, "messages", "sender") == [(ANA,)]
