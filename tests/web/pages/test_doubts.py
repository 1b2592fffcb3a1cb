"""Doubts about an exhibit, shown with both readings and settled in the workbench."""

from pathlib import Path

import pytest

from tests.people import ANA, NOON
from tests.web.conftest import Browser
from witnessbox.intake import extract, settling
from witnessbox.intake.receive import Terms, receive
from witnessbox.intake.record import receipts
from witnessbox.operation.model import Operation

CHAT = "03/04/24, 10:00 - Ana: early\n04/04/24, 10:00 - Bo: late\n"
BACK = "".join(f"14/02/2024, {hour}:00 - Ana: tea\n" for hour in (10, 20) * 8)


def take(operation: Operation, tmp_path: Path, text: str) -> str:
    chat = tmp_path / "chat.txt"
    chat.write_text(text)
    terms = Terms("Bo Lindqvist", "WB/1", "consent", None)
    taken = receive(operation.folder, operation.ledger, [chat], terms, ANA, NOON)
    extract.run(operation.folder, operation.ledger, zone="Europe/London")
    return f"/exhibits/{taken.receipts[0].exhibit}"


@pytest.fixture
def page(operation: Operation, tmp_path: Path) -> str:
    return take(operation, tmp_path, CHAT)


def form(token: str, **fields: str) -> dict[str, str]:
    order = {"code": "date-order", "decision": "month/day/year", "reason": "phone settings"}
    return {"token": token, **order, **fields}


def test_a_doubt_shows_both_readings_and_the_bytes(owner: Browser, page: str) -> None:
    shown = owner.get(page).text
    assert "as day/month/year they run from 2024-04-03" in shown
    assert "as month/day/year they run from 2024-03-04" in shown
    assert "03/04/24, 10:00 - Ana: early" in shown
    assert "<option>month/day/year</option>" in shown
    assert 'name="zone"' in shown


def test_settling_is_an_entry_and_the_exhibit_is_due(
    owner: Browser, operation: Operation, page: str
) -> None:
    answer = owner.post(f"{page}/doubts", data=form(owner.token(page)))
    assert answer.status_code == 303
    shown = owner.get(page).text
    assert "Settled as month/day/year" in shown
    assert "Ana Okoro, 2026-03-02: phone settings" in shown
    decided, left = shown.index("A decision counts once"), shown.index("doubt-form")
    assert shown.index('id="doubts"') < decided < left
    assert extract.run(operation.folder, operation.ledger, zone="Europe/London") == 1
    after = owner.get(page).text
    assert "settled as month/day/year" in after
    assert "<option>month/day/year</option>" not in after


def test_a_zone_is_settled_by_its_name(owner: Browser, operation: Operation, page: str) -> None:
    fields = {"code": "zone-assumed", "decision": "as-read", "zone": " Asia/Tokyo "}
    assert owner.post(f"{page}/doubts", data=form(owner.token(page), **fields)).status_code == 303
    (exhibit,) = settling.settled(operation.ledger).values()
    assert [one.decision for one in exhibit] == ["Asia/Tokyo"]


def test_one_of_many_doubts_can_be_settled_alone(
    owner: Browser, operation: Operation, tmp_path: Path
) -> None:
    page = take(operation, tmp_path, BACK)
    shown = owner.get(page).text
    assert "more.</p>" in shown
    known = settling.doubts(operation.folder, receipts(operation.ledger))
    start = str(next(one.start for one in known if one.code == "time-runs-back"))
    fields = {"code": "time-runs-back", "decision": "as-read", "start": start}
    owner.post(f"{page}/doubts", data=form(owner.token(page), **fields))
    (words,) = settling.settled(operation.ledger).values()
    assert [str(one.start) for one in words] == [start]


@pytest.mark.parametrize("fields", [{"reason": " "}, {"decision": "year/month/day"}])
def test_what_is_not_enough_changes_nothing(
    owner: Browser, operation: Operation, page: str, fields: dict[str, str]
) -> None:
    assert owner.post(f"{page}/doubts", data=form(owner.token(page), **fields)).status_code == 409
    assert settling.settled(operation.ledger) == {}


def test_a_stranger_and_a_foreign_form_settle_nothing(
    owner: Browser, stranger: Browser, operation: Operation, page: str
) -> None:
    assert stranger.post(f"{page}/doubts", data=form("x")).status_code == 401
    assert owner.post(f"{page}/doubts", data=form("x")).status_code == 403
    assert settling.settled(operation.ledger) == {}
