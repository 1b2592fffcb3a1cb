"""Apple's messages database, of iPhones and Macs."""

import itertools
from pathlib import Path
from plistlib import FMT_BINARY, dumps
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.imessage.mac import (
    ANA,
    ANA_SMS,
    AT,
    BOOK,
    FULL,
    GROUP,
    HISTORY,
    LEGACY,
    MAC_BOOK,
    MINUTE,
    SCHEMA,
    SECONDS,
    UNSENT,
    UNTITLED,
    Fill,
    all_of,
    archive,
    database,
    editions,
    file,
    guid,
    logged,
    message,
    mine,
    row,
    script,
    summary,
    tapback,
)
from tests.intake.reading import SAMPLES, batches, rows
from witnessbox.intake.attached import Attached, Came
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import imessage
from witnessbox.intake.parsers.imessage import identify

CURRENT = SAMPLES / "imessage" / "current" / "sms.db"
OWNER = "owner of this phone"
ANA_ADDRESS, BO_ADDRESS, CY_ADDRESS = "+447700900101", "+447700900102", "cy@example.org"


def read(data: bytes, name: str = "sms.db", **others: bytes) -> list[Batch]:
    """Read a database or log and hold the parser to its word: every row in one record."""
    named = {
        "book": "AddressBook.sqlitedb",
        "mac_book": "AddressBook-v22.abcddb",
        "log": "sms.db-wal",
        "database": "sms.db",
    }
    return batches(imessage, data, name, {named[one]: held for one, held in others.items()})


def told(found: list[Batch], *columns: str, table: str = "messages") -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(found, table)]


@pytest.fixture
def full(tmp_path: Path) -> list[Batch]:
    return read(database(tmp_path / "a.db", *FULL))


def made(tmp_path: Path, *fills: Fill) -> list[Batch]:
    return read(database(tmp_path / "made.db", *fills))


def said_of(found: list[Batch], code: str) -> list[tuple[Any, ...]]:
    return [
        (row, what)
        for one, row, what in told(found, "code", "row", "what", table="problems")
        if one == code
    ]


def traces(found: list[Batch], kind: str) -> list[tuple[Any, ...]]:
    told_of = told(found, "kind", "table", "row", "what", table="traces")
    return [(table, row, what) for one, table, row, what in told_of if one == kind]


def test_every_row_is_a_message_of_its_chat_or_a_note(full: list[Batch]) -> None:
    assert told(full, "row", "conversation", "sender", "kind", "text") == [
        (1, "Night turn", None, "notice", "Night turn"),
        (2, "Night turn", ANA_ADDRESS, "text", "Kettle is on"),
        (3, "Night turn", OWNER, "text", "Coming"),
        (5, "Night turn", BO_ADDRESS, "text", "Two sugars?"),
        (8, "Night turn", ANA_ADDRESS, "text", "Liked “message 90”"),
        (9, "Night turn", CY_ADDRESS, "media", None),
        (10, "Night turn", ANA_ADDRESS, "deleted", None),
        (11, ANA_ADDRESS, ANA_ADDRESS, "text", "hi"),
        (12, ANA_ADDRESS, OWNER, "text", "hello"),
        (13, ANA_ADDRESS, ANA_ADDRESS, "text", "See you"),
    ]
    assert told(full, "table", "rows", table="holdings") == [
        ("message", 12),
        ("recoverable_message_part", 0),
    ]


def test_a_message_has_the_identity_other_devices_know_it_by(full: list[Batch]) -> None:
    assert told(full, "row", "platform_id", "thread")[1] == (2, guid(2), "chat100")


def test_times_count_from_2001_by_billionths_or_by_seconds(full: list[Batch]) -> None:
    by_row = {one["row"]: one for one in rows(full, "messages")}
    assert by_row[11]["sent_at"].isoformat() == "2023-03-08T20:37:40.250000+00:00"
    assert (by_row[11]["stamp"], by_row[11]["precision"]) == (str(AT + 11 * MINUTE), "millisecond")
    assert by_row[12]["sent_at"].isoformat() == "2023-03-08T20:38:40+00:00"
    assert (by_row[12]["stamp"], by_row[12]["precision"]) == (str(SECONDS + 720), "second")


def test_messages_are_ordered_by_time_not_by_when_their_rows_came(tmp_path: Path) -> None:
    found = made(tmp_path, message(1, "late", date=AT + MINUTE), message(2, "early", date=AT))
    order = dict(told(found, "text", "sequence"))
    assert order["early"] < order["late"]


def test_words_are_read_out_of_archives_of_every_length(tmp_path: Path) -> None:
    texts = ["k", "é" * 60, "a" * 127, "b" * 128, "c" * 300, "d" * 40_000, "😀" * 20_000]
    fills = [
        message(n, None, attributedBody=archive(text, mutable=n % 2 == 0))
        for n, text in enumerate(texts, 1)
    ]
    found = made(tmp_path, *fills)
    assert [text for (text,) in told(found, "text")] == texts
    assert told(found, "code", table="problems") == [("beside-the-tables",)]


def test_a_text_that_is_no_sound_text_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    broken = archive(b"tea \xff")
    other = archive("tea").replace(b"NSAttributedString", b"NSAttributedStrand")
    found = made(
        tmp_path,
        message(1, None, attributedBody=broken),
        message(2, None, attributedBody=other),
        message(3, "tea", attributedBody=other),
        message(4, "tea", attributedBody=broken),
        message(5, None, attributedBody=b""),
        row("UPDATE message SET text=CAST(x'74ff' AS TEXT) WHERE ROWID=4"),
    )
    assert told(found, "text", "kind") == [
        ("tea \ufffd", "text"),
        (None, "empty"),
        ("tea", "text"),
        ("t\ufffd", "text"),
        (None, "empty"),
    ]
    doubts = told(found, "code", "row", "severity", table="problems")[:-1]
    assert sorted(doubts) == [
        ("body-unread", 2, "loss"),
        ("body-unread", 3, "doubt"),
        ("texts-differ", 4, "doubt"),
        ("undecodable-text", 1, "doubt"),
        ("undecodable-text", 4, "doubt"),
    ]


def test_a_text_and_an_archive_that_say_different_things_are_a_doubt(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea", attributedBody=archive("Coffee")),
        message(2, "Tea", attributedBody=archive("Tea")),
        message(3, "", attributedBody=archive("Tea")),
    )
    assert told(found, "text") == [("Tea",)] * 3
    what = "the row's text is read; its attributedBody says otherwise: Coffee"
    assert said_of(found, "texts-differ") == [(1, what)]


def test_a_subject_is_the_first_line(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "at nine", subject="Rota"),
        message(2, None, subject="Rota"),
        message(3, None),
        message(4, "at ten", subject=""),
    )
    assert told(found, "text") == [("Rota\nat nine",), ("Rota",), (None,), ("at ten",)]


def test_a_reaction_hangs_on_its_message_and_its_row_is_a_note(full: list[Batch]) -> None:
    starts = dict(told(full, "row", "start"))
    assert told(full, "start", "actor", "reaction", table="reactions") == [
        (starts[2], BO_ADDRESS, "like"),
        (starts[2], CY_ADDRESS, "☕"),
    ]
    what = f"this row is the reaction “like” of {BO_ADDRESS} to message 2"
    assert said_of(full, "reaction-told-in-message")[0] == (6, what)


def test_every_sort_of_tapback_has_its_name(tmp_path: Path) -> None:
    marks = [tapback(n, 1, 1998 + n) for n in range(2, 10)]
    found = made(tmp_path, message(1, "Tea?"), *marks)
    assert [mark for (mark,) in told(found, "reaction", table="reactions")] == [
        *("love", "like", "dislike", "laugh", "emphasise", "question", "emoji", "sticker"),
    ]


def test_a_reaction_taken_back_does_not_stand_but_is_noted(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        tapback(2, 1, 2001),
        tapback(3, 1, 3001),
        tapback(4, 1, 2001, handle_id=2),
        tapback(5, 1, 3000, is_from_me=1),
        tapback(6, 1, 2000, date=0),
    )
    assert told(found, "actor", "reaction", table="reactions") == [
        (ANA_ADDRESS, "love"),
        (BO_ADDRESS, "like"),
    ]
    assert rows(found, "reactions")[0]["reacted_at"] is None
    what = f"this row takes back the reaction “like” of {ANA_ADDRESS} to message 1"
    assert said_of(found, "reaction-taken-back")[0] == (3, what)
    assert [number for number, _ in said_of(found, "reaction-taken-back")] == [3, 5]
    assert told(found, "row") == [(1,)]


def test_a_reaction_may_come_before_its_message_and_on_any_part_of_it(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        tapback(1, 3, 2000, associated_message_guid=f"bp:{guid(3)}"),
        tapback(2, 3, 2001, associated_message_guid=guid(3)),
        message(3, "Tea?"),
    )
    assert told(found, "reaction", table="reactions") == [("love",), ("like",)]


def test_a_reaction_to_an_absent_message_is_a_message_and_a_trace(full: list[Batch]) -> None:
    (one,) = [row for row in rows(full, "messages") if row["row"] == 8]
    assert (one["reply_to"], one["text"]) == (guid(90), "Liked “message 90”")
    what = f"message 8 reacts to {guid(90)}, which is not there: Liked “message 90”"
    assert traces(full, "reaction-to-absent") == [("message", 8, what)]


def test_a_reaction_to_nothing_is_a_message(tmp_path: Path) -> None:
    found = made(tmp_path, tapback(1, 9, 2000, associated_message_guid=None, text=None))
    assert told(found, "row", "kind", "reply_to") == [(1, "empty", None)]


def test_an_answer_names_what_it_answers_and_what_came_before_is_no_answer(
    tmp_path: Path,
) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        message(2, "Yes", thread_originator_guid=guid(1), reply_to_guid=guid(1)),
        message(3, "No", thread_originator_guid=f"p:0/{guid(80)}", reply_to_guid=guid(2)),
        message(4, "Eh", reply_to_guid=guid(81)),
    )
    assert told(found, "reply_to") == [(None,), (guid(1),), (guid(80),), (None,)]
    answers = f"message 3 answers {guid(80)}, which is not there"
    assert traces(found, "reply-to-absent") == [("message", 3, answers)]
    after = f"message 4 came after {guid(81)}, which is not there"
    assert traces(found, "predecessor-absent") == [("message", 4, after)]


def test_an_edited_message_says_what_it_says_now_and_notes_what_it_said(
    full: list[Batch],
) -> None:
    what = f"edited by {BO_ADDRESS} at 2023-03-08T20:32:40Z; the text before was: Two sugers"
    assert said_of(full, "edited") == [(5, what)]
    assert [number for number, edited in told(full, "row", "edited") if edited] == [5]


def test_an_unsent_message_is_deleted_and_keeps_what_its_history_has(tmp_path: Path) -> None:
    history = editions((SECONDS, "rude"), (SECONDS + 5, "polite"))
    found = made(
        tmp_path,
        mine(1, None, message_summary_info=UNSENT, date_edited=AT),
        mine(2, None, message_summary_info=summary(otr={"0": {}}, rp=[0], ec={"0": history})),
        mine(3, None, date_retracted=AT),
        mine(4, "still here", date_retracted=AT),
        message(
            5, "left", handle_id=9, message_summary_info=summary(otr={"0": {}, "1": {}}, rp=[1])
        ),
    )
    assert told(found, "row", "kind", "deleted", "edited") == [
        (1, "deleted", True, False),
        (2, "deleted", True, True),
        (3, "deleted", True, False),
        (4, "text", False, False),
        (5, "text", False, False),
    ]
    assert [what for _, what in said_of(found, "unsent")] == [
        f"unsent by {OWNER}; the text before is not given",
        f"unsent by {OWNER}; the text before was: polite",
        f"unsent by {ANA_ADDRESS}; the text before is not given",
    ]
    (before,) = said_of(found, "edited")
    assert before[1] == f"edited by {OWNER} at 2023-03-08T20:26:45Z; the text before was: rude"


def test_who_wrote_what_was_changed_need_not_be_known(tmp_path: Path) -> None:
    found = made(
        tmp_path, message(1, None, GROUP, handle_id=0, message_summary_info=UNSENT, date_edited=AT)
    )
    assert said_of(found, "unsent")[0][1].startswith("unsent by nobody named")
    assert told(found, "sender") == [(None,)]


def test_a_history_that_is_not_built_as_it_should_be_gives_what_it_holds(tmp_path: Path) -> None:
    odd = [
        summary(ec=[1], otr=3, rp=7),
        summary(ec={"x": [], "0": 5, "1": [1, {"d": "soon", "t": b"?"}, {"d": 1e99}]}),
        summary(rp=["0"]),
    ]
    fills = [
        message(n, "tea", message_summary_info=one, date_edited=AT) for n, one in enumerate(odd, 1)
    ]
    found = made(tmp_path, *fills)
    before = f"edited by {ANA_ADDRESS}; the text before is not given"
    assert said_of(found, "edited") == [(2, before), (2, before)]
    assert told(found, "edited") == [(True,)] * 3


def test_a_history_that_cannot_be_read_is_a_doubt(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "tea", message_summary_info=b"none", date_edited=AT),
        message(2, "tea", message_summary_info=HISTORY[:-1], date_edited=AT),
        message(3, "tea", message_summary_info=summary(other=1)),
        message(4, "tea", message_summary_info=dumps(["rp"], fmt=FMT_BINARY), date_edited=AT),
    )
    assert [number for number, _ in said_of(found, "past-unread")] == [1, 2, 4]
    found = made(tmp_path, message(1, "tea", message_summary_info=b"bplist00Rec"))
    assert len(said_of(found, "past-unread")) == 1


def test_files_are_told_as_the_database_names_them(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "\ufffcLook"),
        file(1, 1, "~/Library/Messages/Attachments/a.mov", "video/quicktime"),
        file(2, 1, None, "image/gif", transfer_name="b.gif"),
        message(2, "\ufffc"),
        file(3, 2, "~/c.heic", None, is_sticker=1),
        message(3, "\ufffc"),
        message(4, None, is_audio_message=1),
        file(4, 4, "~/d.caf", None),
        message(
            5, "https://example.org", balloon_bundle_id="com.apple.messages.URLBalloonProvider"
        ),
        file(5, 5, "~/e.pluginPayloadAttachment", None, hide_attachment=1),
        message(6, None),
        file(6, 6, "~/f.vcf", "text/vcard"),
        row("INSERT INTO message_attachment_join VALUES(6,99)"),
    )
    assert told(found, "kind", "text") == [
        ("media", "\ufffcLook"),
        ("sticker", None),
        ("media", None),
        ("media", None),
        ("text", "https://example.org"),
        ("media", None),
    ]
    rows_of = dict(told(found, "start", "row"))
    listed = told(found, "start", "name", "media", "omitted", table="attachments")
    assert sorted(((rows_of[start], *rest) for start, *rest in listed), key=str) == [
        (1, "b.gif", "gif", True),
        (1, "~/Library/Messages/Attachments/a.mov", "video", False),
        (2, "~/c.heic", "sticker", False),
        (3, None, "unknown", True),
        (4, "~/d.caf", "document", False),
        (5, "~/e.pluginPayloadAttachment", "document", False),
        (6, "~/f.vcf", "document", False),
        (6, None, "unknown", True),
    ]


def test_a_file_is_found_wherever_the_home_was_received() -> None:
    came = [Came("phone.zip/private/var/mobile/Library/SMS/Attachments/0a/10/tea.heic", "f" * 64)]
    attached = Attached("phone.zip/sms.db", came)
    assert attached.file("~/Library/SMS/Attachments/0a/10/tea.heic") == "f" * 64


def test_apps_stickers_polls_and_places_have_kinds_of_their_own(tmp_path: Path) -> None:
    plugin = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:"
    apps = (
        f"{plugin}com.apple.findmy.FindMyMessagesApp",
        f"{plugin}com.apple.PassbookUIService.PeerPaymentMessagesExtension",
        "com.apple.Handwriting.HandwritingProvider",
        "com.apple.messages.Polls",
    )
    fills = [
        message(n, None, balloon_bundle_id=app, payload_data=b"x") for n, app in enumerate(apps, 1)
    ]
    found = made(
        tmp_path,
        *fills,
        message(5, None, associated_message_type=1000, associated_message_guid=f"p:0/{guid(1)}"),
        message(6, None, associated_message_type=3, associated_message_guid=guid(6)),
        message(7, None, payload_data=b"x", expressive_send_style_id="com.apple.messages.effect"),
    )
    assert told(found, "kind", "reply_to") == [
        ("location", None),
        ("share", None),
        ("share", None),
        ("poll", None),
        ("sticker", guid(1)),
        ("empty", None),
        ("empty", None),
    ]
    (what,) = [what for _, what in said_of(found, "beside-the-tables")]
    assert "1 contents kept by com.apple.messages.Polls" in what
    assert "1 contents kept by apps without a name" in what
    assert "1 effects of sending" in what


def test_a_vote_hangs_on_its_poll_and_is_a_message_too(tmp_path: Path) -> None:
    def vote(number: int, to: str | None, **more: object) -> Fill:
        return message(
            number, None, associated_message_type=4000, associated_message_guid=to, **more
        )

    poll = message(1, None, balloon_bundle_id="com.apple.messages.Polls")
    found = made(tmp_path, poll, vote(2, guid(1), is_from_me=1), vote(3, guid(70)), vote(4, None))
    assert told(found, "kind", "reply_to") == [
        ("poll", None),
        ("poll", guid(1)),
        ("poll", guid(70)),
        ("poll", None),
    ]
    starts = dict(told(found, "row", "start"))
    assert told(found, "start", "voter", "choice", table="votes") == [(starts[1], OWNER, None)]


def test_what_reached_whom_and_was_read_is_told(tmp_path: Path) -> None:
    later = {"date_delivered": AT + MINUTE, "date_read": AT + 2 * MINUTE}
    found = made(
        tmp_path,
        message(1, "Tea?", date_read=AT + MINUTE),
        mine(2, "Yes", **later),
        mine(3, "All of you", GROUP, **later, date_played=AT + 3 * MINUTE),
        message(4, "Late", date_read=9 * 10**11),
    )
    starts = dict(told(found, "start", "row"))
    by_row = sorted(
        (starts[start], event, person)
        for start, event, person in told(
            found, "start", "event", "person", table="acknowledgements"
        )
        if person
    )
    assert by_row == [(1, "read", OWNER), (2, "delivered", ANA_ADDRESS), (2, "read", ANA_ADDRESS)]
    of_group = [
        (event, person)
        for start, event, person in told(
            found, "start", "event", "person", table="acknowledgements"
        )
        if starts[start] == 3
    ]
    assert of_group == [("delivered", None), ("read", None), ("played", None)]


def test_who_came_and_went_is_told(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, None, GROUP, item_type=1, other_handle=2),
        mine(2, None, GROUP, item_type=1, group_action_type=1, other_handle=4),
        message(3, None, GROUP, item_type=2, group_title="Days", group_action_type=1),
        message(4, None, GROUP, item_type=3, handle_id=2),
        message(5, None, GROUP, item_type=3, group_action_type=1),
        message(6, None, GROUP, item_type=1, other_handle=1),
        message(7, None, None, item_type=1, handle_id=0),
        message(8, None, GROUP, item_type=5),
        message(9, None, GROUP, item_type=6, group_action_type=9),
    )
    assert told(found, "event", "actor", "member", table="memberships") == [
        ("added", ANA_ADDRESS, BO_ADDRESS),
        ("removed", OWNER, CY_ADDRESS),
        ("subject", ANA_ADDRESS, "Days"),
        ("left", BO_ADDRESS, BO_ADDRESS),
        ("added", None, None),
    ]
    assert {kind for (kind,) in told(found, "kind")} == {"notice"}
    assert said_of(found, "told-without-words") == [
        (5, "the group's picture was changed"),
        (8, "a recording was kept"),
    ]


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


def test_a_message_without_a_handle_is_the_other_side_s_in_a_chat_of_two(tmp_path: Path) -> None:
    found = made(
        tmp_path, message(1, "Tea?", ANA, handle_id=0), message(2, "Yes?", GROUP, handle_id=0)
    )
    assert told(found, "sender") == [(ANA_ADDRESS,), (None,)]


def test_a_message_in_no_chat_stands_under_the_address_it_names(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?", None),
        message(2, "Yes", None, cache_roomnames="chat100,chat200"),
        message(3, "No", None, handle_id=0),
        message(4, "Eh", 99),
    )
    assert told(found, "thread") == [(ANA_ADDRESS,), ("chat100",), (None,), (ANA_ADDRESS,)]
    assert [number for number, _ in said_of(found, "chat-by-address")] == [1, 2, 4]
    assert [number for number, _ in said_of(found, "no-conversation")] == [3]
    what = "message 4 was in chat 99, which is not there"
    assert traces(found, "orphan-chat") == [("chat_message_join", 2 - 1, what)]


def test_a_message_in_several_chats_is_told_once_and_noted(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?", ANA),
        script("INSERT INTO chat_message_join VALUES(1,1,0),(77,1,0)"),
        message(2, "Yes", ANA),
    )
    assert told(found, "thread") == [(ANA_ADDRESS,), (ANA_ADDRESS,)]
    assert said_of(found, "several-chats") == [
        (1, "the row stands in another chat too: Night turn"),
        (1, "the row stands in another chat too: chat 77"),
    ]


def test_a_message_that_failed_to_send_is_said_to_be_so(tmp_path: Path) -> None:
    found = made(tmp_path, mine(1, "Tea?", error=22), message(2, "Yes", error=22))
    assert said_of(found, "not-sent") == [(1, "failed to send: error 22")]


def test_types_nobody_has_explained_are_doubts(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?", associated_message_type=77),
        message(2, None, item_type=9),
        message(3, None, item_type=-1),
    )
    assert told(found, "kind") == [("text",), ("empty",), ("empty",)]
    assert [what for _, what in said_of(found, "unknown-type")] == [
        f"1 messages are of type {kind}, which this version does not know" for kind in (-1, 9, 77)
    ]


def test_what_is_recently_deleted_is_a_message_still_and_a_trace(full: list[Batch]) -> None:
    what = "message 13 was deleted at 2023-03-08T20:46:40Z and can still be recovered"
    assert traces(full, "recently-deleted") == [("chat_recoverable_message_join", 1, what)]
    assert ("See you", False) in told(full, "text", "deleted")


def test_parts_deleted_of_late_are_messages_with_their_words(tmp_path: Path) -> None:
    add = "INSERT INTO recoverable_message_part VALUES(?,?,?,?,?)"
    found = made(
        tmp_path,
        message(1, "left", ANA),
        mine(2, "right", ANA),
        message(3, "both", ANA, handle_id=0),
        row(add, ANA, 1, 0, AT + 9 * MINUTE, archive("gone")),
        row(add, ANA, 2, 0, 9 * 10**11, archive(b"gone \xff")),
        row(add, ANA, 3, 0, AT, b"none"),
        row(add, 99, 98, 0, AT, archive("whose")),
    )
    parts = [one for one in rows(found, "messages") if one["table"] == "recoverable_message_part"]
    assert [(one["text"], one["sender"], one["thread"], one["reply_to"]) for one in parts] == [
        ("gone", ANA_ADDRESS, ANA_ADDRESS, guid(1)),
        ("gone \ufffd", OWNER, ANA_ADDRESS, guid(2)),
        (None, ANA_ADDRESS, ANA_ADDRESS, guid(3)),
        ("whose", None, None, None),
    ]
    assert [what for _, _, what in traces(found, "recently-deleted")][:2] == [
        "a part of message 1 was deleted at 2023-03-08T20:35:40Z and can still be recovered",
        "a part of message 2 was deleted and can still be recovered",
    ]
    codes = {code for (code,) in told(found, "code", table="problems")}
    assert {"undecodable-text", "body-unread", "no-time", "no-conversation"} <= codes


def test_lists_of_deletions_are_traces(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        row("INSERT INTO deleted_messages(guid) VALUES(?)", guid(1)),
        row("INSERT INTO sync_deleted_messages(guid) VALUES(?)", guid(50)),
        row("INSERT INTO sync_deleted_chats(guid) VALUES('chat-guid')"),
        row("INSERT INTO message_processing_task(guid, task_flags) VALUES(?,1)", guid(1)),
        row("INSERT INTO message_processing_task(guid, task_flags) VALUES(?,1)", guid(51)),
    )
    assert [what for _, _, what in traces(found, "deleted-message")] == [
        f"the deletion of message {guid(1)} is noted, which is still there",
        f"the deletion of message {guid(50)} is noted, which is not there",
    ]
    what = "the deletion of chat chat-guid is noted"
    assert traces(found, "deleted-chat") == [("sync_deleted_chats", 1, what)]
    what = f"work still to be done on message {guid(51)} is noted, which is not there"
    assert traces(found, "orphan-task") == [("message_processing_task", 2, what)]


def test_gaps_in_rows_are_traces_up_to_what_each_table_has_counted_to(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        message(4, "Yes"),
        script(
            "UPDATE sqlite_sequence SET seq=5 WHERE name='message';"
            "DELETE FROM chat WHERE ROWID=4; DELETE FROM chat WHERE ROWID=2"
        ),
    )
    assert [(table, what) for table, _, what in traces(found, "row-gap")] == [
        ("message", "rows 2 to 3 are missing between rows 1 and 4"),
        ("message", "row 5 is missing at the end: the table has counted to 5"),
        ("chat", "row 2 is missing between rows 1 and 3"),
        ("chat", "row 4 is missing at the end: the table has counted to 4"),
    ]


def test_what_belongs_to_messages_that_are_not_there_is_a_trace(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        file(1, 40, "~/gone.heic", "image/heic"),
        file(2, 41, None, None),
        file(3, 1, "~/there.heic", "image/heic"),
        script(
            "DELETE FROM message_attachment_join WHERE attachment_id=3;"
            "INSERT INTO message_attachment_join VALUES(1,30),(42,31);"
            "INSERT INTO chat_message_join VALUES(2,43,0);"
            "INSERT INTO chat_recoverable_message_join VALUES(2,44,1)"
        ),
    )
    assert [what for _, _, what in traces(found, "orphan-media")] == [
        "a file of message 40, which is not there: ~/gone.heic",
        "a file of message 41, which is not there: unnamed",
        "a file of message 42, which is not there: unnamed",
        "message 1 had file 30, which is not there",
        "a file that no message names: ~/there.heic",
    ]
    assert [what for _, _, what in traces(found, "orphan-join")] == [
        "a place in a chat of message 43, which is not there",
        "a place among the recently deleted of message 44, which is not there",
    ]


def test_a_phone_where_nothing_is_missing_shows_no_trace(tmp_path: Path) -> None:
    found = made(tmp_path, message(1, "Tea?"), mine(2, "Yes"), tapback(3, 2, 2000))
    assert rows(found, "traces") == []


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


def test_rows_only_the_log_holds_are_read_from_the_log(tmp_path: Path) -> None:
    first = all_of(
        message(1, None, attributedBody=archive("Kettle is on")),
        message(2, "Two sugars?"),
        message(3, "Tea?"),
    )
    data, log = logged(
        tmp_path,
        first,
        mine(9, None, attributedBody=archive("from the log")),
        tapback(10, 9, 2000),
        tapback(11, 1, 2000),
        row("UPDATE message SET attributedBody=? WHERE ROWID=1", archive("Kettle was on")),
        script("DELETE FROM message WHERE ROWID=2"),
    )
    in_file, in_log = read(data, log=log), read(log, "sms.db-wal", database=data)
    assert told(in_file, "row", "text")[0] == (1, "Kettle is on")
    assert ("log-beside",) in told(in_file, "code", table="problems")
    assert told(in_log, "row", "sender", "text") == [
        (9, OWNER, "from the log"),
        (11, ANA_ADDRESS, "Liked “message 1”"),
    ]
    assert told(in_log, "actor", "reaction", table="reactions") == [(ANA_ADDRESS, "love")]
    what = (
        "the log changes attributedBody of this row: “Kettle is on” becomes “Kettle was on”",
        "the log deletes this row, which the database file still holds",
    )
    assert told(in_log, "kind", "row", "what", table="traces") == [
        ("changed-in-log", 1, what[0]),
        ("deleted-in-log", 2, what[1]),
    ]


def test_a_log_that_should_be_there_is_missed(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.db", *FULL, wal=True))
    assert ("log-missing",) in told(found, "code", table="problems")


def test_the_tables_of_the_first_iphones_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    add = (
        "INSERT INTO message(address, date, text, flags, group_id, is_madrid, madrid_handle,"
        " madrid_flags, madrid_guid, madrid_roomname, madrid_attributedBody)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?)"
    )
    nothing = (None,) * 7
    data = database(
        tmp_path / "a.db",
        row(add, ANA_ADDRESS, 1_300_000_000, "Tea?", 2, 1, *nothing[1:]),
        row(add, ANA_ADDRESS, 1_300_000_060, "Yes", 3, 1, *nothing[1:]),
        row(add, None, 1_300_000_060, "All", 2, 5, *nothing[1:]),
        row(
            *(add, None, 340_000_000, None, 0, 0, 1, CY_ADDRESS, 36869, guid(4), None),
            archive("Hm"),
        ),
        row(add, None, 340_000_000, "Room", 0, 0, 1, CY_ADDRESS, 12289, guid(5), "chat9", None),
        row(add, None, 340_000_000, "Who", 2, None, *nothing[1:]),
        schema=LEGACY,
    )
    found = read(data)
    assert told(found, "thread", "sender", "text", "platform_id") == [
        (ANA_ADDRESS, ANA_ADDRESS, "Tea?", None),
        (ANA_ADDRESS, OWNER, "Yes", None),
        ("group 5", None, "All", None),
        (CY_ADDRESS, OWNER, "Hm", guid(4)),
        ("chat9", CY_ADDRESS, "Room", guid(5)),
        (None, None, "Who", None),
    ]
    times = [at.isoformat() for (at,) in told(found, "sent_at")]
    assert (times[0], times[3]) == ("2011-03-13T07:06:40+00:00", "2011-10-11T04:26:40+00:00")


def test_columns_and_tables_a_version_lacks_are_null(tmp_path: Path) -> None:
    schema = "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT)"
    fill = script("INSERT INTO message VALUES(1,'hello')")
    found = read(database(tmp_path / "a.db", fill, schema=schema))
    assert told(found, "text", "sender", "sent_at", "stamp", "thread") == [
        ("hello", None, None, None, None)
    ]
    assert {code for (code,) in told(found, "code", table="problems")} == {
        "no-time",
        "no-conversation",
    }


def test_an_empty_database_has_no_messages(tmp_path: Path) -> None:
    found = made(tmp_path)
    assert rows(found, "messages") == []
    assert ("message", 0) in told(found, "table", "rows", table="holdings")


@pytest.mark.parametrize("name", ["sms.db", "sms.db-wal"])
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, name: str) -> None:
    data, log = logged(tmp_path, message(1, "hello"), message(2, "hi"))
    held = log if name.endswith("-wal") else data[:300]
    assert told(read(held, name), "code", "end", table="problems") == [("unreadable", len(held))]


def test_a_database_without_messages_is_one_problem(tmp_path: Path) -> None:
    data = database(tmp_path / "a.db", schema=BOOK)
    assert told(read(data), "code", "end", table="problems") == [("unreadable", len(data))]


def test_a_database_is_known_by_its_tables_or_its_name(tmp_path: Path) -> None:
    assert identify("3d/3d0d7e5fb2ce288813306e4d", database(tmp_path / "x.db", schema=SCHEMA))
    for name in ("a/chat.db", "SMS.db", "chat-2.db", "sms (1).db"):
        assert identify(name, database(tmp_path / "x.db", schema=BOOK))


def test_other_files_are_declined(tmp_path: Path) -> None:
    _, log = logged(tmp_path, message(1, "hello"), message(2, "hi"))
    assert identify("chat.db-wal", log)
    assert not identify("msgstore.db-wal", log)
    assert not identify("AddressBook.sqlitedb", database(tmp_path / "x.db", schema=BOOK))
    assert not identify("chats.db", database(tmp_path / "x.db", schema=BOOK))
    assert not identify("chat.db", b"not a database")


def test_what_was_cut_off_with_the_end_of_the_file_is_a_loss() -> None:
    found = read((SAMPLES / "imessage" / "cut" / "chat.db").read_bytes(), "chat.db")
    assert ("row-unread", "loss", "message") in told(
        found, "code", "severity", "table", table="problems"
    )
    assert rows(found, "messages")


def test_a_lost_page_of_messages_is_a_problem_and_the_rest_is_read() -> None:
    data = CURRENT.read_bytes()
    at = max(one // 1024 * 1024 for (one,) in told(read(data), "start"))
    found = read(data[:at] + bytes(1024) + data[at + 1024 :])
    assert ("row-unread", "message") in told(found, "code", "table", table="problems")
    assert 0 < len(rows(found, "messages")) < 10


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_cut_or_flipped_database_is_accounted_for_row_by_row(data: st.DataObject) -> None:
    spoiled = bytearray(CURRENT.read_bytes())
    for at in data.draw(st.lists(st.integers(100, len(spoiled) - 1), max_size=30)):
        spoiled[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1000, len(spoiled)) | st.just(len(spoiled)))
    found = read(bytes(spoiled[:cut]))
    owned = sorted(
        span
        for table in ("messages", "problems")
        for span in told(found, "start", "end", table=table)
        if span[1] > span[0]
    )
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(owned))
