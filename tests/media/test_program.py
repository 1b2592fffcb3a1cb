"""Programs that are not ours run without a shell, within limits, and without a way out."""

import hashlib
import shutil
import socket
import sys
from pathlib import Path

import pytest

from witnessbox.media import program
from witnessbox.media.program import ProgramError, find, is_apart, output_of, words_of

PYTHON = sys.executable


def script(body: str) -> list[str]:
    return [PYTHON, "-c", body]


def test_what_a_program_prints_is_given() -> None:
    assert output_of(script("print('h\\u00e9llo')"), None, 60).strip() == "héllo"


def test_a_program_that_takes_too_long_is_ended_with_all_it_started() -> None:
    body = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'], stdin=None)"
    with pytest.raises(ProgramError, match="ended after 0 seconds"):
        output_of(script(f"import time; time.sleep(600); {body}"), None, 0)


def test_a_program_that_writes_without_end_is_ended() -> None:
    with pytest.raises(ProgramError, match="wrote more than"):
        output_of(script("while True: print('x' * 100_000)"), None, 600)


def test_a_program_that_fails_is_quoted() -> None:
    body = "import sys; sys.stderr.write('reading\\nno model here\\n'); sys.exit(3)"
    with pytest.raises(ProgramError, match="exit code 3: no model here"):
        output_of(script(body), None, 60)
    with pytest.raises(ProgramError, match="exit code 1: it said nothing"):
        output_of(script("raise SystemExit(1)"), None, 60)


def test_a_program_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_apart", tuple)
    with pytest.raises(ProgramError, match="cannot be started"):
        output_of(["/nowhere/at/all"], None, 60)


def test_a_program_works_in_a_folder_of_its_own_that_is_gone_afterwards() -> None:
    said = output_of(script("import os; open('left', 'w'); print(os.getcwd())"), None, 60)
    assert not Path(said.strip()).exists()


@pytest.mark.skipif(not is_apart(), reason="this system gives programs no network of their own")
def test_a_program_cannot_reach_even_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        body = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
        with pytest.raises(ProgramError, match="exit code 1"):
            output_of(script(body), None, 60)


def test_where_the_system_cannot_cut_off_programs_run_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program._apart.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert not is_apart()
    assert output_of(script("print(1)"), None, 60) == "1\n"
    program._apart.cache_clear()


def test_a_command_is_cut_into_words_and_no_shell_sees_it() -> None:
    assert words_of("speak -f {file} 'a b' ; rm") == ("speak", "-f", "{file}", "a b", ";", "rm")


@pytest.mark.parametrize(
    "address",
    [
        "https://speech.example/v1",
        "--url=http://127.0.0.1:9000",
        "speech.example.com:443",
        "10.0.0.8",
        "localhost",
        "ana@host:{file}",
        "[::1]:80",
        "ftp://x",
    ],
)
def test_an_address_of_a_network_is_refused(address: str) -> None:
    with pytest.raises(ProgramError, match="do not leave this machine"):
        words_of(f"speak {address} {{file}}")


@pytest.mark.parametrize("word", ["models/ggml-base.en.bin", "--language=en", "v1.2", "0.5", "-nt"])
def test_a_word_that_is_no_address_is_not_refused(word: str) -> None:
    assert words_of(f"speak {word} {{file}}")[1] == word


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("speak now", "where the file goes"),
        ("{file}", "where"),
        ("speak '{file}", "cannot be read"),
    ],
)
def test_a_command_that_cannot_be_used_is_refused(command: str, said: str) -> None:
    with pytest.raises(ProgramError, match=said):
        words_of(command)


def test_a_program_is_named_by_the_hash_of_its_file(tmp_path: Path) -> None:
    tool = tmp_path / "speak"
    tool.write_text("#!/bin/sh\necho hello\n")
    tool.chmod(0o755)
    found = find(str(tool))
    assert found is not None
    assert found.sha256 == hashlib.sha256(tool.read_bytes()).hexdigest()
    assert find(str(tmp_path / "other")) is None
