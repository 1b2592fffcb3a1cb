"""The tables of iOS up to 5."""

from pathlib import Path

from tests.intake.imessage.mac import LEGACY, archive, database, guid, row
from tests.intake.imessage.reading import ANA_ADDRESS, CY_ADDRESS, OWNER, read, told


def test_the_tables_of_the_first_iphones_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    add = (
        "INSERT INTO message(address, date, text, flags, group_id, is_madrid, madrid_handle,"
        " madrid_flags, madrid_guid, madrid_roomname, madrid_attributedBody)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?)"
    )
    nothing = (None,) * 7
    data = database(
        tmp_path / "a.db",
        row(add, ANA_ADDRESS, 1_300_000_000, "Tea?", 2, 1, *nothing[1:]),
        row(add, ANA_ADDRESS, 1_300_000_060, "Yes", 3, 1, *nothing[1:]),
        row(add, None, 1_300_000_060, "All", 2, 5, *nothing[1:]),
        row(
            *(add, None, 340_000_000, None, 0, 0, 1, CY_ADDRESS, 36869, guid(4), None),
            archive("Hm"),
        ),
        row(add, None, 340_000_000, "Room", 0, 0, 1, CY_ADDRESS, 12289, guid(5), "chat9", None),
        row(add, None, 340_000_000, "Who", 2, None, *nothing[1:]),
        schema=LEGACY,
    )
    found = read(data)
    assert told(found, "thread", "sender", "text", "platform_id") == [
        (ANA_ADDRESS, ANA_ADDRESS, "Tea?", None),
        (ANA_ADDRESS, OWNER, "Yes", None),
        ("group 5", None, "All", None),
        (CY_ADDRESS, OWNER, "Hm", guid(4)),
        ("chat9", CY_ADDRESS, "Room", guid(5)),
        (None, None, "Who", None),
    ]
    times = [at.isoformat() for (at,) in told(found, "sent_at")]
    assert (times[0], times[3]) == ("2011-03-13T07:06:40+00:00", "2011-10-11T04:26:40+00:00")
