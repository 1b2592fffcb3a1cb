import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import text

from tests.people import ANA, CY
from tests.reports.conftest import AT, EDITION, GRAVE, Stage
from witnessbox.cases.load import fixture
from witnessbox.cases.record import take as take_records
from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.evidence.vault import Vault
from witnessbox.intake import extract
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.model import Entry
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger, LedgerError, open_ledger
from witnessbox.reconcile import run as reconcile
from witnessbox.reports.check import is_bundle, verify_bundle, verify_releases
from witnessbox.reports.citation import CitationError
from witnessbox.reports.gather import GatherError, gather
from witnessbox.reports.publish import Press, Published, PublishError, make, preview, publish
from witnessbox.reports.record import releases
from witnessbox.screening import classifier, encoder_onnx
from witnessbox.screening import run as screening


def published(stage: Stage) -> Published:
    return publish(stage.folder, stage.ledger, EDITION, actor=ANA, at=AT, reason="agreed")


def written(stage: Stage) -> list[str]:
    place = stage.folder.reports
    return sorted(one.name for one in place.iterdir()) if place.exists() else []


def test_a_report_is_published_whole_and_entered_in_the_ledger(stage: Stage) -> None:
    done = published(stage)
    assert written(stage) == ["2026-03-01-1", "2026-03-01-1.zip"]
    assert done.page.read_text("utf-8").startswith("<!doctype html>")
    assert done.pdf.read_bytes().startswith(b"%PDF-")
    assert releases(stage.ledger) == [done.release]
    assert done.release.quotations == 2
    assert verify_releases(stage.folder, stage.ledger) == []


def test_the_bundle_is_checked_with_nothing_but_the_bundle(stage: Stage, tmp_path: Path) -> None:
    done = published(stage)
    alone = tmp_path / "elsewhere.zip"
    shutil.move(done.bundle, alone)
    shutil.rmtree(stage.folder.root)
    assert is_bundle(alone)
    assert verify_bundle(alone) == []


def test_the_same_operation_gives_the_same_bundle(stage: Stage, tmp_path: Path) -> None:
    twin = Folder(tmp_path / "twin")
    shutil.copytree(stage.folder.root, twin.root)
    copied = open_ledger(f"sqlite:///{twin.ledger}", "op-test", twin.head)
    second = publish(twin, copied, EDITION, actor=CY, at=AT.replace(day=5))
    first = published(stage)
    assert first.bundle.read_bytes() == second.bundle.read_bytes()
    assert first.release.name != second.release.name


def test_reports_of_one_day_are_numbered(stage: Stage) -> None:
    published(stage)
    assert published(stage).release.name == "2026-03-01-2"


def test_a_person_keeps_the_pseudonym_of_the_first_report(stage: Stage) -> None:
    first = published(stage).release.pseudonyms
    assert published(stage).release.pseudonyms == first


def test_no_name_of_a_known_person_stands_in_the_page(stage: Stage) -> None:
    page = published(stage).page.read_text("utf-8")
    for name in ("Morris", "Petrova", "Lind", "Ana ", "07700"):
        assert name not in page
    assert "ask [Person" in page
    assert "Officer A" in page


def test_a_changed_exhibit_stops_publication(stage: Stage) -> None:
    vault = Vault(stage.folder.vault)
    cited = exhibit_of(GRAVE, stage)
    place = vault.path(cited)
    place.chmod(0o644)
    place.write_bytes(place.read_bytes().replace(b"like mopping", b"like napping"))
    with pytest.raises(CitationError, match=r"TP/1.* has changed.*nothing was published"):
        published(stage)
    assert written(stage) == []
    assert releases(stage.ledger) == []


def test_a_changed_table_stops_publication(stage: Stage) -> None:
    tables = Tables(stage.folder.tables)
    cited = exhibit_of(GRAVE, stage)
    rows = tables.read(MESSAGES, [cited])
    texts = [text if text != GRAVE else "ask Ana to mop it up" for text in rows["text"].to_pylist()]
    column = rows.schema.get_field_index("text")
    rows = rows.set_column(column, "text", pa.array(texts, pa.string()))
    tables.write(MESSAGES, cited, rows.to_batches())
    with pytest.raises(CitationError) as refused:
        published(stage)
    assert f"says “{GRAVE}”" in str(refused.value)
    assert "the report quotes “ask Ana to mop it up”" in str(refused.value)
    assert written(stage) == []


def exhibit_of(words: str, stage: Stage) -> str:
    quoted = gather(stage.folder, stage.ledger, EDITION).report.quotations
    return next(one.citation.span.exhibit for one in quoted if one.citation.text == words)


def test_a_report_that_cannot_be_written_is_not_released(stage: Stage) -> None:
    stage.folder.reports.write_text("in the way")
    with pytest.raises(PublishError, match="cannot be written"):
        published(stage)
    assert releases(stage.ledger) == []


def test_a_release_the_ledger_does_not_take_leaves_no_report(stage: Stage) -> None:
    with stage.ledger.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON ledger_entries "
                "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )
    with pytest.raises(LedgerError, match="disk full"):
        published(stage)
    assert written(stage) == []


def test_what_was_done_to_a_report_after_its_release_is_found(stage: Stage) -> None:
    done = published(stage)
    (done.folder / "statistics.csv").write_text("part,of,measure,value\n")
    done.bundle.write_bytes(done.bundle.read_bytes()[:-1] + b"?")
    found = verify_releases(stage.folder, stage.ledger)
    assert any("statistics.csv has been changed" in one for one in found)
    assert any("its zip is not the one" in one for one in found)


def test_a_report_remade_with_its_own_manifest_is_not_the_released_one(stage: Stage) -> None:
    done = published(stage)
    other = publish(
        stage.folder, stage.ledger, replace(EDITION, subtitle="Forged"), actor=ANA, at=AT
    )
    shutil.rmtree(done.folder)
    shutil.copytree(other.folder, done.folder)
    assert verify_bundle(done.folder) == []
    assert verify_releases(stage.folder, stage.ledger) == [
        "report 2026-03-01-1: its manifest is not the one that was released"
    ]


def test_a_lost_report_is_noticed(stage: Stage) -> None:
    done = published(stage)
    done.bundle.unlink()
    assert verify_releases(stage.folder, stage.ledger) == [
        "report 2026-03-01-1: its zip is missing"
    ]
    shutil.rmtree(done.folder)
    assert verify_releases(stage.folder, stage.ledger) == [
        "report 2026-03-01-1: its folder is missing"
    ]


def test_an_operation_without_a_ledger_entry_has_no_report(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    with pytest.raises(GatherError, match="ledger is empty"):
        publish(folder, sqlite_ledger, EDITION, actor=ANA, at=AT)


def test_an_operation_that_only_received_has_a_report_of_that(
    folder: Folder, sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    note = tmp_path / "note.bin"
    note.write_bytes(b"\x00\x01")
    receive(folder, sqlite_ledger, [note], Terms("Bo", "TP/1", "consent"), ANA, AT)
    done = publish(folder, sqlite_ledger, EDITION, actor=ANA, at=AT)
    page = done.page.read_text("utf-8")
    assert "No message has been coded relevant." in page
    assert "1 file was received and kept but not read" in page
    assert verify_bundle(done.bundle) == []


def test_a_preview_is_the_page_and_writes_nothing(stage: Stage) -> None:
    page = preview(stage.folder, stage.ledger, EDITION)
    assert page == published(stage).page.read_text("utf-8")


def test_an_exhibit_no_parser_reads_any_more_cannot_be_quoted(stage: Stage) -> None:
    with pytest.raises(WitnessboxError, match="in no format"):
        publish(stage.folder, stage.ledger, EDITION, actor=ANA, at=AT, press=Press(parsers=()))
    assert written(stage) == []


class Restless(Ledger):
    """A ledger that somebody writes to whenever it is read whole."""

    def entries(self, *kinds: str, since: int = 0) -> Iterator[Entry]:
        if not kinds and since == 0:
            super().append([draft("note", "again", CY, AT)])
        yield from super().entries(*kinds, since=since)


def test_a_ledger_that_keeps_growing_is_not_told_in_part(stage: Stage) -> None:
    restless = Restless(stage.ledger.engine, stage.ledger.operation, stage.ledger.anchor)
    with pytest.raises(PublishError, match="keeps growing"):
        publish(stage.folder, restless, EDITION, actor=ANA, at=AT)
    assert written(stage) == []


def test_a_coding_of_unknown_bytes_stops_the_bundles_own_check(stage: Stage) -> None:
    gathered = gather(stage.folder, stage.ledger, EDITION)
    entries = [entry for entry in stage.ledger.entries() if entry.kind != "coding"]
    with pytest.raises(PublishError, match="does not pass its own check"):
        make(gathered, entries, Press())


def test_the_method_says_which_model_ordered_the_reading(stage: Stage) -> None:
    screening.run(stage.folder, stage.ledger, executor=None)
    said = gather(stage.folder, stage.ledger, EDITION).report.method.screening
    assert said[0].startswith("Messages with a score, by what made it: ")
    assert classifier.shipped().version in said[1]
    assert encoder_onnx.shipped().version in said[2]
    assert "A low score clears no message." in said[3]


def test_a_custodian_who_never_wrote_has_a_pseudonym_too(stage: Stage, tmp_path: Path) -> None:
    export = tmp_path / "WhatsApp Chat with Kettle club.txt"
    export.write_text("01/04/2017, 09:00 - Dai Morris: anyone in?\n", encoding="utf-8")
    receive(stage.folder, stage.ledger, [export], Terms("Gwen Price", "TP/3", "consent"), ANA, AT)
    extract.run(stage.folder, stage.ledger, zone="Europe/London", executor=None)
    reconcile.run(stage.folder, stage.ledger, executor=None)
    page = published(stage).page.read_text("utf-8")
    assert "Gwen" not in page
    assert "Price" not in page


def test_the_published_facts_of_hotton_make_a_report(folder: Folder, sqlite_ledger: Ledger) -> None:
    take_records(sqlite_ledger, fixture("hotton"), ANA, AT)
    done = publish(folder, sqlite_ledger, EDITION, actor=ANA, at=AT)
    page = done.page.read_text("utf-8")
    for said in ("dismissed and barred", "14 − 2 − 2 = 10 not stated", "15 recommendations were"):
        assert said in page
    assert page.count("sources disagree</span>") >= 1
    assert verify_bundle(done.bundle) == []
