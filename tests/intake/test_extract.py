"""Every exhibit is read, every byte explained, and nothing is read twice."""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.intake.archives import packed, put
from tests.intake.crypt.backups import ARCHIVE, DATABASE, ROOT_KEY, Writing
from tests.people import ANA, NOON
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Problem, Severity, Span
from witnessbox.evidence.schema import ATTACHMENTS, MESSAGES, PROBLEMS
from witnessbox.evidence.steps import Steps
from witnessbox.evidence.tables import Tables
from witnessbox.intake import extract, plan
from witnessbox.intake.crypt.keys import Key
from witnessbox.intake.explained import Explained, explained
from witnessbox.intake.limits import Limits
from witnessbox.intake.parser import BATCH_TABLES, Assumption, Batch, Format, Source
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.store import Ledger

FOLDER = "messages/inbox/nights_1"


def thread(*minutes: int, **frame: Any) -> bytes:
    messages = [{"sender_name": "Ana", "timestamp_ms": m * 60_000, "content": "x"} for m in minutes]
    document = {"participants": [{"name": "Ana"}], "messages": messages, "title": "Nights"}
    return json.dumps(document | frame).encode()


class Desk:
    """One operation at which things are received and extracted."""

    def __init__(self, folder: Folder, ledger: Ledger) -> None:
        self.folder, self.ledger = folder, ledger
        self.tables = Tables(folder.tables)

    def take(
        self,
        path: Path,
        reference: str = "WB/001",
        zone: str | None = None,
        key: Key | None = None,
    ) -> list[str]:
        terms = Terms("Bo Lindqvist", reference, "consent", zone, key=key)
        received = receive(self.folder, self.ledger, [path], terms, ANA, NOON)
        return [receipt.exhibit for receipt in received.receipts]

    def run(self, **options: Any) -> int:
        return extract.run(self.folder, self.ledger, zone="Europe/London", **options)

    def due(self, zone: str = "Europe/London") -> int:
        return extract.due(self.folder, self.ledger, zone=zone)

    def account(self) -> list[Explained]:
        return explained(self.folder, self.ledger)

    def problems(self) -> list[tuple[str, str]]:
        rows = self.tables.read(PROBLEMS).to_pylist()
        return [(row["code"], row["what"]) for row in rows if row["code"] != "envelope"]


@pytest.fixture
def desk(folder: Folder, sqlite_ledger: Ledger) -> Desk:
    return Desk(folder, sqlite_ledger)


def test_a_chat_is_read_into_every_table_of_its_exhibit(desk: Desk, tmp_path: Path) -> None:
    (exhibit,) = desk.take(put(tmp_path / "message_1.json", thread(3, 2, 1)))
    assert desk.due() == 1
    assert desk.run() == 1
    for table in BATCH_TABLES:
        assert desk.tables.shards(table) == [exhibit]
    assert desk.tables.rows(MESSAGES) == 3


def test_every_byte_of_every_exhibit_is_explained(desk: Desk, tmp_path: Path) -> None:
    members = [
        (f"{FOLDER}/message_1.json", thread(3, 2, 1)),
        (f"{FOLDER}/photos/1.jpg", b"\xff\xd8\xff\xe0"),
        ("notes.bin", b"\0\1\2"),
        ("empty", b""),
    ]
    desk.take(put(tmp_path / "all.zip", packed(members)))
    before = desk.account()
    assert [one.unexplained_bytes for one in before] == [one.size_bytes for one in before]
    assert not any(one.extracted for one in before)
    desk.run()
    after = desk.account()
    assert [one.unexplained_bytes for one in after] == [0] * 5
    assert all(one.extracted for one in after)
    archive, chat, picture, notes, empty = after
    assert (chat.parser, chat.messages, chat.problems) == ("messenger-json/1", 3, 2)
    assert [(one.losses, one.notes) for one in (archive, picture, notes, empty)] == [
        (0, 1),
        (1, 0),
        (1, 0),
        (0, 1),
    ]
    assert (archive.parser, picture.container) == (None, archive.exhibit)
    assert sorted(code for code, _ in desk.problems()) == [
        "archive",
        "empty-file",
        "picture-damaged",
        "unrecognised",
    ]


def test_a_chat_without_messages_names_its_parser_all_the_same(desk: Desk, tmp_path: Path) -> None:
    desk.take(put(tmp_path / "message_1.json", thread(thread_path="inbox/a")))
    desk.run()
    (one,) = desk.account()
    assert (one.parser, one.messages, one.unexplained_bytes) == ("messenger-json/1", 0, 0)


def test_nothing_is_read_again_while_its_inputs_stand(desk: Desk, tmp_path: Path) -> None:
    (exhibit,) = desk.take(put(tmp_path / "message_1.json", thread(1)))
    desk.run()
    assert (desk.due(), desk.run()) == (0, 0)
    desk.tables.path(MESSAGES, exhibit).unlink()
    assert (desk.due(), desk.run(), desk.due()) == (1, 1, 0)
    assert desk.due(zone="Asia/Tokyo") == 1


def test_the_same_exhibits_give_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    desk.take(put(tmp_path / "message_1.json", thread(*range(50, 0, -1))))
    desk.run()
    steps = Steps(desk.folder)
    first = list(steps.records("extract"))
    assert list(steps.check("extract")) == []
    for record in first:
        (desk.folder.steps / "extract" / f"{record.shard}.json").unlink()
    desk.run()
    assert list(steps.records("extract")) == first


def test_a_pool_of_processes_gives_the_same_tables(desk: Desk, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        put(tmp_path / f"phone/message_{number}.json", thread(number))
    desk.take(tmp_path / "phone")
    seen: list[tuple[int, int]] = []
    with ProcessPoolExecutor(2) as pool:
        made = desk.run(executor=pool, progress=lambda _, done, total: seen.append((done, total)))
    assert made == 3
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    records = list(Steps(desk.folder).records("extract"))
    for job in plan.jobs(desk.folder, desk.ledger, "Europe/London"):
        made_here = extract.extract(job)
        (record,) = [one for one in records if one.shard == job.exhibit]
        assert made_here.written == record.written


def test_a_zone_stated_on_receipt_wins_over_the_operations(desk: Desk, tmp_path: Path) -> None:
    first = put(tmp_path / "a/message_1.json", thread(1))
    desk.take(first)
    desk.take(put(tmp_path / "b/message_1.json", thread(2)), "WB/002", "Asia/Tokyo")
    stated, assumed = "Asia/Tokyo", "Europe/London"
    jobs = plan.jobs(desk.folder, desk.ledger, assumed)
    assert [job.assumption.zone for job in jobs] == [assumed, stated]
    desk.take(first, "WB/003", stated)
    job, _ = plan.jobs(desk.folder, desk.ledger, assumed)
    why = "stated for this device on receipt of WB/003"
    assert job.assumption == Assumption(stated, why, stated=True)


@pytest.mark.parametrize(("zone", "severity"), [(None, "doubt"), ("Asia/Tokyo", "note")])
def test_times_without_a_zone_are_in_doubt_until_somebody_states_it(
    desk: Desk, tmp_path: Path, zone: str | None, severity: str
) -> None:
    chat = "13/01/2023, 21:04 - Ana: hi\n13/01/2023, 21:05 - Bo: yo\n"
    desk.take(put(tmp_path / "WhatsApp Chat with Bo.txt", chat.encode()), zone=zone)
    desk.run()
    (problem,) = desk.tables.read(PROBLEMS).to_pylist()
    assert (problem["code"], problem["severity"]) == ("zone-assumed", severity)
    assert problem["what"].startswith(f"2 times name no zone and are read in {zone or 'Europe/L'}")
    assert (problem["start"], problem["end"]) == (0, 0)


def test_a_missing_part_and_a_missing_half_are_in_doubt(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path / "phone/messages/e2ee_cutover/a_1/message_1.json", thread(9))
    put(tmp_path / "phone/messages/e2ee_cutover/a_1/message_3.json", thread(1))
    desk.take(tmp_path / "phone")
    desk.run()
    assert sorted(code for code, _ in desk.problems()) == [
        "encrypted-half-missing",
        "encrypted-half-missing",
        "missing-part",
    ]
    sealed = {"threadName": "A_1", "messages": [{"senderName": "A", "timestamp": 1}]}
    desk.take(put(tmp_path / "A_1.json", json.dumps(sealed).encode()), "WB/002")
    assert desk.run() == 3
    assert [code for code, _ in desk.problems()] == ["missing-part"]
    assert all(one.unexplained_bytes == 0 for one in desk.account())


def test_an_archive_received_twice_still_counts_its_members_once(
    desk: Desk, tmp_path: Path
) -> None:
    archive = put(tmp_path / "all.zip", packed([("a.bin", b"1"), ("b.bin", b"2")]))
    desk.take(archive)
    desk.run()
    desk.take(archive, "WB/002")
    assert desk.due() == 0
    assert ("archive", "an archive of 2 members, each an exhibit of its own") in desk.problems()


def faulty(*spans: tuple[int, int]) -> Any:
    """Make a parser that explains only these spans of a file, and claims every file."""

    def parse(source: Source, _assumption: Assumption) -> Iterator[Batch]:
        for start, end in spans:
            span = Span(source.exhibit, start, end)
            yield Batch(problems=problem_rows([Problem(span, "x/1", "c", "w", Severity.LOSS)]))

    return SimpleNamespace(
        FORMAT=Format("x", "X", 1, "x"), identify=lambda _name, _head: True, parse=parse
    )


@pytest.mark.parametrize(
    ("spans", "what"),
    [
        ([(0, 2)], "does not explain byte 2"),
        ([(0, 2), (3, 4)], "a span begins at 3, the one before ends at 2"),
        ([(0, 3), (2, 4)], "a span begins at 2, the one before ends at 3"),
        ([(0, 5)], "spans end there, the exhibit has 4 bytes"),
    ],
)
def test_bytes_left_unexplained_stop_the_exhibit_and_no_other(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spans: list[tuple[int, int]],
    what: str,
) -> None:
    put(tmp_path / "phone/a.bin", b"1234")
    put(tmp_path / "phone/b.zip", packed([("empty.bin", b"")]))
    bad, *_ = desk.take(tmp_path / "phone")
    desk.run()
    for module in (extract, plan):
        monkeypatch.setattr(module, "PARSERS", (faulty(*spans),))
    with pytest.raises(extract.ExtractError, match=what):
        desk.run()
    assert bad not in desk.tables.shards(PROBLEMS)
    assert desk.due() >= 1
    assert [one.extracted for one in desk.account()][:2] == [False, True]


def test_an_exhibit_lost_from_the_vault_is_named(desk: Desk, tmp_path: Path) -> None:
    (exhibit,) = desk.take(put(tmp_path / "chat.txt", b"x"))
    (desk.folder.vault / exhibit[:2] / exhibit).unlink()
    with pytest.raises(extract.ExtractError, match="is not in the vault"):
        desk.run()


def test_a_job_names_all_that_its_tables_depend_on(desk: Desk, tmp_path: Path) -> None:
    desk.take(put(tmp_path / "chat.txt", b"x"))
    (job,) = plan.jobs(desk.folder, desk.ledger, "Europe/London")
    others = [
        replace(job, name="other.txt"),
        replace(job, assumption=Assumption("Asia/Tokyo", job.assumption.why)),
        replace(job, members=2),
        replace(job, limits=Limits(depth=9)),
    ]
    assert len({one.inputs for one in [job, *others]}) == 5
    assert replace(job, root=Path("elsewhere")).inputs == job.inputs


def test_a_backup_received_again_with_its_key_is_explained_by_what_was_in_it(
    desk: Desk, tmp_path: Path
) -> None:
    backup = put(tmp_path / "chat.zip.crypt15", Writing("crypt15").of(ARCHIVE))
    desk.take(backup)
    desk.run()
    assert desk.problems() == [
        (
            "encrypted-backup",
            "an encrypted WhatsApp backup that was not opened; receive it again with its key",
        )
    ]
    desk.take(backup, "WB/002", key=ROOT_KEY)
    desk.run()
    assert sorted(code for code, _ in desk.problems()) == ["archive", "archive", "zone-assumed"]
    assert desk.tables.rows(MESSAGES) == 2
    assert desk.run() == 0


def test_a_file_that_came_with_its_chat_is_named_by_its_exhibit(desk: Desk, tmp_path: Path) -> None:
    said = b"".join(
        b"[31/12/2023, 21:04:0%d] Ana: <attached: 0000000%d-PHOTO-2023-12-31-21-04-05.jpg>\n"
        % (n, n)
        for n in (1, 2)
    )
    photo = "00000001-PHOTO-2023-12-31-21-04-05.jpg"
    archive = packed([("_chat.txt", said), (photo, b"\xff\xd8\xff")])
    _, chat, picture = desk.take(put(tmp_path / "WhatsApp Chat - Nights.zip", archive))
    desk.run()
    rows = desk.tables.read(ATTACHMENTS, [chat]).to_pylist()
    assert [row["file"] for row in rows] == [picture, None]
    assert ("files-missing", "1 of 2") in [(code, what[:6]) for code, what in desk.problems()]


TABLE = b"When,Who,What\n2024-03-01T21:04:05Z,Ana,hi\n"
MAPPING = b'[columns]\ntime = "When"\nsender = "Who"\ntext = "What"\n'


def test_a_table_waits_for_its_mapping_and_is_read_again_when_it_comes(
    folder: Folder, sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    desk = Desk(folder, sqlite_ledger)
    desk.take(put(tmp_path / "desk.csv", TABLE))
    desk.run()
    assert [code for code, _ in desk.problems()] == ["mapping-refused"]
    desk.take(put(tmp_path / "desk.csv.mapping.toml", MAPPING), "WB/002")
    assert desk.due() == 2
    desk.run()
    assert desk.tables.read(MESSAGES).column("text").to_pylist() == ["hi"]
    assert sorted(code for code, _ in desk.problems()) == ["mapping"]
    assert all(one.unexplained_bytes == 0 for one in desk.account())
    desk.take(put(tmp_path / "x" / "desk.csv.mapping.toml", MAPPING + b"mood = 1"), "WB/003")
    desk.run()
    assert "mapping-refused" in [code for code, _ in desk.problems()]


def test_what_was_in_two_encrypted_backups_lies_side_by_side(desk: Desk, tmp_path: Path) -> None:
    names = DATABASE + b"\0" * 4096  # another file than the first
    put(tmp_path / "phone/msgstore.db.crypt15", Writing("crypt15").of(DATABASE))
    put(tmp_path / "phone/wa.db.crypt15", Writing("crypt15").of(names))
    put(tmp_path / "other/wa.db.crypt15", Writing("crypt15").of(names + b"\0"))
    terms = Terms("Bo Lindqvist", "WB/001", "consent", key=ROOT_KEY)
    paths = [tmp_path / "phone", tmp_path / "other"]
    receive(desk.folder, desk.ledger, paths, terms, ANA, NOON)
    beside = {
        job.name: [one.name for one in job.beside]
        for job in plan.jobs(desk.folder, desk.ledger, "UTC")
    }
    assert beside["phone/msgstore.db.crypt15/msgstore.db"] == ["phone/wa.db.crypt15/wa.db"]
    assert beside["other/wa.db.crypt15/wa.db"] == []
