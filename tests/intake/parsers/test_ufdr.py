"""Reports of phones are read whole: every message, every byte, every doubt."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from tests.intake.ufdr_reports import (
    ANA,
    BO,
    NIGHTS,
    attachment,
    chat,
    chats,
    field,
    label,
    many,
    message,
    model,
    one,
    party,
    records,
    report,
    time,
)
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parsers import ufdr
from witnessbox.intake.parsers.ufdr import identify
from witnessbox.intake.ufdr import walk
from witnessbox.intake.ufdr.damage import closing

SOUND = samples(ufdr)


def read(data: bytes, table: str = "messages", limits: Limits = DEFAULT) -> list[dict[str, Any]]:
    return rows(batches(ufdr, data, "Phone.ufdr/report.xml", limits=limits), table)


def problems(data: bytes) -> list[tuple[str, str]]:
    quiet = ("envelope", "other-records", "phone-owner")
    found = [(row["code"], row["severity"]) for row in read(data, "problems")]
    return [one for one in found if one[0] not in quiet]


def only(*inner: str, body: str | None = "hi", **given: Any) -> dict[str, Any]:
    (row,) = read(chats(chat(message("3A01", body, *inner, **given))))
    return row


def test_a_message_has_its_time_sender_text_and_id() -> None:
    row = only()
    assert (row["sender"], row["text"], row["kind"]) == ("Bo Lind", "hi", "text")
    assert row["sent_at"].isoformat() == "2024-03-01T21:04:05+00:00"
    assert (row["stamp"], row["zone"]) == ("2024-03-01T21:04:05.000+00:00", "UTC")
    assert (row["platform_id"], row["thread"]) == ("3A01", NIGHTS)
    assert (row["conversation"], row["parser"]) == ("Night turn", "whatsapp-ufdr/1")


def test_a_span_holds_the_message_it_belongs_to() -> None:
    data = chats(chat(message("1", "one"), message("2", "two")))
    for row in read(data):
        held = data[row["start"] : row["end"]]
        assert held.startswith(b'<model type="InstantMessage"')
        assert held.endswith(b"</model>\n")
        assert f"CDATA[{row['text']}]".encode() in held


@pytest.mark.parametrize(
    ("at", "iso", "precision"),
    [
        ("2024-03-01T21:04:05.000+00:00", "2024-03-01T21:04:05+00:00", "second"),
        ("2024-03-01T21:04:05.250+00:00", "2024-03-01T21:04:05.250000+00:00", "millisecond"),
        ("2024-03-01T22:04:05.000+01:00", "2024-03-01T21:04:05+00:00", "second"),
        (" 2024-03-01T21:04:05Z\n", "2024-03-01T21:04:05+00:00", "second"),
    ],
)
def test_times_are_utc_and_no_finer_than_the_app_knows_them(
    at: str, iso: str, precision: str
) -> None:
    row = only(at=at)
    assert (row["sent_at"].isoformat(), row["precision"]) == (iso, precision)


def test_a_time_without_a_zone_is_read_in_the_zone_assumed() -> None:
    row = only(at="2024-07-01T22:04:05")
    assert row["wall_at"].isoformat() == "2024-07-01T22:04:05"
    assert row["sent_at"].isoformat() == "2024-07-01T21:04:05+00:00"
    assert row["zone"] == "Europe/London"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (None, "no-time"),
        ("soon", "no-time"),
        ("0001-01-01T00:00:00", "no-time"),
        ("2024-10-27T01:30:00", "zone-hour-twice"),
        ("2024-03-31T01:30:00", "zone-hour-skipped"),
    ],
)
def test_a_time_that_is_none_or_two_is_in_doubt_and_the_message_stays(
    at: str | None, code: str
) -> None:
    data = chats(chat(message("1", "kept", at=at)))
    assert [row["text"] for row in read(data)] == ["kept"]
    assert problems(data) == [(code, "doubt")]


def test_messages_are_in_the_order_of_their_times_whatever_the_report_does() -> None:
    said = [
        message("3", "c", at="2024-03-01T21:06:00Z"),
        message("x", "d", at=None),
        message("1", "a", at="2024-03-01T21:04:00Z"),
        message("2", "b", at="2024-03-01T21:05:00Z"),
    ]
    found = sorted(read(chats(chat(*said))), key=lambda row: row["sequence"])
    assert [row["text"] for row in found] == ["a", "b", "c", "d"]


PICTURE = many("Attachments", "Attachment", attachment("a.jpg", "image/jpeg", "f"))
STICKER = many("Attachments", "Attachment", attachment("STICKER-1.webp", "image/webp", None))
CONTACT = many("SharedContacts", "Contact", model("Contact", "k", field("Name", "Cy Marsh")))


def test_a_place_without_a_body_is_told_in_degrees() -> None:
    degrees = field("Latitude", "51.5") + field("Longitude", "-0.1")
    place = one("Position", "Coordinate", model("Coordinate", "g", degrees))
    assert only(place, body=None)["text"] == "51.5, -0.1"
    assert only(place, body="the yard")["text"] == "the yard"
    half = one("Position", "Coordinate", model("Coordinate", "g", field("Latitude", "51.5")))
    assert only(half, body=None)["text"] is None


@pytest.mark.parametrize(
    ("inner", "body", "state", "kind"),
    [
        ((), "hi", "Intact", "text"),
        ((), None, "Intact", "empty"),
        ((), None, "Deleted", "deleted"),
        ((), "back again", "Deleted", "text"),
        ((PICTURE,), None, "Intact", "media"),
        ((STICKER,), None, "Intact", "sticker"),
        ((CONTACT,), None, "Intact", "contact"),
        ((one("Position", "Coordinate", model("Coordinate", "g")),), None, "Intact", "location"),
        ((field("IsLocationSharing", "True", "Boolean"),), None, "Intact", "location"),
        ((label("System"),), "Ana added Bo", "Intact", "notice"),
    ],
)  # fmt: skip
def test_the_kind_of_a_message_shows_in_its_fields(
    inner: tuple[str, ...], body: str | None, state: str, kind: str
) -> None:
    row = only(*inner, body=body, state=state)
    assert row["kind"] == kind
    assert row["deleted"] == (kind == "deleted")
    assert row["sender"] == (None if kind == "notice" else "Bo Lind")


@pytest.mark.parametrize(
    ("attributes", "code", "severity"),
    [
        ({"state": "Deleted"}, "recovered-deleted", "note"),
        ({"state": "Trash"}, "recovered-deleted", "note"),
        ({"state": "Unknown"}, "deleted-state-unsure", "doubt"),
        ({"confidence": "Low"}, "low-confidence", "doubt"),
    ],
)
def test_what_the_tool_says_of_a_message_is_kept(
    attributes: dict[str, str], code: str, severity: str
) -> None:
    data = chats(chat(message("1", "hi", **attributes)))  # type: ignore[arg-type]
    assert problems(data) == [(code, severity)]


def test_a_field_written_twice_is_in_doubt() -> None:
    data = chats(chat(message("1", "hi", field("Body", "other"))))
    assert [row["text"] for row in read(data)] == ["hi"]
    assert problems(data) == [("field-twice", "doubt")]


def test_labels_tell_an_edit_and_are_else_noted() -> None:
    data = chats(chat(message("1", "hi", label("Edited", "Forwarded"), field("Label", "Default"))))
    (row,) = read(data)
    assert row["edited"]
    assert problems(data) == [("label", "note")]


def quoting(extra: str, *inner: str) -> str:
    return many("MessageExtraData", "InstantMessageExtraData", model(extra, "q", *inner))


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        (quoting("ReplyMessageData", field("OriginalMessageID", "3A00")), "3A00"),
        (quoting("ReplyMessageData", one("InstantMessage", "", message("3A00"))), "3A00"),
        (
            quoting("QuotedMessageData", field("ReferenceId", "m-3A00"))
            + many("EmbeddedInstantMessage", "InstantMessage", message("x"), message("3A00")),
            "3A00",
        ),
        (quoting("QuotedMessageData", field("ReferenceId", "gone")), None),
        (quoting("ForwardedMessageData", field("OriginalMessageID", "3A00")), None),
        ("", None),
    ],
)  # fmt: skip
def test_a_reply_names_what_it_answers_and_the_quotation_is_no_row(
    inner: str, found: str | None
) -> None:
    assert only(inner)["reply_to"] == found


def test_files_and_contacts_are_attachments_once() -> None:
    voice = attachment("PTT-1.opus", "audio/ogg; codecs=opus", "files\\Audio\\PTT-1.opus")
    carried = (
        many("Attachments", "Attachment", voice, attachment("b.pdf", None, None)),
        one("Attachment", "Attachment", voice),
        many("Attachments", "Attachment", attachment(None, "image/gif", None)),
        many("Attachments", "Attachment", model("Attachment", "bare")),
        CONTACT,
    )
    found = read(chats(chat(message("1", None, *carried))), "attachments")
    assert [(row["name"], row["media"], row["omitted"]) for row in found] == [
        ("files\\Audio\\PTT-1.opus", "audio", False),
        ("b.pdf", "document", True),
        ("https://example.org/x", "gif", True),
        (None, "unknown", True),
        ("Cy Marsh", "contact", False),
    ]


def activity(action: str | None, *parties: str, body: str | None = None) -> str:
    return many(
        "ActivityLog",
        "ChatActivity",
        model(
            "ChatActivity",
            "act",
            field("Action", action),
            field("SystemMessageBody", body),
            *(one("Participant", "Party", one_party) for one_party in parties),
        ),
    )


@pytest.mark.parametrize(
    ("action", "event"),
    [
        ("ParticipantJoined", "joined"),
        ("ParticipantAdded", "added"),
        ("ParticipantRemoved", "removed"),
        ("ParticipantLeft", "left"),
        ("ChatCreated", "created"),
        ("Pinned", None),
        (None, None),
    ],
)
def test_who_came_and_went_is_kept(action: str | None, event: str | None) -> None:
    data = chats(chat(message("1", None, activity(action, party(BO), body="Bo came"), who=None)))
    (row,) = read(data)
    assert (row["kind"], row["sender"], row["text"]) == ("notice", None, "Bo came")
    found = [(row["event"], row["member"]) for row in read(data, "memberships")]
    assert found == ([] if event is None else [(event, "Bo Lind")])


def test_a_change_of_nobody_named_is_a_change_all_the_same() -> None:
    data = chats(chat(message("1", "made", activity("ChatCreated"), who=None)))
    assert [row["member"] for row in read(data, "memberships")] == [None]


def test_the_tools_own_sender_is_nobody() -> None:
    row = only(who=("System message", "System message"))
    assert (row["kind"], row["sender"]) == ("notice", None)


def test_a_sender_without_a_name_goes_by_the_identifier() -> None:
    assert only(who=(BO[0], None))["sender"] == BO[0]
    assert only(who=None)["sender"] is None


def test_a_subject_is_the_text_where_there_is_no_body_and_is_else_noted() -> None:
    both = chats(chat(message("1", "hi", field("Subject", "Rota"))))
    assert [row["text"] for row in read(both)] == ["hi"]
    assert problems(both) == [("subject", "note")]
    assert only(field("Subject", "Rota"), body=None)["text"] == "Rota"


def test_everyone_listed_or_heard_is_a_participant_and_the_owner_is_noted_once() -> None:
    cy = ("447700900103@s.whatsapp.net", "Cy Marsh")
    data = chats(chat(message("1", "a"), message("2", "b", who=cy)), chat(thread="other"))
    found = read(data, "participants")[:3]
    assert [(row["name"], row["platform_id"], row["messages"], row["listed"]) for row in found] == [
        ("Ana Okoro", ANA[0], 0, True),
        ("Bo Lind", BO[0], 1, True),
        ("Cy Marsh", cy[0], 1, False),
    ]
    assert [row["code"] for row in read(data, "problems")].count("phone-owner") == 1


@pytest.mark.parametrize(
    ("given", "title", "thread"),
    [
        ({"title": "Team"}, "Team", NIGHTS),
        ({"title": None}, "Bo Lind", NIGHTS),
        ({"title": "  ", "parties": ()}, NIGHTS, NIGHTS),
        ({"title": None, "parties": (), "thread": None}, "c-None-0", "c-None-0"),
    ],
)
def test_a_chat_is_named_by_its_title_its_people_or_its_id(
    given: dict[str, Any], title: str, thread: str
) -> None:
    (row,) = read(chats(chat(message("1", "hi"), **given)))
    assert (row["conversation"], row["thread"]) == (title, thread)


def test_a_chat_named_behind_its_messages_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "PIECE_BYTES", 100)
    late = model("Chat", "c", many("Messages", "InstantMessage", message("1")), field("Name", "x"))
    assert ("chat-named-late", "doubt") in problems(chats(late))


@pytest.mark.parametrize(
    ("app", "parser"),
    [
        ("WhatsApp", "whatsapp-ufdr/1"),
        ("WhatsApp Business", "whatsapp-ufdr/1"),
        ("Facebook Messenger", "messenger-ufdr/1"),
        ("Native Messages", "sms-ufdr/1"),
        ("Snap & Chat", "snapchat-ufdr/1"),
        ("微信", "unknown-ufdr/1"),
        (None, "unknown-ufdr/1"),
    ],
)
def test_a_row_names_the_app_it_comes_from(app: str | None, parser: str) -> None:
    (row,) = read(chats(chat(message("1", "hi", app=app or ""), app=app)))
    assert row["parser"] == parser


def test_chats_of_several_apps_stand_in_one_report() -> None:
    data = chats(
        chat(message("1", "a"), message("2", "b")),
        chat(message("1", "c", app="Signal"), app="Signal", thread="s"),
        chat(message("3", "d"), thread="w"),
    )
    assert [(row["text"], row["parser"]) for row in read(data)] == [
        ("a", "whatsapp-ufdr/1"),
        ("b", "whatsapp-ufdr/1"),
        ("c", "signal-ufdr/1"),
        ("d", "whatsapp-ufdr/1"),
    ]


def test_two_extractions_are_two_copies_of_a_chat() -> None:
    two = [chat(message(f"{n}", "hi", of=n), of=n) for n in (0, 1)]  # type: ignore[arg-type]
    threads = [row["thread"] for row in read(chats(*two, extractions=2))]
    assert threads == [f"{NIGHTS} (extraction 0)", f"{NIGHTS} (extraction 1)"]


def test_a_report_may_list_more_extractions_than_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(walk, "_MOST_EXTRACTIONS", 2)
    (row,) = read(chats(chat(message("1", "hi")), extractions=9))
    assert row["thread"] == f"{NIGHTS} (extraction 0)"


def test_a_sender_without_an_identifier_is_a_participant_all_the_same() -> None:
    nameless = one("From", "Party", model("Party", "p", field("Name", "Dee Ferrier")))
    data = chats(chat(message("1", "hi", who=None).replace(one("From", "Party"), nameless)))
    assert read(data)[0]["sender"] == "Dee Ferrier"
    assert [row["platform_id"] for row in read(data, "participants")][-1] is None


def text_message(*inner: str) -> str:
    return model("SMS", "s", time("TimeStamp", "2024-03-01T21:00:00Z"), field("Body", "x"), *inner)


def test_text_messages_outside_chats_are_messages_too() -> None:
    eve = party(("+447700900104", "Eve Lane"), role="From")
    data = report(records("SMS", text_message(many("Parties", "Party", eve)), text_message()))
    first, second = read(data)
    assert (first["sender"], first["conversation"]) == ("Eve Lane", "Eve Lane")
    assert (first["thread"], first["parser"]) == ("+447700900104", "sms-ufdr/1")
    assert (second["sender"], second["conversation"]) == (None, "messages outside any chat")
    assert second["thread"] is None
    assert [row["name"] for row in read(data, "participants")] == ["Eve Lane"]


def test_a_message_outside_any_chat_may_name_its_chat() -> None:
    data = report(records("InstantMessage", message("1", "a", field("ChatId", "c-9"), who=None)))
    (row,) = read(data)
    assert (row["conversation"], row["thread"]) == ("c-9", "c-9")


def test_records_of_other_types_are_counted_not_dropped() -> None:
    calls = [model("Call", f"{n}", one("Party", "Party", party(BO))) for n in range(3)]
    data = report(records("Call", *calls), records("Chat", chat(message("1", "hi"))))
    assert len(read(data)) == 1
    what = [row["what"] for row in read(data, "problems") if row["code"] == "other-records"]
    assert what == ["3 records (Call) that are no messages"]


TEAM = chats(chat(*(message(f"{n}", f"text {n}") for n in range(4))))


@pytest.mark.parametrize(
    ("right", "wrong", "left", "code"),
    [
        (b"text 1", b"text \x01", "0 � 2 3", "damaged-text"),
        (b"text 1", b"text \xff", "0 � 2 3", "damaged-text"),
        (b"text 1]]></value>", b"text 1]]></val>", "0 2 3", "broken-report"),
        (b"text 1]]></value>", b"text 1]]>&a;</value>", "0 2 3", "broken-report"),
        (b'<model type="InstantMessage" id="m-1"', b"<mod", "0 2 3", "broken-report"),
        (b'<multiModelField name="Messages"', b"<multi", "0 1 2 3", "broken-report"),
    ],
)
def test_damage_costs_what_it_hits_and_no_more(
    right: bytes, wrong: bytes, left: str, code: str
) -> None:
    hurt = TEAM.replace(right, wrong, 1)
    assert hurt != TEAM
    assert [row["text"] for row in read(hurt)] == [f"text {n}" for n in left.split()]
    assert code in [found for found, _ in problems(hurt)]
    assert {row["conversation"] for row in read(hurt)} == {"Night turn"}


def test_a_report_cut_short_says_so() -> None:
    inside = TEAM[: TEAM.index(b"text 2")]
    between = TEAM[: TEAM.index(b'<model type="InstantMessage" id="m-2"')]
    assert problems(inside)[-1] == ("cut-off", "loss")
    assert problems(between)[-1] == ("cut-off", "doubt")
    assert len(read(inside)) == len(read(between)) == 2


def test_a_document_type_is_refused_and_its_entities_never_grow() -> None:
    kind = b'<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    hurt = TEAM.replace(b"?>\n", b"?>" + kind, 1).replace(b"text 1]]>", b"text 1]]>&b;")
    assert [row["text"] for row in read(hurt)] == ["text 0", "text 2", "text 3"]
    assert "aaaa" not in str(read(hurt, "problems"))


def test_an_encoding_nobody_knows_is_not_asked_for() -> None:
    assert len(read(TEAM.replace(b'encoding="utf-8"', b'encoding="uPf-8"'))) == 4


def test_models_too_deep_in_one_another_are_not_followed() -> None:
    deep = "".join(f'<multiModelField name="E"><model type="M" id="{n}">' for n in range(80))
    close = "</model></multiModelField>" * 80
    hurt = chats(chat(message("1", "a", deep + close), message("2", "b")))
    assert [row["text"] for row in read(hurt)] == ["b"]
    far = "<a>" * 80 + "</a>" * 80
    calls = records("Call", model("Call", "1", far))
    assert len(read(report(calls, records("Chat", chat(message("1", "a")))))) == 1


def test_a_record_or_a_tag_too_long_is_broken_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = Limits(ufdr_record_bytes=8_000)
    monkeypatch.setattr(walk, "PIECE_BYTES", 1_000)
    long_text = chats(chat(message("1", "x" * 9_000), message("2", "b")))
    long_tag = chats(chat(message("1", "a", f'<field name="{"x" * 20_000}"/>'), message("2", "b")))
    for hurt, what in ((long_text, "a record is longer"), (long_tag, "markup longer")):
        assert [row["text"] for row in read(hurt, limits=small)] == ["b"]
        told = [row["what"] for row in read(hurt, "problems", small) if row["severity"] == "loss"]
        assert f"{what} than 8,000 bytes" in told[0]


def test_elements_may_lie_as_deep_in_one_another_as_the_limit_says() -> None:
    near = chats(chat(message("1", "a")))
    assert [row["text"] for row in read(near)] == ["a"]
    assert read(near, limits=Limits(xml_depth=5)) == []
    told = [row["what"] for row in read(near, "problems", Limits(xml_depth=5))]
    assert any("elements lie more than 5 deep in one another" in what for what in told)


def test_a_report_of_nothing_but_damage_is_given_up() -> None:
    small = Limits(ufdr_damages=2)
    hurt = chats(chat(*(message(f"{n}", "&") for n in range(9)))).replace(b"<![CDATA[&", b"&<![")
    assert read(hurt, limits=small) == []
    last = [row for row in read(hurt, "problems", small) if row["severity"] == "loss"][-1]
    assert last["code"] == "too-damaged"
    assert "damaged in more than 2 places" in last["what"]


@pytest.mark.parametrize(
    ("head", "ours"),
    [
        (TEAM, True),
        (chat(message("1", "hi")).encode(), True),
        (b'<?xml version="1.0"?><project name="x"><other/></project>', False),
        (b'<model type="Chat">', False),
        (b"pa.cellebrite.com/report <project", False),
        (b'<smses count="1"><sms address="1" date="1"/></smses>', False),
        (b"", False),
    ],
)
def test_its_own_files_are_known_by_what_they_begin_with(head: bytes, *, ours: bool) -> None:
    assert identify("report.xml", head) is ours


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_report_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(ufdr, damaged(sample.read_bytes(), seed), "report.xml")


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_explained(data: bytes) -> None:
    batches(ufdr, data, "report.xml")


@given(st.lists(st.sampled_from(["<model", ' type="Chat"', ' type="InstantMessage"', ">", "/>",
    "</model>", '<multiModelField name="Messages">', "</multiModelField>", "<![CDATA[", "]]>",
    '<field name="Body"><value>', "</value></field>", "<!--", "-->", "&amp;", "hi"])))  # fmt: skip
def test_any_pieces_of_a_report_are_explained(pieces: list[str]) -> None:
    batches(ufdr, "".join(pieces).encode(), "report.xml")
    batches(ufdr, TEAM + "".join(pieces).encode() + TEAM, "report.xml")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), max_size=6))
def test_texts_come_back_as_they_were_said(said: list[str]) -> None:
    safe = [text.replace("]]>", "").replace("\ufffe", "").replace("\uffff", "") for text in said]
    data = chats(chat(*(message(f"{n}", text) for n, text in enumerate(safe))))
    assert [row["text"] for row in read(data)] == [text if text.strip() else None for text in safe]


@pytest.mark.parametrize("opened", [b"<![CDATA[", b"<model ", b"<model>"])
def test_markup_that_is_opened_a_hundred_thousand_times_is_looked_through_once(
    opened: bytes,
) -> None:
    assert closing(b"<model>" + opened * 100_000) == -1


def test_a_message_closes_behind_the_tags_that_somebody_wrote() -> None:
    said = b"<model><value><![CDATA[</model> <model a='1'>]]></value><model/></model>"
    assert closing(said + b"</model>") == len(said)
