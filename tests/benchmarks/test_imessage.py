"""The benchmark of Apple's messages database runs."""

from pathlib import Path

from benchmarks.intake import imessage


def test_our_reader_finds_every_row_of_a_small_database(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    imessage.write(path, 1_000)
    found = imessage.DATABASE.figures(path, runs=1)
    assert [one.entries for one in found] == [1_000, 1_000]
    assert "1,000" in imessage.DATABASE.page(found, 1_000, path.stat().st_size)
