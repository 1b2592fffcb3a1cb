"""The Telegram benchmark runs, and what it writes are sound exports."""

import json
from pathlib import Path

from benchmarks.intake import telegram


def test_our_readers_find_every_message_of_a_small_chat(tmp_path: Path) -> None:
    both = telegram.write(tmp_path, 1_000)
    assert len(json.loads(both[0].read_bytes())["messages"]) == 1_000
    found = telegram.figures(*both, runs=1)
    assert [one.entries for one in found] == [1_000, 1_000]
    assert "1,000" in telegram.page(found, 1_000, (1, 2))
