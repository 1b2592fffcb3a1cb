"""Measure how fast a Messenger download is read, beside what reading its JSON costs at least.

::

    python -m benchmarks.intake.messenger                         ours, and the floor
    python -m benchmarks.intake.messenger --peers /tmp/peers      chat-miner too, from run.py's venv
    python -m benchmarks.intake.messenger --peers … --freeze      and write messenger.md

One file of many messages is generated from a seed: indented, newest first, letters written byte by
byte.  The *floor* is ``json.load`` and the repair of each text: no spans, no rows, no check.  The
*long* file is the same messages over and over; ours alone reads it.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from benchmarks.intake.pages import Figure, figures_table
from benchmarks.intake.run import HERE, measure

SEED = 1
_COPIED_BYTES = 1 << 20
_TAIL_BYTES = 1 << 7
NAMES = ("Zoë Hart", "Bo Lind", "Cy Marsh", "Ana Okoro", "Dee Ferrier")
WORDS = ("late", "again", "who has", "the keys", "café", "rota", "swap", "please", "☕", "👍")

OURS = (
    """
import os
from witnessbox.intake.parser import Assumption, Source
from witnessbox.intake.parsers import messenger_json
def read(path):
    source = Source("0" * 64, path, os.path.getsize(path), lambda: open(path, "rb"))
    batches = messenger_json.parse(source, Assumption("Europe/London", "benchmark"))
    return sum(batch.messages.num_rows for batch in batches if batch.messages is not None)
""",
    "read(path)",
)
FLOOR = (
    """
def meant(text):
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text
def read(path):
    with open(path, encoding="utf-8") as stream:
        return len([meant(one.get("content", "")) for one in json.load(stream)["messages"]])
""",
    "read(path)",
)
MSGSPEC = (
    """
import msgspec
class Message(msgspec.Struct):
    sender_name: str
    timestamp_ms: int
    content: str = ""
class Download(msgspec.Struct):
    messages: list[Message]
def meant(text):
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text
def read(path):
    with open(path, "rb") as stream:
        return len([meant(one.content) for one in
                    msgspec.json.decode(stream.read(), type=Download).messages])
""",
    "read(path)",
)
CHAT_MINER = (
    """
from chatminer.chatparsers import FacebookMessengerParser
def read(path):
    parser = FacebookMessengerParser(path)
    parser.parse_file()
    return len(parser.parsed_messages.get_df())
""",
    "read(path)",
)


def write(path: Path, messages: int, seed: int = SEED) -> None:
    """Write a download of so many messages; the same seed gives the same bytes."""
    chance = random.Random(seed)
    with path.open("w", encoding="ascii") as out:
        out.write('{\n  "participants": [],\n  "messages": [\n    ')
        for number in range(messages):
            at_ms = 1_709_298_000_000 - number * 61_000
            one = {"sender_name": chance.choice(NAMES), "timestamp_ms": at_ms}
            if chance.random() < 0.05:
                one["photos"] = [{"uri": f"photos/{number}.jpg", "creation_timestamp": number}]
            else:
                one["content"] = " ".join(chance.choices(WORDS, k=chance.randint(1, 14)))
            if chance.random() < 0.1:
                one["reactions"] = [{"reaction": "👍", "actor": chance.choice(NAMES)}]
            one["is_geoblocked_for_viewer"] = False
            byte_by_byte = json.dumps(one, ensure_ascii=False, indent=2).encode().decode("latin-1")
            escaped = byte_by_byte.encode("ascii", "backslashreplace").decode()
            out.write((",\n    " if number else "") + _four(escaped))
        out.write('\n  ],\n  "title": "Nights",\n  "thread_path": "inbox/nights_1"\n}\n')


def _four(text: str) -> str:
    """Indent as the platform does, and write escapes as JSON has them."""
    return text.replace("\\x", "\\u00").replace("\n", "\n    ")


def lengthen(path: Path, longer: Path, size_bytes: int) -> int:
    """Write a download of about so many bytes, out of the messages of one; say how many it has."""
    size = path.stat().st_size
    with path.open("rb") as stream, longer.open("wb") as out:
        start = stream.read(_COPIED_BYTES).index(b"[\n    {") + len(b"[\n    ")
        stream.seek(-_TAIL_BYTES, os.SEEK_END)
        end = size - _TAIL_BYTES + stream.read().rindex(b"\n  ],")
        times = max(1, size_bytes // (end - start))
        _copy(stream, out, 0, start)
        for number in range(times):
            out.write(b",\n    " if number else b"")
            _copy(stream, out, start, end)
        _copy(stream, out, end, size)
    return times


def _copy(stream: BinaryIO, out: BinaryIO, start: int, end: int) -> None:
    """Copy a little at a time: a reader's peak memory would count what its parent held."""
    stream.seek(start)
    while start < end:
        start += out.write(stream.read(min(_COPIED_BYTES, end - start)))


def long_figure(path: Path, size_mb: int, messages: int) -> str:
    """Measure ours on a long file; say it in a sentence."""
    longer = path.with_name("message_2.json")
    count = messages * lengthen(path, longer, size_mb * 1_000_000)
    one = measure("Witnessbox", OURS, sys.executable, longer, 1)
    size_bytes = longer.stat().st_size
    longer.unlink()
    return (
        f"A file of {size_bytes:,} bytes and {count:,} messages, read twice: {one.peak_mb:,.0f} MB "
        f"at most, {one.per_cpu_s(count):,.0f} messages per CPU s."
    )


READERS = {
    "Witnessbox": OURS,
    "json.load and repair (floor)": FLOOR,
    "msgspec, three fields, and repair": MSGSPEC,
}


def figures(path: Path, peers: Path | None, rounds: int = 7) -> list[Figure]:
    """Measure ours and what reading costs at least in turns, and the peer where there is one."""
    turns = [
        [measure(name, code, sys.executable, path, 1) for name, code in READERS.items()]
        for _ in range(rounds)
    ]
    found = [min(several, key=lambda one: one.cpu_s) for several in zip(*turns, strict=True)]
    if peers is not None:
        python = str(peers / "bin" / "python")
        found.append(measure("chat-miner 0.6.0", CHAT_MINER, python, path, 1))
    return found


def page(found: list[Figure], messages: int, size_bytes: int, long: str) -> str:
    """Set the figures out."""
    lines = [
        "# Reading one Messenger download",
        "",
        f"{messages:,} messages, {size_bytes:,} bytes in one file, generated from seed {SEED}.",
        "2 virtual CPUs, shared with other work; CPU seconds of reading alone, best of several",
        "turns. *msgspec* decodes into three fields known beforehand: no spans, no columns, and",
        "whatever else a message holds is left out.",
        "Ours fill every column and account for every byte; they read the file once, and hold its",
        "columns until its end is seen. Were these more than 384 MB, they would read it twice.",
        "",
        *figures_table(found, messages),
    ]
    return "\n".join([*lines, "", long, ""])


def main() -> None:
    """Measure, print, and freeze on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, help="the virtual environment run.py made")
    parser.add_argument("--long-mb", type=int, default=2_000, help="size of the long file")
    parser.add_argument("--freeze", action="store_true", help="write messenger.md")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "message_1.json"
        write(path, wanted.messages)
        long = long_figure(path, wanted.long_mb, wanted.messages)
        found = figures(path, wanted.peers)
        text = page(found, wanted.messages, path.stat().st_size, long)
    print(text)
    if wanted.freeze:
        (HERE / "messenger.md").write_text(text)


if __name__ == "__main__":
    main()
