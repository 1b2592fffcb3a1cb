import re
from pathlib import Path

from tests.intake.msgstore.phone import BELONGING, FULL, database
from tests.people import ANA, NOON
from tests.web.conftest import Browser
from witnessbox.evidence import schema
from witnessbox.intake import extract
from witnessbox.intake.receive import Terms, receive
from witnessbox.intake.record import receipts
from witnessbox.operation.model import Operation


def test_an_empty_operation_says_how_to_begin(owner: Browser) -> None:
    page = owner.get("/").text
    assert "Nothing has been received yet" in page
    assert "witnessbox receive" in page


def test_what_came_in_is_counted_and_every_byte_explained(reader: Browser) -> None:
    page = reader.get("/").text
    assert "every byte is in a message or a problem" in page
    assert "from 12 custodians" in page
    assert page.count('scope="row" class="nowrap"><a href="/exhibits/') == 28


def test_what_is_due_is_said_with_the_command_that_does_it(
    writer: Browser, lanternfish: Operation
) -> None:
    assert "witnessbox run" not in writer.get("/").text
    shard = lanternfish.tables.shards(schema.SCORES)[0]
    lanternfish.tables.path(schema.SCORES, shard).unlink()
    page = writer.get("/").text
    assert "1 part due" in page or "2 parts due" in page
    assert "witnessbox run" in page


def test_a_ledger_cut_short_is_seen_at_once(writer: Browser, lanternfish: Operation) -> None:
    assert "Ends where it was last acknowledged" in writer.get("/").text
    head = lanternfish.ledger.head()
    lanternfish.folder.head.write_text(f"{head.length + 1} {head.hash}\n")
    assert "Does not end where it was last acknowledged" in writer.get("/").text
    assert "The ledger does not hold" in writer.get("/ledger/check").text


def test_an_exhibit_tells_its_custody_its_problems_and_where_to_read_it(
    reader: Browser, made: object
) -> None:
    addresses = set(re.findall(r"/exhibits/[0-9a-f]{64}", reader.get("/").text))
    pages = [reader.get(address).text for address in sorted(addresses)]
    assert all("Handed over by the custodian under a notice" in page for page in pages)
    assert sum("in the conversation" in page for page in pages) >= 18
    assert any("chip-doubt" in page for page in pages)


def test_an_archives_member_leads_back_to_the_archive(
    writer: Browser, lanternfish: Operation
) -> None:
    member = next(one for one in receipts(lanternfish.ledger) if one.container)
    page = writer.get(f"/exhibits/{member.exhibit}").text
    assert f'href="/exhibits/{member.container}"' in page


def test_an_exhibit_nobody_handed_over_is_missing(reader: Browser) -> None:
    assert reader.get(f"/exhibits/{'0' * 64}").status_code == 404
    assert reader.get("/exhibits/..%2F..%2Fledger.sqlite").status_code == 404


def test_a_database_is_counted_by_rows_and_tells_its_traces(
    writer: Browser, lanternfish: Operation, tmp_path: Path
) -> None:
    database(tmp_path / "msgstore.db", FULL, BELONGING)
    folder, ledger = lanternfish.folder, lanternfish.ledger
    terms = Terms("Bo Lindqvist", "DB/1", "consent", None)
    received = receive(folder, ledger, [tmp_path / "msgstore.db"], terms, ANA, NOON)
    extract.run(folder, ledger, zone=lanternfish.opening.zone)
    page = writer.get(f"/exhibits/{received.receipts[0].exhibit}").text
    assert "Rows explained" in page
    assert "11 rows of its tables of messages" in page
    assert "row 5 is missing between rows 4 and 6" in page
    overview = writer.get("/").text
    assert "of 11 rows in databases" in overview
    assert "every byte is in a message or a problem" in overview
