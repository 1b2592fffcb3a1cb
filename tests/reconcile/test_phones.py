"""One phone is one witness, in however many formats it was handed over."""

from pathlib import Path

import pytest

from tests.intake.archives import packed, put
from tests.intake.msgstore.phone import database, say
from tests.intake.msgstore.phone import said as spoken
from tests.intake.ufdr_reports import ANA, chat, chats, message, party
from tests.people import ANA as ACTOR
from tests.people import NOON
from tests.reconcile.chats import Phone, source
from tests.reconcile.test_run import read
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import (
    CANONICAL_MESSAGES,
    CONVERSATIONS,
    COPIES,
    DISCREPANCIES,
    SIGHTINGS,
)
from witnessbox.intake import extract
from witnessbox.intake.apps import platform_of
from witnessbox.intake.receive import Terms, receive
from witnessbox.intake.ufdr.rows import thread_and_extraction
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile import run as reconcile
from witnessbox.reconcile.model import Name, PlannedCopy
from witnessbox.reconcile.phones import each_once, phones

CY = ("447700900103@s.whatsapp.net", "Cy Ward")
GROUP = "120000000000000001@g.us"
SAID = [
    f"the {what} is on the desk by the {where}"
    for what in ("rota", "key", "lamp", "kettle", "form", "radio")
    for where in ("door", "window")
]
LOST = 5
KEYS = [f"3EB0{row:04}" for row in range(1, len(SAID) + 1)]


def written(cy: str, ana: str, without: int = -1) -> bytes:
    """Write the chat as text, as one phone's export does; it is Cy who speaks every third time."""
    lines = [
        f"[14/11/2023, 22:{14 + row}:20] {ana if row % 3 else cy}: {text}\n"
        for row, text in enumerate(SAID, 1)
        if row != without
    ]
    return "".join(lines).encode()


def held_by_database(place: Path) -> bytes:
    rows = [say(row, text, sender=1 if row % 3 else None) for row, text in enumerate(SAID, 1)]
    return database(place, spoken(*rows))


def reported() -> bytes:
    messages = [
        message(
            key,
            text,
            who=ANA if row % 3 else CY,
            at=f"2023-11-14T22:{13 + row}:20.000+00:00",
        )
        for row, (key, text) in enumerate(zip(KEYS, SAID, strict=True), 1)
    ]
    parties = (party(CY, owner=True), party(ANA))
    return packed([("report.xml", chats(chat(*messages, thread=GROUP, parties=parties)))])


def test_a_phone_handed_over_as_text_as_database_and_in_a_report_is_one_witness(
    folder: Folder, sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    one = tmp_path / "in"
    handed = {
        "Cy Ward": (
            put(one / "_chat.txt", written("Cy Ward", "Ana")),
            put(one / "msgstore.db", held_by_database(tmp_path / "made.db")),
            put(one / "Phone.ufdr", reported()),
        ),
        "Ana Okoro": (put(tmp_path / "two" / "_chat.txt", written("Cy", "Ana Okoro", LOST)),),
    }
    for number, (custodian, paths) in enumerate(handed.items(), 1):
        terms = Terms(custodian, f"WB/00{number}", "consent")
        receive(folder, sqlite_ledger, paths, terms, ACTOR, NOON)
    extract.run(folder, sqlite_ledger, zone="Europe/London")
    reconcile.run(folder, sqlite_ledger)
    assert [row["copies"] for row in read(folder, CONVERSATIONS)] == [4]
    messages = read(folder, CANONICAL_MESSAGES)
    assert [row["text"] for row in messages] == SAID
    assert [row["sightings"] for row in messages] == [3 if n == LOST else 4 for n in range(1, 13)]
    assert {row["sender_name"] for row in messages} == {"Cy Ward", "Ana Okoro"}
    parsers = {row["copy"]: row["parser"].partition("/")[0] for row in read(folder, COPIES)}
    by_id = [row for row in read(folder, SIGHTINGS) if row["matched_by"] == "platform-id"]
    assert {parsers[row["copy"]] for row in by_id} == {"whatsapp-android", "whatsapp-ufdr"}
    told = read(folder, DISCREPANCIES)
    assert {row["message"] for row in told} == {messages[LOST - 1]["message"]}
    assert sorted(row["what"].partition(";")[0] for row in told) == [
        "one other phone holds this message inside the window of this copy, which does not",
        "only this phone holds this message",
    ]


def copy_of(custodian: str, owner: str | None) -> PlannedCopy:
    names = () if owner is None else (Name(owner, f"person {owner}", owner, 1, owner=True),)
    return PlannedCopy(source(Phone("x", (), custodian=custodian)), names)


def test_copies_of_one_custodian_are_one_phone_unless_they_have_several_owners() -> None:
    copies = [
        copy_of("Ana Holt", "Ana"),
        copy_of("ana  holt", None),
        copy_of("Store", "Ben"),
        copy_of("Store", "Cy"),
        copy_of("Store", None),
        copy_of("", "Dee"),
        copy_of("", "Dee"),
    ]
    ana, ana_again, ben, cy, unknown, dee, nobody = phones(copies).tolist()
    assert ana == ana_again
    assert unknown == ben
    assert len({ana, ben, cy, dee, nobody}) == 5
    assert not each_once(phones(copies))


@pytest.mark.parametrize(
    ("app", "platform"),
    [("WhatsApp Business", "whatsapp"), ("Telegram X", "telegram"), ("Threema", "threema")],
)
def test_apps_of_one_family_are_one_platform(app: str, platform: str) -> None:
    assert platform_of(app) == platform


def test_a_thread_is_told_from_the_extraction_it_comes_from() -> None:
    assert thread_and_extraction(f"{GROUP} (extraction 1)") == (GROUP, "1")
    assert thread_and_extraction(GROUP) == (GROUP, "")
