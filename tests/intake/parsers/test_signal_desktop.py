"""Signal Desktop's database."""

import itertools
import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import SAMPLES, batches, rows
from tests.intake.signal_desktop.computer import (
    ANA,
    AT,
    BO,
    CY,
    FULL,
    GROUP,
    GROUP_ID,
    NIGHTS,
    OLD,
    OWN,
    PEOPLE,
    SCHEMA,
    TO_ANA,
    TO_BO,
    TO_CY,
    Fill,
    commit,
    database,
    file,
    key,
    logged,
    many,
    person,
    put,
    said,
    script,
)
from tests.intake.sqlite.made import journaled
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import signal_desktop
from witnessbox.intake.parsers.signal_desktop import identify
from witnessbox.intake.signal_desktop import forgotten, words

CURRENT = SAMPLES / "signal_desktop" / "current" / "sql" / "db.sqlite"
NAME = "Signal/sql/db.sqlite"
OWNER = "owner of this phone"
CHANCE = random.Random(7).randbytes(4096)  # noqa: S311 - like ciphertext, not secrets


def read(data: bytes, name: str = NAME, **others: bytes) -> list[Batch]:
    """Read a database or log and hold the parser to its word: every row in one record."""
    named = {"log": f"{NAME}-wal", "journal": f"{NAME}-journal"}
    beside = {named.get(other, NAME): held for other, held in others.items()}
    return batches(signal_desktop, data, name, beside)


def told(found: list[Batch], *columns: str, table: str = "messages") -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(found, table)]


def of(place: Path, *fills: Fill, **more: Any) -> list[Batch]:
    return read(database(place / "a.sqlite", *fills, **more))


@pytest.fixture
def full(tmp_path: Path) -> list[Batch]:
    return of(tmp_path, *FULL)


def test_every_row_is_a_message_of_its_conversation(full: list[Batch]) -> None:
    assert told(full, "table", "row", "conversation", "sender", "kind", "text") == [
        ("messages", 1, "Night turn", None, "notice", "group-v2-change: create; title Night turn"),
        ("messages", 2, "Night turn", "Ana Reed", "text", "Kettle is on"),
        ("messages", 3, "Night turn", OWNER, "text", "Coming"),
        ("messages", 4, "Night turn", "Bo Lind", "text", "Two sugars, \ufffc?"),
        ("messages", 6, "Night turn", "+447700900103", "text", "Tea at six"),
        ("messages", 7, "Night turn", "Bo Lind", "deleted", None),
        ("messages", 8, "Night turn", "Bo Lind", "media", "Look"),
        ("messages", 9, "Night turn", "Ana Reed", "poll", "Tea or coffee?\nTea\nCoffee"),
        ("messages", 10, "Ana Reed", "Ana Reed", "text", "See you"),
        ("messages", 11, "Ana Reed", "Ana Reed", "call", "Direct Audio Incoming Missed"),
        ("callsHistory", 2, "Night turn", "Bo Lind", "call", "Group Group Incoming Joined"),
    ]
    assert told(full, "table", "rows", table="holdings") == [
        ("callsHistory", 2),
        ("messages", 10),
        ("unprocessed", 1),
    ]


def test_what_is_no_message_is_a_problem_that_owns_its_row(full: list[Batch]) -> None:
    found = told(full, "code", "table", "row", "severity", table="problems")
    assert ("call-told-in-message", "callsHistory", 1, "note") in found
    assert ("unprocessed", "unprocessed", 1, "loss") in found


def test_a_message_is_known_by_its_author_and_the_time_it_was_sent(full: list[Batch]) -> None:
    by_row = {row["row"]: row for row in rows(full, "messages") if row["table"] == "messages"}
    assert by_row[2]["platform_id"] == f"{ANA}/{AT + 120_000}" == by_row[3]["reply_to"]
    assert by_row[3]["platform_id"] == f"{OWN}/{AT + 180_000}"
    assert by_row[2]["thread"] == GROUP_ID
    assert by_row[1]["platform_id"] is by_row[11]["platform_id"] is None
    assert by_row[2]["sent_at"].isoformat() == "2024-03-01T13:35:20+00:00"


def test_reactions_votes_and_receipts_are_told_with_their_times(full: list[Batch]) -> None:
    def at(one: Any) -> int | None:
        return None if one is None else int(one.timestamp() * 1000) - AT

    (reaction,) = told(full, "actor", "reaction", "reacted_at", table="reactions")
    assert (*reaction[:2], at(reaction[2])) == ("Bo Lind", "👍", 130_000)
    (vote,) = told(full, "voter", "choice", "voted_at", table="votes")
    assert (*vote[:2], at(vote[2])) == ("Bo Lind", "Coffee", 550_000)
    receipts = told(full, "person", "event", "acknowledged_at", table="acknowledgements")
    assert [(who, event, at(when)) for who, event, when in receipts] == [
        (OWNER, "read", 200_000),
        ("Ana Reed", "read", 190_000),
        ("Bo Lind", "delivered", 185_000),
    ]


def test_earlier_texts_and_deletions_are_notes(full: list[Batch]) -> None:
    whats = {row["code"]: row["what"] for row in rows(full, "problems")}
    assert whats["edited"].endswith("sent at 2024-03-01T13:39:20.000Z, was: Tea at five")
    assert whats["deleted-for-everyone"] == "deleted for everyone at 2024-03-01T13:40:30.000Z"
    (kept,) = told(full, "text", "replaced_at", table="earlier_texts")
    assert (kept[0], kept[1].isoformat()) == ("Tea at five", "2024-03-01T13:40:00+00:00")
    marked = {row: (edited, gone) for row, edited, gone in told(full, "row", "edited", "deleted")}
    assert (marked[6], marked[7]) == ((True, False), (False, True))


def test_a_newest_version_that_is_not_what_stands_there_is_told_too(tmp_path: Path) -> None:
    long = "tea " * 600
    more = {"editHistory": [{"body": "Tea at seven"}, {"body": long}]}
    found = of(tmp_path, said(1, "Tea at six", more=more))
    first, second = told(found, "what", table="problems")
    assert first == ("the text before, was: Tea at seven",)
    assert second == (f"the text before, was: {long[:2000]}…",)
    kept = told(found, "text", "replaced_at", table="earlier_texts")
    assert kept == [("Tea at seven", None), (long, None)]


def test_files_are_named_as_they_are_kept_and_not_decrypted(full: list[Batch]) -> None:
    assert told(full, "name", "media", "omitted", table="attachments") == [
        ("ab/abcdef", "image", False)
    ]
    whats = {row["code"]: row["what"] for row in rows(full, "problems")}
    assert whats["file-name"] == "ab/abcdef was sent as rota.jpg"
    assert whats["files-encrypted"].startswith("1 file is kept encrypted")


def test_members_are_listed_whether_they_speak_or_not(full: list[Batch]) -> None:
    found = told(full, "conversation", "name", "messages", "listed", table="participants")
    assert ("Night turn", OWNER, 1, True) in found
    assert ("Night turn", "+447700900103", 1, False) in found
    assert len(found) == 5


def test_what_is_not_there_leaves_traces(full: list[Batch]) -> None:
    assert told(full, "kind", "table", "row", table="traces") == [
        ("row-gap", "messages", 5),
        ("orphan-reaction", "reactions", 1),
    ]


def test_a_computer_where_nothing_is_missing_shows_no_trace(tmp_path: Path) -> None:
    poll = {"poll": {"question": "Tea?", "options": ["Yes"]}}
    found = of(tmp_path, said(1), said(2, "Kettle", None), said(3, None, more=poll))
    assert rows(found, "traces") == []
    assert rows(found, "problems") == []


def test_a_quotation_of_a_message_that_is_gone_keeps_its_words(tmp_path: Path) -> None:
    def quote(at: int | None, **more: str) -> dict[str, Any]:
        return {"quote": {"id": at, **more}}

    edited = {"editHistory": [{"body": "b", "timestamp": AT + 7}, {"body": "a", "timestamp": AT}]}
    found = of(
        tmp_path,
        said(1, more=quote(AT + 1, authorUuid=BO, text="Rota?")),
        said(2, more=quote(AT + 2)),
        said(3, more=quote(None, text="?")),
        said(4, more=edited),
        said(5, more=quote(AT + 7, authorAci=ANA)),
        said(6, more=quote(AT + 8, authorAci=ANA)),
        put("edited_messages", {"messageId": key(4), "sentAt": AT + 8}),
    )
    when = "sent at 2024-03-01T13:33:20.00"
    assert told(found, "row", "kind", "what", table="traces") == [
        (
            1,
            "quote-of-absent",
            f"message 1 quotes one {when}1Z, which is not there, by Bo Lind: “Rota?”",
        ),
        (
            2,
            "quote-of-absent",
            f"message 2 quotes one {when}2Z, which is not there, without its words",
        ),
    ]
    assert told(found, "row", "reply_to")[:3] == [(1, f"{BO}/{AT + 1}"), (2, None), (3, None)]


def test_rows_beside_that_belong_to_no_message_are_traces(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        said(1),
        file(9),
        file(1, None),
        put("mentions", {"messageId": key(9), "mentionAci": BO}),
        put("edited_messages", {"messageId": key(9), "sentAt": AT}),
        put("pinnedMessages", {"messageId": key(9)}),
        put("sendLogMessageIds", {"payloadId": 1, "messageId": key(9)}),
        said(2, where="10000000-0000-4000-8000-00000000dead"),
        said(3, where="10000000-0000-4000-8000-00000000dead"),
    )
    assert sorted(told(found, "kind", "table", "row", table="traces")) == [
        ("orphan-edit", "edited_messages", 1),
        ("orphan-media", "message_attachments", 1),
        ("orphan-mention", "mentions", 1),
        ("orphan-message", "messages", 2),
        ("orphan-pin", "pinnedMessages", 1),
        ("orphan-sent", "sendLogMessageIds", 1),
    ]
    (media,) = [row["what"] for row in rows(found, "traces") if row["kind"] == "orphan-media"]
    assert media.endswith("which is not there; sent at 2024-03-01T13:33:20.000Z; ab/abcd")


def test_the_search_index_gives_the_words_of_a_deleted_message_in_their_order(
    tmp_path: Path,
) -> None:
    gone = script("DELETE FROM messages WHERE rowid=2")
    sent = said(2, "Leave the back door key at the desk", BO)
    found = of(tmp_path, said(1), sent, commit, gone)
    (trace,) = told(found, "kind", "table", "what", table="traces")
    assert trace[:2] == ("index-words", "messages_fts_data")
    assert trace[2].endswith("in its own spelling: “leave the back door key at the desk”")


def test_words_whose_place_is_not_known_stand_behind_the_others(tmp_path: Path) -> None:
    page = b"\0\x09\0\x0b\x040tea\x09\x01\x04"  # a mark of deletion keeps no places
    index = put("messages_fts_data", {"id": 9 << 37 | 1, "block": page})
    found = of(tmp_path, said(1), index, schema=SCHEMA.replace("body, tok", "body, prefix=2, tok"))
    (what,) = told(found, "what", table="traces")
    assert what == (
        "the search index knows words of message 9, which is not there, in its own spelling: “tea”",
    )


def test_more_messages_than_are_told_are_said_to_be_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgotten, "MOST_ROWS", 1)
    gone = script("DELETE FROM messages WHERE rowid IN (2, 3)")
    found = of(tmp_path, said(1), said(2), said(3), commit, gone)
    first, more = told(found, "row", "what", table="traces")
    assert first[0] is not None
    assert more == (
        None,
        "the search index knows words of more than 1 messages that are gone",
    )


def test_more_words_than_are_told_are_said_to_be_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgotten, "MOST_WORDS", 2)
    gone = script("DELETE FROM messages WHERE rowid = 2")
    found = of(tmp_path, said(1), said(2, "kettle rota tea"), said(3), commit, gone)
    words, more, *_ = [
        what for kind, what in told(found, "kind", "what", table="traces") if kind == "index-words"
    ]
    assert words.endswith("“kettle rota”")
    assert more == (
        "the search index knows more than 2 words of messages that are gone; "
        "the others are not told"
    )


def test_a_text_the_index_was_given_for_a_message_that_is_gone_is_residue(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        said(1, "Tea"),
        script("INSERT INTO messages_fts(rowid, body) VALUES(7, 'Rota for May')"),
        script("UPDATE messages SET body='Kettle' WHERE rowid=1"),
    )
    assert told(found, "kind", "row", table="traces") == [
        ("index-differs", 1),
        ("index-residue", 7),
    ]


def test_edits_leave_words_behind_too(tmp_path: Path) -> None:
    edit = put("edited_messages", {"messageId": key(1), "sentAt": AT})
    found = of(tmp_path, said(1, "Tea"), script("UPDATE messages SET body='Kettle'"), edit)
    assert told(found, "kind", "row", table="traces") == [("index-residue", 1)]


def test_each_type_of_notice_is_told_in_its_own_terms(tmp_path: Path) -> None:
    notices: dict[str, dict[str, Any]] = {
        "timer-notification": {"expirationTimerUpdate": {"expireTimer": 3600, "source": "x"}},
        "keychange": {"key_changed": BO},
        "verified-change": {"verifiedChanged": TO_BO, "verified": True},
        "profile-change": {"changedId": TO_BO, "profileChange": {"oldName": "B", "newName": "Bo"}},
        "change-number-notification": {"changedId": BO},
        "message-request-response-event": {"messageRequestResponseEvent": "ACCEPT"},
        "phone-number-discovery": {"phoneNumberDiscovery": {"e164": "+447700900102"}},
        "poll-terminate": {"pollTerminateNotification": {"question": "Tea?"}},
        "chat-session-refreshed": {},
        "group-v1-migration": {"groupMigration": {}},
    }
    found = of(
        tmp_path,
        *(
            said(k, None, None, kind=kind, more=more)
            for k, (kind, more) in enumerate(notices.items(), 1)
        ),
        said(20, None, more={"expirationTimerUpdate": {}}),
        said(21, None, more={"verifiedChanged": BO}, kind="verified-change"),
    )
    assert [text for (text,) in told(found, "text")] == [
        "timer-notification: disappearing messages after 3600 seconds",
        "keychange: Bo Lind",
        "verified-change: Bo Lind verified",
        "profile-change: Bo Lind; B → Bo",
        "change-number-notification: Bo Lind",
        "message-request-response-event: ACCEPT",
        "phone-number-discovery: +447700900102",
        "poll-terminate: Tea?",
        "chat-session-refreshed",
        "group-v1-migration",
        "disappearing messages off",
        "verified-change: Bo Lind not verified",
    ]
    assert {kind for (kind,) in told(found, "kind")} == {"notice"}


def test_who_came_and_went_is_told(tmp_path: Path) -> None:
    def change(row: int, by: str | None, *details: dict[str, Any]) -> Fill:
        more = {"groupV2Change": {"from": by, "details": list(details)}}
        return said(row, None, None, kind="group-v2-change", more=more)

    found = of(
        tmp_path,
        change(1, ANA, {"type": "member-add", "aci": BO}, {"type": "avatar"}),
        change(2, BO, {"type": "member-remove", "uuid": BO}),
        change(3, ANA, {"type": "member-remove", "conversationId": TO_CY}),
        change(4, CY, {"type": "member-add-from-link", "aci": CY}),
        change(5, None, {"type": "member-privilege", "aci": BO, "newPrivilege": 2}),
        change(6, BO, {"type": "member-add", "aci": BO}),
        change(7, BO, {"type": "member-privilege", "aci": BO, "newPrivilege": 1}),
        said(8, None, more={"groupV2Change": {}}, kind="group-v2-change"),
        said(9, None, more={"group_update": {"joined": [BO], "left": "You", "name": "Tea"}}),
        said(10, None, more={"group_update": {"left": ["+447700900103"]}}),
        said(11, None, more={"group_update": {"joined": [BO]}}, where=None),  # type: ignore[arg-type]
    )
    assert told(found, "event", "actor", "member", table="memberships") == [
        ("added", "Ana Reed", "Bo Lind"),
        ("left", "Bo Lind", "Bo Lind"),
        ("removed", "Ana Reed", "+447700900103"),
        ("joined", "+447700900103", "+447700900103"),
        ("admin", None, "Bo Lind"),
        ("joined", "Bo Lind", "Bo Lind"),
        ("admin", "Bo Lind", "Bo Lind"),
        ("added", None, "Bo Lind"),
        ("left", OWNER, OWNER),
        ("subject", None, "Tea"),
        ("left", "+447700900103", "+447700900103"),
        ("added", None, "Bo Lind"),
    ]
    assert told(found, "text")[6] == ("group-v2-change: member-privilege Bo Lind not admin",)
    assert told(found, "conversation")[-1] == (None,)


def test_stickers_cards_stories_and_other_things_have_their_kinds(tmp_path: Path) -> None:
    card = {"name": {"givenName": "Cy", "familyName": "Marsh"}, "number": [{"value": "+44"}]}
    found = of(
        tmp_path,
        said(1, None, more={"sticker": {"emoji": "🫖", "data": {"path": "cd/1"}}}),
        said(2, None, more={"sticker": {}}),
        said(3, None, more={"contact": [card, {"name": {"nickname": "C"}}, {}]}),
        said(4, "rota", kind="story", where=TO_ANA),
        said(5, "nice", storyId=key(4)),
        said(6, None, more={"storyReaction": {"emoji": "❤"}}),
        said(7, None, more={"payment": {"kind": 1}}),
        said(8, None, more={"giftBadge": {"id": "x"}}),
        said(9, None),
        said(10, None, isViewOnce=1, isErased=1),
        said(11, None, hasAttachments=1, more={"attachments": [{"contentType": "image/gif"}]}),
        said(12, "long", more={"bodyAttachment": {"path": "ef/2", "contentType": "text/x-signal"}}),
        said(13, "longer"),
        file(13, "gh/3", attachmentType="long-message"),
        file(13, "ij/4", attachmentType="quote"),
        said(14, None, more={"attachments": [{"fileName": "a.pdf", "path": "kl/5"}]}),
        said(15, "edited", more={"attachments": [{"path": "mn/6", "flags": 8}]}),
        file(15, "mn/7", editHistoryIndex=1),
        said(16, "long", more={"bodyAttachment": {}}),
        said(17, None, hasAttachments=1),
    )
    assert told(found, "row", "kind", "text") == [
        (1, "sticker", "🫖"),
        (2, "sticker", None),
        (3, "contact", "Cy Marsh +44\nC"),
        (4, "text", "rota"),
        (5, "text", "nice"),
        (6, "text", "❤"),
        (7, "event", "payment"),
        (8, "event", "giftBadge"),
        (9, "empty", None),
        (10, "media", None),
        (11, "media", None),
        (12, "text", "long"),
        (13, "text", "longer"),
        (14, "media", None),
        (15, "media", "edited"),
        (16, "text", "long"),
        (17, "media", None),
    ]
    assert told(found, "name", "media", "omitted", table="attachments") == [
        ("cd/1", "sticker", False),
        (None, "sticker", True),
        (None, "unknown", True),
        (None, "gif", True),
        ("kl/5", "unknown", False),
        ("mn/6", "gif", False),
        (None, "unknown", True),
    ]
    codes = told(found, "row", "code", table="problems")
    assert codes == [
        (4, "story"),
        (5, "story-reply"),
        (10, "erased"),
        (10, "view-once"),
        (12, "long-text"),
        (13, "long-text"),
        (14, "file-name"),
        (16, "long-text"),
    ]


def test_a_deletion_by_an_admin_names_the_admin(tmp_path: Path) -> None:
    more = {"deletedForEveryone": True, "deletedForEveryoneByAdminAci": BO}
    (what,) = told(of(tmp_path, said(1, None, more=more)), "what", table="problems")
    assert what == ("deleted for everyone, by Bo Lind",)


def test_what_was_never_sent_is_said_to_be_so(tmp_path: Path) -> None:
    states = {TO_ANA: {"status": "Failed"}, TO_BO: {"status": "Sent"}, TO_CY: {"status": "Viewed"}}
    older = {"delivered_to": ["+447700900102"], "read_by": ["+447700900101"]}
    found = of(
        tmp_path,
        said(1, by=None, more={"sendStateByConversationId": states}),
        said(2, by=None, more=older),
        said(3, readStatus=2),
        said(4, readStatus=1),
    )
    assert told(found, "code", "what", table="problems") == [
        ("unsent", "not sent to Ana Reed: Failed")
    ]
    assert told(found, "person", "event", table="acknowledgements") == [
        ("+447700900103", "played"),
        ("Bo Lind", "delivered"),
        ("Ana Reed", "read"),
        (OWNER, "played"),
    ]


def test_reactions_stand_in_json_in_their_table_or_in_both(tmp_path: Path) -> None:
    def row(emoji: str, by: str) -> Fill:
        values: dict[str, object] = {"emoji": emoji, "fromId": by, "messageId": key(1)}
        return put("reactions", {**values, "timestamp": AT})

    marks = [{"emoji": "👍", "fromId": TO_BO, "timestamp": 1 << 70}, {"fromId": TO_ANA}]
    found = of(tmp_path, said(1, more={"reactions": marks}), row("👍", TO_BO), row("❤", TO_CY))
    assert told(found, "actor", "reaction", table="reactions") == [
        ("Bo Lind", "👍"),
        ("Ana Reed", None),
        ("+447700900103", "❤"),
    ]


def test_a_vote_taken_back_and_one_for_nothing_there_have_no_choice(tmp_path: Path) -> None:
    votes = [
        {"fromConversationId": TO_BO, "optionIndexes": []},
        {"fromConversationId": TO_CY, "optionIndexes": [0, 9]},
    ]
    polls: tuple[dict[str, Any], ...] = (
        {"question": "Tea?", "options": ["Yes", "No"], "votes": votes},
        {"votes": [{}]},
        {},
    )
    found = of(tmp_path, *(said(k, None, more={"poll": one}) for k, one in enumerate(polls, 1)))
    assert told(found, "voter", "choice", table="votes") == [
        ("Bo Lind", None),
        ("+447700900103", "Yes"),
        ("+447700900103", None),
        (None, None),
    ]


def test_calls_older_versions_keep_in_the_message_are_told(tmp_path: Path) -> None:
    def call(row: int, **details: Any) -> Fill:
        more = {"callHistoryDetails": details} if details else {}
        return said(row, None, None, kind="call-history", where=TO_BO, more=more)

    found = of(
        tmp_path,
        call(1, callMode="Direct", wasIncoming=True, wasVideoCall=True, wasDeclined=True),
        call(2, wasIncoming=False, wasVideoCall=False, acceptedTime=AT),
        call(3),
        call(4, creatorUuid=BO),
    )
    assert told(found, "sender", "text") == [
        ("Bo Lind", "Direct Video Incoming Declined"),
        (OWNER, "Audio Outgoing Accepted"),
        ("Bo Lind", None),
        ("Bo Lind", None),
    ]


def test_a_call_stands_after_the_last_message_before_it(tmp_path: Path) -> None:
    call = {
        "callId": "1",
        "peerId": TO_ANA,
        "mode": "Direct",
        "type": "Audio",
        "direction": "Outgoing",
        "status": "Accepted",
        "timestamp": AT + 90_000,
    }
    found = of(tmp_path, said(1), said(2), put("callsHistory", call))
    (_, first), (_, second), (who, rung) = told(found, "sender", "sequence")
    assert first < rung < second
    assert who == OWNER


def test_mentions_are_notes_and_leave_the_text_as_it_is(tmp_path: Path) -> None:
    def mention(row: int, body: str | None, *places: tuple[int, str]) -> Fill:
        ranges = [{"start": at, "length": 1, "mentionUuid": who} for at, who in places]
        return said(row, body, more={"bodyRanges": [*ranges, {"start": 0, "style": 1}]})

    found = of(
        tmp_path,
        mention(1, "🫖\ufffc and \ufffc", (2, BO), (8, "Zed")),
        mention(2, "tea", (0, BO), (99, BO), (-3, BO)),
        mention(3, "\ufffc\ufffc", (1, BO), (1, ANA)),
        mention(4, None, (0, BO)),
        mention(5, "tea"),
    )
    assert told(found, "text") == [
        ("🫖\ufffc and \ufffc",),
        ("tea",),
        ("\ufffc\ufffc",),
        (None,),
        ("tea",),
    ]
    notes = [row for row in rows(found, "problems") if row["code"] == "mention"]
    assert [(row["row"], row["what"]) for row in notes] == [
        (1, "the character 2 of the text stands for @Bo Lind"),
        (1, "the character 8 of the text stands for @Zed"),
        (3, "the character 2 of the text stands for @Ana Reed"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[1]", "broken-json"),
        ('{"sent_at": 1', "broken-json"),
        ("{" * 100_000, "broken-json"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "broken-json"),
        ('{"quote": "no"}', "wrong-type"),
        ('{"sent_at": 1e400}', "wrong-type"),
        ('{"body": "\\ud800"}', "damaged-text"),
        ('{"body": 7, "body": "a"}', "duplicate-key"),
    ],
)
def test_json_that_is_not_sound_is_a_doubt_and_its_row_a_message(
    tmp_path: Path, text: str, code: str
) -> None:
    plain = "CREATE TABLE messages(id, json, conversationId, body, type, sent_at, received_at)"
    row = ("x", text, NIGHTS, "hello", "incoming", AT, 1)
    fill = many("INSERT INTO messages VALUES(?,?,?,?,?,?,?)", row)
    found = of(tmp_path, fill, schema=plain, people=())
    assert told(found, "text") == [("hello",)]
    assert code in {one for (one,) in told(found, "code", table="problems")}


def test_json_too_long_to_be_read_leaves_the_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "LONGEST_CHARACTERS", 20)
    found = of(tmp_path, said(1, "hello", more={"deletedForEveryone": True}))
    assert told(found, "kind", "text") == [("text", "hello")]
    assert "json-too-long" in {code for (code,) in told(found, "code", table="problems")}


def test_what_a_version_keeps_in_json_alone_is_read_there(tmp_path: Path) -> None:
    schema = "CREATE TABLE messages(id, json, conversationId)"
    more = {
        "type": "incoming",
        "body": "hello",
        "sent_at": AT,
        "sourceUuid": BO,
        "conversationId": "b",
        "editMessageTimestamp": AT,
    }
    late = {"type": "outgoing", "timestamp": AT, "source": "+447700900100"}
    fill = many("INSERT INTO messages VALUES(?,?,?)", ("a", json.dumps(more), None))
    second = many("INSERT INTO messages VALUES(?,?,?)", ("b", json.dumps(late), None))
    found = of(tmp_path, fill, second, schema=schema, people=())
    assert told(found, "conversation", "sender", "text", "stamp", "edited") == [
        ("b", BO, "hello", str(AT), True),
        (None, OWNER, None, str(AT), False),
    ]
    assert told(found, "platform_id") == [(f"{BO}/{AT}",), (f"+447700900100/{AT}",)]


def test_the_first_versions_know_people_by_their_numbers(tmp_path: Path) -> None:
    people = many(
        "INSERT INTO conversations VALUES(?,?,?,?,?,?,?)",
        ("+447700900101", "{}", 0, "private", None, "Ana", None),
        ("+447700900102", '{"username": "bo.7"}', 0, "private", None, None, "Bo"),
        ("g1", "{}", 0, "group", "+447700900101 +447700900102", "Nights", None),
        ("", "{}", 0, "private", None, None, None),
    )
    add = "INSERT INTO messages(id,json,sent_at,conversationId,received_at,source,type,body)"
    sent = many(
        f"{add} VALUES(?,?,?,?,?,?,?,?)",
        ("a", "{}", AT, "g1", 1, "+447700900102", "incoming", "hello"),
        ("b", "{}", AT + 1, "+447700900101", 2, None, "incoming", "hi"),
        ("c", "{}", AT + 2, "+447700900101", 3, None, "outgoing", "tea"),
        ("d", None, AT + 3, "g1", None, None, "incoming", "who?"),
        ("e", "{}", AT + 4, "+447700900109", 4, "+447700900109", "incoming", "new here"),
    )
    found = of(
        tmp_path, people, sent, script("DELETE FROM messages WHERE id='b'"), schema=OLD, people=()
    )
    assert told(found, "conversation", "sender", "text") == [
        ("Nights", "Bo", "hello"),
        ("Ana", OWNER, "tea"),
        ("Nights", None, "who?"),
        ("+447700900109", "+447700900109", "new here"),
    ]
    listed = told(found, "name", "listed", table="participants")
    assert ("Ana", True) in listed
    gap, orphan = told(found, "kind", "what", table="traces")
    assert gap[0] == "row-gap"
    assert gap[1].endswith("SQLite may give theirs anew")
    assert orphan[0] == "orphan-message"


def test_names_are_the_best_there_are(tmp_path: Path) -> None:
    nick = {"nicknameGivenName": "Bo", "nicknameFamilyName": "L", "pni": "PNI:7"}
    people = (
        person(TO_ANA, ANA, profileName="Ana", profileFamilyName="Reed"),
        person(TO_BO, BO, profileFullName="bo", json=json.dumps(nick)),
        person(TO_CY, CY, json='{"username": "cy.01"}'),
        person("10000000-0000-4000-8000-00000000000a", "x", name="\u2068\u2069"),
        GROUP,
    )
    sent = [said(k, by=who) for k, who in enumerate((ANA, BO, CY, "x", "PNI:7"), 1)]
    found = of(tmp_path, *sent, people=people)
    assert told(found, "sender") == [("Ana Reed",), ("Bo L",), ("cy.01",), ("x",), ("Bo L",)]


def test_a_conversation_whose_json_is_broken_is_a_doubt(tmp_path: Path) -> None:
    found = of(tmp_path, said(1), people=(person(TO_ANA, ANA, json="{"), *PEOPLE[1:]))
    assert told(found, "code", "table", "row", table="problems") == [
        ("broken-json", "conversations", 1)
    ]


def test_doubts_are_problems_with_their_rows(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        said(1, sent_at=None),
        said(2, kind="new-thing"),
        said(3, where=None),  # type: ignore[arg-type]
        script("UPDATE messages SET body=CAST(x'ff41' AS TEXT) WHERE rowid=2"),
        script("UPDATE messages SET type=NULL WHERE rowid=3"),
    )
    assert sorted(told(found, "code", "row", table="problems"), key=str) == [
        ("no-conversation", 3),
        ("no-time", 1),
        ("undecodable-text", 2),
        ("unknown-type", None),
        ("unknown-type", None),
    ]


def test_rows_only_the_log_holds_are_read_from_the_log(tmp_path: Path) -> None:
    later = (
        said(9, "from the log"),
        file(9, "zz/9"),
        said(10, None, None, kind="call-history", more={"callId": "1"}),
        put("unprocessed", {"id": "u", "timestamp": 0, "content": b""}),
        script("UPDATE messages SET body='Kettle was on', json='{\"read_at\": 1}' WHERE rowid=1"),
        script("DELETE FROM messages WHERE rowid=2"),
    )
    data, log = logged(tmp_path, (said(1, "Kettle is on"), said(2, "Two sugars?")), later)
    in_file, in_log = read(data, log=log), read(log, f"{NAME}-wal", database=data)
    assert told(in_file, "row") == [(1,), (2,)]
    assert told(in_file, "code", table="problems") == [("log-beside",)]
    assert told(in_log, "row", "text") == [(9, "from the log"), (10, None)]
    assert told(in_log, "name", table="attachments") == [("zz/9",)]
    assert told(in_log, "kind", "row", table="traces") == [
        ("changed-in-log", 1),
        ("changed-in-log", 1),
        ("deleted-in-log", 2),
    ]
    assert told(in_log, "listed", table="participants") == [(False,)]
    (row,) = [row for row in rows(in_log, "messages") if row["row"] == 9]
    assert b"from the log" in log[row["start"] : row["end"]]


def test_a_long_change_is_shown_from_shortly_before_it(tmp_path: Path) -> None:
    long = "tea " * 1_000
    change = script(f"UPDATE messages SET body='{long}now' WHERE rowid=1")  # noqa: S608
    data, log = logged(tmp_path, (said(1, f"{long}later"),), (change,))
    (trace,) = told(read(log, f"{NAME}-wal", database=data), "what", table="traces")
    assert "tea later” becomes “…" in trace[0]
    assert len(trace[0]) < 300


def test_the_journal_shows_rows_as_they_were_before(tmp_path: Path) -> None:
    more = json.dumps({"tea": "x" * 1200, "sugars": 2})
    first = (*PEOPLE, said(1, "Kettle is on", more=more), said(2, "Two sugars?", BO), said(3))
    later = (
        many("UPDATE messages SET body=? WHERE rowid=1", ("Kettle was on",)),
        many("UPDATE messages SET json=? WHERE rowid=1", (more.replace("2", "3"),)),
        many("DELETE FROM messages WHERE rowid=?", (2,)),
    )
    data, journal = journaled(tmp_path, SCHEMA, first, later)
    found = read(journal, f"{NAME}-journal", database=data)
    body, held, gone = rows(found, "traces")
    assert (body["kind"], body["row"], body["what"]) == (
        "changed-since-journal",
        1,
        "body of this row was “Kettle is on”; it is “Kettle was on” now",
    )
    assert "“…" in held["what"]
    assert "sugars" in held["what"]
    assert (gone["kind"], gone["row"]) == ("deleted-since-journal", 2)
    assert "body “Two sugars?”, json “{}”" in gone["what"]
    assert b"Two sugars?" in journal[gone["start"] : gone["end"]]
    assert told(found, "code", table="problems") == [("journal",)]
    assert rows(found, "messages") == []
    assert told(read(data, journal=journal), "code", table="problems") == []


def test_a_journal_of_an_unfinished_transaction_is_a_doubt_on_both(tmp_path: Path) -> None:
    first = (*PEOPLE, *(said(n) for n in range(1, 90)))
    later = (many("DELETE FROM messages WHERE rowid>?", (0,)), *(said(n) for n in range(200, 400)))
    data, journal = journaled(tmp_path, SCHEMA, first, later, finished=False)
    in_journal = read(journal, f"{NAME}-journal", database=data)
    for found in (in_journal, read(data, journal=journal)):
        assert ("journal-hot", "doubt") in told(found, "code", "severity", table="problems")
    assert [row for (row,) in told(in_journal, "row", table="traces")] == [*range(1, 90)]


def test_a_journal_is_known_by_the_place_of_its_database() -> None:
    wiped = bytes(600)
    assert identify("Signal/sql/db.sqlite-journal", wiped)
    assert not identify("db.sqlite-journal", wiped)
    assert not identify("sql/db.sqlite-journal", b"")


def freed(place: Path, *fills: Fill, schema: str = SCHEMA) -> list[str]:
    """Give what freed space shows where the last of these frees rows that are not overwritten."""
    *first, last = fills
    keep, overwrite = (script(f"PRAGMA secure_delete={on}") for on in (0, 1))
    found = of(place, overwrite, *first, keep, last, schema=schema)
    return sorted(
        what for kind, what in told(found, "kind", "what", table="traces") if kind == "freed-row"
    )


GONE = "freed space still holds a row that is not there"


def test_a_freed_row_is_a_trace_and_never_a_message(tmp_path: Path) -> None:
    told_of = freed(
        tmp_path,
        *(said(n, f"tea at {n}") for n in range(1, 30)),
        script("DELETE FROM messages WHERE rowid IN (7, 20)"),
    )
    assert told_of == [
        f"{GONE}: {key(7)}, 2024-03-01T13:40:20Z, “tea at 7”",
        f"{GONE}: {key(20)}, 2024-03-01T13:53:20Z, “tea at 20”",
    ]


def test_the_words_of_a_freed_row_without_a_body_are_read_out_of_its_json(tmp_path: Path) -> None:
    poll = {"poll": {"question": "Tea?", "options": ["Yes", "No"]}}
    told_of = freed(
        tmp_path,
        said(1),
        said(2, None, more=poll),
        said(3, None, more={"body": "tea at 3"}),
        said(4, None),
        said(5, None, json=None),
        said(6),
        script("DELETE FROM messages WHERE rowid BETWEEN 2 AND 5"),
    )
    assert [one.rpartition(", ")[2] for one in told_of] == [
        "“Tea?\nYes\nNo”",
        "“tea at 3”",
        "without words",
        "without words",
    ]


def test_a_message_that_was_changed_may_stand_in_freed_space_as_it_was(tmp_path: Path) -> None:
    told_of = freed(
        tmp_path,
        said(1, None, more={"body": "tea at 1"}),
        *(said(n, f"tea at {n}") for n in range(2, 17)),
        script(
            "UPDATE messages SET body='never mind, go home' WHERE rowid=15;"
            "UPDATE messages SET readStatus=70000 WHERE rowid IN (1, 8)"
        ),
    )
    assert told_of == [
        f"freed space still holds row 15 as it was: {key(15)}, 2024-03-01T13:48:20Z, “tea at 15”"
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        "id='a key'",
        "sent_at=12",
        "received_at='soon'",
        "body=CAST(x'ff' AS TEXT)",
        "json='{'",
        "json=CAST(x'7bff' AS TEXT)",
        "json=x'7bff'",
    ],
)
def test_freed_bytes_that_do_not_hold_up_are_no_trace(tmp_path: Path, spoil: str) -> None:
    several = [said(n, f"tea at {n}") for n in range(1, 9)]
    change = script(f"UPDATE messages SET {spoil} WHERE rowid=7")  # noqa: S608
    gone = script("DELETE FROM messages WHERE rowid=7")
    computed = ("json_extract(json, '$.callId')", "NULL"), ("json->'poll' IS NOT NULL", "FALSE")
    schema = SCHEMA
    for of_json, nothing in computed:
        schema = schema.replace(of_json, nothing)
    assert freed(tmp_path, *several, change, gone, schema=schema) == []


@pytest.mark.parametrize("name", [NAME, "a/SQL/DB.sqlite", "db.sqlite"])
def test_an_encrypted_database_is_recognised_and_said_to_be_so(name: str) -> None:
    assert identify(name, CHANCE)
    (problem,) = told(read(CHANCE, name), "code", "end", "what", table="problems")
    assert problem[:2] == ("encrypted-database", len(CHANCE))
    assert "decrypt a copy with the key" in problem[2]


def test_the_log_or_journal_of_an_encrypted_database_is_said_to_be_so(tmp_path: Path) -> None:
    _, log = logged(tmp_path, (said(1),), (said(2),))
    for held, ending in ((log, "wal"), (bytes(600), "journal")):
        found = read(held, f"{NAME}-{ending}", database=CHANCE)
        assert told(found, "code", table="problems") == [("encrypted-database",)]


@pytest.mark.parametrize("ending", ["", "-wal", "-journal"])
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, ending: str) -> None:
    data, log = logged(tmp_path, (said(1),), (said(2),))
    name = NAME + ending
    held = {"": data[:300], "-wal": log, "-journal": bytes(600)}[ending]
    assert told(read(held, name), "code", "end", table="problems") == [("unreadable", len(held))]


@pytest.mark.parametrize(
    "schema", ["CREATE TABLE messages(id, json)", "CREATE TABLE conversations(id)"]
)
def test_a_database_without_such_messages_is_one_problem(tmp_path: Path, schema: str) -> None:
    found = of(tmp_path, schema=schema, people=())
    (problem,) = told(found, "code", "what", table="problems")
    assert problem == (
        "unreadable",
        "no table of messages as Signal Desktop has can be found in it",
    )


def test_a_database_is_known_by_its_tables_or_its_name(tmp_path: Path) -> None:
    data = database(tmp_path / "a.sqlite")
    other = database(tmp_path / "b.sqlite", schema="CREATE TABLE t(a)", people=())
    assert identify("backup/1f", data)
    assert identify("Signal/sql/db.sqlite", other)
    assert not identify("signal/db.sqlite", other)


def test_other_files_are_declined(tmp_path: Path) -> None:
    _, log = logged(tmp_path, (said(1),), (said(2),))
    assert identify("sql/db.sqlite-wal", log)
    assert not identify("db.sqlite-wal", log)
    assert not identify("sql/db.sqlite", log)
    assert not identify("sql/db.sqlite", b"tea and " * 500)
    assert not identify("sql/db.sqlite", CHANCE[:300])
    assert not identify("photo.jpg", CHANCE)


def test_a_lost_page_of_messages_is_a_problem_and_the_rest_is_read() -> None:
    data = CURRENT.read_bytes()
    at = told(read(data), "start")[3][0] // 1024 * 1024
    found = read(data[:at] + bytes(1024) + data[at + 1024 :])
    assert ("row-unread", "messages") in told(found, "code", "table", table="problems")
    assert 0 < len(rows(found, "messages")) < 11
    assert ("Night turn",) in told(found, "conversation")


def test_a_lost_page_of_conversations_is_a_loss_and_ids_stand_for_names() -> None:
    data = CURRENT.read_bytes()
    at = data.index(b"Ana Reed") // 1024 * 1024
    found = read(data[:at] + bytes(1024) + data[at + 1024 :])
    assert "table-unread" in {code for (code,) in told(found, "code", table="problems")}
    assert (ANA,) in told(found, "sender")


def test_a_row_that_cannot_be_read_is_no_gap(tmp_path: Path) -> None:
    data = bytearray(database(tmp_path / "a.sqlite", said(1), said(2, "x" * 40), said(3)))
    (start,) = [at for row, at in told(read(bytes(data)), "row", "start") if row == 2]
    data[start + 3 : start + 5] = b"\xff\x7f"  # the row's header runs out of the row
    found = read(bytes(data))
    assert [row for (row,) in told(found, "row")] == [1, 3]
    assert ("row-unread", 2) in told(found, "code", "row", table="problems")
    assert "row-gap" not in {kind for (kind,) in told(found, "kind", table="traces")}


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_database_is_read_or_is_one_problem(seed: int) -> None:
    found = read(damaged(CURRENT.read_bytes(), seed))
    assert rows(found, "messages") or rows(found, "problems")


def test_a_log_that_should_be_there_is_missed(tmp_path: Path) -> None:
    place = tmp_path / "b.sqlite"
    database(place, said(1))
    with closing(sqlite3.connect(place)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
    found = read(place.read_bytes())
    assert told(found, "code", table="problems") == [("log-missing",)]
