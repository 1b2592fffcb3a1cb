"""What was acknowledged survives a killed process and a full disk."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.people import ANA, NOON
from witnessbox.ledger.model import Draft
from witnessbox.ledger.store import Ledger, LedgerError, open_ledger

_APPENDER = """
import sys
from pathlib import Path
from tests.people import ANA, NOON
from witnessbox.ledger.model import Draft
from witnessbox.ledger.store import open_ledger

ledger = open_ledger(sys.argv[1], "op", Path(sys.argv[2]))
while True:
    (entry,) = ledger.append([Draft("note", '"x"', ANA, NOON)])
    print(entry.position, entry.hash, flush=True)
"""


def _open(folder: Path) -> Ledger:
    return open_ledger(f"sqlite:///{folder / 'ledger.sqlite'}", "op", folder / "ledger.head")


@pytest.mark.parametrize("after_s", [0.05, 0.11, 0.17, 0.23])
def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path: Path, after_s: float) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _APPENDER,
            f"sqlite:///{tmp_path / 'ledger.sqlite'}",
            str(tmp_path / "ledger.head"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after_s)
    os.kill(process.pid, signal.SIGKILL)
    said = (first + process.stdout.read()).splitlines()
    process.wait()
    acknowledged = [tuple(line.split()) for line in said if len(line.split()) == 2]
    ledger = _open(tmp_path)
    kept = {(str(entry.position), entry.hash) for entry in ledger.entries()}
    whole = [pair for pair in acknowledged if len(pair[1]) == 64]  # the last line may be torn
    assert whole
    assert set(whole) - kept == set()
    assert ledger.breaches() == []


def test_a_full_disk_is_said_and_changes_nothing(tmp_path: Path) -> None:
    ledger = _open(tmp_path)
    ledger.append([Draft("note", '"kept"', ANA, NOON)])
    before = ledger.head()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, limits[1]))  # no file grows beyond
        big = Draft("note", '"' + "x" * 500_000 + '"', ANA, NOON)
        with pytest.raises(LedgerError, match="nothing was changed"):
            ledger.append([big])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert ledger.head() == before
    assert ledger.breaches() == []
    ledger.append([Draft("note", '"goes on"', ANA, NOON)])
    assert ledger.head().length == 2
