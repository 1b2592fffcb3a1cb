"""Tables for measuring speed are written as extracting leaves them, and are laid together."""

from pathlib import Path

from benchmarks.reconcile.speed import measure
from benchmarks.reconcile.speed_tables import PHONES, Size, place_of, size_of, write

from witnessbox.evidence.schema import MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import receipts
from witnessbox.ledger.store import open_ledger


def test_the_same_seed_writes_the_same_tables_with_a_receipt_for_each_exhibit(
    tmp_path: Path,
) -> None:
    written = []
    for name in ("first", "second"):
        folder = place_of(tmp_path / name)
        ledger = open_ledger(f"sqlite:///{folder.ledger}", name, folder.head)
        rows = write(folder, ledger, Size(2, 40), 1)
        tables = Tables(folder.tables)
        shards = tables.shards(MESSAGES)
        assert tables.rows(MESSAGES) == rows
        assert {one.exhibit for one in receipts(ledger)} == set(shards)
        written.append([tables.path(MESSAGES, shard).read_bytes() for shard in shards])
    assert written[0] == written[1]


def test_the_size_is_about_what_was_asked_for() -> None:
    for wanted in (1_000_000, 5_000_000, 20_000_000):
        assert abs(size_of(wanted).sightings - wanted) < wanted * 0.01


def test_both_ways_of_running_are_measured() -> None:
    found = measure(2_000, turns=1)
    assert 1_800 < found.sightings <= 2_000
    assert found.sightings / found.conversations / PHONES > 10
    assert found.one.cpu_s > 0 < found.two.workers_cpu_s
    assert found.one.peak_mb > 50
    assert found.bare_cpu_s > 0
