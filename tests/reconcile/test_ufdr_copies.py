"""A laboratory's report is one more copy of the conversations its phone was in."""

from pathlib import Path
from typing import Any

from tests.intake.archives import packed, put
from tests.intake.ufdr_reports import ANA, BO, chat, chats, message
from tests.people import ANA as ACTOR
from tests.people import NOON
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import COPIES, SIGHTINGS, Table
from witnessbox.evidence.tables import Tables
from witnessbox.intake import extract
from witnessbox.intake.explained import explained
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile import run as reconcile

SAID = [f"the {what} is on the desk by the door" for what in ("rota", "key", "lamp", "kettle")]
TEXT = "".join(
    f"[01/03/2024, 21:0{n}:05] {('Ana', 'Bo')[n % 2]}: {said}\n" for n, said in enumerate(SAID)
)


def said(of: int = 0) -> str:
    messages = [
        message(f"3A0{n}", text, who=(ANA, BO)[n % 2], at=f"2024-03-01T21:0{n}:05.000+00:00")
        for n, text in enumerate(SAID)
    ]
    return chat(*messages, of=of)


def operate(folder: Folder, ledger: Ledger, *paths: Path) -> None:
    for number, path in enumerate(paths, 1):
        terms = Terms(f"Custodian {number}", f"WB/00{number}", "consent")
        receive(folder, ledger, [path], terms, ACTOR, NOON)
    extract.run(folder, ledger, zone="Europe/London")
    reconcile.run(folder, ledger)


def read(folder: Folder, table: Table) -> list[dict[str, Any]]:
    return list(Tables(folder.tables).read(table).to_pylist())


def test_a_report_is_opened_and_lies_beside_the_apps_own_export(
    folder: Folder, sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    archive = packed([("report.xml", chats(said())), ("files/Image/a.jpg", b"\xff\xd8\xff")])
    phone = put(tmp_path / "in" / "Phone.ufdr", archive)
    export = put(tmp_path / "in" / "_chat.txt", TEXT.encode())
    operate(folder, sqlite_ledger, phone, export)
    assert all(one.unexplained_bytes == 0 for one in explained(folder, sqlite_ledger))
    (copy_a, copy_b) = read(folder, COPIES)
    assert copy_a["conversation"] == copy_b["conversation"]
    assert {copy_a["matched"], copy_b["matched"]} == {len(SAID)}


def test_two_phones_in_one_report_are_matched_by_the_platforms_own_ids(
    folder: Folder, sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    both = chats(said(), said(of=1), extractions=2)
    phones = put(tmp_path / "in" / "Two.ufdr", packed([("report.xml", both)]))
    operate(folder, sqlite_ledger, phones)
    copies = read(folder, COPIES)
    assert len(copies) == 2
    assert len({copy["conversation"] for copy in copies}) == 1
    assert {row["matched_by"] for row in read(folder, SIGHTINGS)} == {"platform-id"}
