"""What `witnessbox transcribe` promises at the terminal, and how its texts are shown."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.media import chats


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return chats.operation(tmp_path_factory.mktemp("pictured")).folder.root


@pytest.fixture
def own(pictured: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pictured, tmp_path / "operation"))


def test_what_was_read_is_said_searched_for_and_shown_as_machine_read(
    command: Command, own: Path, tmp_path: Path
) -> None:
    tool = tmp_path / "speaker"
    tool.write_text(f"#!{sys.executable}\nprint('meet at the boathouse')\n")
    tool.chmod(0o755)
    code, out, err = command(
        "transcribe", own, "--transcriber", f"{tool} {{file}}", "--jobs", "1", "--seconds", "500"
    )
    assert (code, out) == (0, "transcribe: 4 read of 4, 0 failed\n")
    assert "next: witnessbox index" in err
    assert "due: index" in command("status", own)[1]
    assert command("index", own)[0] == 0
    code, out, _ = command("search", own, "boathouse")
    assert code == 0
    assert "machine-read (transcript, speaker) in exhibit" in out
    (hit,) = command("search", own, "kettle", "--json")[1].splitlines()
    (read,) = json.loads(hit)["machine"]
    assert read["kind"] == "ocr"


def test_without_engines_nothing_fails_and_it_is_said_what_to_install(
    command: Command, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    code, out, err = command("transcribe", own, "--jobs", "1")
    assert (code, out) == (0, "transcribe: 0 read of 0, 0 failed\n")
    assert "install Debian's tesseract-ocr" in err
    assert "--transcriber" in err


def test_an_address_instead_of_a_program_is_a_refusal(command: Command, own: Path) -> None:
    code, _, err = command(
        "transcribe", own, "--no-ocr", "--transcriber", "speak https://a.example {file}"
    )
    assert code == 1
    assert "do not leave this machine" in err


def test_status_counts_pictures_and_what_machines_read(command: Command, own: Path) -> None:
    out = command("status", own)[1]
    assert "5 pictures show 4 motifs, 1 of them in more than one conversation" in out
    assert "0 of 4 pictures and voice notes were read by machine" in out


def test_motifs_are_exported(command: Command, own: Path) -> None:
    rows = [json.loads(line) for line in command("export", own, "motifs")[1].splitlines()]
    assert max(row["conversations"] for row in rows) == 2
    assert len(command("export", own, "pictures", "--to", "csv")[1].splitlines()) == 6
