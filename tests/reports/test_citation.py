import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.ufdr_reports import chat as chat_of
from tests.intake.ufdr_reports import chats, message
from witnessbox.evidence.model import Span
from witnessbox.evidence.vault import Vault
from witnessbox.intake.parser import Assumption, Source, choose
from witnessbox.intake.parsers import PARSERS
from witnessbox.reports.citation import (
    Citation,
    CitationError,
    Reading,
    breaches,
    difference,
    stored_strings,
    verify,
    whole,
)

TABLE = 'When,What\n2024-03-01T21:04:05Z,"say ""tea"", please"\n'
MAPPING = '[columns]\ntime = "When"\ntext = "What"\n'
HEAD = "12/03/2017, 21:04 - Bo Lind: "
FIRST, SECOND = "I cannot say that was kind", "two\nlines 😀 of it"
CHAT = f"{HEAD}{FIRST}\n{HEAD}{SECOND}\n"
BYTES = CHAT.encode()
CUT = len(f"{HEAD}{FIRST}\n".encode())


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    chat = tmp_path / "chat.txt"
    chat.write_bytes(BYTES)
    vault = Vault(tmp_path / "vault")
    with chat.open("rb") as stream:
        exhibit = vault.store(stream).digest
    return Reading(vault, PARSERS, {exhibit: "WhatsApp Chat with Tea.txt"})


def cited(reading: Reading, text: str, start: int = 0, end: int = CUT) -> Citation:
    (exhibit,) = reading.names
    return whole("TP/1", Span(exhibit, start, end), text)


def test_a_true_quotation_holds(reading: Reading) -> None:
    verify([cited(reading, FIRST), cited(reading, SECOND, CUT, len(BYTES))], reading)


def test_nothing_cited_is_nothing_wrong(reading: Reading) -> None:
    verify([], reading)


def test_a_part_of_a_message_holds_when_it_is_marked_as_one(reading: Reading) -> None:
    (exhibit,) = reading.names
    part = Citation("TP/1", Span(exhibit, 0, CUT), "say that", 9, len(FIRST))
    assert part.cut_before
    assert part.cut_after
    verify([part], reading)


def test_a_dropped_word_is_refused_with_both_readings(reading: Reading) -> None:
    with pytest.raises(CitationError) as refused:
        verify([cited(reading, "I can say that was kind")], reading)
    assert str(refused.value) == (
        f"TP/1 bytes 0 to {CUT} says “{FIRST}”, but the report quotes “I can say that was kind”; "
        "nothing was published"
    )


def test_a_beginning_that_passes_for_the_whole_is_refused(reading: Reading) -> None:
    assert len(breaches([cited(reading, FIRST[:-9])], reading)) == 1


def test_a_span_that_is_no_message_is_refused(reading: Reading) -> None:
    (wrong,) = breaches([cited(reading, FIRST, 0, CUT - 1)], reading)
    assert "is not one message" in wrong


def test_all_that_fails_is_counted(reading: Reading) -> None:
    with pytest.raises(CitationError, match="1 more do not hold either"):
        verify([cited(reading, "no"), cited(reading, "neither")], reading)


def test_an_exhibit_that_changed_cannot_be_quoted(reading: Reading) -> None:
    (exhibit,) = reading.names
    place = reading.vault.path(exhibit)
    place.chmod(0o644)
    place.write_bytes(BYTES.replace(b"kind", b"kine"))
    (wrong,) = breaches([cited(reading, FIRST)], reading)
    assert wrong.startswith("TP/1 cannot be quoted: exhibit")


def test_a_parser_that_makes_words_up_is_caught_by_the_bytes() -> None:
    citation = whole("TP/1", Span("e", 0, 9), "invented")
    wrong = difference(citation, "invented", lambda _span: ["what stands there"])
    assert wrong is not None
    assert "does not hold “invented” in its bytes" in wrong


def test_long_words_are_shortened_in_the_error() -> None:
    citation = whole("TP/1", Span("e", 0, 9), "a" * 500)
    wrong = difference(citation, "b" * 500, lambda _span: [])
    assert wrong is not None
    assert f"“{'b' * 200}…”" in wrong


@settings(deadline=None)
@given(st.text(min_size=1), st.data())
def test_no_changed_character_passes(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda one: one != text[place]))
    forged = text[:place] + other + text[place + 1 :]
    citation = whole("TP/1", Span("e", 0, 1), forged)
    assert difference(citation, text, lambda _span: [text]) is not None


@settings(deadline=None)
@given(st.text(min_size=1), st.data())
def test_every_true_part_passes(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text) - 1))
    last = data.draw(st.integers(first + 1, len(text)))
    part = Citation("TP/1", Span("e", 0, 1), text[first:last], first, len(text))
    assert difference(part, text, lambda _span: [text]) is None


@settings(deadline=None)
@given(st.text())
def test_a_json_string_is_found_as_decoded(text: str) -> None:
    record = json.dumps({"sender_name": "Bo", "nested": [{"content": text}], "timestamp_ms": 1})
    assert text in stored_strings(f",\n  {record}".encode())


def test_a_mangled_json_string_is_found_as_repaired() -> None:
    mangled = json.dumps({"content": "caf\u00c3\u00a9"})
    assert "café" in stored_strings(mangled.encode())


def test_a_brace_in_plain_text_is_no_json() -> None:
    assert stored_strings(b"a {brace") == ["a {brace"]


def test_json_nested_past_reading_is_left_as_text() -> None:
    deep = b'{"a":' * 100_000
    assert stored_strings(deep) == [deep.decode()]


def test_a_messenger_message_is_quoted_as_people_wrote_it(tmp_path: Path) -> None:
    words = "caf\u00c3\u00a9 again"
    record = {"sender_name": "Bo Lind", "timestamp_ms": 1_489_352_640_000, "content": words}
    export = {
        "participants": [{"name": "Bo Lind"}, {"name": "Dai Morris"}],
        "messages": [record],
        "title": "Tea rota",
        "thread_path": "inbox/tearota_1",
    }
    chat = tmp_path / "message_1.json"
    chat.write_text(json.dumps(export, indent=2), encoding="utf-8")
    vault = Vault(tmp_path / "vault")
    with chat.open("rb") as stream:
        exhibit = vault.store(stream).digest
    name = "inbox/tearota_1/message_1.json"
    source = Source(exhibit, name, chat.stat().st_size, lambda: vault.open(exhibit))
    parser = choose(PARSERS, name, chat.read_bytes())
    (row,) = [
        row
        for batch in parser.parse(source, Assumption("UTC", "a test"))
        if batch.messages is not None
        for row in batch.messages.to_pylist()
    ]
    span = Span(exhibit, row["start"], row["end"])
    reading = Reading(vault, PARSERS, {exhibit: name})
    verify([whole("TP/2", span, "café again")], reading)
    assert len(breaches([whole("TP/2", span, "cafe again")], reading)) == 1


def test_a_table_is_read_again_with_its_mapping(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    table, mapping = (vault.store(io.BytesIO(text.encode())).digest for text in (TABLE, MAPPING))
    names = {table: "desk.csv", mapping: "desk.csv.mapping.toml"}
    span = Span(table, TABLE.index("\n") + 1, len(TABLE))
    cited = whole("TP/3", span, 'say "tea", please')
    verify([cited], Reading(vault, PARSERS, names, {table: [mapping]}))
    assert len(breaches([cited], Reading(vault, PARSERS, names))) == 1


def test_a_report_of_a_phone_is_cited_by_its_bytes(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    data = chats(chat_of(message("1", "tea & <milk>")))
    exhibit = vault.store(io.BytesIO(data)).digest
    start = data.index(b'<model type="InstantMessage"')
    end = data.index(b"</multiModelField>\n</model>\n</modelType>")
    cited = whole("TP/4", Span(exhibit, start, end), "tea & <milk>")
    verify([cited], Reading(vault, PARSERS, {exhibit: "x.ufdr/report.xml"}))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<p>fish &amp; chips<br/>\nat <b>six</b></p>", "fish & chips\nat six"),
        (b'<sms body="one&#10;two" />', "one\ntwo"),
        (b"Ana,caf\xe9", "caf\xe9"),
        (b"<v>one\r\ntwo</v>", "one\ntwo"),
    ],
)
def test_strings_are_found_in_the_ways_formats_store_them(data: bytes, text: str) -> None:
    assert any(text in one for one in stored_strings(data))


@pytest.mark.parametrize(
    ("message", "stored", "holds"),
    [
        ("@Ana Reed, tea?", "json\ufffc, tea?more", True),
        ("ask @Ana and @Bo", "id ask \ufffc and \ufffc", True),
        ("@Ana@Bo", "\ufffc\ufffc", True),
        ("two: @Bo", "one \ufffc two: \ufffc", True),
        ("no @Ana, tea?", "\ufffc, tea?", False),
        ("not @Ana", "\ufffc", False),
        ("ask @", "ask \ufffc", False),
        ("ask Ana", "ask \ufffc", False),
        (f"ask @{'a' * 101}", "ask \ufffc", False),
        ("@a" * 51, "\ufffc" * 51, False),
    ],
)
def test_a_name_may_stand_where_the_bytes_have_a_stand_in(
    message: str, stored: str, *, holds: bool
) -> None:
    citation = whole("TP/1", Span("e" * 64, 0, 9), message)
    assert (difference(citation, message, lambda _: [stored]) is None) == holds
