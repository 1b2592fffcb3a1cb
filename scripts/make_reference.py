"""Write the reference pages that are made from the code: ``python scripts/make_reference.py``.

A test holds the pages in ``docs`` against what this makes, so that they cannot fall behind.
"""

import importlib
import inspect
from pathlib import Path
from typing import get_type_hints

import pyarrow as pa
from cyclopts import App, Parameter

from scripts import limits
from witnessbox.cli.app import COMMANDS
from witnessbox.evidence.schema import DATA_VERSION, TABLES
from witnessbox.intake.parsers import PARSERS

DOCS = Path(__file__).parent.parent / "docs"

_ABOUT_COMMANDS = (
    "Made from the code. Every command has `--help`. Exit codes: 0 done, 1 a finding or a "
    "refusal, 2 wrong use, 130 interrupted. Progress is a bar on a terminal and plain lines "
    "when piped; results go to standard output, everything about the work to standard error."
)
_ABOUT_TABLES = (
    f"Made from the code; data version {DATA_VERSION}. Each table is a folder of Parquet files "
    "under `tables/`, one file a shard. Any of them: `witnessbox export DIR TABLE`, or "
    "`witnessbox.open(DIR).table(NAME)` from Python."
)
_ABOUT_FORMATS = (
    "Made from the code. A file in none of these is kept in the vault and counted as a problem, "
    "with what was looked for."
)


def pages() -> dict[Path, str]:
    """Make every generated page."""
    return {
        DOCS / "reference" / "commands.md": _commands(),
        DOCS / "reference" / "tables.md": _tables(),
        DOCS / "reference" / "limits.md": limits.page(),
        DOCS / "formats" / "index.md": _formats(),
    }


def _commands() -> str:
    parts = [
        "# Commands",
        "",
        _ABOUT_COMMANDS,
        "",
    ]
    for name, (place, about, example) in COMMANDS.items():
        parts += [f"## witnessbox {name}", "", about, "", "```", example, "```", ""]
        module, attribute = place.split(":")
        found = getattr(importlib.import_module(f"witnessbox.cli.{module}"), attribute)
        if isinstance(found, App):
            for sub in found:
                if not sub.startswith("-"):
                    parts += [f"### witnessbox {name} {sub}", ""]
                    parts += _described(found[sub].default_command)
        else:
            parts += _described(found)
    return "\n".join(parts).rstrip() + "\n"


def _described(function: object) -> list[str]:
    """Write a command's docstring: what it does, an example where it has one, its parameters."""
    text = inspect.getdoc(function) or ""
    head, _, parameters = text.partition("Parameters\n----------\n")
    parts = []
    for paragraph in head.strip().split("\n\n"):
        example = paragraph.removeprefix("Example: ")
        parts += ["```", example, "```", ""] if example != paragraph else [paragraph, ""]
    rows = (_shared(function) | dict(_own(function, parameters))).items()
    if not rows:
        return parts
    table = [f"| `{name}` | {text.replace(' a OR b', ' a `OR` b')} |" for name, text in rows]
    return [*parts, "| Parameter | |", "|---|---|", *table, ""]


def _own(function: object, parameters: str) -> list[tuple[str, str]]:
    """Take a command's own parameters out of its docstring."""
    rows, name = [], ""
    for line in parameters.splitlines():
        if line.startswith("    "):
            rows.append((name, line.strip()))
        else:
            name = _written(function, line.strip())
    return rows


def _shared(function: object) -> dict[str, str]:
    """Take the parameters that several commands share out of their annotations."""
    found = {}
    for name, hint in get_type_hints(function, include_extras=True).items():
        for extra in getattr(hint, "__metadata__", ()):
            if isinstance(extra, Parameter) and extra.help:
                found[_written(function, name)] = extra.help
    return found


def _written(function: object, parameter: str) -> str:
    """Write a parameter the way it is typed on the command line."""
    kind = inspect.signature(function).parameters[parameter]  # type: ignore[arg-type]
    if kind.kind is inspect.Parameter.KEYWORD_ONLY:
        return f"--{parameter.replace('_', '-')}"
    return parameter.upper()


def _tables() -> str:
    parts = [
        "# Tables",
        "",
        _ABOUT_TABLES,
        "",
    ]
    for table in TABLES:
        parts += [
            f"## {table.name}",
            "",
            f"One row: {table.row}. One shard: an {table.shard}."
            if table.shard[0] in "aeiou"
            else f"One row: {table.row}. One shard: a {table.shard}.",
            "",
            "| Column | Type |",
            "|---|---|",
            *(f"| `{field.name}` | {_type(field.type)} |" for field in table.stored),
            "",
        ]
    return "\n".join(parts).rstrip() + "\n"


def _type(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return f"{kind.value_type} (dictionary)"
    if pa.types.is_list(kind):
        return f"list of {kind.value_type}"
    return (
        str(kind)
        .replace("timestamp[ms, tz=UTC]", "time, UTC, milliseconds")
        .replace("timestamp[ms]", "wall-clock time, milliseconds")
    )


def _formats() -> str:
    parts = [
        "# Formats",
        "",
        _ABOUT_FORMATS,
        "",
        "| Format | Parser | Platform |",
        "|---|---|---|",
    ]
    for parser in PARSERS:
        of = parser.FORMAT
        parts.append(f"| [{of.title}]({of.name}.md) | `{of.label}` | {of.platform} |")
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the pages."""
    for place, text in pages().items():
        place.write_text(text, encoding="utf-8")
        print(place)


if __name__ == "__main__":
    main()
