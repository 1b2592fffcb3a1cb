"""What sort of thing a row is, and where it stands."""

from pathlib import Path

from tests.intake.imessage.mac import ANA, AT, GROUP, MINUTE, guid, message
from tests.intake.imessage.reading import ANA_ADDRESS, made, said_of, told, traces


def test_messages_are_ordered_by_time_not_by_when_their_rows_came(tmp_path: Path) -> None:
    found = made(tmp_path, message(1, "late", date=AT + MINUTE), message(2, "early", date=AT))
    order = dict(told(found, "text", "sequence"))
    assert order["early"] < order["late"]


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


def test_a_message_without_a_handle_is_the_other_side_s_in_a_chat_of_two(tmp_path: Path) -> None:
    found = made(
        tmp_path, message(1, "Tea?", ANA, handle_id=0), message(2, "Yes?", GROUP, handle_id=0)
    )
    assert told(found, "sender") == [(ANA_ADDRESS,), (None,)]


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
