"""What copies tell beside a message is told once of it: answers, reactions, votes, edits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.intake.archives import put
from tests.intake.msgstore.phone import AT, MORE, SCHEMA, database, say, script
from tests.intake.msgstore.phone import said as spoken
from tests.people import ANA as ACTOR
from tests.people import NOON
from tests.reconcile.chats import DAWN, SECOND, Phone, Said, no_memberships, rows, source
from tests.reconcile.test_run import files, read
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import (
    CANONICAL_ACKNOWLEDGEMENTS,
    CANONICAL_MESSAGES,
    CANONICAL_REACTIONS,
    CANONICAL_VOTES,
    CLOCKS,
    COPIES,
    EARLIER_TEXTS,
    SIGHTINGS,
    VARIANTS,
    Table,
)
from witnessbox.intake import extract
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile import run as reconcile
from witnessbox.reconcile.kernel import MADE
from witnessbox.reconcile.kernel import reconcile as reconcile_copies
from witnessbox.reconcile.plan import plan
from witnessbox.reconcile.sketch import sketch

SAID = [
    f"the {what} is on the desk by the {where}"
    for what in ("rota", "key", "lamp", "kettle", "form", "radio")
    for where in ("door", "window")
]
ANA, BO = 1, 2  # by their rows in the database's table of addresses
HOLDERS = {ANA: "Ana Okoro", BO: "Bo Lind"}
POLL = 11


def phone(place: Path, owner: int, more: str, other_text: str | None = None) -> bytes:
    """Make the database of one of the two: Ana writes, and Bo every third time.

    ``other_text`` is what the fourth message says there; it is then marked as edited.
    """
    listed = []
    for row, text in enumerate(SAID, 1):
        who = ANA if row % 3 else BO
        told = other_text if row == 4 and other_text else text
        kind = 66 if row == POLL else 0
        listed.append(say(row, told, sender=None if who == owner else who, kind=kind))
    edited = f"INSERT INTO message_edit_info VALUES(4, '3EB00004', {AT + 250_000});"
    fills = [spoken(*listed), script(more), script(edited if other_text else "")]
    return database(place, *fills, schema=SCHEMA + MORE)


def reaction(number: int, by: int | None, message: int, mark: str, at: int) -> str:
    own = int(by is None)
    return (
        f"INSERT INTO message_add_on VALUES({number}, 1, {own}, 'r{number}', {by or 0},"
        f" {message}, {at}, 56);"
        f"INSERT INTO message_add_on_reaction VALUES({number}, '{mark}', {at});"
    )


def vote(number: int, by: int | None, option: int, at: int) -> str:
    own = int(by is None)
    return (
        f"INSERT INTO message_add_on VALUES({number}, 1, {own}, 'v{number}', {by or 0},"
        f" {POLL}, {at}, 67);"
        f"INSERT INTO message_add_on_poll_vote VALUES({number}, {at});"
        "INSERT INTO message_add_on_poll_vote_selected_option"
        f" VALUES({number}, {number}, {option});"
    )


OPTIONS = f"INSERT INTO message_poll_option VALUES(1,{POLL},'a','Yes',1),(2,{POLL},'b','No',0);"
QUOTES = "INSERT INTO message_quoted VALUES(3,'3EB00002',1,NULL),(6,'3EB09999',1,'gone');"
BY_ANA = "".join(
    (
        QUOTES,
        OPTIONS,
        reaction(1, None, 3, "❤", AT + 200_000),
        reaction(2, BO, 2, "👍", AT + 130_000),
        reaction(3, 5, 5, "🎉", AT + 310_000),
        vote(9, None, 1, AT + 700_000),
    )
)
BY_BO = "".join(
    (
        QUOTES,
        OPTIONS,
        reaction(1, ANA, 3, "❤\ufe0f", AT + 201_000),
        reaction(2, None, 2, "", AT + 190_000),
        vote(9, ANA, 1, AT + 701_000),
        f"INSERT INTO receipt_user VALUES(1, 3, {ANA}, {AT + 181_000}, {AT + 182_000}, 0);",
    )
)


@pytest.fixture
def operation(folder: Folder, sqlite_ledger: Ledger, tmp_path: Path) -> Folder:
    made = {
        ANA: phone(tmp_path / "a.db", ANA, BY_ANA),
        BO: phone(tmp_path / "b.db", BO, BY_BO, "the key is gone, look by the window"),
    }
    for owner, content in made.items():
        path = put(tmp_path / f"{owner}" / "msgstore.db", content)
        terms = Terms(HOLDERS[owner], f"WB/{owner}", "consent")
        receive(folder, sqlite_ledger, [path], terms, ACTOR, NOON)
    extract.run(folder, sqlite_ledger, zone="Europe/London")
    reconcile.run(folder, sqlite_ledger)
    return folder


def told(folder: Folder, table: Table, *columns: str) -> list[tuple[Any, ...]]:
    """Give some columns, each message by its number and each copy by whose it is."""
    holders = {row["copy"]: row["custodian"] for row in read(folder, COPIES)}
    return [
        (row["position"] + 1, *(row[name] for name in columns), holding(row, holders))
        for row in read(folder, table)
    ]


def holding(row: Mapping[str, Any], holders: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(holders[copy].partition(" ")[0] for copy in row["copies"]))


def test_a_message_names_the_one_it_answers(operation: Folder) -> None:
    messages = read(operation, CANONICAL_MESSAGES)
    answers = {n: row["reply_to"] for n, row in enumerate(messages, 1) if row["reply_to"]}
    assert answers == {3: messages[1]["message"]}  # of the sixth's, no copy holds what it quotes


def test_one_persons_reaction_is_one_whatever_the_phones_call_them(operation: Folder) -> None:
    assert told(operation, CANONICAL_REACTIONS, "name", "reaction") == [
        (2, "+447700900102", "", ("Bo",)),
        (2, "+447700900102", "👍", ("Ana",)),
        (3, "+447700900101", "❤", ("Ana", "Bo")),
        (5, "190000000000005@lid", "🎉", ("Ana",)),
    ]
    stranger = read(operation, CANONICAL_REACTIONS)[-1]
    assert stranger["person"] is None


def test_votes_and_acknowledgements_are_united_alike(operation: Folder) -> None:
    assert told(operation, CANONICAL_VOTES, "choice") == [(POLL, "Yes", ("Ana", "Bo"))]
    assert told(operation, CANONICAL_ACKNOWLEDGEMENTS, "event") == [
        (3, "delivered", ("Bo",)),
        (3, "read", ("Bo",)),
    ]


def test_a_text_that_differs_between_copies_is_a_variant(operation: Folder) -> None:
    assert told(operation, VARIANTS, "text", "edited", "earlier") == [
        (4, SAID[3], False, False, ("Ana",)),
        (4, "the key is gone, look by the window", True, False, ("Bo",)),
    ]
    assert sum(row["quoted"] for row in read(operation, VARIANTS)) == 1


def test_the_time_of_a_message_says_whose_clock_it_is(operation: Folder) -> None:
    offsets = {row["copy"]: row["offset_ms"] for row in read(operation, CLOCKS)}
    sent = {(row["message"], row["copy"]): row["sent_at"] for row in read(operation, SIGHTINGS)}
    for row in read(operation, CANONICAL_MESSAGES):
        written = sent[row["message"], row["timed_by"]]
        assert row["sent_at"] == written + timedelta(milliseconds=offsets[row["timed_by"]])


def test_texts_that_an_exhibit_keeps_from_before_are_variants() -> None:
    said = [Said(n, DAWN + n * 60_000, n % 3, "text", f"{n} lamps by the door") for n in range(20)]
    first = Phone("ana", ("Ana", "Ben", "Cy"), SECOND, custodian="Ana Holt")
    second = Phone("ben", ("A", "Ben", "C"), SECOND, custodian="Ben Marsh")
    first = replace(first, placeholders=frozenset({7}), altered={9: "9 LAMPS by the door"})
    second = replace(second, placeholders=frozenset({7}), edited=frozenset({4}))
    phones = sorted((first, second), key=lambda phone: source(phone).copy)
    tables = [rows(said, phone) for phone in phones]
    (planned,) = plan([source(p) for p in phones], [sketch(t) for t in tables]).conversations
    kept = [
        (second.exhibit, 4_000, "4 lambs by the door", DAWN + 250_000),
        (second.exhibit, 4_000, "4 lamps", DAWN + 240_500),
        (second.exhibit, 7_000, "what it was", None),
        (second.exhibit, 7_500, "of no message here", None),
        ("ff" * 32, 7_000, "of no exhibit here", None),
    ]
    earlier = pa.table(dict(zip(EARLIER_TEXTS.schema.names, zip(*kept, strict=True), strict=True)))
    told_beside = (None, None, None, earlier.cast(EARLIER_TEXTS.schema))
    made = reconcile_copies(planned, tables, no_memberships(), told=told_beside)
    found = made[MADE.index(VARIANTS)].to_pylist()
    assert [(row["position"], row["text"], row["earlier"], row["quoted"]) for row in found] == [
        (4, "4 lamps", True, False),
        (4, "4 lambs by the door", True, False),
        (4, "4 lamps by the door", False, True),
        (7, "what it was", True, False),
    ]
    assert [row["copies"] for row in found[1:3]] == [
        [source(second).copy],
        [source(phone).copy for phone in phones],
    ]
    assert [row["edited"] for row in found] == [False, False, True, False]


def test_what_is_told_of_another_conversation_stays_there(
    operation: Folder, sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    before = {
        name: content
        for name, content in files(operation).items()
        if name.startswith("canonical_reactions/")
    }
    other = database(
        tmp_path / "c.db",
        spoken(*(say(n, f"hello {n}", chat=2, sender=1) for n in range(20, 26))),
        spoken(*(say(n, text, sender=1 if n % 3 else 2) for n, text in enumerate(SAID, 1))),
        script(reaction(1, 2, 21, "👍", AT + 900_000)),
    )
    path = put(tmp_path / "3" / "msgstore.db", other)
    receive(operation, sqlite_ledger, [path], Terms("Cy Ward", "WB/3", "consent"), ACTOR, NOON)
    extract.run(operation, sqlite_ledger, zone="Europe/London")
    reconcile.run(operation, sqlite_ledger)
    reacted = read(operation, CANONICAL_REACTIONS)
    assert len(before) == 1
    assert len(reacted) == 5
    (two,) = {row["conversation"] for row in reacted if row["reaction"] == "🎉"}
    (alone,) = [row for row in reacted if row["conversation"] != two]
    assert (alone["position"], alone["reaction"]) == (1, "👍")
