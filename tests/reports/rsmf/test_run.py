"""What is exported as RSMF is valid, says where it comes from, and comes back as it was."""

import io
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.intake.reading import SAMPLES
from tests.people import ANA
from tests.reports.rsmf.published import breaches
from witnessbox.evidence import schema
from witnessbox.intake import extract
from witnessbox.intake.receive import Terms, receive
from witnessbox.operation.model import Operation, new
from witnessbox.reconcile import run as reconcile
from witnessbox.reports.rsmf import slices
from witnessbox.reports.rsmf.run import RsmfError, export

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ZONE = "Europe/London"
CHAT = """\
12/03/2024, 08:00 - Messages and calls are end-to-end encrypted.
12/03/2024, 08:01 - Dai: who left the urn on
12/03/2024, 08:02 - Bo: IMG-20240312-WA0001.jpg (file attached)
12/03/2024, 08:03 - Bo: IMG-20240312-WA0002.jpg (file attached)
12/03/2024, 08:04 - Bo: <Media omitted>
12/03/2024, 08:05 - Bo: This message was deleted
12/03/2024, 08:06 - Dai: ask Ana to mop it up when she is back <This message was edited>
13/03/2024, 08:07 - Dai added Cy
13/03/2024, 08:08 - Cy left
13/03/2024, 08:09 - Bo: done
"""


def opened(place: Path) -> Operation:
    return new(place, name="Urn", zone=ZONE, profile="ew-police", actor=ANA, at=AT)


def taken(operation: Operation, custodian: str, reference: str, *paths: Path) -> None:
    terms = Terms(custodian, reference, "consent of the owner")
    receive(operation.folder, operation.ledger, paths, terms, ANA, AT)


def ran(operation: Operation) -> Operation:
    extract.run(operation.folder, operation.ledger, zone=ZONE, executor=None)
    reconcile.run(operation.folder, operation.ledger, executor=None)
    return operation


@pytest.fixture(scope="module")
def operation(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    """Give two phones with one chat, a download and a review platform's files."""
    tmp_path = tmp_path_factory.mktemp("exported")
    made = opened(tmp_path / "op")
    for custodian, text in (("Bo", CHAT), ("Dai", CHAT.replace("is back", "is back Bo"))):
        phone = tmp_path / custodian
        phone.mkdir()
        (phone / "WhatsApp Chat with Urn.txt").write_text(text, encoding="utf-8")
        (phone / "IMG-20240312-WA0001.jpg").write_bytes(b"\xff\xd8\xff" + custodian.encode())
        taken(made, custodian, f"U/{custodian}", phone)
    messenger = SAMPLES / "messenger_json" / "messages" / "inbox"
    taken(made, "Ana", "U/3", SAMPLES / "rsmf", messenger)
    return ran(made)


def exported(operation: Operation, place: Path) -> list[Path]:
    export(operation.folder, operation.ledger, place, zone=ZONE)
    return sorted(place.iterdir())


@pytest.fixture(scope="module")
def files(operation: Operation, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return exported(operation, tmp_path_factory.mktemp("files") / "out")


def archive(file: Path) -> zipfile.ZipFile:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    (attached,) = mail.iter_attachments()
    return zipfile.ZipFile(io.BytesIO(attached.get_content()))


def manifest(file: Path) -> Any:
    return json.loads(archive(file).read("rsmf_manifest.json"))


def events(files: list[Path]) -> list[dict[str, Any]]:
    return [event for file in files for event in manifest(file)["events"]]


def urn(files: list[Path]) -> list[Path]:
    return [file for file in files if file.name.startswith("Urn")]


def said(event: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in event["custom"]}


def test_every_file_keeps_the_published_schema(files: list[Path]) -> None:
    assert {file: breaches(manifest(file)) for file in files} == {file: [] for file in files}


def test_the_check_itself_finds_breaches() -> None:
    event = {"type": "wave", "participant": "9", "custom": [{"name": "a", "value": ""}]}
    wrong = {"participants": [{}], "conversations": [], "events": [event]}
    assert len(breaches(wrong)) == 6


def test_a_file_is_a_day_and_its_head_says_what_is_in_it(files: list[Path]) -> None:
    files = urn(files)
    assert [file.stem.rpartition("_")[2] for file in files] == ["2024-03-12", "2024-03-13"]
    mail = message_from_bytes(files[1].read_bytes(), policy=policy.default)
    assert mail["X-RSMF-Version"] == "2.0.0"
    assert mail["X-RSMF-EventCount"] == "3"
    assert mail["X-RSMF-BeginDate"] == "2024-03-13T08:07:00Z"
    assert mail["X-RSMF-EndDate"] == "2024-03-13T08:09:00Z"
    assert mail["Subject"] == "Urn"
    body = mail.get_body()
    assert body is not None
    assert "2024-03-13T08:09:00Z Bo: done" in body.get_content().splitlines()


def test_every_event_says_the_bytes_it_was_read_from(
    operation: Operation, files: list[Path]
) -> None:
    for event in events(urn(files)):
        where = said(event)
        with operation.vault.open(where["Exhibit SHA-256"]) as stream:
            data = stream.read()[int(where["First byte"]) : int(where["End byte"])]
        assert event.get("body", "") in data.decode()
        assert where["Exhibit reference"].startswith("U/")


def test_what_other_copies_hold_is_said_with_their_words(files: list[Path]) -> None:
    found = events(urn(files))
    (edited,) = [one for one in found if one.get("edits")]
    texts = {edited["body"], *(v for k, v in said(edited).items() if k.startswith("As "))}
    assert texts == {
        f"ask Ana to mop it up when she is back{name} <This message was edited>"
        for name in ("", " Bo")
    }
    assert any(key.startswith("Also in U/") for key in said(edited))


def test_files_that_came_are_in_the_archive_and_others_are_said_missing(files: list[Path]) -> None:
    (file, *_) = urn(files)
    attached = [one for one in manifest(file)["events"] if one.get("attachments")]
    inside = attached[0]["attachments"][0]
    assert archive(file).read(inside["id"]).startswith(b"\xff\xd8\xff")
    assert inside["size"] == len(archive(file).read(inside["id"]))
    assert said(attached[1])["Attachment not received"] == "IMG-20240312-WA0002.jpg"
    left_out = [said(one) for one in manifest(file)["events"]]
    assert any("Attachment left out of the export" in one for one in left_out)


def test_comings_goings_and_deletions_are_events(files: list[Path]) -> None:
    found = events(urn(files))
    assert {one["type"] for one in found} == {"message", "disclaimer", "join", "leave"}
    gone = [one for one in found if one.get("deleted")]
    assert gone
    assert not any("body" in one for one in gone)
    assert {said(one)["Witnessbox placeholder"] for one in gone} == {"This message was deleted"}


def test_the_same_operation_gives_the_same_bytes(
    operation: Operation, files: list[Path], tmp_path: Path
) -> None:
    again = exported(operation, tmp_path / "again")
    assert [one.name for one in files] == [one.name for one in again]
    assert [one.read_bytes() for one in files] == [one.read_bytes() for one in again]


def told(operation: Operation) -> Counter[tuple[Any, ...]]:
    """Give all that is said of messages, but for their ids and places."""
    sightings = operation.tables.read(schema.SIGHTINGS).to_pylist()
    timed = {row["message"] for row in sightings if row["sent_at"] is not None}
    keys = ("sender_name", "kind", "text", "precision", "edited", "deleted")
    return Counter(
        (row["sent_at"] if row["message"] in timed else None, *(row[key] for key in keys))
        for row in operation.tables.read(schema.CANONICAL_MESSAGES).to_pylist()
    )


def beside(operation: Operation, table: schema.Table, *keys: str) -> set[tuple[Any, ...]]:
    return {tuple(row[key] for key in keys) for row in operation.tables.read(table).to_pylist()}


def test_what_goes_out_comes_back_in(
    operation: Operation, files: list[Path], tmp_path: Path
) -> None:
    back = opened(tmp_path / "back")
    taken(back, "Ana", "B/1", files[0].parent)
    ran(back)
    assert told(back) == told(operation)
    assert beside(back, schema.REACTIONS, "actor", "reaction") == beside(
        operation, schema.REACTIONS, "actor", "reaction"
    )
    changes = ("member", "sent_at")
    assert beside(back, schema.MEMBERSHIPS, *changes) == beside(
        operation, schema.MEMBERSHIPS, *changes
    )
    replies = [
        sum(row["reply_to"] is not None for row in each.tables.read(schema.MESSAGES).to_pylist())
        for each in (operation, back)
    ]
    assert replies[0] == replies[1] > 0


def test_a_day_of_too_many_messages_falls_into_files_of_some_hours(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "MOST_EVENTS", 3)
    parts = urn(exported(operation, tmp_path / "out"))
    assert [file.stem.rpartition("_")[2] for file in parts] == ["2024-03-12T08", "2024-03-13"]


def test_a_folder_that_holds_something_is_left_alone(operation: Operation, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").touch()
    with pytest.raises(RsmfError, match="not an empty folder"):
        exported(operation, tmp_path / "out")


def test_an_operation_without_conversations_has_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(RsmfError, match="no conversation"):
        exported(opened(tmp_path / "op"), tmp_path / "out")
