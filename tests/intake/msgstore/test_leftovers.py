"""Traces in tables that await a message, or the deletion of one."""

from pathlib import Path

from tests.intake.msgstore.phone import LEGACY, MORE, SCHEMA, said, say, script
from tests.intake.msgstore.reading import of, read

SENT = said(say(1, "tea"))


def traces(place: Path, tables: str, schema: str = SCHEMA + MORE) -> list[tuple[str, str]]:
    found = read(place, SENT, script(tables), schema=schema)
    return [(kind, what) for kind, what in of(found, "traces", "kind", "what")]


def test_a_job_of_deletion_is_told_as_far_as_it_says(tmp_path: Path) -> None:
    jobs = """
    INSERT INTO deleted_chat_job VALUES(1,1,NULL,40,12,NULL,NULL),(2,2,'["5","7"]',0,0,0,'["1"]'),
     (3,99,NULL,NULL,NULL,9,NULL),(4,1,NULL,NULL,NULL,NULL,NULL);
    """
    begin, gone = "a deletion in", "a conversation that is not there"
    night = f"{begin} Night turn was set going"
    assert traces(tmp_path, jobs) == [
        (
            "deletion-job",
            (f"{night}: messages up to number 40, starred messages up to number 12"),
        ),
        ("deletion-job", f'{begin} +447700900101 was set going: rows ["5","7"], of types ["1"]'),
        (
            "deletion-job",
            (f"{begin} {gone} was set going: messages of some types up to number 9"),
        ),
        ("deletion-job", f"{begin} Night turn was set going: of what, it does not say"),
    ]


def test_a_job_in_a_database_of_no_conversations_is_told_too(tmp_path: Path) -> None:
    job = "DELETE FROM chat; INSERT INTO deleted_chat_job VALUES(1,1,NULL,40,0,NULL,NULL)"
    assert traces(tmp_path, job)[0][1].startswith("a deletion in a conversation that is not there")


def test_a_job_of_an_older_version_names_its_conversation(tmp_path: Path) -> None:
    job = "INSERT INTO deleted_chat_jobs VALUES(1,'447700900102@s.whatsapp.net',31,0,NULL)"
    assert traces(tmp_path, job, LEGACY + SCHEMA + MORE) == [
        (
            "deletion-job",
            "a deletion in +447700900102 was set going: messages up to number 31",
        )
    ]


def test_edits_and_receipts_of_messages_that_had_not_come_are_traces(tmp_path: Path) -> None:
    tables = """
    INSERT INTO message_orphaned_edit VALUES(1,'K1',0,1,1700000100000,15,'K0'),
     (2,'K2',0,1,NULL,0,NULL);
    INSERT INTO receipt_orphaned VALUES(1,1,1,'K3',1,1700000100000),(2,1,1,'K4',1,0);
    """
    assert traces(tmp_path, tables) == [
        (
            "orphan-edit",
            (
                "an edit or deletion of message K0, which had not come; its own type is 15; "
                "sent 2023-11-14T22:15:00Z"
            ),
        ),
        ("orphan-edit", "an edit or deletion of message K2, which had not come; its own type is 0"),
        (
            "orphan-receipt",
            (
                "a receipt of message K3, which was not there when it came; receipt "
                "2023-11-14T22:15:00Z"
            ),
        ),
        ("orphan-receipt", "a receipt of message K4, which was not there when it came"),
    ]


def test_the_timer_of_a_message_that_is_gone_says_when_it_was_to_go(tmp_path: Path) -> None:
    timers = """
    INSERT INTO message_ephemeral VALUES(1,86400,0),(2,86400,1700086400000),(3,604800,0);
    """
    assert traces(tmp_path, timers) == [
        (
            "orphan-timer",
            (
                "the timer of message 2, which is not there; to disappear after 86400 s, on "
                "2023-11-15T22:13:20Z"
            ),
        ),
        (
            "orphan-timer",
            "the timer of message 3, which is not there; to disappear after 604800 s",
        ),
    ]
