"""The example operation, from eighteen exports to a report, held against its own truth."""

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Done
from witnessbox.evidence.folder import Folder
from witnessbox.operation.model import Operation, open_operation
from witnessbox.operation.steps import due, run
from witnessbox.operation.verify import verify
from witnessbox.reports.check import verify_bundle
from witnessbox.search.model import Query
from witnessbox.search.query import search

pytestmark = pytest.mark.end_to_end


def _rows(operation: Operation, table: str, *columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = operation.table(table).select(columns).to_pylist()
    return rows


def test_the_demo_ends_well_and_says_so(done: Done) -> None:
    assert done.code == 0
    assert "TRUTH:" not in done.said
    assert "BREACH" not in done.said
    assert done.said.count("= truth") == 6
    assert max(map(len, done.said.splitlines())) <= 80


def test_every_record_begins_where_it_was_written(done: Done) -> None:
    rows = _rows(done.operation, "messages", "exhibit", "start")
    read = {(row["exhibit"], row["start"]) for row in rows}
    assert done.keys().keys() - read == set()
    forged = [file for file in done.truth["files"] if file["forged_line"]]
    assert len(read - done.keys().keys()) == len(forged) == 1


def test_the_forged_line_is_flagged_where_it_passes_for_a_message(done: Done) -> None:
    (file,) = (file for file in done.truth["files"] if file["forged_line"])
    (source,) = file["sources"]
    problems = _rows(done.operation, "problems", "exhibit", "start", "code")
    flagged = [
        row["code"]
        for row in problems
        if row["exhibit"] == source["sha256"] and row["start"] == file["forged_line"][0]
    ]
    assert flagged
    assert any(
        row["kind"] == "only-here"
        for row in _rows(done.operation, "discrepancies", "kind", "exhibit", "start")
        if (row["exhibit"], row["start"]) == (source["sha256"], file["forged_line"][0])
    )


def test_the_export_that_breaks_off_is_flagged(done: Done) -> None:
    (file,) = (file for file in done.truth["files"] if file["broken_off_in"])
    (source,) = file["sources"]
    codes = {
        row["code"]
        for row in _rows(done.operation, "problems", "exhibit", "code")
        if row["exhibit"] == source["sha256"]
    }
    assert "truncated-tail" in codes


def test_plain_messages_read_as_they_were_sent(done: Done) -> None:
    columns = ("exhibit", "start", "sender", "text", "kind")
    rows = {
        (row["exhibit"], row["start"]): row for row in _rows(done.operation, "messages", *columns)
    }
    sent = done.messages()
    checked = 0
    for file, source in done.sources():
        odd = {key for form in file["forms"].values() for key in form}
        for key, start in zip(source["ids"], source["starts"], strict=True):
            true = sent.get(key)
            if true is None or true["kind"] != "text" or key in odd:
                continue
            if key == file["broken_off_in"]:
                continue
            row = rows[source["sha256"], start]
            if file["forged_line"] and file["forged_line"][0] in range(start, start + 2000):
                continue  # the message that was split by the forged line
            assert (row["kind"], row["text"].replace("\r\n", "\n")) == ("text", true["text"])
            assert row["sender"] == file["names"].get(true["sender"], row["sender"])
            checked += 1
    assert checked > 150_000


def test_times_are_what_each_phones_clock_showed(done: Done) -> None:
    rows = {
        (row["exhibit"], row["start"]): row["sent_at"]
        for row in _rows(done.operation, "messages", "exhibit", "start", "sent_at")
    }
    sent = done.messages()
    hours: Counter[str] = Counter()
    for file, source in done.sources():
        if file["zone"] not in ("UTC", "Europe/London"):
            continue  # read in the operation's zone, for want of another
        offset = timedelta(seconds=file["clock_offset_s"])
        for key, start in zip(source["ids"], source["starts"], strict=True):
            if key in sent:
                off = rows[source["sha256"], start].timestamp() - sent[key]["at_ms"] / 1000
                inside = -60.001 <= off - offset.total_seconds() <= 0.001
                hours["right" if inside else "repeated hour"] += 1
    # In the hour that comes twice in October nobody can tell which one a stamp means.
    assert hours["repeated hour"] < hours["right"] / 2000


def _pairs(groups: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for members in groups.values():
        yield from combinations(sorted(members), 2)


def test_copies_are_laid_over_one_another_as_they_were(done: Done) -> None:
    keys = done.keys()
    found: dict[str, list[str]] = defaultdict(list)
    true: dict[str, list[str]] = defaultdict(list)
    for row in _rows(done.operation, "sightings", "message", "exhibit", "start"):
        key = keys.get((row["exhibit"], row["start"]))
        place = f"{row['exhibit']}:{row['start']}"
        found[row["message"]].append(place)
        if key is not None:
            true[key].append(place)
    paired, truly = set(_pairs(found)), set(_pairs(true))
    right = len(paired & truly)
    assert right / len(paired) > 0.998
    assert right / len(truly) > 0.998


def test_what_was_deleted_on_one_phone_is_reported_missing_there(done: Done) -> None:
    keys = done.keys()
    truly: set[tuple[str, str]] = set()
    holds: dict[str, int] = Counter()
    for file, source in done.sources():
        holds.update(dict.fromkeys(source["ids"], 1))
        truly |= {(file["reference"], key) for key in file["deleted_here"]}
    truly = {(reference, key) for reference, key in truly if holds[key]}
    reference_of = _references(done)
    of_message = defaultdict(set)
    for row in _rows(done.operation, "sightings", "message", "exhibit", "start"):
        of_message[row["message"]].add(keys.get((row["exhibit"], row["start"])))
    reported = {
        (reference_of[row["copy"]], key)
        for row in _rows(done.operation, "discrepancies", "message", "copy", "kind")
        if row["kind"] == "missing"
        for key in of_message[row["message"]]
    }
    assert len(truly & reported) / len(truly) > 0.99


def _references(done: Done) -> dict[str, str]:
    """Say which handed-over file each copy came from."""
    by_exhibit = {source["sha256"]: file["reference"] for file, source in done.sources()}
    return {
        row["copy"]: by_exhibit[row["exhibits"][0]]
        for row in _rows(done.operation, "copies", "copy", "exhibits")
    }


def test_what_was_planted_comes_early_in_the_reading_order(done: Done) -> None:
    keys, labels = done.keys(), done.labels()
    planted = {key for key, label in labels.items() if label["role"] == "planted"}
    of_message = {
        row["message"]: keys.get((row["exhibit"], row["start"]))
        for row in _rows(done.operation, "canonical_messages", "message", "exhibit", "start")
    }
    batches = _rows(done.operation, "batches", "message", "rank")
    ranked = sorted(row["rank"] for row in batches if of_message.get(row["message"]) in planted)
    assert len(ranked) > 500
    halfway = ranked[len(ranked) // 2]
    assert halfway < len(batches) / 20  # half of it within the first twentieth


def test_tables_made_again_are_the_same_to_the_byte(done: Done, tmp_path: Path) -> None:
    folder = done.operation.folder
    again = Folder(tmp_path / "again")
    shutil.copytree(folder.root, again.root)
    for made in (again.tables, again.steps, again.index):
        shutil.rmtree(made)
    operation = open_operation(again.root)
    assert all(count for _, count in due(operation))
    list(run(operation))
    assert _hashes(again.tables) == _hashes(folder.tables)
    query = Query("overtime", limit=50)
    assert search(again, query) == search(folder, query)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        place.relative_to(folder).as_posix(): hashlib.sha256(place.read_bytes()).hexdigest()
        for place in sorted(folder.rglob("*.parquet"))
    }


def test_nothing_is_due_afterwards(done: Done) -> None:
    assert not any(count for _, count in due(done.operation))


def test_the_bundle_holds_by_itself_and_one_changed_byte_breaks_it(
    done: Done, tmp_path: Path
) -> None:
    (bundle,) = done.operation.folder.reports.glob("*.zip")
    assert verify_bundle(bundle) == []
    (report,) = (place for place in done.operation.folder.reports.iterdir() if place.is_dir())
    copy = tmp_path / "report"
    shutil.copytree(report, copy)
    page = copy / "report.html"
    page.chmod(0o644)
    page.write_bytes(page.read_bytes().replace(b"kitchen", b"Kitchen", 1) + b" ")
    assert verify_bundle(copy)


def test_a_flipped_bit_in_the_vault_is_found(done: Done, tmp_path: Path) -> None:
    root = tmp_path / "operation"
    shutil.copytree(done.operation.folder.root, root)
    operation = open_operation(root)
    place = operation.vault.path(next(operation.vault.exhibits()))
    place.chmod(0o644)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)
    broken = [finding.what for finding in verify(operation) if not finding.holds]
    assert any(what.startswith("the vault") for what in broken)
