"""The Messenger benchmark runs, and what it writes is a sound download."""

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_our_reader_finds_every_message_of_a_small_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks" / "intake"))
    for name in ("run", "generate", "messenger"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    messenger = import_module("messenger")
    path = tmp_path / "message_1.json"
    messenger.write(path, 1_000)
    assert len(json.loads(path.read_bytes())["messages"]) == 1_000
    found = messenger.figures(path, None, runs=1)
    assert [one.entries for one in found] == [1_000, 1_000]
    assert "1,000" in messenger.page(found, 1_000, path.stat().st_size)
