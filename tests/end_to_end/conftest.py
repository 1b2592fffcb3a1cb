"""The example operation at full size, taken through the whole flow once."""

import gzip
import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from witnessbox.cli.demo import demo
from witnessbox.operation.model import Operation, open_operation


@dataclass(frozen=True, slots=True)
class Done:
    """The operation after the demo, what the demo said, and the example's truth."""

    code: int
    said: str
    operation: Operation
    truth: dict[str, Any]

    def sources(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Give each file of the truth with each of its sources."""
        for file in self.truth["files"]:
            for source in file["sources"]:
                yield file, source

    def keys(self) -> dict[tuple[str, int], str]:
        """Say which true message or notice each record is, by exhibit and first byte."""
        return {
            (source["sha256"], start): key
            for _, source in self.sources()
            for key, start in zip(source["ids"], source["starts"], strict=True)
        }

    def messages(self) -> dict[str, dict[str, Any]]:
        """Give the messages that were truly sent, by id."""
        found = {}
        for conversation in self.truth["conversations"]:
            columns = conversation["messages"]
            for row in zip(*columns.values(), strict=True):
                found[row[0]] = dict(zip(columns, row, strict=True))
        return found

    def labels(self) -> dict[str, dict[str, Any]]:
        """Give what was planted, by id."""
        return {
            key: label
            for conversation in self.truth["conversations"]
            for key, label in conversation["labels"].items()
        }


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Run the demo at full size."""
    folder: Path = tmp_path_factory.mktemp("demo")
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = demo(folder, serve=False, jobs=2)
    packed = (folder / "example" / "truth.json.gz").read_bytes()
    return Done(
        code,
        printed.getvalue().replace(str(folder), "demo"),
        open_operation(folder / "operation"),
        json.loads(gzip.decompress(packed)),
    )
