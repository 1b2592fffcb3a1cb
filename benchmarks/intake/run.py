"""Measure how fast WhatsApp text exports are read, beside other readers.

::

    python -m benchmarks.intake.run                      ours, beside the frozen results
    python -m benchmarks.intake.run --peers /tmp/peers   all; the peers go into a venv made there
    python -m benchmarks.intake.run --peers … --freeze   and write results.json and results.md
    python -m benchmarks.intake.run --large 2000         peak memory on an export of so many MB

One export is generated from a seed, and each reader reads it in a process of its own.  CPU seconds
are those of reading, imports left out; peak memory is the whole process's.  The peers are never
installed beside the product: one of them is under the GPL.  Ours is measured twice: reading alone,
as the peers do, and *end to end*: into the vault with its SHA-256, read, and written as Parquet.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.intake import generate

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FROZEN = HERE / "results.json"
SEED = 1
PEERS = ("whatstk==0.9.1", "chat-miner==0.6.0", "whatsapp-chat-exporter==0.13.1")

_MEASURE = """
import json, resource, sys, time
{before}
path = sys.argv[1]
cpu, wall = time.process_time(), time.perf_counter()
entries = {read}
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([entries, cpu, wall, peak_mb, time.process_time()]))
"""
_OURS = (
    """
import os
from witnessbox.intake.parser import Assumption, Source
from witnessbox.intake.parsers import whatsapp_text
def read(path):
    source = Source("0" * 64, path, os.path.getsize(path), lambda: open(path, "rb"))
    batches = whatsapp_text.parse(source, Assumption("Europe/London", "benchmark"))
    return sum(batch.messages.num_rows for batch in batches if batch.messages is not None)
""",
    "read(path)",
)
_END_TO_END = (
    """
import tempfile
from pathlib import Path
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.vault import Vault
from witnessbox.intake.extract import extract
from witnessbox.intake.plan import Job
from witnessbox.intake.parser import Assumption
def into(root, name, stream):
    folder = Folder(Path(root))
    exhibit = Vault(folder.vault).store(stream)
    zone = Assumption("Europe/London", "benchmark")
    job = Job(folder.root, exhibit.digest, name, exhibit.size_bytes, zone, 0, ())
    made = extract(job)
    assert made.failure is None, made.failure
    return made.written[0].rows
def read(path):
    with tempfile.TemporaryDirectory() as root, open(path, "rb") as stream:
        return into(root, path, stream)
with tempfile.TemporaryDirectory() as root, tempfile.TemporaryFile() as small:
    small.write(b"31/12/2023, 21:04 - Ana: tea?\\n" * 3)
    small.seek(0)
    into(root, "small.txt", small)
""",
    "read(path)",
)
_NODE_PEER = "whatsapp-chat-parser@4.0.2"
_NODE = """
import {{ parseString }} from 'whatsapp-chat-parser';
import {{ readFileSync }} from 'node:fs';
const cpu = process.cpuUsage(), wall = performance.now();
const entries = parseString(readFileSync({path}, 'utf8')).length;
const took = process.cpuUsage(cpu), whole = process.cpuUsage();
console.log(JSON.stringify([
  entries, (took.user + took.system) / 1e6, (performance.now() - wall) / 1e3,
  process.resourceUsage().maxRSS / 1024, (whole.user + whole.system) / 1e6,
]));
"""
_WHATSTK = "from whatstk.whatsapp.parser import df_from_whatsapp"
_PEER_READERS = {
    "whatstk 0.9.1, format given": (
        _WHATSTK,
        "len(df_from_whatsapp(path, False, '%d/%m/%Y, %H:%M - %name:', max_size=None))",
    ),
    "whatstk 0.9.1, automatic": (_WHATSTK, "len(df_from_whatsapp(path, max_size=None))"),
    "chat-miner 0.6.0": (
        """
from chatminer.chatparsers import WhatsAppParser
def read(path):
    parser = WhatsAppParser(path)
    parser.parse_file()
    return len(parser.parsed_messages.get_df())
""",
        "read(path)",
    ),
    "WhatsApp-Chat-Exporter 0.13.1": (
        """
from Whatsapp_Chat_Exporter import exported_handler
from Whatsapp_Chat_Exporter.data_model import ChatCollection
def read(path):
    chats = exported_handler.messages(path, ChatCollection(), True)
    return sum(len(chat) for chat in chats.values())
""",
        "read(path)",
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What one reader took for one file; the best of several runs by CPU seconds."""

    reader: str
    entries: int
    cpu_s: float
    wall_s: float
    peak_mb: float
    process_cpu_s: float

    def per_cpu_s(self, messages: int) -> float:
        """Give messages per CPU second of reading."""
        return messages / self.cpu_s


def measure(reader: str, code: tuple[str, str], python: str, export: Path, runs: int) -> Figure:
    """Run a reader in processes of its own; a reader that fails is an error here."""
    script = _MEASURE.format(before=code[0], read=code[1])
    own = code in {_OURS, _END_TO_END}
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src") if own else ""}
    figures = []
    for _ in range(runs):
        done = subprocess.run(
            [python, "-c", script, str(export)],
            capture_output=True, text=True, check=True, env=environment,
        )  # fmt: skip
        figures.append(Figure(reader, *json.loads(done.stdout.splitlines()[-1])))
    return min(figures, key=lambda figure: figure.cpu_s)


def ours(export: Path, runs: int = 3) -> Figure:
    """Measure our own reader."""
    return measure("Witnessbox", _OURS, sys.executable, export, runs)


def end_to_end(export: Path, runs: int = 3) -> Figure:
    """Measure from a file to the tables, the vault and its hash included."""
    return measure("Witnessbox, end to end", _END_TO_END, sys.executable, export, runs)


def side_by_side(export: Path, folder: Path | None, rounds: int = 6) -> list[Figure]:
    """Measure ours and the fastest peer in turns, and take the best of each.

    Other work on the machine then slows all of them alike.
    """
    best: dict[str, Figure] = {}
    for _ in range(rounds):
        found = [ours(export, 1), end_to_end(export, 1)]
        for one in found + (node_peer(folder, export) if folder else []):
            best[one.reader] = min(one, best.get(one.reader, one), key=lambda each: each.cpu_s)
    return list(best.values())


def node_peer(folder: Path, export: Path) -> list[Figure]:
    """Measure the peer that runs on Node; nothing where there is no npm to install it with."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return []
    place = folder / "node"
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "node_modules").exists():
        command = [npm, "install", "--silent", "--prefix", str(place), _NODE_PEER]
        subprocess.run(command, check=True)
    script = place / "read.mjs"
    script.write_text(_NODE.format(path=json.dumps(str(export))))
    done = subprocess.run([node, str(script)], capture_output=True, text=True, check=True)
    return [Figure(_NODE_PEER.replace("@", " "), *json.loads(done.stdout.splitlines()[-1]))]


def peers(folder: Path, export: Path) -> list[Figure]:
    """Measure the peers in a virtual environment made for them."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return [measure(name, code, str(python), export, 1) for name, code in _PEER_READERS.items()]


def freeze(figures: list[Figure], messages: int, size_bytes: int) -> None:
    """Write the figures down as the results the repository holds."""
    machine = f"{os.cpu_count()} virtual CPUs, {platform.machine()}, Linux"
    packages = {name: version(name) for name in ("numpy", "pyarrow")}
    record = {
        "machine": machine,
        "python": platform.python_version(),
        "packages": packages,
        "messages": messages,
        "size_bytes": size_bytes,
        "seed": SEED,
        "figures": [asdict(figure) for figure in figures],
    }
    FROZEN.write_text(json.dumps(record, indent=2) + "\n")
    (HERE / "results.md").write_text(table(record))


def table(record: dict[str, object]) -> str:
    """Set out frozen results as a page."""
    figures = [Figure(**figure) for figure in record["figures"]]  # type: ignore[attr-defined]
    messages, size_bytes = (int(str(record[name])) for name in ("messages", "size_bytes"))
    own, whole, *others = figures
    fastest = min(others, key=lambda one: one.cpu_s, default=whole)
    rows = [
        f"| {one.reader} | {one.cpu_s:.2f} | {one.wall_s:.2f} | {one.per_cpu_s(messages):,.0f} "
        f"| {one.peak_mb:,.0f} | {one.entries:,} |"
        for one in figures
    ]
    return _PAGE.format(
        **(record | {"messages": f"{messages:,}", "size_bytes": f"{size_bytes:,}"}),
        rows="\n".join(rows),
        fastest=fastest.reader,
        ratio=fastest.cpu_s / own.cpu_s,
        end_to_end=fastest.cpu_s / whole.cpu_s,
        whole=own.process_cpu_s,
    )


_PAGE = """# Reading one WhatsApp text export

{messages} messages, {size_bytes} bytes, generated from seed {seed}.
{machine}; Python {python}; {packages}.

CPU seconds are of reading alone, without imports. Ours fill every column of the tables, read the
file twice and account for every byte; *end to end* adds the copy into the vault with its SHA-256
and the tables written as Parquet.

| reader | CPU s | wall s | messages per CPU s | peak MB | entries found |
|---|---|---|---|---|---|
{rows}

Ratio to the fastest peer ({fastest}): {ratio:.1f}; end to end: {end_to_end:.1f}. With imports and
start of the process our reading takes {whole:.2f} CPU s.
"""


def memory(figure: Figure, size_bytes: int) -> str:
    """Say how much memory a large export took."""
    return (
        f"{size_bytes:,} bytes, {figure.entries:,} entries, end to end: peak {figure.peak_mb:.0f} "
        f"MB, {figure.cpu_s:.0f} CPU s, {figure.per_cpu_s(figure.entries):,.0f} messages per CPU s"
    )


def main() -> None:
    """Measure, print, and freeze on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, help="folder for the peers' virtual environment")
    parser.add_argument("--large", type=int, help="only measure memory, on so many megabytes")
    parser.add_argument("--freeze", action="store_true", help="write results.json and results.md")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "WhatsApp Chat with Benchmark.txt"
        if wanted.large:
            generate.write_large(export, wanted.large * 1_000_000, SEED)
            print(memory(end_to_end(export, runs=1), export.stat().st_size))
            return
        generate.write(export, wanted.messages, SEED)
        figures = side_by_side(export, wanted.peers)
        figures += peers(wanted.peers, export) if wanted.peers else []
        size_bytes = export.stat().st_size
    for figure in figures:
        rate = f"{figure.per_cpu_s(wanted.messages):,.0f} messages per CPU s"
        cost = f"{figure.cpu_s:.2f} CPU s, {figure.peak_mb:.0f} MB"
        print(f"{figure.reader}: {rate}, {cost}, {figure.entries:,} entries")
    if wanted.freeze:
        freeze(figures, wanted.messages, size_bytes)
    elif FROZEN.exists():
        print("\nFrozen:\n" + table(json.loads(FROZEN.read_text())))


if __name__ == "__main__":
    main()
