"""Write one seeded export in the Android layout, large enough to measure readers by.

Nothing in it is real: the names and the small talk are made up.
"""

import random
from datetime import datetime, timedelta
from pathlib import Path

NAMES = (
    "Ana", "Bo", "Cy Marlow", "Dot", "Eli Fenn", "Fay", "Gus Harbour", "Hana", "Ivo", "Jo Tarn",
    "Kit", "Lena Weir",
)  # fmt: skip
SUBJECTS = [
    "the rota",
    "the van",
    "the kettle",
    "my locker",
    "the printer",
    "overtime",
    "the match",
    "lunch",
]
VERBS = [
    "is late again",
    "needs a look",
    "was fine yesterday",
    "can wait",
    "moves to Friday",
    "is sorted",
]
TAILS = ("", "", "", " 😀", " 👍🏽", " café?", ", see you at eight", " … ask Łukasz", " ok?")
LINES_MORE = ("\nsecond thoughts: no", "\n1. tea\n2. milk", "\n\nthanks")


def write(path: Path, messages: int, seed: int = 1) -> None:
    """Write an export of so many entries: about one in a hundred a notice, one in six long."""
    draw = random.Random(seed)
    at = datetime(2016, 5, 1, 6, 0)  # noqa: DTZ001  # a phone's own clock
    with path.open("w", encoding="utf-8", newline="") as file:
        for _ in range(messages):
            at += timedelta(seconds=draw.expovariate(1 / 90))
            file.write(f"{at:%d/%m/%Y, %H:%M} - {_entry(draw)}\n")


def write_large(path: Path, size_bytes: int, seed: int = 1) -> None:
    """Write an export of at least so many bytes: one stretch of chat again and again.

    Time runs back at each seam, as where exports were joined.
    """
    write(path, 200_000, seed)
    block = path.read_bytes()
    with path.open("ab") as file:
        while file.tell() < size_bytes:
            file.write(block)


def _entry(draw: random.Random) -> str:
    roll = draw.random()
    name = draw.choice(NAMES)
    if roll < 0.005:
        return f"{name} changed this group's icon"
    if roll < 0.01:
        return f"{name} added {draw.choice(NAMES)}"
    if roll < 0.03:
        return f"{name}: <Media omitted>"
    if roll < 0.035:
        return f"{name}: This message was deleted"
    words = f"{draw.choice(SUBJECTS)} {draw.choice(VERBS)}{draw.choice(TAILS)}"
    while draw.random() < 0.25:
        words += f". {draw.choice(SUBJECTS)} {draw.choice(VERBS)}"
    if roll < 0.2:
        words += draw.choice(LINES_MORE)
    if roll > 0.99:
        words += " <This message was edited>"
    return f"{name}: {words}"
