"""The benchmark of WhatsApp's Android database runs."""

from pathlib import Path

from benchmarks.intake import msgstore


def test_our_reader_finds_every_message_of_a_small_database(tmp_path: Path) -> None:
    path = tmp_path / "msgstore.db"
    msgstore.write(path, 1_000)
    found = msgstore.DATABASE.figures(path, runs=1)
    assert [one.entries for one in found] == [1_000, 1_000]
    assert "1,000" in msgstore.DATABASE.page(found, 1_000, path.stat().st_size)
