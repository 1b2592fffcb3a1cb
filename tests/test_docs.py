"""The documentation names everything there is, and what it shows is so."""

import re
from pathlib import Path

import pytest
from scripts.make_reference import pages

from witnessbox.cli.app import COMMANDS
from witnessbox.evidence.schema import TABLES
from witnessbox.intake.parsers import PARSERS
from witnessbox.settings import PREFIX

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
FOREIGN = ("py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian.org")


@pytest.mark.parametrize("place", pages(), ids=lambda place: place.name)
def test_a_page_made_from_the_code_is_up_to_date(place: Path) -> None:
    assert place.read_text(encoding="utf-8") == pages()[place], "run scripts/make_reference.py"


def test_every_command_is_documented() -> None:
    page = (DOCS / "reference" / "commands.md").read_text()
    assert [name for name in COMMANDS if f"## witnessbox {name}\n" not in page] == []


def test_every_table_is_documented() -> None:
    page = (DOCS / "reference" / "tables.md").read_text()
    assert [table.name for table in TABLES if f"## {table.name}\n" not in page] == []


def test_every_format_has_a_page_with_its_title() -> None:
    for parser in PARSERS:
        page = DOCS / "formats" / f"{parser.FORMAT.name}.md"
        assert page.read_text().startswith("# ")


def test_every_setting_is_documented() -> None:
    source = (ROOT / "src" / "witnessbox" / "settings.py").read_text()
    named = set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", source)) - {PREFIX}
    page = (DOCS / "reference" / "settings.md").read_text()
    assert named
    assert [name for name in sorted(named) if f"`{name}`" not in page] == []


def test_every_decision_is_listed() -> None:
    index = (DOCS / "adr" / "index.md").read_text()
    records = sorted(place.name for place in (DOCS / "adr").glob("0*.md"))
    assert [name for name in records if f"({name})" not in index] == []


def test_the_glossary_says_each_word_once() -> None:
    page = (DOCS / "glossary.md").read_text()
    words = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)[1:]
    assert len(words) == len(set(words))
    assert [word.lower() for word in words] == sorted(word.lower() for word in words)


def test_the_readme_names_only_commands_there_are() -> None:
    named = set(re.findall(r"^witnessbox (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert named
    assert named - set(COMMANDS) == set()


def test_no_file_names_a_package_registry() -> None:
    for place in (*ROOT.glob("*.*"), *(ROOT / "requirements").iterdir(), ROOT / "Makefile"):
        if place.is_file():
            text = place.read_text(encoding="utf-8", errors="replace")
            assert not any(host in text for host in FOREIGN), place
