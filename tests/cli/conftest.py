"""Run commands as a person at a terminal would, and see what they print."""

from collections.abc import Callable
from pathlib import Path

import pytest

from witnessbox.cli.app import run

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Give a function that runs a command line: exit code, standard output, standard error."""
    monkeypatch.setenv("WITNESSBOX_ACTOR", "ana")
    monkeypatch.setenv("WITNESSBOX_ACTOR_NAME", "Ana Okoro")
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words: str | Path) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        code = run([str(word) for word in words])
        printed = capfdbinary.readouterr()
        return code, printed.out.decode(), printed.err.decode()

    return call
