"""What is noted of messages, and who was in a group when."""

from pathlib import Path

from tests.intake.msgstore.phone import BOOK, database, said, say, script
from tests.intake.msgstore.reading import ANA, BO, noted, of, read
from tests.intake.reading import batches
from witnessbox.intake.parsers import whatsapp_android

SENT = said(say(1, "@447700900101 and @190000000000003, tea?"), say(2, None, kind=42))
MARKS = """
INSERT INTO message_view_once_media VALUES(2,1),(9,0);
INSERT INTO message_mentions VALUES(1,1,1,NULL),(2,1,3,NULL),(3,1,77,'Dee'),(4,1,78,NULL);
"""


def test_a_file_to_be_seen_once_is_said_to_be_with_its_state(tmp_path: Path) -> None:
    assert noted(read(tmp_path, SENT, script(MARKS)), "view-once") == [
        ("view-once", "its file was to be seen once; the database gives it state 1")
    ]


def test_a_message_that_was_sent_on_is_noted_with_its_score(tmp_path: Path) -> None:
    found = read(tmp_path, SENT, script("INSERT INTO message_forwarded VALUES(1,5),(9,1)"))
    assert noted(found, "forwarded") == [
        ("forwarded", "forwarded; the database gives it a score of 5")
    ]


def test_who_is_meant_is_noted_and_the_text_stays(tmp_path: Path) -> None:
    found = read(tmp_path, SENT, script(MARKS))
    what = f"mentions {ANA}, {BO}, Dee, somebody the database does not name"
    assert noted(found, "mention") == [("mention", what)]
    assert of(found, "messages", "text")[0] == ("@447700900101 and @190000000000003, tea?",)


def test_a_known_person_is_named_with_the_number(tmp_path: Path) -> None:
    book = database(tmp_path / "wa.db", schema=BOOK)
    one = script("INSERT INTO message_mentions VALUES(1,1,1,NULL)")
    read(tmp_path, SENT, one)
    data = (tmp_path / "a.db").read_bytes()
    found = batches(whatsapp_android, data, "msgstore.db", {"wa.db": book})
    assert noted(found, "mention") == [("mention", f"mentions Ana Nights ({ANA})")]


def test_messages_set_to_disappear_are_counted(tmp_path: Path) -> None:
    one = script("INSERT INTO message_ephemeral VALUES(1,86400,1700086400000)")
    both = script("INSERT INTO message_ephemeral VALUES(1,86400,0),(2,86400,0)")
    said_of = "set to disappear after a time; others of their like may have done so"
    for timers, who in ((one, "1 message here was"), (both, "2 messages here were")):
        found = read(tmp_path, SENT, timers)
        assert noted(found, "disappearing") == [("disappearing", f"{who} {said_of}")]


def test_the_lists_say_who_was_in_a_group_when(tmp_path: Path) -> None:
    past = script(
        "ALTER TABLE group_participant_user ADD COLUMN add_timestamp INTEGER;"
        "UPDATE group_participant_user SET add_timestamp=1700000000000 WHERE _id=1;"
        "INSERT INTO group_past_participant_user VALUES(1,4,3,1,1700000500000),(2,4,1,0,NULL),"
        "(3,99,98,0,1700000600000);"
    )
    found = read(tmp_path, SENT, past)
    assert of(found, "memberships", "conversation", "event", "actor", "member") == [
        ("Night turn", "added", None, ANA),
        ("Night turn", "left", BO, BO),
        ("Night turn", "removed", None, ANA),
        (None, "removed", None, None),
    ]
    times = [when and when.timestamp() for (when,) in of(found, "memberships", "sent_at")]
    assert times == [1700000000, 1700000500, None, 1700000600]
