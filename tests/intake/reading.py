"""Read bytes with a parser the way the tests need it."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from witnessbox.cli.lines import lines
from witnessbox.intake.parser import Assumption, Batch, Parser, Source
from witnessbox.intake.tiling import accounting

SAMPLES = Path(__file__).parents[1] / "samples"
LONDON = Assumption("Europe/London", "stated on receipt")
EXHIBIT = "e" * 64


def source(data: bytes, name: str) -> Source:
    return Source(EXHIBIT, name, len(data), lambda: io.BytesIO(data))


def batches(parser: Parser, data: bytes, name: str) -> list[Batch]:
    """Read bytes and hold the parser to its word: every byte, or row, in just one record."""
    found = list(parser.parse(source(data, name), LONDON))
    account = accounting(name, parser.FORMAT)
    for batch in found:
        account.take(batch)
    account.finish(len(data))
    return found


def rows(found: Iterable[Batch], table: str) -> list[dict[str, Any]]:
    parts = [getattr(batch, table) for batch in found]
    return [row for part in parts if part is not None for row in part.to_pylist()]


def printed(parser: Parser, data: bytes, name: str) -> list[str]:
    """Give what ``witnessbox parse --problems`` prints."""
    return [
        json.dumps(line, ensure_ascii=False)
        for batch in batches(parser, data, name)
        for line in lines(batch, problems=True)
    ]


def samples(parser: Parser) -> list[Path]:
    folder = SAMPLES / parser.FORMAT.name.replace("-", "_")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".expected.jsonl")
    )


def name_of(sample: Path) -> str:
    """Give a sample's name as received: its path below its format's folder."""
    return sample.relative_to(SAMPLES).as_posix().partition("/")[2]
