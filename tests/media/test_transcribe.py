"""Machines read pictures and voice notes for real, and what they read can be found."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.media.chats import FORMS, VOICE, WORDS
from tests.media.test_run import exhibit
from tests.people import ANA, NOON
from witnessbox.evidence.schema import MACHINE_TEXTS
from witnessbox.intake.receive import Terms, receive
from witnessbox.intake.record import receipts
from witnessbox.media import ocr, reading, transcriber
from witnessbox.media.model import Engine, MachineKind
from witnessbox.media.program import ProgramError
from witnessbox.media.transcribe import Outcome, readable, run
from witnessbox.operation import steps
from witnessbox.operation.model import Operation
from witnessbox.operation.verify import verify
from witnessbox.search.model import Query
from witnessbox.search.query import search

Speaker = Callable[[str], Path]


@pytest.fixture
def speaker(tmp_path: Path) -> Speaker:
    """Give a function that makes a transcriber out of a few lines of Python."""

    def make(body: str) -> Path:
        tool = tmp_path / "speaker"
        tool.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
        tool.chmod(0o755)
        return tool

    return make


HEARD = "data = open(sys.argv[1], 'rb').read()\nprint('meet at the boathouse', len(data))"


def read(operation: Operation, *engines: Engine) -> Outcome:
    return run(operation.folder, operation.ledger, engines)


def tesseract() -> Engine:
    found = ocr.engine("eng", 600)
    assert found is not None, "install tesseract-ocr, as scripts/setup test does"
    return found


def test_text_in_a_picture_is_read_marked_and_found(own: Operation) -> None:
    assert read(own, tesseract()) == Outcome(3, 3, 0)
    rows = [row for row in own.table("machine_texts").to_pylist() if row["text"]]
    (row,) = [row for row in rows if WORDS in row["text"]]
    assert (row["kind"], row["language"], row["code"]) == ("ocr", "eng", None)
    assert row["engine"].startswith("tesseract ")
    assert len(row["program"]) == 64
    assert search(own.folder, Query("kettle")).total == 0
    list(steps.run(own))
    (hit,) = search(own.folder, Query("kettle")).hits
    assert "kettle" not in hit.text
    (found,) = hit.machine
    assert (found.kind, found.exhibit) == ("ocr", row["exhibit"])
    assert [found.text[start:end] for start, end in found.highlights] == ["kettle"]
    assert search(own.folder, Query('"kettle is" kett* -boat')).total == 1
    assert search(own.folder, Query("-kettle")).total == search(own.folder, Query("")).total - 1


def test_a_picture_read_again_gives_the_same_bytes_and_only_when_asked_otherwise(
    own: Operation,
) -> None:
    read(own, tesseract())
    places = [own.tables.path(MACHINE_TEXTS, one) for one in own.tables.shards(MACHINE_TEXTS)]
    before = [place.read_bytes() for place in places]
    assert read(own, tesseract()) == Outcome(3, 0, 0)
    for place in places:
        place.unlink()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        again = run(own.folder, own.ledger, [tesseract()], executor=pool)
    assert again == Outcome(3, 3, 0)
    assert [place.read_bytes() for place in places] == before


def test_a_voice_note_is_written_down_by_the_program_that_was_named(
    own: Operation, speaker: Speaker
) -> None:
    tool = speaker(HEARD)
    used = transcriber.engine(f"{tool} {{file}} --quiet", 600)
    assert read(own, used) == Outcome(1, 1, 0)
    (row,) = own.table("machine_texts").to_pylist()
    assert row["exhibit"] == exhibit(VOICE)
    assert row["text"] == f"meet at the boathouse {len(VOICE)}"
    assert (row["kind"], row["engine"]) == ("transcript", "speaker")
    assert row["command"] == f"{tool} {{file}} --quiet"
    assert row["program"] == exhibit(tool.read_bytes())
    list(steps.run(own))
    (hit,) = search(own.folder, Query("boathouse")).hits
    assert hit.machine[0].kind == "transcript"


def test_the_vault_is_not_what_a_program_is_given(own: Operation, speaker: Speaker) -> None:
    tool = speaker("open(sys.argv[1], 'w').write('spoilt')\nprint(sys.argv[1])")
    read(own, transcriber.engine(f"{tool} {{file}}", 600))
    assert own.vault.check(exhibit(VOICE)) is None
    (row,) = own.table("machine_texts").to_pylist()
    assert row["text"].endswith("recording.ogg")
    assert not Path(row["text"]).exists()


def test_a_program_that_fails_leaves_a_problem_and_a_changed_one_tries_again(
    own: Operation, speaker: Speaker
) -> None:
    broken = speaker("sys.exit('no model')")
    assert read(own, transcriber.engine(f"{broken} {{file}}", 600)) == Outcome(1, 1, 1)
    (row,) = own.table("machine_texts").to_pylist()
    assert (row["text"], row["code"], row["severity"]) == (None, "machine-unread", "note")
    assert "no model" in row["what"]
    assert read(own, transcriber.engine(f"{broken} {{file}}", 600)) == Outcome(1, 0, 0)
    whole = speaker(HEARD)
    assert read(own, transcriber.engine(f"{whole} {{file}}", 600)) == Outcome(1, 1, 0)


def test_pictures_and_voice_notes_do_not_undo_one_another(own: Operation, speaker: Speaker) -> None:
    read(own, tesseract())
    read(own, transcriber.engine(f"{speaker(HEARD)} {{file}}", 600))
    assert own.table("machine_texts").num_rows == 4


def test_reading_that_is_broken_off_keeps_what_was_read(own: Operation) -> None:
    def leave(_step: str, done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(own.folder, own.ledger, [tesseract()], progress=leave)
    assert read(own, tesseract()) == Outcome(3, 2, 0)


def test_verify_notices_a_machine_text_that_was_changed(own: Operation, speaker: Speaker) -> None:
    read(own, transcriber.engine(f"{speaker(HEARD)} {{file}}", 600))
    assert all(finding.holds for finding in verify(own))
    own.tables.path(MACHINE_TEXTS, exhibit(VOICE)).write_bytes(b"other")
    broken = [finding for finding in verify(own) if not finding.holds]
    assert [finding.what.split(":")[0] for finding in broken] == ["the tables"]


def test_a_damaged_picture_is_left_to_its_own_problem(own: Operation) -> None:
    read(own, tesseract())
    assert reading.machine_texts(own.tables, [exhibit(FORMS["nights"][:2000])]) == []


def test_a_language_that_is_not_there_is_named_with_its_package() -> None:
    with pytest.raises(ProgramError, match="no language tlh; install Debian's tesseract-ocr-tlh"):
        ocr.engine("eng+tlh", 600)


def test_without_tesseract_there_is_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert ocr.engine("eng", 600) is None


def test_a_transcriber_that_is_not_there_is_refused() -> None:
    with pytest.raises(ProgramError, match="no program 'nobody-speaks'"):
        transcriber.engine("nobody-speaks {file}", 600)


def test_an_engine_says_what_kind_of_text_it_gives() -> None:
    assert tesseract().kind is MachineKind.OCR


def test_sound_in_a_films_container_is_read_where_its_message_says_it_is_sound(
    own: Operation, tmp_path: Path
) -> None:
    phone = tmp_path / "phone"
    phone.mkdir()
    names = ("PTT-20170501-WA0001.m4a", "VID-20170501-WA0002.mp4")
    said = [f"01/05/2017, 12:00 - Sam: {name} (file attached)\n" for name in names]
    (phone / "WhatsApp Chat with Lee.txt").write_text("".join(said))
    for name in names:
        (phone / name).write_bytes(b"\0\0\0\x20ftypisom" + name.encode())
    receive(own.folder, own.ledger, [phone], Terms("Lee", "WB/9", "consent"), ANA, NOON)
    list(steps.run(own))
    received = [one.exhibit for one in receipts(own.ledger)]
    recordings = readable(own.folder, received)[MachineKind.TRANSCRIPT]
    sound = exhibit(b"\0\0\0\x20ftypisom" + names[0].encode())
    assert recordings == {exhibit(VOICE): "audio/ogg", sound: "audio/mp4"}
