"""Tables anybody wrote are read as a person says they are, and else not at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, beside, name_of, rows, samples
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parsers import generic_table
from witnessbox.intake.parsers.generic_table import identify
from witnessbox.intake.table import lines

PLAIN = """
[columns]
time = "Time"
sender = "From"
text = "Text"
"""
HEAD = "Time,From,Text\n"
AT = "2024-03-01T21:04:05Z"
SOUND = samples(generic_table)


def read(
    data: str | bytes,
    table: str = "messages",
    mapping: str = PLAIN,
    name: str = "desk.csv",
    longest_bytes: int = DEFAULT.table_row_bytes,
) -> list[dict[str, Any]]:
    content = data.encode() if isinstance(data, str) else data
    others = {f"{name}.mapping.toml": mapping.encode()} if mapping else {}
    limits = Limits(table_row_bytes=longest_bytes)
    return rows(batches(generic_table, content, name, others, limits=limits), table)


def codes(data: str | bytes, **given: Any) -> list[str]:
    found = [row["code"] for row in read(data, "problems", **given)]
    return [code for code in found if code != "envelope"]


def refusal(data: str = HEAD, **given: Any) -> str:
    (problem,) = read(data, "problems", **given)
    assert (problem["code"], problem["severity"]) == ("mapping-refused", "loss")
    assert (problem["start"], problem["end"]) == (0, len(data.encode()))
    return str(problem["what"])


def test_a_row_is_a_message_as_the_mapping_says() -> None:
    (row,) = read(HEAD + f"{AT},Ana,hi\n")
    assert (row["sender"], row["text"], row["kind"]) == ("Ana", "hi", "text")
    assert row["sent_at"].isoformat() == "2024-03-01T21:04:05+00:00"
    assert (row["stamp"], row["zone"], row["precision"]) == (AT, "UTC", "second")
    assert (row["conversation"], row["thread"]) == ("desk", None)
    assert row["parser"] == "generic-table/1"


def test_a_span_holds_its_row_and_the_empty_lines_behind_it() -> None:
    data = f'\n{HEAD}\n{AT},Ana,"one\nmore"\n\r\n{AT},Bo,two'.encode()
    found = read(data.lstrip(b"\n"))
    assert [row["text"] for row in found] == ["one\nmore", "two"]
    held = [data.lstrip(b"\n")[row["start"] : row["end"]] for row in found]
    assert held == [f'{AT},Ana,"one\nmore"\n\r\n'.encode(), f"{AT},Bo,two".encode()]


def test_quotes_hold_line_ends_and_delimiters_and_double_themselves() -> None:
    data = HEAD + f'{AT},"Okoro, Ana","say ""hi"",\r\nthen"\n'
    (row,) = read(data)
    assert (row["sender"], row["text"]) == ("Okoro, Ana", 'say "hi",\r\nthen')


def test_a_quote_inside_a_field_is_a_letter() -> None:
    data = HEAD + f'{AT},Ana,5" pipe\n{AT},Cy,two\n'
    assert [row["text"] for row in read(data)] == ['5" pipe', "two"]
    assert codes(data) == []


def test_a_quote_that_does_not_close_costs_a_doubt_and_not_the_rest() -> None:
    data = HEAD + f'{AT},Ana,"never\n{AT},Bo,two\n{AT},Cy,three\n'
    assert [row["text"] for row in read(data)] == ['"never', "two", "three"]
    assert codes(data) == ["open-quote"]


def test_a_stray_quote_that_finds_its_match_in_a_later_row_is_in_doubt() -> None:
    data = HEAD + f'{AT},Ana,"one\n{AT},Bo,"two\n{AT},Cy,three\n'
    assert len(read(data)) == 2
    assert codes(data) == ["odd-quote"]
    assert codes(HEAD + f'{AT},Ana,"a"b"c"\n') == ["odd-quote"]


def test_many_quotes_that_do_not_close_cost_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_OPEN", 2)
    monkeypatch.setattr(lines, "PIECE_BYTES", 1)
    stray = f'{AT},Ana,"no\n{AT},Bo,plain\n{AT},Bo,plain\n'
    data = HEAD + stray * 3 + f'{AT},Bo,"yes"\n{AT},Bo,"a\nb"\n'
    texts = [row["text"] for row in read(data, longest_bytes=40) if row["text"] != "plain"]
    assert texts == ['"no', '"no', '"no', "yes", '"a', None]
    assert codes(data, longest_bytes=40).count("open-quote") == 4


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 40])
def test_rows_are_the_same_however_the_file_comes_in(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = HEAD + f'{AT},Ana,"a ""b""\r\nc"\r\n\r\n{AT},Bo,"d"\r{AT},"Cy","e"'
    whole = read(data)
    monkeypatch.setattr(lines, "PIECE_BYTES", piece)
    assert read(data) == whole
    assert [row["text"] for row in whole] == ['a "b"\r\nc', "d", "e"]


@pytest.mark.parametrize("piece", [5, 50])
def test_a_row_too_long_is_a_loss_and_the_next_is_read(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "PIECE_BYTES", piece)
    data = HEAD + f"{AT},Ana,{'x' * 99}\n{AT},Bo,two\n{AT},Cy,{'y' * 99}"
    assert [row["text"] for row in read(data, longest_bytes=40)] == ["two"]
    lost = [row for row in read(data, "problems", longest_bytes=40) if row["severity"] == "loss"]
    assert [row["what"] for row in lost] == ["a row longer than 40 bytes"] * 2
    quoted = HEAD + f'{AT},Ana,"' + "x\n" * 30 + f'"\n{AT},Bo,two\n'
    assert [row["text"] for row in read(quoted, longest_bytes=40)][-1] == "two"


def test_a_field_may_be_as_long_as_a_row() -> None:
    long = "x" * 3_000_000
    assert codes(HEAD + f"{AT},Ana,{long}\n") == ["row-too-long"]
    (row,) = read(HEAD + f"{AT},Ana,{long}\n", longest_bytes=4_000_000)
    assert row["text"] == long


MS = "millisecond"


@pytest.mark.parametrize(
    ("form", "written", "iso", "precision"),
    [
        ("iso", "2024-03-01 21:04", "2024-03-01T21:04:00+00:00", "minute"),
        ("iso", "2024-07-01T22:04:05.5", "2024-07-01T21:04:05.500000+00:00", "millisecond"),
        ("unix", "1709327045", "2024-03-01T21:04:05+00:00", "second"),
        ("unix-ms", "1709327045250", "2024-03-01T21:04:05.250000+00:00", "millisecond"),
        ("unix-us", "1709327045250000", "2024-03-01T21:04:05.250000+00:00", "millisecond"),
        ("%d/%m/%Y %H:%M", "01/07/2024 22:04", "2024-07-01T21:04:00+00:00", "minute"),
        ("%m/%d/%y %I:%M:%S %p", "7/1/24 10:04:05 PM", "2024-07-01T21:04:05+00:00", "second"),
        ("%d %b %Y %H:%M:%S.%f", "01 Jul 2024 22:04:05.25", "2024-07-01T21:04:05.250000+00:00", MS),
        ("%Y%m%dT%H%M%S%z", "20240701T220405+0200", "2024-07-01T20:04:05+00:00", "second"),
    ],
)  # fmt: skip
def test_times_are_read_in_the_form_and_zone_stated(
    form: str, written: str, iso: str, precision: str
) -> None:
    (row,) = read(HEAD + f"{written},Ana,hi\n", mapping=f'time_format = "{form}"\n{PLAIN}')
    assert row["sent_at"].isoformat() == iso
    assert (row["precision"], row["stamp"]) == (precision, written)


def test_the_mappings_zone_outranks_the_one_assumed() -> None:
    (row,) = read(HEAD + "2024-07-01T22:04:05,A,b\n", mapping=f'zone = "Asia/Tokyo"\n{PLAIN}')
    assert row["sent_at"].isoformat() == "2024-07-01T13:04:05+00:00"
    assert (row["zone"], row["wall_at"].isoformat()) == ("Asia/Tokyo", "2024-07-01T22:04:05")


@pytest.mark.parametrize(
    ("form", "written", "code"),
    [
        ("iso", "", "no-time"),
        ("iso", "soon", "no-time"),
        ("unix", "soon", "no-time"),
        ("unix", "nan", "no-time"),
        ("unix", "-5", "no-time"),
        ("unix", "9e99", "no-time"),
        ("%H:%M %d/%m/%Y", "12:00 31/02/2024", "no-time"),
        ("iso", "2024-10-27T01:30:00", "zone-hour-twice"),
        ("iso", "2024-03-31T01:30:00", "zone-hour-skipped"),
    ],
)
def test_a_time_that_is_none_or_two_is_in_doubt_and_the_row_stays(
    form: str, written: str, code: str
) -> None:
    given: dict[str, Any] = {"mapping": f'time_format = "{form}"\n{PLAIN}'}
    data = HEAD + f"{written},Ana,kept\n"
    assert [row["text"] for row in read(data, **given)] == ["kept"]
    assert codes(data, **given) == [code]


FULL = """
platform = "deskchat"
newest_first = true
[columns]
time = ["Date", "Clock"]
sender = "From"
text = "Text"
conversation = "Room"
thread = "Thread"
id = "Id"
reply_to = "Answers"
attachment = "File"
kind = "Type"
edited = "Edited"
[kinds]
chat = "text"
system = "notice"
gone = "deleted"
"""
FULL_HEAD = "Date,Clock,From,Text,Room,Thread,Id,Answers,File,Type,Edited\n"


def full(line: str) -> dict[str, Any]:
    (row,) = read(FULL_HEAD + line + "\n", mapping=FULL)
    return row


def test_every_column_a_mapping_can_name_is_read() -> None:
    row = full("2024-03-01,21:04:05,Ana,hi,Nights,t1,3A01,3A00,,chat,Yes")
    assert (row["stamp"], row["conversation"], row["thread"]) == (
        "2024-03-01 21:04:05",
        "Nights",
        "t1",
    )
    assert (row["platform_id"], row["reply_to"], row["edited"]) == ("3A01", "3A00", True)
    assert row["parser"] == "deskchat-table/1"


@pytest.mark.parametrize(
    ("line", "kind", "sender"),
    [
        ("2024-03-01,21:04:05,Ana,,,,,,,chat,", "empty", "Ana"),
        ("2024-03-01,21:04:05,Ana,,,,,,rota.jpg,chat,", "media", "Ana"),
        ("2024-03-01,21:04:05,Ana,Bo came,,,,,,system,", "notice", None),
        ("2024-03-01,21:04:05,Ana,,,,,,,gone,", "deleted", "Ana"),
        ("2024-03-01,21:04:05,Ana,hi,,,,,,,", "text", "Ana"),
    ],
)
def test_kinds_are_translated_and_else_told_by_what_a_row_holds(
    line: str, kind: str, sender: str | None
) -> None:
    row = full(line)
    assert (row["kind"], row["sender"], row["deleted"]) == (kind, sender, kind == "deleted")


def test_a_kind_the_mapping_does_not_know_is_in_doubt() -> None:
    data = FULL_HEAD + "2024-03-01,21:04:05,Ana,tea?,,,,,,poll,\n"
    assert codes(data, mapping=FULL) == ["unknown-kind"]


def test_files_and_speakers_go_to_their_tables() -> None:
    data = FULL_HEAD + "2024-03-01,21:04:05,Ana,,Nights,,,,rota.jpg,,\n" * 2
    (file, _) = read(data, "attachments", mapping=FULL)
    assert (file["name"], file["media"], file["omitted"]) == ("rota.jpg", "image", False)
    (one,) = read(data, "participants", mapping=FULL)
    assert (one["name"], one["conversation"], one["messages"]) == ("Ana", "Nights", 2)


def test_rows_of_one_time_stand_in_the_order_the_mapping_states() -> None:
    data = FULL_HEAD + "".join(f"2024-03-01,21:04:05,Ana,{n},,,,,,,\n" for n in "cba")
    found = sorted(read(data, mapping=FULL), key=lambda row: row["sequence"])
    assert [row["text"] for row in found] == ["a", "b", "c"]


def test_a_table_without_a_header_has_numbered_columns() -> None:
    mapping = 'header = false\nconversation = "Team"\n[columns]\ntime = "1"\ntext = "3"\n'
    (row,) = read(f"{AT},Ana,hi\n", mapping=mapping)
    assert (row["text"], row["sender"], row["conversation"]) == ("hi", None, "Team")


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert len(read(b"\xef\xbb\xbf" + (HEAD + f"{AT},Ana,hi\n").encode())) == 1


@pytest.mark.parametrize(
    ("name", "extra", "apart"), [("x.tsv", "", "\t"), ("x.csv", 'delimiter = ";"', ";")]
)
def test_tabs_and_other_delimiters_are_read(name: str, extra: str, apart: str) -> None:
    data = (HEAD + f"{AT},Ana,hi\n").replace(",", apart)
    assert read(data, name=name, mapping=f"{extra}\n{PLAIN}")[0]["text"] == "hi"


def test_another_encoding_is_read_as_stated_and_a_wrong_one_is_seen() -> None:
    data = (HEAD + f"{AT},Zoë,café\n").encode("latin-1")
    assert read(data, mapping=f'encoding = "latin-1"\n{PLAIN}')[0]["sender"] == "Zoë"
    assert read(data)[0]["text"] == "caf�"
    assert codes(data) == ["damaged-text"]


def test_a_row_of_more_or_fewer_fields_is_read_and_in_doubt() -> None:
    data = HEAD + f"{AT},Ana\n{AT},Bo,hi,there\n"
    assert [row["text"] for row in read(data)] == [None, "hi"]
    assert codes(data) == ["uneven-row"] * 2


def test_the_first_of_two_columns_of_one_name_is_read() -> None:
    assert read(f"Time,From,Text,Text\n{AT},Ana,hi,there\n")[0]["text"] == "hi"


JSON = '[columns]\ntime = "at"\nsender = "who.name"\ntext = "said"\n'


def json_rows(*those: Any, table: str = "messages") -> list[dict[str, Any]]:
    data = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in those)
    return read(data, table, mapping=JSON, name="log.jsonl")


def test_a_line_of_json_is_a_message() -> None:
    (row,) = json_rows({"at": AT, "who": {"name": "Ana"}, "said": "hi ☕"})
    assert (row["sender"], row["text"], row["conversation"]) == ("Ana", "hi ☕", "log")


def test_a_column_whose_own_name_has_a_dot_comes_first() -> None:
    (row,) = json_rows({"at": AT, "who.name": "Ana", "who": {"name": "Bo"}, "said": "hi"})
    assert row["sender"] == "Ana"


def test_lines_that_are_no_rows_are_losses_and_the_others_are_read() -> None:
    good = {"at": AT, "who": "Ana", "said": 5}
    bad = ["[1]", "{", "nothing", '"x"', "[" * 5_000]
    assert [row["text"] for row in json_rows(good, *bad, "", good)] == ["5", "5"]
    found = [row["code"] for row in json_rows(good, *bad, table="problems")]
    assert found == ["broken-row"] * 5 + ["column-unseen"]


def test_a_value_that_is_no_single_one_is_left_out_and_named() -> None:
    good = {"at": AT, "who": {"name": None}, "said": ["hi"]}
    assert json_rows(good)[0]["text"] is None
    assert "wrong-type" in [row["code"] for row in json_rows(good, table="problems")]


def test_without_a_mapping_a_table_is_one_problem_that_says_what_to_do() -> None:
    what = refusal(HEAD + f"{AT},Ana,hi\n", mapping="")
    assert "desk.csv.mapping.toml" in what
    assert "Time,From,Text" in what


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("", "no column mapping"),
        ("columns = 1", "columns"),
        ("[columns]\ntext = 'Text'", "missing required field `time`"),
        ("[columns]\ntime = []\ntext = 'Text'", "names no column"),
        ("[columns]\ntime = 'When'\ntext = 'What'", "['When', 'What']"),
        ("[columns]\ntime = 'Time'\ntext = 'Text'\nmood = 'x'", "unknown field `mood`"),
        ("[columns", "no TOML"),
        (f'time_format = "%d/%m/%Y"\n{PLAIN}', "no hour"),
        (f'zone = "Nowhere/Land"\n{PLAIN}', "no zone"),
        (f'zone = "../etc"\n{PLAIN}', "no zone"),
        (f'encoding = "utf-16"\n{PLAIN}', "not read"),
        (f'encoding = "none\\u0000"\n{PLAIN}', "not read"),
        (f'delimiter = "||"\n{PLAIN}', "delimiter"),
        (f'platform = "Whats App"\n{PLAIN}', "platform"),
        (f'{PLAIN}[kinds]\nx = "song"', "song"),
        (f"# {'x' * (1 << 20)}\n{PLAIN}", "longer than"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(mapping: str, said: str) -> None:
    assert said in refusal(mapping=mapping)


def test_a_mapping_of_other_bytes_than_text_is_refused() -> None:
    others = {"a.csv.mapping.toml": b"\xff", "b.csv.mapping.toml": PLAIN.encode()}
    found = rows(batches(generic_table, HEAD.encode(), "x.zip/a.csv", others), "problems")
    assert "not UTF-8" in found[0]["what"]


def test_a_table_of_one_endless_row_has_no_columns() -> None:
    assert "not there" in refusal(HEAD, longest_bytes=10)
    assert "no line" in refusal("")


def test_a_mapping_is_itself_a_note_or_says_what_is_wrong_with_it() -> None:
    good = rows(batches(generic_table, PLAIN.encode(), "a.csv.mapping.toml"), "problems")
    assert [(row["code"], row["severity"]) for row in good] == [("mapping", "note")]
    bad = rows(batches(generic_table, b"[", "a.csv.mapping.toml"), "problems")
    assert [(row["code"], row["severity"]) for row in bad] == [("mapping-refused", "loss")]


@pytest.mark.parametrize(
    ("name", "head", "ours"),
    [
        ("a.CSV", b"x", True),
        ("a.tsv", b"x", True),
        ("a.csv.mapping.toml", b"x", True),
        ("a.jsonl", b'\xef\xbb\xbf {"a": 1}', True),
        ("a.ndjson", b"[1]", False),
        ("a.csv", b"", False),
        ("a.csv", b"a\0b\0", False),
        ("a.txt", b"a,b", False),
        ("settings.toml", b"x", False),
    ],
)
def test_its_own_files_are_known_by_name(name: str, head: bytes, *, ours: bool) -> None:
    assert identify(name, head) is ours


def test_many_rows_come_in_several_batches() -> None:
    data = (HEAD + f"{AT},Ana,hi\n" * 5_000).encode()
    found = batches(generic_table, data, "desk.csv", {"desk.csv.mapping.toml": PLAIN.encode()})
    assert len(found) == 2
    assert len(rows(found, "messages")) == 5_000


@given(st.sampled_from(SOUND), st.integers(0, 1 << 32))
def test_whatever_happens_to_a_table_every_byte_is_explained(sample: Any, seed: int) -> None:
    hurt = damaged(sample.read_bytes(), seed)
    batches(generic_table, hurt, name_of(sample), beside(sample))


@given(st.sampled_from(["x.csv", "x.jsonl"]), st.binary(max_size=200))
def test_any_bytes_at_all_are_explained(name: str, data: bytes) -> None:
    mapping = 'header = false\n[columns]\ntime = "1"\ntext = "1"\n'
    batches(generic_table, data, name, {f"{name}.mapping.toml": mapping.encode()})


@given(st.text('",\r\n a'))
def test_any_quotes_and_line_ends_are_explained(text: str) -> None:
    batches(
        generic_table,
        (HEAD + text).encode(),
        "x.csv",
        {"x.csv.mapping.toml": PLAIN.encode()},
    )


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=8))
def test_texts_come_back_as_they_were_said(said: list[str]) -> None:
    written = "".join(f'{AT},Ana,"{text.replace(chr(34), chr(34) * 2)}"\n' for text in said)
    assert [row["text"] for row in read(HEAD + written)] == said
