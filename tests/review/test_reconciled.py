"""Codings through the real flow: what is coded on one phone holds when another phone comes in."""

from hashlib import sha256
from pathlib import Path

from tests.people import ANA, NOON
from witnessbox.evidence.folder import Folder
from witnessbox.intake import extract
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile import run as reconcile
from witnessbox.review.record import Taken, history, standing, take

TOPICS = ("rota", "kettle", "parking", "radio", "lockers", "boots", "torches", "biscuits")
LINES = [
    f"0{day}/02/2024, 21:{minute:02} - {name}: About the {topic} on day {day}, number {minute}\n"
    for day in range(1, 6)
    for minute, (topic, name) in enumerate(
        zip(TOPICS, ("Robin", "Sam", "Kit", "Robin") * 2, strict=True), 10
    )
]


def export(folder: Path, phone: str, lines: list[str]) -> Path:
    place = folder / phone / "WhatsApp Chat with Nights.txt"
    place.parent.mkdir()
    place.write_text("".join(lines), "utf-8")
    return place


def run(folder: Folder, ledger: Ledger, place: Path, reference: str) -> None:
    terms = Terms(f"Owner of {reference}", reference, "consent")
    receive(folder, ledger, [place], terms, ANA, NOON)
    extract.run(folder, ledger, zone="Europe/London")
    reconcile.run(folder, ledger)


def test_a_coding_made_on_one_phone_holds_when_another_comes_in(
    folder: Folder, sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    copies = [export(tmp_path, "one", LINES[3:]), export(tmp_path, "two", LINES)]
    # A message is named after the copy with the lowest hash: let that one come last.
    later, first = sorted(copies, key=lambda place: sha256(place.read_bytes()).hexdigest())
    data = first.read_bytes()
    start = data.index(b"04/02/2024, 21:12")
    run(folder, sqlite_ledger, first, "WB/1")
    codings = tmp_path / "codings.csv"
    codings.write_text(f"exhibit,start,categories,severity\nWB/1,{start},bullying-threat,1\n")
    assert take(folder, sqlite_ledger, codings, ANA, NOON) == Taken(added=1, unchanged=0)

    run(folder, sqlite_ledger, later, "WB/2")

    words = standing(folder, sqlite_ledger)
    (coding,) = words.codings
    (entered,) = history(sqlite_ledger)
    assert words.unplaced == ()
    assert coding.span == entered.decision.span
    assert coding.message != entered.decision.message
    assert take(folder, sqlite_ledger, codings, ANA, NOON) == Taken(added=0, unchanged=1)
