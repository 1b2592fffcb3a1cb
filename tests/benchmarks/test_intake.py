"""The intake benchmark runs, so that its figures can be made again."""

import json
from pathlib import Path

from benchmarks.intake import bulk, generate, pages, run


def test_our_reader_finds_every_entry_of_a_small_export(tmp_path: Path) -> None:
    export = tmp_path / "WhatsApp Chat with Benchmark.txt"
    generate.write(export, 2_000)
    assert run.ours(export, runs=1).entries == 2_000


def test_the_same_seed_makes_the_same_export(tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    generate.write(one, 200, seed=7)
    generate.write(two, 200, seed=7)
    assert one.read_bytes() == two.read_bytes()


def test_end_to_end_finds_the_same_entries(tmp_path: Path) -> None:
    export = tmp_path / "WhatsApp Chat with Benchmark.txt"
    generate.write(export, 2_000)
    assert run.end_to_end(export, runs=1).entries == 2_000


def test_a_large_export_is_as_large_as_asked(tmp_path: Path) -> None:
    export = tmp_path / "large.txt"
    generate.write_large(export, 1_000)
    assert export.stat().st_size >= 1_000


def test_two_exhibits_are_extracted_beside_one() -> None:
    found = bulk.two_beside_one(200, rounds=1)
    assert (found.messages, found.rounds) == (200, 1)
    assert found.ratio == found.two_s / found.one_s > 0


def test_the_page_shows_what_was_frozen() -> None:
    record = json.loads(run.FROZEN.read_text())
    assert run.FROZEN.with_suffix(".md").read_text() == pages.page(record)
