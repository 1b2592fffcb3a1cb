import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.example.conftest import Example
from witnessbox.example.layouts import layout, stamp

HEAD = {
    "android": re.compile(r"(\ufeff)?(?P<stamp>\d[^\n]{7,24}?) - "),
    "ios": re.compile(r"\u200e?\[(?P<stamp>[^\]]+)\] "),
}


def test_records_tile_their_file(example: Example) -> None:
    for file in example.whatsapp():
        (source,) = file["sources"]
        assert source["starts"] == [0, *source["ends"][:-1]]
        assert source["ends"][-1] == source["size_bytes"]


def test_every_record_begins_with_the_stamp_its_phone_showed(example: Example) -> None:
    for file in example.whatsapp():
        notices = example.conversation(file["conversation"])["notices"] + file["local_notices"]
        times = {row["key"]: row["at_ms"] for row in notices}
        times |= {key: row["at_ms"] for key, row in example.messages(file["conversation"]).items()}
        zone, form = ZoneInfo(file["zone"]), layout(file["layout"])
        for record in example.records(file):
            shown = times[record.key] // 1000 + file["clock_offset_s"]
            head = HEAD[file["family"]].match(record.text)
            assert head is not None, record
            assert head["stamp"] == stamp(form, datetime.fromtimestamp(shown, UTC).astimezone(zone))


def test_a_plain_message_stands_as_it_was_sent_under_the_phones_name(example: Example) -> None:
    for file in example.whatsapp():
        messages = example.messages(file["conversation"])
        other = {key for keys in file["forms"].values() for key in keys} | {file["broken_off_in"]}
        line_end = "\r\n" if file["byte_order_mark_and_crlf"] else "\n"
        plain = 0
        for record in example.records(file):
            row = messages.get(record.key)
            if row and row["kind"] == "text" and record.key not in other:
                body = row["text"].replace("\n", line_end)
                assert record.text.endswith(f"{file['names'][row['sender']]}: {body}{line_end}")
                plain += 1
        assert plain > 50


def test_twelve_layouts_in_five_languages_are_written(example: Example) -> None:
    files = example.whatsapp()
    assert len({file["layout"] for file in files}) == 12
    assert {file["locale"] for file in files} == {"en", "de", "es", "fr", "nl"}
    assert {file["date_order"] for file in files} == {"dmy", "mdy", "ymd"}
    assert {file["clock_hours"] for file in files} == {12, 24}


def test_a_line_in_one_copy_passes_for_a_header_there_and_nowhere_else(example: Example) -> None:
    heads = re.compile(r"\d\d/\d\d/\d{4}, \d\d:\d\d - [^:\n]+: ")
    (forged,) = [file for file in example.truth["files"] if file["forged_line"]]
    start, end = forged["forged_line"]
    (source,) = forged["sources"]
    line = example.content(source, forged)[start:end].decode()
    assert forged["layout"] == "android-en-gb-24"
    assert heads.match(line)
    (key,) = forged["forms"]["forged"]
    assert example.messages("w1")[key]["sender"] == "o07"
    assert forged["names"]["o04"] in line
    assert [file["layout"] for file in example.whatsapp()].count("android-en-gb-24") == 1


def test_one_export_breaks_off_inside_a_message(example: Example) -> None:
    (broken,) = [file for file in example.truth["files"] if file["broken_off_in"]]
    last = example.records(broken)[-1]
    row = example.messages(broken["conversation"])[last.key]
    assert last.key == broken["broken_off_in"]
    assert not last.text.endswith("\n")
    kept = last.text.partition(": ")[2].partition(": ")[2] or last.text.rpartition(": ")[2]
    assert kept
    assert row["text"].startswith(kept)
    assert row["text"] != kept


def test_what_was_deleted_for_everyone_leaves_a_mark_or_stands_where_the_app_missed_it(
    example: Example,
) -> None:
    marks = ("deleted", "gelöscht", "elimin", "Eliminaste", "supprimé", "verwijderd")
    seen = 0
    for file in example.whatsapp():
        texts = {record.key: record.text for record in example.records(file)}
        for key in file["forms"].get("placeholder", []):
            assert any(mark in texts[key] for mark in marks)
            assert key in example.conversation(file["conversation"])["deleted_for_everyone"]
            seen += 1
    assert seen > 0


def test_an_edited_message_carries_the_apps_mark_or_its_first_wording(example: Example) -> None:
    for file in example.whatsapp():
        told = example.conversation(file["conversation"])
        texts = {record.key: record.text.rstrip("\r\n") for record in example.records(file)}
        for key in file["forms"].get("edited", []):
            assert texts[key].endswith(">")
        for key in file["forms"].get("before-edit", []):
            assert texts[key].endswith(told["first_wordings"][key])


def test_files_are_named_or_said_to_be_left_out(example: Example) -> None:
    by_media = {"attached": 0, "omitted": 0}
    for file in example.whatsapp():
        media = example.conversation(file["conversation"])["media"]
        for record in example.records(file):
            if record.key in media:
                named = re.search(r"WA\d{4}\.|\d{8}-[A-Z]+-\d{4}", record.text) is not None
                assert named == (file["media"] == "attached")
                by_media[file["media"]] += 1
    assert min(by_media.values()) > 0


def test_one_file_was_saved_on_a_desktop(example: Example) -> None:
    (saved,) = [file for file in example.whatsapp() if file["byte_order_mark_and_crlf"]]
    (source,) = saved["sources"]
    content = example.content(source, saved)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") > 0
