"""What is handed over is received whole, with its custody, or not at all."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.intake.archives import CHAT, DOWNLOAD, encrypted, packed, put
from tests.intake.crypt.backups import ARCHIVE, DATABASE, ROOT_KEY, Writing
from tests.people import ANA, NOON
from witnessbox.evidence.digest import pieces
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.vault import Vault
from witnessbox.intake import unpack
from witnessbox.intake.limits import Limits
from witnessbox.intake.receive import Received, ReceiveError, Terms, receive
from witnessbox.intake.record import next_reference, receipts, refused
from witnessbox.ledger.store import Ledger

TERMS = Terms("Bo Lindqvist", "WB/001", "seized under warrant", "Europe/London")
DEEP = packed([("3.zip", packed([("4.zip", packed([("chat.txt", CHAT)]))]))])


class Custody:
    """Receives into one operation, with a reference for each act."""

    def __init__(self, folder: Folder, ledger: Ledger) -> None:
        self.folder, self.ledger = folder, ledger
        self.vault = Vault(folder.vault)

    def take(self, *paths: Path, terms: Terms = TERMS) -> Received:
        return receive(self.folder, self.ledger, paths, terms, ANA, NOON)

    def stored(self) -> list[str]:
        return list(self.vault.exhibits())


@pytest.fixture
def custody(folder: Folder, sqlite_ledger: Ledger) -> Custody:
    return Custody(folder, sqlite_ledger)


def names(received: Received) -> list[tuple[str, str]]:
    return [(receipt.reference, receipt.name) for receipt in received.receipts]


def test_a_file_gets_a_receipt_that_says_whose_who_when_and_why(
    custody: Custody, tmp_path: Path
) -> None:
    received = custody.take(put(tmp_path / "chat.txt", CHAT))
    (receipt,) = received.receipts
    assert (receipt.reference, receipt.name, receipt.size_bytes) == (
        "WB/001",
        "chat.txt",
        len(CHAT),
    )
    assert (receipt.custodian, receipt.received_by) == ("Bo Lindqvist", "Ana Okoro")
    assert receipt.received_at == "2026-03-02T12:00:00.000000Z"
    assert (receipt.lawful_basis, receipt.zone) == ("seized under warrant", "Europe/London")
    assert custody.vault.open(receipt.exhibit).read() == CHAT
    assert receipts(custody.ledger) == [receipt]
    (entry,) = custody.ledger.entries("receipt")
    assert entry.actor == ANA


def test_an_archive_and_each_of_its_members_are_exhibits(custody: Custody, tmp_path: Path) -> None:
    inner = packed([("_chat.txt", CHAT)])
    archive = packed([("a.txt", CHAT), ("b/inner.zip", inner), ("empty", b"")])
    received = custody.take(put(tmp_path / "all.zip", archive))
    assert names(received) == [
        ("WB/001", "all.zip"),
        ("WB/001/1", "all.zip/a.txt"),
        ("WB/001/2", "all.zip/b/inner.zip"),
        ("WB/001/2/1", "all.zip/b/inner.zip/_chat.txt"),
        ("WB/001/3", "all.zip/empty"),
    ]
    whole, first, within, innermost, empty = received.receipts
    assert (whole.container, first.container) == (None, whole.exhibit)
    assert (innermost.container, empty.size_bytes) == (within.exhibit, 0)
    assert len({receipt.delivery for receipt in received.receipts}) == 1
    assert first.exhibit == innermost.exhibit
    assert received.refusals == ()


def test_a_folder_is_one_delivery_in_the_order_of_its_names(
    custody: Custody, tmp_path: Path
) -> None:
    put(tmp_path / "phone/b/chat.txt", CHAT)
    put(tmp_path / "phone/a.zip", packed([("m.json", DOWNLOAD)]))
    received = custody.take(tmp_path / "phone")
    assert names(received) == [
        ("WB/001/1", "phone/a.zip"),
        ("WB/001/1/1", "phone/a.zip/m.json"),
        ("WB/001/2", "phone/b/chat.txt"),
    ]
    assert len({receipt.delivery for receipt in received.receipts}) == 1


def test_things_named_one_by_one_are_deliveries_of_their_own(
    custody: Custody, tmp_path: Path
) -> None:
    received = custody.take(put(tmp_path / "a.txt", CHAT), put(tmp_path / "b.txt", CHAT))
    assert names(received) == [("WB/001/1", "a.txt"), ("WB/001/2", "b.txt")]
    assert len({receipt.delivery for receipt in received.receipts}) == 2


def test_the_same_file_twice_is_one_exhibit_with_two_receipts(
    custody: Custody, tmp_path: Path
) -> None:
    chat = put(tmp_path / "chat.txt", CHAT)
    custody.take(chat)
    custody.take(chat, terms=Terms("Cy Marsh", "WB/002", "consent"))
    first, second = receipts(custody.ledger)
    assert custody.stored() == [first.exhibit] == [second.exhibit]
    assert (first.custodian, second.custodian) == ("Bo Lindqvist", "Cy Marsh")
    assert first.delivery != second.delivery


@pytest.mark.parametrize(
    ("archive", "why"),
    [
        (encrypted(packed([("a.txt", CHAT)])), "encrypted"),
        (packed([("a.txt", CHAT)])[:-30], "no whole zip"),
        (packed([("../a.txt", CHAT)]), "leads elsewhere"),
        (packed([("a.txt", b"\0" * 11_000_000)]), "times its size"),
    ],
)
def test_a_refused_archive_leaves_nothing_behind_and_the_rest_is_taken(
    custody: Custody, tmp_path: Path, archive: bytes, why: str
) -> None:
    put(tmp_path / "phone/bad.zip", archive)
    put(tmp_path / "phone/chat.txt", CHAT)
    received = custody.take(tmp_path / "phone")
    (refusal,) = received.refusals
    assert refusal.name == "phone/bad.zip"
    assert why in refusal.reason
    assert names(received) == [("WB/001/2", "phone/chat.txt")]
    assert len(custody.stored()) == 1


def test_where_all_is_refused_there_is_no_receipt(custody: Custody, tmp_path: Path) -> None:
    received = custody.take(put(tmp_path / "bad.zip", b"PK"))
    assert received.receipts == ()
    assert receipts(custody.ledger) == []
    assert custody.stored() == []


def test_the_ledger_says_what_was_refused_and_why(custody: Custody, tmp_path: Path) -> None:
    received = custody.take(put(tmp_path / "bad.zip", b"PK"))
    (entry,) = custody.ledger.entries("refused")
    (turned_away,) = refused(custody.ledger)
    assert (turned_away.name, turned_away.custodian) == ("bad.zip", "Bo Lindqvist")
    assert turned_away.reason == entry.reason == received.refusals[0].reason


def test_a_refused_archive_inside_another_is_kept_unopened(
    custody: Custody, tmp_path: Path
) -> None:
    bad = encrypted(packed([("a.txt", CHAT)]))
    received = custody.take(put(tmp_path / "all.zip", packed([("bad.zip", bad), ("c", CHAT)])))
    assert [name for _, name in names(received)] == ["all.zip", "all.zip/bad.zip", "all.zip/c"]
    assert [refusal.name for refusal in received.refusals] == ["all.zip/bad.zip"]
    assert custody.vault.open(received.receipts[1].exhibit).read() == bad


def test_archives_are_opened_only_so_deep(custody: Custody, tmp_path: Path) -> None:
    archive = packed([("2.zip", DEEP)])
    received = custody.take(put(tmp_path / "1.zip", archive))
    assert [receipt.reference for receipt in received.receipts] == [
        "WB/001",
        "WB/001/1",
        "WB/001/1/1",
        "WB/001/1/1/1",
    ]
    (refusal,) = received.refusals
    assert refusal.reason.startswith("it lies 4 archives deep")


def test_limits_hold_over_all_archives_of_a_delivery_together(
    custody: Custody, tmp_path: Path
) -> None:
    pair = packed([("1", b"x"), ("2", b"x")])
    archive = put(tmp_path / "all.zip", packed([("a.zip", pair), ("b.zip", pair)]))
    terms = Terms("Bo", "WB/001", "consent", limits=Limits(members=4))
    received = custody.take(archive, terms=terms)
    assert len(received.receipts) == 5
    (refusal,) = received.refusals
    assert refusal.name == "all.zip/b.zip"
    assert "more than 4 members" in refusal.reason


def test_links_and_odd_files_are_refused_and_never_followed(
    custody: Custody, tmp_path: Path
) -> None:
    secret = put(tmp_path / "elsewhere/secret.txt", b"not handed over")
    phone = tmp_path / "phone"
    phone.mkdir()
    (phone / "file").symlink_to(secret)
    (phone / "folder").symlink_to(secret.parent)
    os.mkfifo(phone / "pipe")
    received = custody.take(phone, tmp_path / "gone.txt")
    assert received.receipts == ()
    assert [refusal.name for refusal in received.refusals] == [
        "phone/file",
        "phone/folder",
        "phone/pipe",
        "gone.txt",
    ]
    assert custody.stored() == []


def test_a_name_that_is_not_utf_8_is_shown_with_escapes(custody: Custody, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/chat\xff.txt"))
    assert names(custody.take(put(path, CHAT))) == [("WB/001", "chat\\xff.txt")]


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (Terms(" ", "WB/001", "consent"), "custodian"),
        (Terms("Bo", "", "consent"), "reference"),
        (Terms("Bo", "WB/001", ""), "lawful basis"),
        (Terms("Bo", "WB/001", "consent", "Mars/Olympus"), "no time zone"),
        (Terms("Bo", "WB/001", "consent", "../zone"), "no time zone"),
    ],
)
def test_nothing_is_received_without_its_terms(
    custody: Custody, tmp_path: Path, terms: Terms, why: str
) -> None:
    with pytest.raises(ReceiveError, match=why):
        custody.take(put(tmp_path / "chat.txt", CHAT), terms=terms)


def test_naming_nothing_is_an_error(custody: Custody) -> None:
    with pytest.raises(ReceiveError, match="nothing was named"):
        custody.take()


@pytest.mark.parametrize("reference", ["WB/001", "WB/001/1"])
def test_a_reference_is_given_once(custody: Custody, tmp_path: Path, reference: str) -> None:
    archive = put(tmp_path / "all.zip", packed([("a.txt", CHAT)]))
    custody.take(archive)
    with pytest.raises(ReceiveError, match="is taken by all"):
        custody.take(archive, terms=Terms("Bo", reference, "consent"))


def test_the_next_free_reference_is_found(custody: Custody, tmp_path: Path) -> None:
    assert next_reference(custody.ledger, "WB") == "WB/001"
    chat = put(tmp_path / "chat.txt", CHAT)
    custody.take(chat)
    custody.take(chat, chat, terms=Terms("Bo", "WB/002", "consent"))
    assert next_reference(custody.ledger, "WB") == "WB/003"


def test_a_full_disk_leaves_no_receipt(custody: Custody, tmp_path: Path, folder: Folder) -> None:
    folder.vault.write_bytes(b"in the way")
    with pytest.raises(ReceiveError, match="could not be copied into the vault"):
        custody.take(put(tmp_path / "chat.txt", CHAT))
    assert custody.ledger.head().length == 0


@pytest.mark.parametrize("after", [CHAT + b"more", b"", packed([("b.txt", CHAT)])])
def test_a_file_that_changes_on_the_way_leaves_no_receipt(
    custody: Custody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bytes
) -> None:
    path = put(tmp_path / "all.zip", packed([("a.txt", CHAT)]))
    monkeypatch.setattr(unpack, "pieces", _once_then(path, after))
    with pytest.raises(ReceiveError, match="changed while it was being received"):
        custody.take(path)
    assert custody.ledger.head().length == 0


def _once_then(path: Path, after: bytes) -> object:
    """Read as ever; once everything is checked, somebody writes to the file."""
    read: list[int] = []

    def watched(stream: BinaryIO) -> Sequence[bytes]:
        found = list(pieces(stream))
        read.append(1)
        if len(read) == 2:
            path.write_bytes(after)
        return found

    return watched


def test_a_member_is_found_again_in_a_second_receipt_of_its_archive(
    custody: Custody, tmp_path: Path
) -> None:
    archive = put(tmp_path / "all.zip", packed([("a.txt", CHAT)]))
    custody.take(archive)
    custody.take(archive, terms=Terms("Bo", "WB/002", "consent"))
    assert len(receipts(custody.ledger)) == 4
    assert len(custody.stored()) == 2


BACKUP = Writing("crypt15").of(DATABASE)
WITH_KEY = replace(TERMS, key=ROOT_KEY)


def test_a_backup_is_decrypted_with_its_key_and_what_was_in_it_is_an_exhibit(
    custody: Custody, tmp_path: Path
) -> None:
    path = put(tmp_path / "msgstore.db.crypt15", BACKUP)
    received = custody.take(path, terms=WITH_KEY)
    assert names(received) == [
        ("WB/001", "msgstore.db.crypt15"),
        ("WB/001/1", "msgstore.db.crypt15/msgstore.db"),
    ]
    sealed, clear = received.receipts
    assert (clear.container, clear.delivery) == (sealed.exhibit, sealed.delivery)
    assert (sealed.key, clear.key) == (None, ROOT_KEY.fingerprint)
    assert custody.vault.open(sealed.exhibit).read() == BACKUP
    assert custody.vault.open(clear.exhibit).read() == DATABASE


@pytest.mark.parametrize("secret", [ROOT_KEY.secret, ROOT_KEY.cipher_key])
def test_the_key_itself_is_kept_nowhere(
    custody: Custody, tmp_path: Path, folder: Folder, secret: bytes
) -> None:
    custody.take(put(tmp_path / "phone/a.db.crypt15", BACKUP), terms=WITH_KEY)
    for entry in custody.ledger.entries("receipt"):
        assert secret.hex() not in entry.body
    for path in folder.root.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes()


def test_a_backup_that_the_key_does_not_open_is_kept_sealed_and_the_refusal_says_why(
    custody: Custody, tmp_path: Path
) -> None:
    put(tmp_path / "phone/a.db.crypt15", BACKUP)
    put(tmp_path / "phone/b.db.crypt15", BACKUP[:-40])
    put(tmp_path / "phone/c.db.crypt14", Writing("crypt14").of(DATABASE))
    put(tmp_path / "phone/d.zip", packed([("e.crypt8", b"old"), ("f.db.crypt15", BACKUP)]))
    received = custody.take(tmp_path / "phone", terms=WITH_KEY)
    assert [name for _, name in names(received)] == [
        "phone/a.db.crypt15",
        "phone/a.db.crypt15/a.db",
        "phone/b.db.crypt15",
        "phone/c.db.crypt14",
        "phone/d.zip",
        "phone/d.zip/e.crypt8",
        "phone/d.zip/f.db.crypt15",
        "phone/d.zip/f.db.crypt15/f.db",
    ]
    refusals = {one.name: one.reason for one in received.refusals}
    assert list(refusals) == ["phone/b.db.crypt15", "phone/c.db.crypt14", "phone/d.zip/e.crypt8"]
    assert "damaged or cut off" in refusals["phone/b.db.crypt15"]
    assert "of another kind" in refusals["phone/c.db.crypt14"]
    assert "encrypted as crypt8" in refusals["phone/d.zip/e.crypt8"]
    assert len(custody.stored()) == 6


def test_an_archive_in_a_backup_is_opened_as_well(custody: Custody, tmp_path: Path) -> None:
    path = put(tmp_path / "stickers.backup.crypt15", Writing("crypt15").of(ARCHIVE))
    received = custody.take(path, terms=WITH_KEY)
    assert [name for _, name in names(received)][1:] == [
        "stickers.backup.crypt15/stickers.backup.zip",
        "stickers.backup.crypt15/stickers.backup.zip/_chat.txt",
    ]


def test_a_key_with_nothing_to_open_is_a_mistake(custody: Custody, tmp_path: Path) -> None:
    with pytest.raises(ReceiveError, match="no encrypted backup is among"):
        custody.take(put(tmp_path / "chat.txt", CHAT), terms=WITH_KEY)
    assert custody.stored() == []


def test_without_a_key_a_backup_is_one_sealed_exhibit(custody: Custody, tmp_path: Path) -> None:
    received = custody.take(put(tmp_path / "a.db.crypt15", BACKUP))
    assert names(received) == [("WB/001", "a.db.crypt15")]
    assert received.refusals == ()
