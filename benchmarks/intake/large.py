"""Measure how much memory one large exhibit takes, for every family of formats.

::

    python -m benchmarks.intake.large                        every family, at 2,000 MB
    python -m benchmarks.intake.large --mb 300 --only UFDR   some families, smaller
    python -m benchmarks.intake.large --freeze               and keep the figures in large.md

One exhibit at a time is written, received into an operation and extracted, in a process of its
own, in a folder that is then removed.  Two peaks are taken.  *Own memory* is what the process
itself needs: its anonymous pages, sampled every few milliseconds.  *With mapped pages* is the
system's own high-water mark, which counts pages of the exhibit that a database's reader has mapped
and the system may drop at any time.  CPU seconds are of extraction alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from select import select

import pyarrow.parquet as pq
from benchmarks.intake.exhibits import FAMILIES, Made, Write
from benchmarks.intake.run import HERE, ROOT

from witnessbox.evidence.schema import MESSAGES
from witnessbox.intake import extract
from witnessbox.intake.crypt.keys import Key
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.model import Actor
from witnessbox.operation.model import new

FROZEN = HERE / "large.json"
PAGE = HERE / "large.md"
MOST_MB = 600
_SAMPLED_S = 0.01
_FULL_BYTES = 100_000_000  # of an exhibit that fills every buffer of its reader
_SMALL = 8  # the smaller exhibit, by which growth is told, is this part of the larger

_CHILD = "from benchmarks.intake.large import child; child()"
_ZONE = "Europe/London"
_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_WHO = Actor("ana", "Ana Okoro")


@dataclass(frozen=True, slots=True)
class Peak:
    """What one exhibit took."""

    family: str
    size_bytes: int
    messages: int
    cpu_s: float
    own_mb: float
    mapped_mb: float

    @property
    def per_cpu_s(self) -> float:
        """Give messages per CPU second of extraction."""
        return self.messages / self.cpu_s


def measure(family: str, write: Write, size_bytes: int) -> Peak:
    """Write an exhibit of about so many bytes, take it in, extract it and remove it."""
    with tempfile.TemporaryDirectory() as folder:
        made = write(Path(folder), size_bytes)
        return _watched(family, made, Path(folder))


def take_in(made: Made, root: Path) -> tuple[int, int, float]:
    """Receive an exhibit, drop what came, and extract it; give its bytes, messages, CPU seconds."""
    operation = new(root, name="Large", zone=_ZONE, profile="ew-police", actor=_WHO, at=_NOW)
    terms = Terms("Bo Lindqvist", "WB/001", "consent", key=made.key)
    taken = receive(operation.folder, operation.ledger, made.paths, terms, _WHO, _NOW)
    if taken.refusals:
        raise RuntimeError(f"{made.measured} was refused: {taken.refusals[0].reason}")
    for path in made.paths:  # what is in the vault need not lie on the disk twice
        for one in [path, *path.rglob("*")]:
            if one.is_file():
                one.unlink()
    cpu_s = time.process_time()
    extract.run(operation.folder, operation.ledger, zone=_ZONE)
    cpu_s = time.process_time() - cpu_s
    (one_of,) = [each for each in taken.receipts if each.name.endswith(made.measured)]
    rows = pq.read_metadata(operation.tables.path(MESSAGES, one_of.exhibit)).num_rows
    return one_of.size_bytes, rows, cpu_s


def child() -> None:
    """Take an exhibit in as told on the command line, and wait until the peak was read."""
    root, measured, key, *paths = sys.argv[1:]
    opens = Key(bytes.fromhex(key)) if key else None
    print(json.dumps(take_in(Made(tuple(map(Path, paths)), measured, opens), Path(root))))
    sys.stdout.flush()
    sys.stdin.read()


def _watched(family: str, made: Made, folder: Path) -> Peak:
    key = made.key.secret.hex() if made.key is not None else ""
    arguments = [str(folder / "operation"), made.measured, key, *map(str, made.paths)]
    places = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": places},
    ) as running:  # fmt: skip
        out, told, own_mb = running.stdout, b"", 0.0
        assert out is not None  # noqa: S101 - it is a pipe
        while not told.endswith(b"\n"):
            if select([out], [], [], _SAMPLED_S)[0]:
                told += os.read(out.fileno(), 1 << 16) or b"\n"
            own_mb = max(own_mb, _held_mb(running.pid, "RssAnon"))
        mapped_mb = _held_mb(running.pid, "VmHWM")
        running.communicate()
    if running.returncode:
        raise RuntimeError(f"{family} was not extracted")
    size_bytes, messages, cpu_s = json.loads(told)
    return Peak(family, size_bytes, messages, cpu_s, own_mb, mapped_mb)


def _held_mb(process: int, what: str) -> float:
    """Ask the system what memory a process holds; nothing of one that has ended."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def growth_mb_per_gb(small: Peak, large: Peak) -> float:
    """Say by how much the memory grows with the exhibit."""
    more_gb = (large.size_bytes - small.size_bytes) / 1e9
    return (large.own_mb - small.own_mb) / more_gb


def row(small: Peak, large: Peak) -> str:
    """Set out the figures of one family."""
    grows = growth_mb_per_gb(small, large)
    at_20 = "not told"
    if small.size_bytes >= _FULL_BYTES:
        at_20 = f"{large.own_mb + max(grows, 0) * (20 - large.size_bytes / 1e9):,.0f}"
    return (
        f"| {large.family} | {large.size_bytes / 1e6:,.0f} | {large.messages:,} "
        f"| {large.cpu_s:,.1f} | {large.per_cpu_s:,.0f} | {large.own_mb:,.0f} "
        f"| {large.mapped_mb:,.0f} | {small.size_bytes / 1e6:,.0f} | {small.own_mb:,.0f} "
        f"| {grows:,.0f} | {at_20} |"
    )


def page(pairs: list[tuple[Peak, Peak]]) -> str:
    """Set the figures out."""
    return _PAGE.format(rows="\n".join(row(*pair) for pair in pairs), most=MOST_MB)


_PAGE = """# Reading one large exhibit

Generated exhibits, each received into an operation and extracted in a process of its own, on 2
virtual CPUs shared with other work. CPU seconds are of extraction alone: read, accounted for and
written as Parquet. *Own* is the peak of the process's own memory (anonymous pages, sampled every
10 ms), *mapped* the system's high-water mark, which counts mapped pages of files too; both include
receiving. *Growth* is the difference of own memory between the exhibit and a smaller one of the
same make; *at 20 GB* is what that growth would come to. The aim is under {most} MB.

| family | MB | messages | CPU s | messages per CPU s | own MB | mapped MB | smaller MB | own MB \
| growth, MB per GB | at 20 GB |
|---|---|---|---|---|---|---|---|---|---|---|
{rows}

## How to read the growth

A process that reads anything at all takes 70 to 80 MB (the interpreter, Arrow, the parsers), and
buffers fill up over the first 100 MB of an exhibit, of a database somewhat more. Where the smaller
exhibit is smaller than that, growth is mostly this filling up, and nothing is told of 20 GB from
it. The databases for Android, at 200 and 1,600 MB, and for iPhones, at 250 and 2,000, take the
same; so does reading a dense one for Android alone, without writing tables: 259 MB at 407 MB, 263
at 1,229.

Families that are missing above have a writer here and were not yet frozen at this size. CPU seconds
were taken while other work was waiting, which costs some too: they are no measure of speed, for
which see the other pages here.

By the code, what is held does grow with these, and with nothing else:

- every family: one count for each person, number or conversation that speaks; in the footer of a
  table, about 2 kB for each 16,384 messages (10 to 15 MB for 130 million);
- databases: a bit for each page; some 300 bytes for each address, up to the limit
  `database_addresses` (a million rows of one table), beyond which a problem says what is missing.
  Everything else that belongs to messages goes to a temporary file beyond 8 MB a table, of which 32
  bytes for each 128 kB are held;
- a write-ahead log or a rollback journal: 16 bytes for each copy of a page while it is in use, at
  most some 36 while it is checked: 80 to 180 MB for 20 GB of pages of 4 kB, eight times that for
  pages of 512 bytes.

Not bounded, since no sound exhibit has them: as many different names as messages, and rows by the
million that belong to one message.
"""


def kept() -> dict[str, tuple[Peak, Peak]]:
    """Give the frozen figures by family."""
    if not FROZEN.exists():
        return {}
    told = json.loads(FROZEN.read_text())
    return {pair[0]["family"]: (Peak(**pair[0]), Peak(**pair[1])) for pair in told}


def freeze(pairs: list[tuple[Peak, Peak]]) -> None:
    """Put figures in the place of those of the same families."""
    known = kept() | {pair[0].family: pair for pair in pairs}
    every = [known[family] for family in FAMILIES if family in known]
    record = [[asdict(one) for one in pair] for pair in every]
    FROZEN.write_text(json.dumps(record, indent=1) + "\n")
    PAGE.write_text(page(every))


def main() -> None:
    """Measure, print, and freeze on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--mb", type=int, default=2_000)
    parser.add_argument("--only", default="", help="part of the families' names")
    parser.add_argument("--freeze", action="store_true", help="write large.json and large.md")
    wanted = parser.parse_args()
    for family, write in FAMILIES.items():
        if wanted.only.lower() not in family.lower():
            continue
        large = wanted.mb * 1_000_000
        pair = measure(family, write, large // _SMALL), measure(family, write, large)
        print(row(*pair), flush=True)
        if wanted.freeze:
            freeze([pair])


if __name__ == "__main__":
    main()
