"""Read bytes with a parser the way the tests need it."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from witnessbox.cli.lines import lines
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parser import Assumption, Batch, Parser, Source
from witnessbox.intake.tiling import accounting

SAMPLES = Path(__file__).parents[1] / "samples"
LONDON = Assumption("Europe/London", "stated on receipt")
EXHIBIT = "e" * 64


def source(
    data: bytes, name: str, beside: dict[str, bytes] | None = None, *, limits: Limits = DEFAULT
) -> Source:
    others = tuple(source(content, other) for other, content in (beside or {}).items())
    return Source(EXHIBIT, name, len(data), lambda: io.BytesIO(data), others, limits)


def batches(
    parser: Parser,
    data: bytes,
    name: str,
    beside: dict[str, bytes] | None = None,
    *,
    limits: Limits = DEFAULT,
) -> list[Batch]:
    """Read bytes and hold the parser to its word: every byte, or row, in just one record."""
    found = list(parser.parse(source(data, name, beside, limits=limits), LONDON))
    account = accounting(name, parser.FORMAT)
    for batch in found:
        account.take(batch)
    account.finish(len(data))
    return found


def rows(found: Iterable[Batch], table: str) -> list[dict[str, Any]]:
    parts = [getattr(batch, table) for batch in found]
    return [row for part in parts if part is not None for row in part.to_pylist()]


def printed(
    parser: Parser, data: bytes, name: str, beside: dict[str, bytes] | None = None
) -> list[str]:
    """Give what ``witnessbox parse --problems`` prints."""
    return [
        json.dumps(line, ensure_ascii=False)
        for batch in batches(parser, data, name, beside)
        for line in lines(batch, problems=True)
    ]


def samples(parser: Parser) -> list[Path]:
    folder = SAMPLES / parser.FORMAT.name.replace("-", "_")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".expected.jsonl")
    )


def declined(parser: Parser) -> list[tuple[str, Path]]:
    """Give the files that look much like a format's and are not in it, by name as received."""
    folder = SAMPLES / "declined" / parser.FORMAT.name.replace("-", "_")
    return sorted(
        (path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file()
    )


def name_of(sample: Path) -> str:
    """Give a sample's name as received: its path below its format's folder."""
    return sample.relative_to(SAMPLES).as_posix().partition("/")[2]


def beside(sample: Path) -> dict[str, bytes]:
    """Give what a sample is read with: the other samples of its folder, by name as received."""
    return {
        name_of(other): other.read_bytes()
        for other in sorted(sample.parent.iterdir())
        if other.is_file() and other != sample and not other.name.endswith(".expected.jsonl")
    }
