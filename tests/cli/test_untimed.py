"""A message whose stamp names no date goes through the whole flow without one."""

import json
from pathlib import Path

from fastapi.testclient import TestClient

from tests.cli.conftest import Command
from tests.people import ANA
from witnessbox.operation.model import open_operation
from witnessbox.web.app import create_app
from witnessbox.web.session import Sessions

CHAT = """\
30/02/2026, 09:00 - Ana: who has the pancake rota
13/03/2026, 09:02 - Bo: pinned up by the kettle
14/03/2026, 09:14 - Ana: found it
"""


def _operation(command: Command, tmp_path: Path) -> Path:
    place, file = tmp_path / "op", tmp_path / "WhatsApp Chat with Bo.txt"
    file.write_text(CHAT)
    command("new", place, "--name", "Op")
    assert command("receive", place, file, "--custodian", "Ana", "--basis", "consent")[0] == 0
    assert command("run", place, "--jobs", "1")[0] == 0
    return place


def test_it_keeps_its_place_and_gets_no_time_that_is_not_its_own(
    command: Command, tmp_path: Path
) -> None:
    place = _operation(command, tmp_path)
    _, out, _ = command("export", place, "canonical_messages")
    first, second, _ = (json.loads(line) for line in out.splitlines())
    assert (first["position"], first["sent_at"], first["precision"]) == (0, None, None)
    assert second["sent_at"] is not None


def test_it_is_found_shown_and_published(command: Command, tmp_path: Path) -> None:
    place = _operation(command, tmp_path)
    code, out, _ = command("search", place, "pancake")
    assert code == 0
    assert "no time" in out
    assert command("publish", place)[0] == 0
    assert command("verify", place)[0] == 0


def test_it_is_read_in_the_workbench(command: Command, tmp_path: Path) -> None:
    operation = open_operation(_operation(command, tmp_path))
    sessions = Sessions()
    app = create_app(operation, sessions=sessions)
    (row,) = operation.table("conversations").to_pylist()
    message = operation.table("canonical_messages").column("message")[0].as_py()
    with TestClient(app, base_url="http://127.0.0.1:8700") as browser:
        secret = sessions.invite(ANA)
        browser.get("/sign-in", params={"invitation": secret})
        browser.post("/sign-in", data={"invitation": secret})
        for page in (
            "/",
            f"/conversations/{row['conversation']}",
            f"/conversations/{row['conversation']}/{message}",
            "/search?q=pancake",
            "/review",
        ):
            answer = browser.get(page)
            assert answer.status_code in (200, 404), page
            assert "1970" not in answer.text
        assert "pancake" in browser.get(f"/conversations/{row['conversation']}").text
