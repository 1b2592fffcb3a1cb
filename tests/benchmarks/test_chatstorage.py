"""The benchmark of WhatsApp's iPhone database runs."""

from pathlib import Path

from benchmarks.intake import chatstorage


def test_our_reader_finds_every_message_of_a_small_database(tmp_path: Path) -> None:
    path = tmp_path / "ChatStorage.sqlite"
    chatstorage.write(path, 1_000)
    found = chatstorage.DATABASE.figures(path, runs=1)
    assert [one.entries for one in found] == [1_000, 1_000]
    assert "1,000" in chatstorage.DATABASE.page(found, 1_000, path.stat().st_size)
