"""A small operation that went through every stage, to publish from."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.people import ANA
from witnessbox.cases.model import Allegation, Investigation, Outcome, Status, Subject
from witnessbox.cases.record import take as take_records
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CANONICAL_MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.intake import extract
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile import run as reconcile
from witnessbox.reports.gather import Edition
from witnessbox.review.record import take as take_codings

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
EDITION = Edition("Operation Teapot", "Europe/London")

LINES = (
    ("08:01", "Dai Morris", "who left the urn on"),
    ("08:02", "Ana Petrova", "not me, I only drink water"),
    ("08:03", "Bo Lind", "Dai cannot boil an egg, never mind an urn"),
    ("08:05", "Dai Morris", "ask Ana to mop it up, women like mopping"),
    ("08:06", "Bo Lind", "only a joke Ana, ring me on 07700 900123"),
    ("08:09", "Ana Petrova", "it is not funny the tenth time"),
    ("08:11", "Bo Lind", "mop mop mop"),
)
GRAVE = "ask Ana to mop it up, women like mopping"
MILDER = "only a joke Ana, ring me on 07700 900123"


@dataclass(frozen=True, slots=True)
class Stage:
    """An operation's folder and ledger."""

    folder: Folder
    ledger: Ledger


def chat(without: frozenset[str] = frozenset()) -> str:
    return "".join(
        f"12/03/2017, {clock} - {sender}: {text}\n"
        for clock, sender, text in LINES
        if clock not in without
    )


@pytest.fixture
def stage(folder: Folder, sqlite_ledger: Ledger, tmp_path: Path) -> Stage:
    """Give an operation of two phones, some codings and one linked investigation."""
    ledger = sqlite_ledger
    for number, (custodian, without) in enumerate(
        (("Bo Lind", frozenset()), ("Dai Morris", frozenset({"08:05"}))), 1
    ):
        phone = tmp_path / f"phone-{number}"
        phone.mkdir()
        export = phone / "WhatsApp Chat with Tea rota.txt"
        export.write_text(chat(without), encoding="utf-8")
        terms = Terms(custodian, f"TP/{number}", "consent of the owner")
        receive(folder, ledger, [export], terms, ANA, AT)
    extract.run(folder, ledger, zone="Europe/London", executor=None)
    reconcile.run(folder, ledger, executor=None)
    _code(folder, ledger, tmp_path)
    take_records(
        ledger,
        (
            Investigation("rota", 1, "The tea rota", "2018-06-01", scope="Remarks on the rota"),
            Subject("dai", "Officer A", names=("Dai Morris",)),
            Subject("bo", "PC Bo Lind", names=("Bo Lind",)),
            Allegation("mop", "Told Ana to mop", Status.NOT_PROVEN, ("dai",), ("rota",)),
            Outcome("dai-out", "resigned", "dai"),
        ),
        ANA,
        AT,
    )
    return Stage(folder, ledger)


def _code(folder: Folder, ledger: Ledger, tmp_path: Path) -> None:
    rows = Tables(folder.tables).read(CANONICAL_MESSAGES).to_pylist()
    messages = {row["text"]: row["message"] for row in rows}
    decided = [
        (GRAVE, "ana", ["misogyny"], 3, True),
        (GRAVE, "cai", ["misogyny"], 2, False),
        (MILDER, "ana", ["bullying-threat"], 1, True),
        ("mop mop mop", "ana", ["bullying-threat"], 2, False),
        ("mop mop mop", "cai", [], 0, False),
        ("who left the urn on", "ana", [], 0, False),
    ]
    lines = [
        json.dumps(
            {
                "message": messages[text],
                "reviewer": reviewer,
                "categories": categories,
                "severity": severity,
                "banter": banter,
                "note": "",
            }
        )
        for text, reviewer, categories, severity, banter in decided
    ]
    sheet = tmp_path / "codings.jsonl"
    sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    take_codings(folder, ledger, sheet, ANA, AT)
