"""The validation pack at a terminal."""

from pathlib import Path

from tests.cli.conftest import Command


def test_the_pack_is_printed_and_written(command: Command, tmp_path: Path) -> None:
    pack = tmp_path / "pack.html"
    code, out, err = command("validate", "--output", pack)
    assert code == 0
    assert " 0 failed" in out
    assert err == f"written to {pack}\n"
    assert "checked by" in pack.read_text()


def test_a_pack_is_a_page_markdown_or_csv(command: Command, tmp_path: Path) -> None:
    table = tmp_path / "pack.csv"
    assert command("validate", "--output", table, "--seed", "7")[0] == 0
    assert table.read_text().startswith("version,made_on,seed,format")
    code, out, err = command("validate", "--output", tmp_path / "pack.pdf")
    assert (code, out) == (1, "")
    assert "must end in .html, .md, .csv" in err
