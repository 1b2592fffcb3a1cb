from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.reconcile.chats import SECOND, Phone, Said, chat, stored
from tests.reconcile.outcomes import table_of
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import (
    CANONICAL_MESSAGES,
    CLOCKS,
    CONVERSATIONS,
    COPIES,
    DISCREPANCIES,
    GROUNDS,
    LINKS,
    MESSAGES,
    PEOPLE,
    SIGHTINGS,
    TRACES,
    VARIANTS,
    WINDOWS,
    Table,
)
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import KIND, Receipt
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger, open_ledger
from witnessbox.reconcile.kernel import MADE as OF_CONVERSATIONS
from witnessbox.reconcile.run import due, run

ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND, custodian="Ana Holt")
BEN = Phone("ben", ("~ A", "Ben", "Cyrus", "07700 900123", "El"), custodian="Ben Marsh")
BLUE, GREEN = chat(120, seed=1), chat(90, seed=2)
ANA_GREEN = replace(ANA, name="ana green", title="Green")
FULL = (CANONICAL_MESSAGES, SIGHTINGS, CLOCKS, WINDOWS)
"""Of these every conversation has a row."""

MADE = (*OF_CONVERSATIONS, CONVERSATIONS, COPIES, PEOPLE, LINKS)


def receive(
    folder: Folder,
    ledger: Ledger,
    phones: Sequence[tuple[list[Said], Phone]],
    delivery: str = "delivery",
) -> None:
    for said, phone in phones:
        Tables(folder.tables).write(MESSAGES, phone.exhibit, stored(said, phone).to_batches())
        receipt = Receipt(
            exhibit=phone.exhibit,
            reference=phone.name,
            name=f"{phone.name}.txt",
            size_bytes=1,
            custodian=phone.custodian,
            received_by="Fay",
            received_at="2026-01-01T00:00:00Z",
            lawful_basis="consent",
            container=None,
            delivery=f"{delivery} {phone.name}",
            zone=None,
        )
        ledger.append([draft(KIND, receipt, Actor("fay", "Fay"), datetime(2026, 1, 1, tzinfo=UTC))])


def files(folder: Folder) -> dict[str, bytes]:
    tables = Tables(folder.tables)
    return {
        f"{table.name}/{shard}": tables.path(table, shard).read_bytes()
        for table in MADE
        for shard in tables.shards(table)
    }


def read(folder: Folder, table: Table) -> list[dict[str, Any]]:
    return list(Tables(folder.tables).read(table).to_pylist())


def test_an_operation_is_reconciled_once_and_again_when_something_comes(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    receive(folder, sqlite_ledger, [(BLUE, ANA), (GREEN, ANA_GREEN)])
    assert due(folder, sqlite_ledger) == 1
    assert run(folder, sqlite_ledger) == 3
    assert (due(folder, sqlite_ledger), run(folder, sqlite_ledger)) == (0, 0)
    receive(folder, sqlite_ledger, [(BLUE, BEN)])
    told: list[tuple[str, int, int]] = []
    assert run(folder, sqlite_ledger, progress=lambda *it: told.append(it)) in (2, 3)
    assert told[-1][:2] == ("reconcile", len(told))
    counts = {row["title"]: row["copies"] for row in read(folder, CONVERSATIONS)}
    assert counts == {"Team Blue": 2, "Green": 1}


def test_the_same_exhibits_give_the_same_bytes_whatever_the_order_and_the_executor(
    tmp_path: Path,
) -> None:
    phones = [(BLUE, ANA), (BLUE, BEN), (GREEN, ANA_GREEN)]
    made = []
    for name, order in (("one", phones), ("two", phones[::-1])):
        folder = Folder(tmp_path / name)
        folder.root.mkdir()
        ledger = open_ledger(f"sqlite:///{folder.ledger}", name, folder.head)
        receive(folder, ledger, order)
        with ThreadPoolExecutor(2) as executor:
            run(folder, ledger, executor=executor if name == "two" else None)
        made.append(files(folder))
    assert made[0] == made[1]
    assert len(made[0]) == 2 * len(FULL) + 4


def test_a_table_without_a_row_has_no_file_and_loses_the_one_it_had(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    receive(folder, sqlite_ledger, [(BLUE, ANA)])
    run(folder, sqlite_ledger)
    tables = Tables(folder.tables)
    (conversation,) = tables.shards(SIGHTINGS)
    assert tables.shards(VARIANTS) == tables.shards(DISCREPANCIES) == []
    tables.write(
        VARIANTS, conversation, []
    )  # as another set of phones, or an older version, left it
    tables.path(WINDOWS, conversation).unlink()
    run(folder, sqlite_ledger)
    assert tables.shards(VARIANTS) == []
    assert tables.shard_rows(WINDOWS, conversation) > 0


def test_traces_that_come_later_are_grounds_of_what_is_missing(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    said = chat(400)
    lacked = next(one.number for one in said[200:] if one.kind == "text" and len(one.text) > 14)
    database = replace(
        BEN, parser="whatsapp-android/2", numbered=True, drops=frozenset([lacked]), unit_ms=SECOND
    )
    receive(folder, sqlite_ledger, [(said, ANA), (said, database)])
    run(folder, sqlite_ledger)
    assert "database-whole" in {row["code"] for row in read(folder, GROUNDS)}
    what = f"row {lacked + 1} is missing between rows {lacked} and {lacked + 2}"
    place = {"exhibit": BEN.exhibit, "table": "message", "row": lacked + 1}
    trace = {**place, "kind": "row-gap", "what": what}
    found = table_of(TRACES, [trace]).to_batches()
    Tables(folder.tables).write(TRACES, BEN.exhibit, found)
    assert run(folder, sqlite_ledger) == 2
    assert "database-gap" in {row["code"] for row in read(folder, GROUNDS)}
    assert {row["conversation"] for row in read(folder, WINDOWS)} == {
        row["conversation"] for row in read(folder, CONVERSATIONS)
    }


def test_a_lost_table_is_made_again_as_it_was(folder: Folder, sqlite_ledger: Ledger) -> None:
    receive(folder, sqlite_ledger, [(BLUE, ANA), (BLUE, BEN)])
    run(folder, sqlite_ledger)
    before = files(folder)
    tables = Tables(folder.tables)
    (shard,) = tables.shards(SIGHTINGS)
    tables.path(SIGHTINGS, shard).unlink()
    assert due(folder, sqlite_ledger) == 1
    run(folder, sqlite_ledger)
    assert files(folder) == before


def test_conversations_that_are_no_more_are_cleared_away(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    receive(folder, sqlite_ledger, [(BLUE, ANA), (BLUE, BEN)])
    receive(folder, sqlite_ledger, [(GREEN, ANA_GREEN)])
    run(folder, sqlite_ledger)
    Tables(folder.tables).remove(MESSAGES, keep=[ANA_GREEN.exhibit])
    run(folder, sqlite_ledger)
    assert [row["title"] for row in read(folder, CONVERSATIONS)] == ["Green"]
    assert len(Tables(folder.tables).shards(CANONICAL_MESSAGES)) == 1


def test_the_tables_over_all_conversations_add_up(folder: Folder, sqlite_ledger: Ledger) -> None:
    receive(folder, sqlite_ledger, [(BLUE, ANA), (BLUE, BEN), (GREEN, ANA_GREEN)])
    run(folder, sqlite_ledger)
    tables = Tables(folder.tables)
    assert sum(row["messages"] for row in read(folder, COPIES)) == tables.rows(SIGHTINGS)
    assert tables.rows(CANONICAL_MESSAGES) == sum(
        row["messages"] for row in read(folder, CONVERSATIONS)
    )
    owners = {(row["name"], row["label"]) for row in read(folder, PEOPLE) if row["owner"]}
    assert owners == {("Ana", "Ana"), ("Ben", "Ben")}
    ana = {row["person"] for row in read(folder, PEOPLE) if row["name"] in ("Ana", "~ A")}
    assert len(ana) == 1


def test_an_operation_without_exhibits_has_no_conversations(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    assert run(folder, sqlite_ledger) == 1
    assert read(folder, CONVERSATIONS) == []


def test_files_of_one_thread_handed_over_together_are_one_copy(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    table = stored(BLUE, ANA)
    for number, part in enumerate((table.slice(60), table.slice(0, 60))):
        exhibit = f"{number}" * 64
        columns = {name: part[name] for name in part.column_names}
        columns["exhibit"] = pa.array([exhibit] * len(part)).cast(MESSAGES.schema.field(0).type)
        columns["thread"] = pa.array(["inbox/blue"] * len(part)).dictionary_encode()
        made = pa.table(columns).cast(MESSAGES.schema)
        Tables(folder.tables).write(MESSAGES, exhibit, made.to_batches())
        phone = replace(ANA, name=exhibit)
        receipt = Receipt(
            exhibit, "r", "m.json", 1, phone.custodian, "Fay", "", "", None, "d", None
        )
        at = datetime(2026, 1, 1, tzinfo=UTC)
        sqlite_ledger.append([draft(KIND, receipt, Actor("fay", "Fay"), at)])
    run(folder, sqlite_ledger)
    (copy,) = read(folder, COPIES)
    assert copy["exhibits"] == ["1" * 64, "0" * 64]
    starts = [row["start"] for row in read(folder, CANONICAL_MESSAGES)]
    assert starts == sorted(starts)
