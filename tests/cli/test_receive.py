"""Encrypted backups are opened with the key that was given, as a file or as digits."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.intake.archives import put
from tests.intake.crypt.backups import DATABASE, DIGITS, ROOT, Writing, account_file, java

WORDS = ("--custodian", "Bo", "--basis", "consent")


@pytest.fixture
def operation(command: Command, tmp_path: Path) -> Path:
    command("new", tmp_path / "op", "--name", "Op")
    return tmp_path / "op"


@pytest.mark.parametrize(
    ("layout", "given"),
    [("crypt15", DIGITS), ("crypt15", java(ROOT)), ("crypt14", account_file())],
)
def test_a_key_file_opens_a_backup(
    command: Command, operation: Path, tmp_path: Path, layout: str, given: bytes
) -> None:
    backup = put(tmp_path / f"msgstore.db.{layout}", Writing(layout).of(DATABASE))
    key = put(tmp_path / "key", given)
    code, out, _ = command("receive", operation, backup, *WORDS, "--key", key)
    assert code == 0
    assert out.endswith("2 received, 0 refused\n")


def test_the_digits_open_a_backup(command: Command, operation: Path, tmp_path: Path) -> None:
    backup = put(tmp_path / "msgstore.db.crypt15", Writing().of(DATABASE))
    assert command("receive", operation, backup, *WORDS, "--key", DIGITS.decode())[0] == 0


def test_another_key_is_a_refusal_and_the_backup_stays_sealed(
    command: Command, operation: Path, tmp_path: Path
) -> None:
    backup = put(tmp_path / "msgstore.db.crypt15", Writing().of(DATABASE))
    code, out, err = command("receive", operation, backup, *WORDS, "--key", "0" * 64)
    assert code == 1
    assert out.endswith("1 received, 1 refused\n")
    assert "the key does not fit" in err


@pytest.mark.parametrize("given", ["12345", "no-such-file", "x" * 5000])
def test_what_is_no_key_is_refused_without_being_shown(
    command: Command, operation: Path, tmp_path: Path, given: str
) -> None:
    backup = put(tmp_path / "msgstore.db.crypt15", Writing().of(DATABASE))
    code, out, err = command("receive", operation, backup, *WORDS, "--key", given)
    assert code == 1
    assert "no key of a WhatsApp backup" in err or "too long" in err
    assert given not in out + err
