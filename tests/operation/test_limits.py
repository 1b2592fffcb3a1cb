"""The limits of an operation are those its exhibits are read within."""

import json
from pathlib import Path

import pytest

from tests.people import ANA, NOON
from witnessbox.evidence.steps import silent
from witnessbox.intake.receive import Terms, receive
from witnessbox.operation.model import Operation, new, open_operation
from witnessbox.operation.steps import STEPS

LONG = 50_000
EXTRACT = STEPS[0]


def _whatsapp() -> str:
    lines = ("09:00 - Ana: " + "a tea\n" * (LONG // 6), "09:01 - Bo: and one for me\n")
    return "".join(f"02/03/2026, {line}" for line in lines)


def _signal() -> str:
    at: dict[str, object] = {"quote": "", "sticker": None, "reactions": [], "attachments": []}
    said = (("09:00:00", "Ana", "x" * LONG), ("09:01:00", "Bo", "hi"))
    rows = ({"date": f"2026-03-02T{t}", "sender": s, "body": b, **at} for t, s, b in said)
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def operation(tmp_path: Path) -> Operation:
    made = new(
        tmp_path / "op",
        actor=ANA,
        at=NOON,
        name="Operation Harbour",
        zone="Europe/London",
        profile="ew-police",
    )
    for name, text in (("chat.txt", _whatsapp()), ("data.json", _signal())):
        (tmp_path / name).write_text(text)
        terms = Terms("Bo", f"WB/{name}", "consent")
        receive(made.folder, made.ledger, [tmp_path / name], terms, ANA, NOON)
    return made


def _read(operation: Operation) -> tuple[list[int], list[tuple[str, str]]]:
    """Read what is due: how long each message is, and what was lost and why."""
    EXTRACT.run(operation, None, silent)
    texts = [len(text) for text in operation.table("messages")["text"].to_pylist()]
    problems = operation.table("problems").to_pylist()
    lost = [(one["code"], one["what"]) for one in problems if one["severity"] == "loss"]
    return sorted(texts), sorted(lost)


def test_a_message_beyond_the_operations_limit_is_the_problem_it_should_be(
    operation: Operation,
) -> None:
    texts, lost = _read(operation)
    assert (texts[2:], lost) == ([LONG - 3, LONG], [])
    with operation.folder.settings.open("a") as file:
        file.write("[limits]\ntext_message_bytes = 10_000\n")
    limited = open_operation(operation.folder.root)
    assert EXTRACT.due(limited) == 2
    texts, lost = _read(limited)
    assert texts[:2] == [len("hi"), len("and one for me")]
    assert 0 < texts[2] < 15_000
    (signal, *_), *rest = lost
    assert signal == "message-too-long"
    assert "one of more than 10,000 is not read" in lost[0][1]
    assert {code for code, _ in rest} == {"no-head"}
