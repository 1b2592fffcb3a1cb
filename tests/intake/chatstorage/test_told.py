"""Places, cards, names and changes of an iPhone's database."""

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.intake.chatstorage.iphone import (
    BO,
    BOOK,
    GROUP,
    Fill,
    database,
    field,
    group,
    many,
    said,
    script,
    shown,
    to_bo,
)
from tests.intake.reading import batches, rows
from witnessbox.intake.chatstorage.pushed import pushed
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import whatsapp_ios

CARD = "BEGIN:VCARD\nFN:Cy Marsh\nTEL:+44 7700 900103\nEND:VCARD"


def read(place: Path, *fills: Fill, beside: dict[str, bytes] | None = None) -> list[Batch]:
    data = database(place / "a.sqlite", *fills)
    return batches(whatsapp_ios, data, "ChatStorage.sqlite", beside)


def of(found: list[Batch], table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(found, table)]


def test_a_place_is_told_and_a_picture_s_size_is_none(tmp_path: Path) -> None:
    sent = said(
        group(1, None, kind=5),
        group(2, "here", kind=5),
        group(3, None, kind=1),
        group(4, None, kind=5),
        group(5, None, kind=5),
    )
    files = shown(
        (1, 1, "The yard", 51.5, -0.125, None),
        (2, 2, None, 51.5, -0.125, None),
        (3, 3, None, 80.0, 60.0, "image/jpeg"),
        (4, 4, None, 3024.0, 4032.0, None),
    )
    assert of(read(tmp_path, sent, files), "messages", "kind", "text") == [
        ("location", "The yard, 51.5, -0.125"),
        ("location", "here\n51.5, -0.125"),
        ("media", None),
        ("location", None),
        ("location", None),
    ]


def test_a_card_is_told_and_a_sort_of_file_is_none(tmp_path: Path) -> None:
    sent = said(group(1, None, kind=4), group(2, "Cy", kind=4), group(3, None, kind=1))
    files = shown(
        (1, 1, None, None, None, CARD),
        (2, 2, None, None, None, "text/x-vcard"),
        (3, 3, None, None, None, CARD),
    )
    assert of(read(tmp_path, sent, files), "messages", "kind", "text") == [
        ("contact", "Cy Marsh +44 7700 900103"),
        ("contact", "Cy"),
        ("media", None),
    ]


def test_a_change_whose_code_nobody_has_explained_is_noted_as_it_stands(tmp_path: Path) -> None:
    changes = many(
        "INSERT INTO ZWAGROUPMEMBERSCHANGE VALUES(?,?,?,?,?)",
        (1, 2, 700_000_000.0, GROUP, "447700900101@s.whatsapp.net"),
        (2, 3, None, None, None),
    )
    noted = of(read(tmp_path, said(group(1, "hello")), changes), "problems", "code", "row", "what")
    unknown = "whose code nobody has explained"
    assert noted == [
        (
            "member-change",
            1,
            (
                f"a change of members of Night turn, {unknown}: 2; 2023-03-08T20:26:40Z; of "
                "447700900101@s.whatsapp.net"
            ),
        ),
        ("member-change", 2, f"a change of members of a group that is not named, {unknown}: 3"),
    ]


BLOB = base64.b64encode(field(1, "Eve") + field(2, 7)).decode()
NAMELESS = base64.b64encode(field(1, 1_700_000_000) + field(4, 0)).decode()


@pytest.mark.parametrize(
    ("held", "name"),
    [(BLOB, "Eve"), (NAMELESS, None), ("Eve Stone", "Eve Stone"), ("Mark", "Mark"), ("", "")],
)
def test_a_name_is_taken_out_of_its_blob_or_as_it_stands(held: str, name: str | None) -> None:
    assert pushed(held) == name


def test_who_has_no_other_name_has_the_one_that_came_with_messages(tmp_path: Path) -> None:
    extra = script(
        "INSERT INTO ZWAGROUPMEMBER VALUES(9,1,0,1,'447700900109@s.whatsapp.net',NULL,NULL);"
        "INSERT INTO ZWACHATSESSION VALUES(9,0,0,0,NULL,'447700900108@s.whatsapp.net',NULL)"
    )
    sent = said(group(1, "hello", 9), group(2, "hi", 1), group(3, "so", 0), to_bo(4, 1, "hi"))
    names = many(
        "UPDATE ZWAMESSAGE SET ZPUSHNAME=? WHERE Z_PK=?",
        (BLOB, 1),
        ("Annie", 2),
        ("me", 3),
        (NAMELESS, 4),
    )
    late = script(
        "UPDATE ZWAMESSAGE SET ZCHATSESSION=9, ZFROMJID='447700900108@s.whatsapp.net',"
        " ZPUSHNAME='Flo' WHERE Z_PK=4"
    )
    found = read(tmp_path, extra, sent, names, late)
    assert of(found, "messages", "sender") == [
        ("Eve",),
        ("Ana",),
        ("owner of this phone",),
        ("Flo",),
    ]


def test_a_hidden_address_leads_to_the_known_one(tmp_path: Path) -> None:
    accounts = (
        "CREATE TABLE ZWAZACCOUNT ( Z_PK INTEGER PRIMARY KEY, ZIDENTIFIER VARCHAR,"
        " ZPHONENUMBER VARCHAR );"
        "INSERT INTO ZWAZACCOUNT VALUES(1,'190000000000009@lid','447700900109'),(2,NULL,'5')"
    )
    extra = script("INSERT INTO ZWAGROUPMEMBER VALUES(9,1,0,1,'190000000000009@lid',NULL,NULL)")
    beside = {
        "LID.sqlite": database(tmp_path / "l.sqlite", schema=accounts),
        "ContactsV2.sqlite": database(tmp_path / "c.sqlite", schema=BOOK),
    }
    found = read(tmp_path, extra, said(group(1, "hello", 9), group(2, "hi", 3)), beside=beside)
    assert of(found, "messages", "sender") == [("+447700900109",), ("Dee Days",)]
    raw = dict(of(found, "participants", "name", "platform_id"))
    assert raw["Dee Days"] == "447700900104@s.whatsapp.net"
    assert raw["+447700900109"] == "447700900109@s.whatsapp.net"


def test_a_freed_row_shows_what_it_said(tmp_path: Path) -> None:
    unsafe = script("PRAGMA secure_delete=0")
    sent = said(*(group(n, f"tea at {n}") for n in range(1, 30)), to_bo(40, 1, "yes"))

    def later(opened: Any) -> None:
        opened.commit()
        opened.execute("DELETE FROM ZWAMESSAGE WHERE Z_PK IN (7, 40)")

    found = list(rows(read(tmp_path, unsafe, sent, later), "traces"))
    freed = sorted(one["what"] for one in found if one["kind"] == "freed-row")
    what = "freed space still holds a row that is not there"
    assert freed == [
        f"{what}: 3A000000000000000007, 2023-03-08T20:33:40Z, “tea at 7”",
        f"{what}: 3A000000000000000040, 2023-03-08T21:06:40Z, “yes”",
    ]
    assert BO
