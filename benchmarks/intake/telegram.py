"""Measure how fast a Telegram chat is read, as JSON and as a page.

::

    python -m benchmarks.intake.telegram             ours
    python -m benchmarks.intake.telegram --freeze    and write telegram.md

One chat of many messages is generated from a seed, in both formats.  Each is read in a process of
its own.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

from benchmarks.intake.pages import Figure, figures_table
from benchmarks.intake.run import HERE, measure

SEED = 1
NAMES = ("Zoë Hart", "Bo Lind", "Cy Marsh", "Ana Okoro", "Dee Ferrier")
WORDS = ("late", "again", "who has", "the keys", "café", "rota", "swap", "please", "☕", "👍")
BEGUN = 1_709_298_000

_READ = """
import os
from witnessbox.intake.parser import Assumption, Source
from witnessbox.intake.parsers import telegram_{0}
def read(path):
    source = Source("0" * 64, path, os.path.getsize(path), lambda: open(path, "rb"))
    batches = telegram_{0}.parse(source, Assumption("Europe/London", "benchmark"))
    return sum(batch.messages.num_rows for batch in batches if batch.messages is not None)
"""
_PAGE = """
     <div class="message default clearfix" id="message{number}">

      <div class="body">

       <div class="pull_right date details" title="01.03.2024 13:00:00 UTC+00:00">
13:00
       </div>

       <div class="from_name">
{name}
       </div>

       <div class="text">
{said}
       </div>

      </div>

     </div>
"""


def write(folder: Path, messages: int, seed: int = SEED) -> tuple[Path, Path]:
    """Write a chat of so many messages both ways; the same seed gives the same bytes."""
    chance = random.Random(seed)
    as_json, as_page = folder / "result.json", folder / "messages.html"
    with as_json.open("w", encoding="utf-8") as one, as_page.open("w", encoding="utf-8") as two:
        one.write(
            '{\n "name": "Nights",\n "type": "private_supergroup",\n "id": 1,\n "messages": ['
        )
        two.write('<!DOCTYPE html>\n<html><div class="page_wrap"><div class="history">\n')
        for number in range(1, messages + 1):
            said = " ".join(chance.choices(WORDS, k=chance.randint(1, 14)))
            name = chance.choice(NAMES)
            message = {
                "id": number,
                "type": "message",
                "date_unixtime": str(BEGUN + number * 61),
                "from": name,
                "from_id": f"user{NAMES.index(name)}",
                "text": said,
                "text_entities": [{"type": "plain", "text": said}],
            }
            written = json.dumps(message, ensure_ascii=False, indent=1).replace("\n", "\n  ")
            one.write((",\n  " if number > 1 else "\n  ") + written)
            two.write(_PAGE.format(number=number, name=name, said=said))
        one.write("\n ]\n}\n")
        two.write("</div></div></html>\n")
    return as_json, as_page


def figures(as_json: Path, as_page: Path, runs: int = 3) -> list[Figure]:
    """Measure both."""
    found = []
    for name, sort, path in (("JSON", "json", as_json), ("HTML", "html", as_page)):
        ours = (_READ.format(sort), "read(path)")
        found.append(measure(f"Witnessbox, {name}", ours, sys.executable, path, runs))
    return found


def page(found: list[Figure], messages: int, sizes: tuple[int, int]) -> str:
    """Set the figures out."""
    lines = [
        "# Reading one Telegram chat",
        "",
        f"{messages:,} messages, {sizes[0]:,} bytes as JSON, {sizes[1]:,} bytes as one page,",
        f"generated from seed {SEED}. 2 virtual CPUs, shared with other work; CPU seconds of",
        "reading alone. Every column is filled and every byte accounted for.",
        "",
        *figures_table(found, messages),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and freeze on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--freeze", action="store_true", help="write telegram.md")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        both = write(Path(folder), wanted.messages)
        sizes = both[0].stat().st_size, both[1].stat().st_size
        text = page(figures(*both), wanted.messages, sizes)
    print(text)
    if wanted.freeze:
        (HERE / "telegram.md").write_text(text)


if __name__ == "__main__":
    main()
