from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.intake.explained import Explained
from witnessbox.intake.record import Receipt
from witnessbox.reports.figures import MonthCount
from witnessbox.reports.model import Tally
from witnessbox.reports.pseudonyms import Named, assign
from witnessbox.reports.statistics import (
    Numbering,
    clock_doubts,
    conversation_rows,
    copy_rows,
    doubts,
    exhibits,
    lawful_bases,
    months,
    numbering,
    parsers,
)

LONDON = ZoneInfo("Europe/London")
AT = datetime(2017, 6, 30, 23, 30, tzinfo=UTC)
NUMBERS = Numbering({"c1": 1, "c2": 2}, {"c1": "Nights", "c2": "Tea"})


def plain(text: str) -> str:
    return text


def table(of: schema.Table, *rows: Mapping[str, object]) -> pa.Table:
    names = of.schema.names
    filled = [{name: row.get(name) for name in names} for row in rows]
    columns = [pa.array([row[name] for row in filled]).cast(of.schema.field(name).type)
               for name in names]  # fmt: skip
    return pa.Table.from_arrays(columns, schema=of.schema)


def copy(name: str, conversation: str, custodian: str | None, **more: object) -> dict[str, object]:
    return {
        "copy": name, "conversation": conversation, "custodian": custodian, "messages": 10,
        "first_at": AT, "last_at": AT + timedelta(days=1), "offset_ms": 0, **more,
    }  # fmt: skip


def account(
    exhibit: str, reference: str, name: str, parser: str | None, explained: int
) -> Explained:
    return Explained(
        exhibit=exhibit, reference=reference, name=name, custodian="Dai Morris", container=None,
        size_bytes=100, parser=parser, extracted=True, messages=4, losses=0, doubts=1, notes=0,
        message_bytes=explained, problem_bytes=0,
    )  # fmt: skip


def test_exhibits_that_were_read_stand_by_reference_with_names_masked() -> None:
    people = assign((Named("p1", "Dai Morris"),), {})
    receipts = [
        Receipt(digest, reference, name, 100, "Dai Morris", "ana", "2026-01-05T10:00:00Z",
                "consent", None, "d", None)
        for digest, reference, name in (
            ("e2", "EX/10", "Chat with Dai.txt"), ("e1", "EX/1", "a.json"),
            ("e1", "EX/9", "b.json"),
            ("e3", "EX/3", "photo.jpg"),
        )
    ]  # fmt: skip
    accounts = [
        account("e2", "EX/10", "Chat with Dai.txt", "w/1", 100),
        account("e1", "EX/1", "a.json", "m/1", 99),
        account("e3", "EX/3", "photo.jpg", None, 100),
    ]
    first, second = exhibits(accounts, receipts, LONDON, people)
    assert (first.reference, first.custodian, first.explained) == ("EX/1", "Person 01", 99)
    assert second.basis == 1
    assert lawful_bases(receipts) == ("consent",)
    assert (second.name, second.explained) == ("Chat with [Person 01].txt", 100)
    assert parsers((first, second, second)) == (Tally("m/1", 1), Tally("w/1", 2))


def test_the_largest_conversation_is_number_one() -> None:
    conversations = table(
        schema.CONVERSATIONS,
        {"conversation": "c1", "title": "Tea", "platform": "whatsapp", "copies": 1, "messages": 5,
         "first_at": AT, "last_at": AT},
        {"conversation": "c2", "title": None, "platform": "pigeon", "copies": 2, "messages": 9,
         "first_at": None, "last_at": AT},
        {"conversation": "c3", "title": "Old", "platform": None, "copies": 1, "messages": 1,
         "first_at": AT, "last_at": AT},
    )  # fmt: skip
    numbers = numbering(conversations, plain)
    assert numbers.label("c2") == "1: untitled"
    first, second, third = conversation_rows(conversations, numbers, LONDON)
    assert (first.platform, first.first) == ("pigeon", "not known")
    assert (second.platform, second.title, second.last) == ("WhatsApp", "Tea", "1 Jul 2017")
    assert third.platform == "not known"


def test_a_copy_tells_what_it_lacks_and_how_its_clock_goes() -> None:
    copies = table(
        schema.COPIES,
        copy("a", "c1", "Dai", offset_ms=-60_000, offset_doubt="minutes only; no UTC"),
        copy("b", "c1", None, messages=7),
    )
    lacking = table(
        schema.DISCREPANCIES,
        {"copy": "a", "kind": "missing", "strength": "noted"},
        {"copy": "a", "kind": "missing", "strength": "documented"},
        {"copy": "a", "kind": "placeholder", "strength": "documented"},
        {"copy": "b", "kind": "only-here", "strength": "corroborated"},
    )
    first, second = copy_rows(copies, lacking, NUMBERS, LONDON, plain)
    assert (first.label, first.missing, first.placeholders) == ("1: Dai", 2, 1)
    assert (first.corroborated, second.corroborated) == (1, 0)
    assert first.clock == "1 min fast, not sure"
    assert (second.label, second.only_here) == ("1: custodian not known", 1)
    assert clock_doubts(copies, plain) == ("minutes only", "no UTC")


def test_two_copies_of_one_custodian_are_told_apart() -> None:
    copies = table(schema.COPIES, copy("a", "c2", "Dai"), copy("b", "c2", "Dai", messages=9))
    none = table(schema.DISCREPANCIES)
    assert [row.label for row in copy_rows(copies, none, NUMBERS, LONDON, plain)] == [
        "2: Dai",
        "2: Dai (2)",
    ]


def test_months_are_those_of_the_operations_zone() -> None:
    messages = table(
        schema.CANONICAL_MESSAGES,
        {"message": "m1", "sent_at": AT},
        {"message": "m2", "sent_at": AT - timedelta(hours=2)},
        {"message": "m3", "sent_at": None},
    )
    assert months(messages, "1: Nights", LONDON) == [
        MonthCount("1: Nights", "2017-06", 1),
        MonthCount("1: Nights", "2017-07", 1),
    ]


def test_doubts_are_counted_by_code_the_gravest_first() -> None:
    problems = table(
        schema.PROBLEMS,
        {"exhibit": "e1", "code": "note-code", "severity": "note", "what": "a note"},
        {"exhibit": "e1", "code": "date-order", "severity": "doubt", "what": "x" * 200},
        {"exhibit": "e2", "code": "date-order", "severity": "doubt", "what": "y"},
        {"exhibit": "e2", "code": "garbled", "severity": "loss", "what": None},
    )
    found = doubts(problems, {"e1": "EX/1", "e2": "EX/2"}, plain)
    assert [(row.code, row.count) for row in found] == [
        ("garbled", 1),
        ("date-order", 2),
        ("note-code", 1),
    ]
    assert found[1].references == "EX/1, EX/2"
    assert found[1].example == "x" * 160 + "…"
