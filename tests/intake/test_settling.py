"""A person settles a doubt, and the exhibit's tables are made again with that reading."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.intake.archives import put
from tests.people import ANA, BO, NOON
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import MESSAGES, PROBLEMS
from witnessbox.evidence.tables import Tables
from witnessbox.intake import extract, settling
from witnessbox.intake.receive import Terms, receive
from witnessbox.intake.record import receipts
from witnessbox.intake.settling import Decision, Doubt, SettlementError
from witnessbox.ledger.store import Ledger

OPEN_ORDER = b"03/04/24, 10:00 - Ana: early\n04/04/24, 10:00 - Bo: late\n"
TWELVE = (
    b"".join(b"14/02/2024, %d:00 - Ana: tea\n" % hour for hour in (9, 11, 12, 1, 4))
    + b"15/02/2024, 8:00 - Ana: tea\n"
)
FORGED = (
    "".join(f"14/02/2024, 10:{n:02} - {'Ana' if n % 2 else 'Bo'}: tea\n" for n in range(8))
    + "14/02/2024, 10:08 - Ana: look\n\n14/02/2024, 10:09 - Bo: I did it\n"
    + "14/02/2024, 10:10 - Bo: never\n"
).encode()


class Desk:
    """An operation with one chat, at which doubts are settled."""

    def __init__(self, folder: Folder, ledger: Ledger, tmp_path: Path) -> None:
        self.folder, self.ledger, self.tmp_path = folder, ledger, tmp_path
        self.tables = Tables(folder.tables)
        self.exhibit = ""

    def take(self, data: bytes, zone: str | None = None) -> None:
        terms = Terms("Bo Lindqvist", "WB/001", "consent", zone)
        path = put(self.tmp_path / "chat.txt", data)
        received = receive(self.folder, self.ledger, [path], terms, ANA, NOON)
        self.exhibit = received.receipts[0].exhibit
        self.run()

    def run(self) -> int:
        return extract.run(self.folder, self.ledger, zone="Europe/London")

    def doubts(self) -> list[Doubt]:
        return settling.doubts(self.folder, receipts(self.ledger))

    def open(self) -> list[str]:
        return [one.code for one in self.doubts() if one.open]

    def settle(self, code: str, decision: str, start: int | None = None, **more: Any) -> int:
        asked = Decision(self.exhibit, code, decision, more.pop("reason", "seen"), start)
        made = settling.record(self.ledger, self.doubts(), asked, more.pop("by", ANA), NOON)
        assert self.run() == 1
        return len(made)

    def column(self, name: str) -> list[Any]:
        values: list[Any] = self.tables.read(MESSAGES, columns=[name])[name].to_pylist()
        return values

    def whats(self, code: str) -> list[tuple[str, str]]:
        rows = self.tables.read(PROBLEMS).to_pylist()
        return [(row["severity"], row["what"]) for row in rows if row["code"] == code]


@pytest.fixture
def desk(folder: Folder, sqlite_ledger: Ledger, tmp_path: Path) -> Desk:
    return Desk(folder, sqlite_ledger, tmp_path)


def test_a_doubt_says_what_speaks_for_each_reading_and_shows_its_bytes(desk: Desk) -> None:
    desk.take(OPEN_ORDER)
    zone, order = sorted(desk.doubts(), key=lambda one: one.code, reverse=True)
    assert order.choices == ("day/month/year", "month/day/year", "as-read")
    assert "as day/month/year they run from 2024-04-03 to 2024-04-04 with 0 steps" in order.what
    assert "as month/day/year they run from 2024-03-04 to 2024-04-04 with 0 steps" in order.what
    assert order.shown == "03/04/24, 10:00 - Ana: early"
    assert (order.reference, order.open, zone.code) == ("WB/001", True, "zone-assumed")


def test_a_settled_order_moves_the_dates_and_the_doubt_becomes_a_note(desk: Desk) -> None:
    desk.take(OPEN_ORDER)
    assert desk.settle("date-order", "month/day/year", reason="the phone's settings") == 1
    assert [f"{at:%m-%d}" for at in desk.column("wall_at")] == ["03-04", "04-04"]
    ((severity, what),) = desk.whats("date-order")
    assert severity == "note"
    assert what.startswith("settled as month/day/year; what was in doubt: dates such as 03/04/24")
    assert "Ana Okoro" not in what
    ((word,),) = settling.settled(desk.ledger).values()
    assert word.why == "Ana Okoro, 2026-03-02: the phone's settings"
    assert desk.open() == ["zone-assumed"]
    assert extract.due(desk.folder, desk.ledger, zone="Europe/London") == 0


def test_a_later_word_supersedes_and_the_ledger_keeps_both(desk: Desk) -> None:
    desk.take(OPEN_ORDER)
    desk.settle("date-order", "month/day/year")
    desk.settle("date-order", "day/month/year", by=BO)
    assert [f"{at:%m-%d}" for at in desk.column("wall_at")] == ["04-03", "04-04"]
    desk.settle("date-order", "open")
    assert "date-order" in desk.open()
    assert [one.decision for one in settling.settled(desk.ledger)[desk.exhibit]] == [
        "month/day/year",
        "day/month/year",
        "open",
    ]


def test_a_zone_settled_later_outweighs_the_one_stated_on_receipt(desk: Desk) -> None:
    desk.take(OPEN_ORDER, zone="Europe/Paris")
    desk.settle("zone-assumed", "+03:00")
    assert set(desk.column("zone")) == {"Etc/GMT-3"}
    desk.settle("zone-assumed", "Asia/Tokyo")
    assert set(desk.column("zone")) == {"Asia/Tokyo"}
    ((severity, what),) = desk.whats("zone-assumed")
    assert severity == "note"
    assert "settled as Asia/Tokyo" in what


def test_a_zone_can_be_confirmed(desk: Desk) -> None:
    desk.take(OPEN_ORDER)
    desk.settle("zone-assumed", "as-read")
    assert set(desk.column("zone")) == {"Europe/London"}
    assert desk.open() == ["date-order"]


@pytest.mark.parametrize("zone", ["Mars/Base", "+3:30", "+99", "+", "-0:15", "x2"])
def test_what_is_no_zone_is_refused(desk: Desk, zone: str) -> None:
    desk.take(OPEN_ORDER)
    with pytest.raises(SettlementError, match="neither an IANA time zone"):
        desk.settle("zone-assumed", zone)


def test_a_clock_settled_as_twelve_hours_counts_afternoons(desk: Desk) -> None:
    desk.take(TWELVE)
    assert "half-day" in desk.open()
    desk.settle("half-day", "12-hour")
    assert [at.hour for at in desk.column("wall_at")] == [9, 11, 12, 13, 16, 8]
    ((severity, what),) = desk.whats("half-day-open")
    assert severity == "doubt"
    assert what.startswith("on 1 of 2 days nothing shows which half of the day")
    desk.settle("half-day", "24-hour")
    assert [at.hour for at in desk.column("wall_at")] == [9, 11, 12, 1, 4, 8]


def test_a_head_settled_as_forged_joins_the_message_above(desk: Desk) -> None:
    desk.take(FORGED)
    before = desk.column("text")
    assert desk.settle("header-in-body", "body") == 1
    after = desk.column("text")
    assert len(after) == len(before) - 1
    assert after[8] == "look\n\n14/02/2024, 10:09 - Bo: I did it"
    assert "header-in-body" not in desk.open()
    assert desk.settle("header-in-body", "message") == 1
    assert desk.column("text") == before


def test_a_line_left_in_a_body_can_be_settled_as_a_message(desk: Desk) -> None:
    data = FORGED.replace(b"\n\n14/02/2024, 10:09 - Bo", b"\n[14/02/2024, 09:57:10] Bo")
    desk.take(data)
    assert "look\n[14/02/2024, 09:57:10] Bo: I did it" in desk.column("text")
    desk.settle("header-in-body", "message")
    assert "I did it" in desk.column("text")
    assert "header-in-body" not in desk.open()


def test_every_doubt_of_a_code_can_be_accepted_as_read_at_once(desk: Desk) -> None:
    rows = [b"14/02/2024, %d:00 - Ana: tea\n" % hour for hour in (10, 20, 10, 20, 10, 20)]
    desk.take(b"".join(rows))
    count = desk.open().count("time-runs-back")
    assert count > 1
    assert desk.settle("time-runs-back", "as-read") == 1
    assert desk.open() == ["zone-assumed"]
    start = next(one.start for one in desk.doubts() if one.code == "time-runs-back")
    desk.settle("time-runs-back", "open", start)
    assert desk.open().count("time-runs-back") == 1


def test_a_settlement_whose_doubt_is_gone_is_a_doubt_itself(desk: Desk) -> None:
    desk.take(FORGED)
    (start,) = (one.start for one in desk.doubts() if one.code == "header-in-body")
    desk.settle("zone-assumed", "Asia/Tokyo")
    asked = Decision(desk.exhibit, "header-in-body", "as-read", "seen", start + 1)
    (met,) = (one for one in desk.doubts() if one.code == "header-in-body")
    settling.record(desk.ledger, [replace(met, start=start + 1)], asked, ANA, NOON)
    desk.run()
    ((severity, what),) = desk.whats("settlement-idle")
    assert severity == "doubt"
    assert f"but shows no longer at byte {start + 1}" in what


@pytest.mark.parametrize(
    ("code", "decision", "start", "reason", "refusal"),
    [
        ("date-order", "month/day/year", None, "  ", "needs a reason"),
        ("date-order", "year/month/day", None, "seen", "choose one of: day/month/year, month"),
        ("date-order", "as-read", 5, "seen", "no doubt 'date-order' at byte 5"),
        ("half-day", "as-read", None, "seen", "no doubt 'half-day' in that exhibit"),
    ],
)
def test_what_cannot_be_settled_is_refused_and_nothing_is_written(
    desk: Desk, code: str, decision: str, start: int | None, reason: str, refusal: str
) -> None:
    desk.take(OPEN_ORDER)
    with pytest.raises(SettlementError, match=refusal):
        desk.settle(code, decision, start, reason=reason)
    assert settling.settled(desk.ledger) == {}


def test_an_order_that_changes_inside_the_file_can_be_settled_from_there_on(desk: Desk) -> None:
    desk.take(
        b"25/12/2023, 10:00 - Ana: one\n26/12/2023, 10:00 - Bo: two\n"
        b"12/27/2023, 10:00 - Ana: three\n12/28/2023, 10:00 - Bo: four\n"
    )
    assert desk.column("wall_at")[2].day == 27
    desk.settle("layout-change", "day/month/year")
    assert [at is None for at in desk.column("wall_at")] == [False, False, True, True]
    assert {"layout-change"}.isdisjoint(desk.open())
    assert desk.open().count("no-such-time") == 2


def test_an_exhibit_without_doubts_has_nothing_to_settle(desk: Desk) -> None:
    desk.take(b"\0\1\2")
    assert desk.doubts() == []
    with pytest.raises(SettlementError, match="no doubt 'unrecognised'"):
        desk.settle("unrecognised", "as-read")
