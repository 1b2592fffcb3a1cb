"""An attachment is matched with the file that came with it, and with no other."""

import pyarrow as pa
import pytest

from witnessbox.evidence import schema
from witnessbox.intake.attached import Attached, Came, reach
from witnessbox.intake.columns import table_of
from witnessbox.intake.parser import Batch
from witnessbox.intake.record import Receipt

CHAT = "export.zip/Nights/chat.md"


def receipt(name: str, delivery: str = "d", exhibit: str | None = None) -> Receipt:
    return Receipt(
        exhibit=exhibit or f"of {name}",
        reference="WB/1",
        name=name,
        size_bytes=1,
        custodian="Bo",
        received_by="Ana",
        received_at="2026-03-02T12:00:00Z",
        lawful_basis="consent",
        container=None,
        delivery=delivery,
        zone=None,
    )


def came(*names: str) -> list[Came]:
    return [Came(name, f"of {name}") for name in names]


def reached(chat: str, *names: str) -> list[str]:
    found = reach([receipt(chat), *map(receipt, names)])
    return [one.name for one in found[f"of {chat}"]]


def test_a_chat_reaches_what_lies_in_its_folder_and_below() -> None:
    inside = ["export.zip/Nights/media/a.jpg", "export.zip/Nights/b.pdf"]
    outside = ["export.zip/Days/media/a.jpg", "export.zip/Nightshift/c.jpg"]
    assert sorted(reached(CHAT, *inside, *outside)) == sorted(inside)


def test_a_chat_reaches_the_stickers_all_chats_share() -> None:
    sticker = "export.zip/exported_stickers/p/7.webp"
    assert reached(CHAT, sticker) == [sticker]


@pytest.mark.parametrize("chat", ["phone/databases/msgstore.db", "report.xml"])
def test_a_database_and_a_chat_at_the_root_reach_everything_of_their_delivery(chat: str) -> None:
    names = ["phone/Media/a.jpg", "x.jpg"]
    assert reached(chat, *names) == names
    assert reach([receipt(chat), receipt("y.jpg", "another")])[f"of {chat}"] == ()


def test_a_file_received_before_is_found_in_the_delivery_it_came_in_again() -> None:
    again = receipt("b/a.jpg", "second", "photo")
    found = reach([receipt("old/a.jpg", "first", "photo"), receipt("b/_chat.txt", "second"), again])
    assert found["of b/_chat.txt"] == (Came("b/a.jpg", "photo"),)


def test_a_picture_has_no_attachments() -> None:
    assert "of a.jpg" not in reach([receipt("a.jpg"), receipt("b.txt")])


@pytest.mark.parametrize(
    ("named", "file"),
    [
        ("media/a.jpg", "Nights/media/a.jpg"),
        ("./media/a.jpg", "Nights/media/a.jpg"),
        ("media\\a.jpg", "Nights/media/a.jpg"),
        ("a.jpg", "Nights/media/a.jpg"),
        ("Nights/media/a.jpg", "Nights/media/a.jpg"),
        ("messages/inbox/Nights/media/a.jpg", None),
        ("media/b%20c.jpg", "Nights/media/b c.jpg"),
        ("../exported_stickers/7.webp", "exported_stickers/7.webp"),
        ("c.jpg", None),
        ("two/.hid.jpg", "Nights/two/.hid.jpg"),
        ("same.jpg", None),
        ("two/same.jpg", "Nights/two/same.jpg"),
        ("", None),
    ],
)
def test_a_name_fits_the_file_whose_path_ends_in_it(named: str, file: str | None) -> None:
    inside = ("media/a.jpg", "media/b c.jpg", "one/same.jpg", "two/same.jpg", "two/.hid.jpg")
    files = [f"export.zip/Nights/{name}" for name in inside]
    attached = Attached(CHAT, came(*files, "export.zip/exported_stickers/7.webp"))
    assert attached.file(named) == (None if file is None else f"of export.zip/{file}")


def test_what_is_named_and_did_not_come_is_counted() -> None:
    rows = [
        ("e", 0, "media/a.jpg", "image", False),
        ("e", 9, "gone.jpg", "image", False),
        ("e", 9, None, "image", True),
        ("e", 9, "https://example.org", "link", False),
    ]
    attached = Attached(CHAT, came("export.zip/Nights/media/a.jpg"))
    made = attached.batch(Batch(attachments=table_of(schema.ATTACHMENTS, rows)))
    assert isinstance(made.attachments, pa.RecordBatch)
    assert made.attachments.schema == schema.ATTACHMENTS.stored
    files = made.attachments.column("file").to_pylist()
    assert files == ["of export.zip/Nights/media/a.jpg", None, None, None]
    assert attached.told is not None
    assert attached.told.startswith("1 of 2 files")


def test_where_nothing_is_missing_nothing_is_told() -> None:
    attached = Attached(CHAT, ())
    assert attached.batch(Batch()) == Batch()
    assert attached.told is None
