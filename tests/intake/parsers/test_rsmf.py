"""RSMF manifests are read whole: every event, every byte, every doubt."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake.parsers import rsmf
from witnessbox.intake.parsers.rsmf import identify

NAME = "Nights.rsmf/rsmf.zip/rsmf_manifest.json"
SOUND = samples(rsmf)
PEOPLE = [{"id": "P1", "display": "Ana"}, {"id": "P2", "display": "Bo"}]
PLACES = [{"id": "C1", "display": "Nights", "platform": "sms", "participants": ["P1", "P2"]}]


def event(**fields: Any) -> dict[str, Any]:
    usual = {"type": "message", "participant": "P1", "conversation": "C1"}
    return usual | {"timestamp": "2024-03-01T13:00:00Z", "body": "hi"} | fields


def manifest(*events: dict[str, Any], **frame: Any) -> bytes:
    document = {"version": "2.0.0", "participants": PEOPLE, "conversations": PLACES}
    return json.dumps(document | {"events": list(events)} | frame).encode()


def read(data: bytes, table: str = "messages", name: str = NAME) -> list[dict[str, Any]]:
    return rows(batches(rsmf, data, name), table)


def codes(data: bytes) -> list[str]:
    return [row["code"] for row in read(data, "problems") if row["code"] != "envelope"]


def test_a_message_has_its_time_sender_text_and_place() -> None:
    (row,) = read(manifest(event(id="7", parent="6")))
    assert (row["sender"], row["text"], row["kind"]) == ("Ana", "hi", "text")
    assert row["sent_at"].isoformat() == "2024-03-01T13:00:00+00:00"
    assert (row["zone"], row["wall_at"], row["conversation"]) == ("UTC", None, "Nights")
    assert row["thread"] == "Nights.rsmf/rsmf.zip/C1"
    assert (row["platform_id"], row["reply_to"]) == (f"{row['thread']}/7", f"{row['thread']}/6")


def test_a_row_names_the_app_of_its_conversation_where_the_manifest_does() -> None:
    places = [*PLACES, {"id": "C2", "platform": "WhatsApp Business"}, {"id": "C3"}]
    keys = ("C1", "C2", "C2", "C1", "C3", "C4")
    data = manifest(*(event(conversation=key) for key in keys), conversations=places)
    assert [row["parser"] for row in read(data)] == [
        "sms-rsmf/1",
        "whatsapp-rsmf/1",
        "whatsapp-rsmf/1",
        "sms-rsmf/1",
        "rsmf/1",
        "rsmf/1",
    ]


def test_parts_of_one_collection_are_one_thread_wherever_they_lie() -> None:
    parts = [
        read(manifest(event(), eventcollectionid="n"), name=f"{day}.rsmf/rsmf_manifest.json")
        for day in (1, 2)
    ]
    assert {row["thread"] for part in parts for row in part} == {"n/C1"}


def test_a_bare_manifest_is_a_thread_by_its_conversation() -> None:
    (row,) = read(manifest(event()), name="rsmf_manifest.json")
    assert row["thread"] == "C1"


def test_a_time_without_a_zone_is_read_in_the_assumed_one() -> None:
    (row,) = read(manifest(event(timestamp="2024-07-01T13:00:00.5")))
    assert (row["zone"], row["precision"]) == ("Europe/London", "millisecond")
    assert row["sent_at"].isoformat() == "2024-07-01T12:00:00.500000+00:00"
    assert row["wall_at"].isoformat() == "2024-07-01T13:00:00.500000"


@pytest.mark.parametrize(
    ("written", "precision"),
    [("2024-03-01T13:00Z", "minute"), ("2024-03-01T13:00:07Z", "second")],
)
def test_a_time_is_as_fine_as_it_is_written(written: str, precision: str) -> None:
    assert read(manifest(event(timestamp=written)))[0]["precision"] == precision


@pytest.mark.parametrize(
    "written", ["2024-03-01", "soon", "0001-01-01T00:00:00+23:59", "2024-13-01T00:00:00Z"]
)
def test_what_is_no_time_is_kept_as_written_and_in_doubt(written: str) -> None:
    data = manifest(event(timestamp=written))
    (row,) = read(data)
    assert (row["sent_at"], row["stamp"]) == (None, written)
    assert codes(data) == ["no-time"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "text"),
        ({"type": "disclaimer"}, "notice"),
        ({"type": "history"}, "notice"),
        ({"type": "unknown"}, "text"),
        ({"body": "", "deleted": True}, "deleted"),
        ({"deleted": True}, "text"),
        ({"attachments": [{"id": "a.jpg"}]}, "media"),
        ({"body": None}, "empty"),
        ({"body": None, "participant": None}, "notice"),
    ],
)
def test_an_event_is_told_by_its_fields(fields: dict[str, Any], kind: str) -> None:
    (row,) = read(manifest(event(**fields)))
    assert row["kind"] == kind
    assert row["deleted"] is bool(fields.get("deleted"))


@pytest.mark.parametrize(
    ("said", "kind"), [("call", "call"), ("notice", "text"), ("deleted", "text"), ("x", "text")]
)
def test_a_property_may_tell_the_sort_of_a_message_but_not_whose_it_is(
    said: str, kind: str
) -> None:
    custom = [{"name": "Witnessbox kind", "value": said}]
    (row,) = read(manifest(event(custom=custom)))
    assert (row["kind"], row["sender"]) == (kind, "Ana")


def test_properties_give_a_placeholder_and_a_precision_back() -> None:
    custom = [
        {"name": "Witnessbox placeholder", "value": "gone"},
        {"name": "Witnessbox precision", "value": "minute"},
    ]
    (row,) = read(manifest(event(custom=custom, body=None, deleted=True)))
    assert (row["kind"], row["text"], row["precision"]) == ("deleted", "gone", "minute")


def test_who_came_and_who_left_is_told() -> None:
    data = manifest(event(type="join", participant="P2"), event(type="leave", timestamp=None))
    told = [(row["event"], row["member"], row["sent_at"]) for row in read(data, "memberships")]
    assert [one[:2] for one in told] == [("joined", "Bo"), ("left", "Ana")]
    assert told[1][2] is None


def test_reactions_name_who_reacted_and_doubt_those_nobody_is_named_for() -> None:
    reacted = [{"value": "ok", "participants": ["P2"]}, {"value": "no", "count": 3}, {}]
    data = manifest(event(reactions=reacted))
    found = [(row["actor"], row["reaction"]) for row in read(data, "reactions")]
    assert found == [("Bo", "ok"), (None, "no"), (None, None)]
    assert codes(data) == ["unnamed-reaction", "unnamed-reaction"]


def test_what_a_body_said_before_is_noted() -> None:
    long = {"participant": "P2", "previous": "x" * 3000}
    dated = {"previous": "hey", "timestamp": "2024-03-01T21:05:00Z"}
    edits = [long, dated, {}]
    data = manifest(event(edits=edits, custom=[{"name": "Edit1", "value": "hy"}]))
    noted = [row["what"] for row in read(data, "problems") if row["code"] == "edited"]
    assert noted[0].startswith("edited by Bo; the text before was: xxx")
    assert noted[0].endswith("x…")
    assert noted[1].endswith("at 2024-03-01T21:05:00Z; the text before was: hey")
    assert noted[2:] == [
        "edited by nobody named; the text before is not given",
        "Edit1, an earlier text: hy",
    ]
    assert read(data)[0]["edited"] is True
    kept = [(row["text"], row["replaced_at"]) for row in read(data, "earlier_texts")]
    at = datetime(2024, 3, 1, 21, 5, tzinfo=UTC)
    assert kept == [("x" * 3000, None), ("hey", at), ("hy", None)]


def test_ids_nobody_has_stand_for_themselves_and_are_in_doubt() -> None:
    data = manifest(
        event(
            participant="P9", conversation="C9", reactions=[{"value": "ok", "participants": ["P8"]}]
        )
    )
    (row,) = read(data)
    assert (row["sender"], row["conversation"]) == ("P9", "C9")
    assert codes(data) == ["unknown-conversation", "unknown-participant", "unknown-participant"]


def test_everybody_listed_or_heard_is_a_participant() -> None:
    data = manifest(event(), event(), event(participant="P9"))
    found = [
        (row["name"], row["platform_id"], row["messages"], row["listed"])
        for row in read(data, "participants")
    ]
    assert found == [("Ana", "P1", 2, True), ("Bo", "P2", 0, True), ("P9", "P9", 1, False)]


@pytest.mark.parametrize("key", ["participants", "conversations"])
def test_a_manifest_without_its_lists_is_read_and_in_doubt(key: str) -> None:
    data = manifest(event(), **{key: None})
    assert [row["text"] for row in read(data)] == ["hi"]
    assert "no-cast" in codes(data)


def test_a_list_of_anything_but_objects_is_in_doubt() -> None:
    assert "no-id" in codes(manifest(event(), participants=["P1"]))


def test_lists_nobody_can_read_leave_the_events() -> None:
    data = manifest(event(), size=1).replace(b'"size": 1', b'"size": ' + b"1" * 5000)
    tail = data.index(b'"events"')
    assert [row["text"] for row in read(b"{" + data[tail:])] == ["hi"]
    assert "no-cast" in codes(b"{" + data[tail:])


def test_a_list_written_twice_is_in_doubt() -> None:
    data = manifest(event()).replace(
        b'"participants": [{', b'"participants": [], "participants": [{'
    )
    assert codes(data) == ["duplicate-key"]


def test_an_unsaid_version_is_in_doubt() -> None:
    assert codes(manifest(event(), version=None)) == ["no-version"]


def test_events_of_one_moment_keep_the_order_of_the_file() -> None:
    later = "2024-03-01T14:00:00Z"
    rising = manifest(event(body="a"), event(body="b"), event(body="c", timestamp=later))
    falling = manifest(event(body="c", timestamp=later), event(body="b"), event(body="a"))
    for data in (rising, falling):
        ordered = sorted(read(data), key=lambda row: row["sequence"])
        assert [row["text"] for row in ordered] == ["a", "b", "c"]


def test_half_an_emoji_is_shown_as_damaged() -> None:
    data = manifest(event(body="BODY")).replace(b"BODY", b"\\ud83d")
    assert read(data)[0]["text"] == "\ufffd"
    assert codes(data) == ["damaged-text"]


def test_a_number_nobody_can_read_leaves_the_event_in_doubt() -> None:
    data = manifest(event(size=1)).replace(b'"size": 1', b'"size": ' + b"1" * 5000)
    assert "unreadable-message" in codes(data)


@pytest.mark.parametrize(
    ("name", "head", "ours"),
    [
        ("rsmf_manifest.json", b'{"version": "2', True),
        ("x.json", b'\xef\xbb\xbf {"participants": [], "conversations": [], "ev', True),
        ("x.json", b'{"conversations": [], "events": [', True),
        ("x.json", b'{"participants": [], "messages": [], "title": "t"}', False),
        ("x.json", b'{"participants": [{"name": "Ana"}], "threadName"', False),
        ("rsmf_manifest.json", b"no json", False),
        ("x.json", b'{"events": [{"at": 1}]}', False),
    ],
)
def test_its_own_files_are_known_by_keys_and_name(name: str, head: bytes, *, ours: bool) -> None:
    assert identify(name, head) is ours


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_file_every_byte_is_explained(sample: Any, seed: int) -> None:
    batches(rsmf, damaged(sample.read_bytes(), seed), NAME)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_explained(data: bytes) -> None:
    batches(rsmf, data, NAME)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=8))
def test_texts_come_back_as_they_were_said(said: list[str]) -> None:
    assert [row["text"] for row in read(manifest(*(event(body=one) for one in said)))] == said


def test_acknowledgements_say_who_read_a_message_and_when() -> None:
    given = [
        {"participant": "P1", "timestamp": "2024-03-01T13:00:05Z", "action": "delivered"},
        {"participant": "P9", "timestamp": "never"},
        {},
    ]
    found = batches(rsmf, manifest(event(read_receipts=given)), NAME)
    told = [
        (row["person"], row["event"], row["acknowledged_at"])
        for row in rows(found, "acknowledgements")
    ]
    at = datetime(2024, 3, 1, 13, 0, 5, tzinfo=UTC)
    assert told == [("Ana", "delivered", at), ("P9", "read", None), (None, "read", None)]


def test_keys_that_rsmf_does_not_know_are_counted() -> None:
    data = manifest(event(attachment="a.png"), event(attachment="b.png", mood="late"))
    (told,) = (row["what"] for row in read(data, "problems") if row["code"] == "beside-the-tables")
    assert told == "in the file and in no table: 3 keys that RSMF does not know"
