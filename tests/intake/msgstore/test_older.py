"""What the older table holds beside the words."""

import sqlite3
from pathlib import Path

from tests.intake.msgstore.phone import LEGACY, OLDER, Fill, script
from tests.intake.msgstore.reading import ANA, BO, OWNER, of, read

GROUP, TO_BO = "447700900101-1500000000@g.us", "447700900102@s.whatsapp.net"
FROM_ANA = "447700900101@s.whatsapp.net"
AT = 1_500_000_000_000
CARD = "BEGIN:VCARD\nFN:Cy Marsh\nTEL:+44 7700 900103\nEND:VCARD"


def many(statement: str, *rows: tuple[object, ...]) -> Fill:
    def fill(opened: sqlite3.Connection) -> None:
        opened.executemany(statement, rows)

    return fill


def older(*rows: tuple[object, ...]) -> Fill:
    return many(OLDER, *rows)


def test_changes_are_told_by_the_code_where_a_file_s_size_would_stand(tmp_path: Path) -> None:
    codes = {2: 11, 3: 12, 4: 5, 5: 1, 6: 14, 7: 4, 8: 999}
    sent = older(
        *(
            (n, GROUP, 0, f"A{n}", 6, "Tea" if code == 1 else None, AT, None, code, None, FROM_ANA)
            for n, code in codes.items()
        ),
        (9, GROUP, 0, "A9", 6, None, 0, None, 5, None, None),
        (10, TO_BO, 0, "A10", 0, "hi", AT, "0", 5, None, None),
    )
    found = read(tmp_path, sent, schema=LEGACY)
    assert of(found, "memberships", "event", "actor", "member") == [
        ("created", ANA, None),
        ("added", ANA, None),
        ("left", ANA, ANA),
        ("subject", ANA, "Tea"),
        ("removed", ANA, None),
        ("left", None, None),
    ]
    assert of(found, "memberships", "sent_at")[-1] == (None,)


def test_cards_and_places_are_told_as_in_the_newer_table(tmp_path: Path) -> None:
    sent = older(
        (2, TO_BO, 0, "A2", 0, CARD, AT, "4", 0, "Cy Marsh", None),
        (3, TO_BO, 0, "A3", 0, "Cy", AT, "4", 0, None, None),
        (4, TO_BO, 0, "A4", 0, None, AT, "5", 0, "The yard", None),
        (5, TO_BO, 0, "A5", 0, "here", AT, "5", 0, None, None),
        (6, TO_BO, 0, "A6", 0, None, AT, "4", 0, None, None),
    )
    where = script("UPDATE messages SET latitude=51.5, longitude=-0.125 WHERE _id=4")
    nowhere = script("UPDATE messages SET latitude=0, longitude=0 WHERE _id=5")
    found = read(tmp_path, sent, where, nowhere, schema=LEGACY)
    assert of(found, "messages", "kind", "text") == [
        ("contact", "Cy Marsh +44 7700 900103"),
        ("contact", "Cy"),
        ("location", "The yard, 51.5, -0.125"),
        ("location", "here"),
        ("contact", None),
    ]


def test_receipts_stand_in_the_row_or_in_a_table_of_their_own(tmp_path: Path) -> None:
    sent = older(
        (2, TO_BO, 1, "A2", 13, "tea", AT, "0", 0, None, None),
        (3, GROUP, 1, "A3", 13, "cake", AT, "0", 0, None, None),
        (4, TO_BO, 0, "A4", 0, "yes", AT, "0", 0, None, None),
    )
    times = script(
        "UPDATE messages SET receipt_device_timestamp=1500000001000,"
        " read_device_timestamp=1500000002000, played_device_timestamp=-1"
    )
    receipts = many(
        "INSERT INTO receipts VALUES(?,?,?,?,?,?,?)",
        (1, GROUP, "A3", FROM_ANA, AT + 3000, -1, AT + 4000),
        (2, TO_BO, "A2", None, AT + 5000, None, None),
        (3, TO_BO, "A3", None, AT, 1, 1),
        (4, TO_BO, "A9", None, AT, 1, 1),
    )
    found = read(tmp_path, sent, times, receipts, schema=LEGACY)
    starts = dict(of(found, "messages", "row", "start"))
    told = of(found, "acknowledgements", "person", "event", "start")
    assert sorted(told, key=str) == sorted(
        [
            (ANA, "delivered", starts[3]),
            (ANA, "played", starts[3]),
            (BO, "delivered", starts[2]),
            (BO, "delivered", starts[2]),
            (BO, "read", starts[2]),
            (None, "delivered", starts[3]),
            (None, "read", starts[3]),
        ],
        key=str,
    )
    assert {sender for (sender,) in of(found, "messages", "sender")} == {OWNER, BO}
