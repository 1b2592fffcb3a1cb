"""What a whole export gives: who speaks, what is in doubt, what is missing."""

import io

import pytest

from tests.intake.whatsapp.reader import EXHIBIT, LONDON, Read
from witnessbox.intake.parser import Source
from witnessbox.intake.parsers import whatsapp_text

D = "14/02/2024"


def android(*entries: str, day: str = D) -> str:
    """Write entries a minute apart."""
    return "".join(f"{day}, 10:{place:02} - {entry}\n" for place, entry in enumerate(entries))


def talk(count: int, *names: str) -> list[str]:
    return [f"{names[place % len(names)]}: tea {place}" for place in range(count)]


def test_a_notice_with_a_colon_has_no_sender() -> None:
    read = Read(android("Ana: tea", 'Ana changed the subject from "x" to "Ops: night"', "Ana: ok"))
    assert read.column("sender") == ["Ana", None, "Ana"]
    assert read.column("kind") == ["text", "notice", "text"]


def test_a_notice_in_a_language_without_a_table_is_told_by_its_open_quotation() -> None:
    read = Read(android("Ana: tea", 'Ana zmieniła temat z "x" na "Ops: noc"', "Ana: ok"))
    assert read.column("kind")[1] == "notice"


def test_a_sender_who_says_what_notices_say_stays_the_sender() -> None:
    read = Read(android("Ana: Bo left", "Bo: Ana added me: yes", "Ana: removed"))
    assert read.column("sender") == ["Ana", "Bo", "Ana"]


def test_what_may_be_a_name_or_a_notice_is_named() -> None:
    entries = [*talk(4, "Ana", "Bo"), "Ana zmieniła coś: tak"]
    assert "name-or-notice" in Read(android(*entries)).codes


def test_a_name_longer_than_names_are_is_no_sender() -> None:
    assert Read(android("Ana: tea", f"{'long ' * 30}: tea")).column("sender") == ["Ana", None]


def test_a_notice_stands_under_the_groups_name_on_ios() -> None:
    read = Read(
        f"[{D}, 10:00:01] Ops: Ana added Bo\n[{D}, 10:00:02] Ana: Bo left\n",
        "WhatsApp Chat - Ops.zip/_chat.txt",
    )
    assert read.column("sender") == [None, "Ana"]


def test_a_marked_line_without_a_known_wording_is_a_notice_in_doubt() -> None:
    read = Read(f"[{D}, 10:00:01] Ana: \u200eAna zrobiła coś\n[{D}, 10:00:02] Ana: hej\n")
    assert read.column("kind") == ["notice", "text"]
    assert read.codes == ["unknown-notice"]


def test_text_is_kept_as_written() -> None:
    read = Read(f"{D}, 10:00 - Ana:  two  spaces \u200f \r\n\r\nand a blank line\t\r\n")
    assert read.column("text") == [" two  spaces \u200f \r\n\r\nand a blank line\t"]


def test_an_empty_file_holds_nothing() -> None:
    assert Read(b"").messages == []


def test_the_file_is_the_conversation_and_participants_are_counted() -> None:
    read = Read(android("Ana: one", "Bo: two", "Ana: three"), "WhatsApp Chat with Bo.txt")
    assert set(read.column("conversation")) == {"Bo"}
    people = {row["name"]: row["messages"] for row in read.tables["participants"]}
    assert people == {"Ana": 2, "Bo": 1}


def test_memberships_carry_the_notices_span_and_time() -> None:
    read = Read(android("Ana: tea", "Ana added Bo"))
    (row,) = read.tables["memberships"]
    assert (row["start"], row["end"]) == (read.messages[1]["start"], read.messages[1]["end"])
    assert row["sent_at"] == read.messages[1]["sent_at"]


# Forgery -----------------------------------------------------------------------------------------


def test_a_name_that_speaks_nowhere_else_is_suspect() -> None:
    entries = [*talk(8, "Ana", "Bo"), "Chief: I did it", "Ana: hm"]
    read = Read(android(*entries))
    assert [row["start"] for row in read.problems] == [read.messages[8]["start"]]


def test_a_head_below_an_empty_line_is_suspect() -> None:
    assert Read(android("Ana: look\n", "Bo: I did it")).codes == ["header-in-body"]


def test_a_poll_ends_in_an_empty_line_of_its_own() -> None:
    assert Read(android("Ana: POLL:\nTea?\nOPTION: Yes (1 vote)\n", "Bo: no")).codes == []


def test_an_introduced_head_is_noted() -> None:
    (problem,) = Read(android("Ana: he wrote:", "Bo: I did it")).problems
    assert (problem["code"], problem["severity"]) == ("header-in-body", "note")


def test_a_rare_layout_out_of_its_time_stays_in_the_body() -> None:
    export = android(*talk(6, "Ana", "Bo")) + f"{D} 09:00 - Bo: I did it\n"
    read = Read(export + android("Ana: so", day="15/02/2024"))
    assert len(read.messages) == 7
    assert read.codes == ["header-in-body"]


def test_a_rare_layout_that_fits_is_read_and_named() -> None:
    export = android("Ana: one", "Bo: two") + f"{D} 10:30 - Bo: three\n"
    read = Read(export + android("Ana: four", day="15/02/2024"))
    assert read.column("text") == ["one", "two", "three", "four"]
    assert read.codes == ["layout-change", "layout-change"]


def test_a_rare_layout_of_nobody_known_stays_in_the_body() -> None:
    export = android(*talk(25, "Ana", "Bo")) + f"{D} 10:30 - Chief: I did it\n"
    read = Read(export + android("Ana: so", day="15/02/2024"))
    assert len(read.messages) == 26
    assert "header-in-body" in read.codes


def test_a_large_block_of_another_kind_is_the_exports_own() -> None:
    block = "".join(f"[{D}, 11:{n:02}:01] Bo: tea {n}\n" for n in range(25))
    read = Read(android(*talk(30, "Ana", "Bo")) + block + android("Ana: so", day="15/02/2024"))
    assert len(read.messages) == 56
    assert read.codes == ["layout-change", "layout-change"]


def test_a_head_behind_a_lone_return_is_named() -> None:
    assert Read(f"{D}, 10:00 - Ana: tea\r{D}, 10:01 - Bo: no\n").codes == ["header-like-line"]


def test_returns_end_lines_where_nothing_else_does() -> None:
    assert len(Read(f"{D}, 10:00 - Ana: tea\r{D}, 10:01 - Bo: no\r").messages) == 2


# Doubts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "severity"), [(30, "note"), (90, "doubt")])
def test_time_that_runs_back_is_named(minutes: int, severity: str) -> None:
    back = f"{D}, {11 - minutes // 60:02}:{(60 - minutes) % 60:02} - Bo: earlier\n"
    read = Read(f"{D}, 11:58 - Ana: a\n{D}, 12:00 - Ana: one\n{back}{D}, 12:01 - Ana: two\n")
    (problem,) = read.problems
    assert (problem["code"], problem["severity"]) == ("time-runs-back", severity)
    assert problem["start"] == read.messages[2]["start"]


def test_a_message_ahead_of_its_time_is_the_one_named() -> None:
    rows = [("10:00", "one"), ("10:01", "two"), ("19:00", "ahead"), ("10:02", "three")]
    read = Read("".join(f"{D}, {time} - Ana: {text}\n" for time, text in rows))
    (problem,) = read.problems
    assert problem["start"] == read.messages[2]["start"]


def test_an_hour_with_a_marker_it_cannot_have_is_read_by_the_hour() -> None:
    read = Read(f"{D}, 15:00 AM - Ana: tea\n")
    assert read.times == ["2024-02-14 15:00:00"]
    assert read.codes == ["half-day"]


def test_a_clock_that_may_lack_its_markers_is_in_doubt() -> None:
    export = "".join(f"{D}, {hour}:00 - Ana: tea\n" for hour in (9, 11, 12, 1, 4))
    assert "half-day" in Read(export).codes


@pytest.mark.parametrize(
    "head", ["24/8/22 AM 9:30 -", "24. 8. 22. 오전 9:30 -", "[24. 8. 22. 오전 9:30:00]"]
)
def test_the_year_comes_first_on_phones_that_write_so_in_korean(head: str) -> None:
    read = Read(f"{head} Ana: tea\n")
    assert read.times == ["2024-08-22 09:30:00"]
    assert read.codes == ["date-order"]


def test_the_day_comes_first_where_chinese_stands_before_the_clock() -> None:
    assert Read("22/8/24 上午9:30 - Ana: tea\n").times == ["2024-08-22 09:30:00"]


def test_noon_and_midnight_of_twelve_hour_clocks() -> None:
    hours = ("12:00 AM", "1:00 AM", "12:00 PM", "1:00 PM", "11:59 PM")
    read = Read("".join(f"{D}, {hour} - Ana: tea\n" for hour in hours))
    assert [time[11:16] for time in read.times if time] == [
        "00:00", "01:00", "12:00", "13:00", "23:59",
    ]  # fmt: skip


def test_a_time_before_the_service_began_is_in_doubt() -> None:
    assert "implausible-time" in Read("14/02/2001, 10:00 - Ana: tea\n").codes


def test_a_body_longer_than_the_platform_allows_is_in_doubt() -> None:
    assert Read(android(f"Ana: {'a' * 65_537}")).codes == ["body-too-long"]
    assert Read(android(f"Ana: {'é' * 40_000}")).codes == []


@pytest.mark.parametrize("count", [9_999, 10_000, 10_001])
def test_an_export_as_long_as_exports_get_is_noted(count: int) -> None:
    export = f"{D}, 10:00 - Ana: tea\n" * count
    assert Read(export).codes == ["export-cap"]
    assert Read(export + f"{D}, 10:00 - Ana: tea\n" * 5).codes == []


def test_one_back_step_is_slight_ground_for_an_order() -> None:
    (problem,) = Read("05/06/24, 10:00 - Ana: a\n06/05/24, 10:00 - Bo: b\n").problems
    assert (problem["code"], problem["severity"]) == ("date-order", "note")


# The end -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", [f"{D}, 10:0", f"{D}", f"{D}, 10:05 - ", f"{D}, 10:05 - An"])
def test_a_head_cut_off_is_lost_and_named(tail: str) -> None:
    read = Read(android("Ana: one", "Bo: two") + tail)
    assert len(read.messages) == 2
    assert [(row["code"], row["severity"]) for row in read.problems] == [("truncated-tail", "loss")]
    assert read.untiled() == b""


@pytest.mark.parametrize("tail", [f"{D}, 10:05 - Ana: hal", f"{D}, 10:05 - Ana left", "1. milk"])
def test_a_last_line_without_its_end_is_in_doubt(tail: str) -> None:
    (problem,) = Read(android("Ana: one", "Bo: two") + tail).problems
    assert (problem["code"], problem["severity"]) == ("truncated-tail", "doubt")


def test_blank_bytes_before_the_first_head_are_only_noted() -> None:
    (problem,) = Read("\ufeff\r\n" + android("Ana: one")).problems
    assert (problem["code"], problem["severity"]) == ("no-head", "note")


def test_memory_grows_with_the_stretch_not_with_the_file() -> None:
    line = f"{D}, 10:00 - Ana: {'tea ' * 20}\n".encode()
    size = 0
    for batch in whatsapp_text.parse(
        Source(EXHIBIT, "chat.txt", len(line) * 60_000, lambda: io.BytesIO(line * 60_000)), LONDON
    ):
        assert batch.messages is None or batch.messages.nbytes < 10_000_000
        size += batch.messages.num_rows if batch.messages is not None else 0
    assert size == 60_000


def test_more_than_a_message_can_hold_is_let_go_and_named() -> None:
    endless = android("Ana: one") + "tea and more tea\n" * 900_000
    read = Read(endless + android("Bo: two", day="15/02/2024"))
    assert [row["sender"] for row in read.messages] == ["Ana", "Bo"]
    assert "no-head" in read.codes
    assert read.untiled() == b""


def test_dates_and_names_are_remembered_only_up_to_a_limit() -> None:
    lines = [f"{1 + n % 2}/2/2024, 10:00 - N{n % 7_000}: tea\n" for n in range(21_000)]
    read = Read("".join(lines))
    assert len(read.messages) == 21_000
    assert len(read.tables["participants"]) == 7_000


def test_only_real_dates_in_attachment_names_speak_for_an_order() -> None:
    lost = "IMG-20240304-WA0000.jpg lost\n"
    rows = ("IMG-20241340-WA0001.jpg (file attached)", "IMG-20240304-WA0002.jpg (file attached)")
    read = Read(lost + "".join(f"03/04/24, 10:00 - Ana: {row}\n" for row in rows))
    assert read.times == ["2024-03-04 10:00:00"] * 2


def test_the_last_name_that_notices_give_is_the_conversations() -> None:
    told = ('Ana created group "One"', "Ana left", 'Bo changed the subject from "One" to "Two: b"')
    assert set(Read(android(*told), "_chat.txt").column("conversation")) == {"Two: b"}


def test_quoted_names_do_not_name_the_conversation() -> None:
    assert set(Read(android('Bo "B" Lind: tea'), "x.txt").column("conversation")) == {"x"}


def test_a_chat_under_the_partners_own_name_stays_speech() -> None:
    read = Read(f"[{D}, 10:00:01] Bo: tea\n[{D}, 10:00:02] Ana: no\n", "WhatsApp Chat - Bo.txt")
    assert read.column("sender") == ["Bo", "Ana"]


def test_what_a_partner_says_as_notices_do_stays_theirs_in_a_chat_of_two() -> None:
    said = ("tea", "Got eight left", "so", "ok", "Waiting for this message. It may take a while.")
    lines = "".join(f"[{D}, 10:00:0{n}] Bo: {one}\n" for n, one in enumerate(said))
    read = Read(lines, "WhatsApp Chat - Bo.txt")
    assert read.column("sender") == ["Bo", "Bo", "Bo", "Bo", None]


def test_a_known_sentence_that_runs_into_a_colon_is_a_notice() -> None:
    told = "Messages and calls are end-to-end encrypted. Note: tap to learn more."
    assert Read(android(told, "Ana: tea")).column("sender") == [None, "Ana"]


def test_a_second_spelling_of_no_rarity_is_the_exports_own() -> None:
    export = android(*talk(5, "Ana", "Bo")) + "".join(f"{D} 11:0{n} - Bo: tea\n" for n in range(3))
    read = Read(export + android("Ana: so", day="15/02/2024"))
    assert len(read.messages) == 9


def test_only_dates_still_open_ask_the_attachments() -> None:
    settled = "2024-03-04, 10:00 - Ana: IMG-20240304-WA0001.jpg (file attached)\n"
    read = Read(settled * 2 + "03/05/24, 10:00 - Ana: tea\n" * 3)
    assert "date-order" in read.codes
