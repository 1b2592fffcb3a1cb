"""The page that sets out what was measured of reading WhatsApp text exports."""

from dataclasses import dataclass
from typing import Any

from benchmarks.intake.bulk import Bulk


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


def figures_table(found: list[Figure], messages: int) -> list[str]:
    """Set out what each reader took for so many messages, a line a reader."""
    return [
        "| reader | CPU s | messages per CPU s | peak MB | entries found |",
        "|---|---|---|---|---|",
        *(
            f"| {one.reader} | {one.cpu_s:.2f} | {one.per_cpu_s(messages):,.0f} "
            f"| {one.peak_mb:,.0f} | {one.entries:,} |"
            for one in found
        ),
    ]


def page(record: dict[str, Any]) -> str:
    """Set out frozen results as a page."""
    parts = [table(record)]
    if "large" in record:
        told = memory(Figure(**record["large"]), record["large_bytes"])
        parts.append(f"\n## A large export\n\n{told}\n")
    if "two" in record:
        parts.append(f"\n## Two exhibits at a time\n\n{beside(Bulk(**record['two']))}\n")
    return "".join(parts)


def table(record: dict[str, Any]) -> str:
    """Set out what each reader took for the one file."""
    figures = [Figure(**figure) for figure in record["figures"]]
    own, whole, *others = figures
    fastest = min(others, key=lambda one: one.cpu_s, default=whole)
    rows = [
        f"| {one.reader} | {one.cpu_s:.2f} | {one.wall_s:.2f} "
        f"| {one.per_cpu_s(record['messages']):,.0f} | {one.peak_mb:,.0f} | {one.entries:,} "
        f"| {one.cpu_s / whole.cpu_s:.1f} |"
        for one in figures
    ]
    counts = {name: f"{record[name]:,}" for name in ("messages", "size_bytes")}
    return _PAGE.format(
        **(record | counts),
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
and the tables written as Parquet. The last column is the CPU seconds beside those of *end to end*.

| reader | CPU s | wall s | messages per CPU s | peak MB | entries found | times ours |
|---|---|---|---|---|---|---|
{rows}

Ratio to the fastest peer ({fastest}): {ratio:.1f}; end to end: {end_to_end:.1f}. With imports and
start of the process our reading takes {whole:.2f} CPU s.
"""


def memory(figure: Figure, size_bytes: int) -> str:
    """Say how much memory a large export took."""
    return (
        f"{size_bytes:,} bytes, {figure.entries:,} entries, end to end: peak "
        f"{figure.peak_mb:.0f} MB, {figure.cpu_s:.0f} CPU s, "
        f"{figure.per_cpu_s(figure.entries):,.0f} messages per CPU s."
    )


def beside(bulk: Bulk) -> str:
    """Say what the bulk step took for two exhibits beside one."""
    return (
        f"`extract --jobs 2` on two exhibits of {bulk.messages:,} messages each took "
        f"{bulk.two_s:.1f} s on the wall, `--jobs 1` on one of them {bulk.one_s:.1f} s: "
        f"{bulk.ratio:.2f} times as long, the start of the command and its processes included "
        f"(best of {bulk.rounds}, in turns). Before that the machine's load was {bulk.load:.1f}; "
        f"over its number of CPUs, other work takes from two processes more than from one."
    )
