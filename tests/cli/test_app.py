"""What the command line promises about its ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from witnessbox.cli.app import COMMANDS


def test_help_names_every_command_in_eighty_columns(command: Command) -> None:
    code, out, _ = command("--help")
    assert code == 0
    assert all(f" {name} " in out for name in COMMANDS)
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(command: Command, name: str) -> None:
    code, out, _ = command(name, "--help")
    assert code == 0
    assert f"witnessbox {name}" in out
    assert "Example:" in out


def test_a_command_nobody_knows_is_wrong_use(command: Command) -> None:
    code, _, err = command("nonsense")
    assert code == 2
    assert "nonsense" in err


def test_a_missing_argument_is_wrong_use(command: Command) -> None:
    assert command("new")[0] == 2


def test_a_refusal_is_one_sentence_and_exit_code_one(command: Command, tmp_path: Path) -> None:
    code, out, err = command("run", tmp_path)
    assert (code, out) == (1, "")
    assert err == (
        f"witnessbox: {tmp_path} holds no operation; make one with 'witnessbox new {tmp_path}'\n"
    )


def test_the_version_is_said(command: Command) -> None:
    assert command("--version")[1].strip() == "0.1.0"


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("witnessbox.__main__", "cyclopts"),
        ("witnessbox.cli.bulk", "pyarrow"),
        ("witnessbox.cli.verify", "scipy.stats"),
        ("witnessbox.cli.review", "sklearn"),
        ("witnessbox.cli.demo", "witnessbox.web"),
    ],
)
def test_what_takes_long_to_import_is_imported_where_it_is_used(module: str, heavy: str) -> None:
    script = f"import sys, {module}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
