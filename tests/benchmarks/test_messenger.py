"""The Messenger benchmark runs, and what it writes is a sound download."""

import json
from pathlib import Path

from benchmarks.intake import messenger


def test_our_reader_finds_every_message_of_a_small_download(tmp_path: Path) -> None:
    path = tmp_path / "message_1.json"
    messenger.write(path, 1_000)
    assert len(json.loads(path.read_bytes())["messages"]) == 1_000
    found = messenger.figures(path, None, rounds=1)
    assert [one.entries for one in found] == [1_000, 1_000, 1_000]
    long = messenger.long_figure(path, 2, 1_000)
    assert long in messenger.page(found, 1_000, path.stat().st_size, long)
    assert " 8,000 messages" in long
