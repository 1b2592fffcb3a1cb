"""Measure how fast WhatsApp text exports are read, beside other readers.

::

    python -m benchmarks.intake.run                      ours, beside the frozen results
    python -m benchmarks.intake.run --peers /tmp/peers   all; the peers go into a venv made there
    python -m benchmarks.intake.run --peers … --freeze   and write results.json and results.md
    python -m benchmarks.intake.run --large 2000         peak memory on an export of so many MB
    python -m benchmarks.intake.run --two                the bulk step: two exhibits beside one

The last two can be frozen too; each leaves the other figures as they are.

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
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from benchmarks.intake import generate
from benchmarks.intake.bulk import two_beside_one
from benchmarks.intake.pages import Figure, beside, memory, page, table

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


def freeze(**figures: object) -> None:
    """Write figures down among the results the repository holds, in place of those of their kind.

    The machine and its packages go with the table of readers; the others follow on the same.
    """
    record = json.loads(FROZEN.read_text()) if FROZEN.exists() else {}
    record |= figures
    FROZEN.write_text(json.dumps(record, indent=2) + "\n")
    (HERE / "results.md").write_text(page(record))


def readers(figures: list[Figure], messages: int, size_bytes: int) -> dict[str, object]:
    """Gather what there is to say about one file read by every reader."""
    return {
        "machine": f"{os.cpu_count()} virtual CPUs, {platform.machine()}, Linux",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("numpy", "pyarrow")},
        "messages": messages,
        "size_bytes": size_bytes,
        "seed": SEED,
        "figures": [asdict(figure) for figure in figures],
    }


def main() -> None:
    """Measure, print, and freeze on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, help="folder for the peers' virtual environment")
    parser.add_argument("--large", type=int, help="only measure memory, on so many megabytes")
    parser.add_argument("--two", action="store_true", help="only measure two exhibits beside one")
    parser.add_argument("--freeze", action="store_true", help="write results.json and results.md")
    wanted = parser.parse_args()
    made: dict[str, object]
    if wanted.large:
        figure, size_bytes = large(wanted.large * 1_000_000)
        print(memory(figure, size_bytes))
        made = {"large": asdict(figure), "large_bytes": size_bytes}
    elif wanted.two:
        bulk = two_beside_one(wanted.messages)
        print(beside(bulk))
        made = {"two": asdict(bulk)}
    else:
        made = every_reader(wanted.messages, wanted.peers)
        print(table(made))
    if wanted.freeze:
        freeze(**made)
    elif FROZEN.exists():
        print("\nFrozen:\n" + page(json.loads(FROZEN.read_text())))


def large(size_bytes: int) -> tuple[Figure, int]:
    """Measure end to end on one large export, and give its size."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "WhatsApp Chat with Benchmark.txt"
        generate.write_large(export, size_bytes, SEED)
        return end_to_end(export, runs=1), export.stat().st_size


def every_reader(messages: int, folder: Path | None) -> dict[str, object]:
    """Measure ours, and the peers where there is a folder for them, on one export."""
    with tempfile.TemporaryDirectory() as place:
        export = Path(place) / "WhatsApp Chat with Benchmark.txt"
        generate.write(export, messages, SEED)
        figures = side_by_side(export, folder)
        figures += peers(folder, export) if folder else []
        return readers(figures, messages, export.stat().st_size)


if __name__ == "__main__":
    main()
