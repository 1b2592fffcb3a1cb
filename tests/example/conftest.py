"""A small example operation, made once, and ways to look at it."""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest

from witnessbox.example import Written, write


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file as the truth names it, with its bytes."""

    key: str
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True, slots=True)
class Example:
    """What was written, and its truth."""

    written: Written
    truth: dict[str, Any]

    def file(self, reference: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            one for one in self.truth["files"] if one["reference"] == reference
        )
        return found

    def conversation(self, ident: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            one for one in self.truth["conversations"] if one["id"] == ident
        )
        return found

    def content(self, source: dict[str, Any], file: dict[str, Any]) -> bytes:
        path = self.written.exports / str(file["file"])
        if source["source"] == file["file"]:
            return path.read_bytes()
        member = source["source"].removeprefix(f"{file['file']}/")
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            return archive.read(member)

    def records(self, file: dict[str, Any]) -> list[Record]:
        found = []
        for source in file["sources"]:
            content = self.content(source, file)
            rows = zip(source["ids"], source["starts"], source["ends"], strict=True)
            found += [Record(key, content[start:end]) for key, start, end in rows]
        return found

    def messages(self, ident: str) -> dict[str, dict[str, Any]]:
        columns = self.conversation(ident)["messages"]
        rows = zip(*columns.values(), strict=True)
        return {row[0]: dict(zip(columns, row, strict=True)) for row in rows}

    def whatsapp(self) -> list[dict[str, Any]]:
        return [file for file in self.truth["files"] if file["conversation"].startswith("w")]

    def messenger(self) -> list[dict[str, Any]]:
        return [file for file in self.truth["files"] if file["conversation"].startswith("m")]


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    folder = tmp_path_factory.mktemp("example") / "operation"
    written = write(folder, scale=0.05)
    return Example(written, json.loads(gzip.decompress((folder / "truth.json.gz").read_bytes())))
