"""Words that stand in other tables than the message."""

from pathlib import Path

from tests.intake.msgstore.phone import SCHEMA, said, say, script
from tests.intake.msgstore.reading import ANA, BO, of, read

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Cy Marsh\nTEL;waid=447700900103:+44 7700 900103\nEND:VCARD"


def texts(place: Path, kinds: list[tuple[int, str | None]], tables: str) -> list[str | None]:
    """Read messages of these kinds and texts, with what other tables hold of them."""
    sent = said(*(say(n, text, kind=kind) for n, (kind, text) in enumerate(kinds, 1)))
    return [text for (text,) in of(read(place, sent, script(tables)), "messages", "text")]


def test_a_poll_s_options_stand_under_its_question(tmp_path: Path) -> None:
    options = """
    INSERT INTO message_poll_option VALUES(1,1,NULL,'Tea',1),(2,1,NULL,'Coffee',0),
     (3,2,NULL,'Late',0),(4,2,NULL,NULL,0);
    """
    found = texts(tmp_path, [(66, "Tea or coffee?"), (66, None), (66, "Nobody?")], options)
    assert found == ["Tea or coffee?\nTea\nCoffee", "Late", "Nobody?"]


def test_a_place_is_told_by_name_address_and_co_ordinates(tmp_path: Path) -> None:
    places = """
    INSERT INTO message_location VALUES(1,1,51.5,-0.125,'The yard','1 Long Lane','https://x.test'),
     (2,1,51.5,-0.125,NULL,NULL,NULL),(3,1,NULL,NULL,'Somewhere',NULL,NULL);
    """
    found = texts(tmp_path, [(5, None), (16, "on my way"), (5, None), (5, None)], places)
    assert found == [
        "The yard, 1 Long Lane, 51.5, -0.125, https://x.test",
        "on my way\n51.5, -0.125",
        "Somewhere",
        None,
    ]


def test_a_contact_card_is_told_by_name_and_number(tmp_path: Path) -> None:
    cards = f"INSERT INTO message_vcard VALUES(1,1,'{CARD}'),(2,2,'no card'),(3,2,NULL)"
    found = texts(tmp_path, [(4, "Cy Marsh"), (14, "2 contacts")], cards)
    assert found == ["Cy Marsh +44 7700 900103", "2 contacts"]


def test_an_invitation_an_event_and_an_album_say_what_they_are(tmp_path: Path) -> None:
    tables = """
    INSERT INTO message_group_invite VALUES(1,4,'Night turn','AbC'),(2,4,'Days',NULL);
    INSERT INTO message_event VALUES(3,'Fire drill','bring coats','The yard',NULL,1);
    INSERT INTO message_album VALUES(4,3,1);
    """
    kinds = [(24, "join us"), (24, None), (92, None), (99, None), (1, "a picture")]
    assert texts(tmp_path, kinds, tables) == [
        "join us\ngroup “Night turn”, code “AbC”",
        "group “Days”",
        "Fire drill, bring coats, The yard",
        "album: pictures 3, videos 1",
        "a picture",
    ]


def test_a_change_is_told_with_what_it_put_an_end_to(tmp_path: Path) -> None:
    tables = """
    INSERT INTO message_system VALUES(1,1),(2,1),(3,27),(4,28),(5,56),(6,56),(7,56),(8,28);
    INSERT INTO message_system_value_change VALUES(1,'Tea'),(3,'About tea'),(4,'x');
    INSERT INTO message_system_number_change VALUES(4,1,2),(8,1,99);
    INSERT INTO message_ephemeral_setting VALUES(5,604800,0),(6,0,NULL),(7,NULL,NULL);
    """
    kinds: list[tuple[int, str | None]] = [
        (7, "Tea and cake"),
        (7, "Cake"),
        (7, None),
        *[(7, None)] * 6,
    ]
    assert texts(tmp_path, kinds, tables) == [
        "subject: “Tea” → “Tea and cake”",
        "Cake",
        "description: “About tea” → “”",
        f"number: “{ANA}” → “{BO}”",
        "disappearing messages: 0 s → 604800 s",
        "disappearing messages: 0 s",
        None,
        f"number: “{ANA}” → “?”",
        None,
    ]


def test_the_subject_is_a_member_of_its_change_without_what_it_was(tmp_path: Path) -> None:
    change = script(
        "INSERT INTO message_system VALUES(1,1);"
        "INSERT INTO message_system_value_change VALUES(1,'Tea')"
    )
    found = read(tmp_path, said(say(1, "Cake", kind=7)), change)
    assert of(found, "memberships", "event", "member") == [("subject", "Cake")]


def test_who_came_is_named_and_by_whom(tmp_path: Path) -> None:
    sent = said(
        say(1, None, kind=7), say(2, None, kind=7, sender=None), say(3, None, kind=7, sender=2)
    )
    codes = script(
        "INSERT INTO message_system VALUES(1,12),(2,14),(3,5);"
        "INSERT INTO message_system_chat_participant VALUES(1,1,2),(2,1,99),(3,2,1),(4,3,2);"
    )
    assert of(read(tmp_path, sent, codes), "messages", "text") == [
        (f"added: {BO} (by {ANA})",),
        (f"removed: {ANA} (by owner of this phone)",),
        (f"left: {BO}",),
    ]


def test_a_sender_nobody_knows_is_not_named(tmp_path: Path) -> None:
    sent = said(say(1, None, kind=7, sender=99))
    codes = script(
        "INSERT INTO message_system VALUES(1,12);"
        "INSERT INTO message_system_chat_participant VALUES(1,1,2);"
    )
    assert of(read(tmp_path, sent, codes), "messages", "text") == [(f"added: {BO}",)]


def test_without_those_tables_a_message_says_what_its_row_says(tmp_path: Path) -> None:
    found = read(tmp_path, said(say(1, "Tea?", kind=66)), schema=SCHEMA)
    assert of(found, "messages", "kind", "text") == [("poll", "Tea?")]
