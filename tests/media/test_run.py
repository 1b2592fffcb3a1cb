"""Which messages carry which files, and which pictures are one, over a whole operation."""

import shutil
from dataclasses import replace

from tests.media.chats import FORMS, VOICE
from witnessbox.evidence.digest import sha256_of
from witnessbox.evidence.schema import CAMERA_DATES, CARRIERS, MOTIFS, PICTURES, PROBLEMS
from witnessbox.intake.limits import Limits
from witnessbox.media import reading, run
from witnessbox.operation import steps
from witnessbox.operation.model import Operation


def exhibit(data: bytes) -> str:
    return sha256_of([data])


def test_a_picture_sent_again_smaller_in_another_chat_is_one_motif(pictured: Operation) -> None:
    one, other = (exhibit(data) for data in FORMS.values())
    found = reading.motif(pictured.tables, one)
    assert found is not None
    assert set(found.exhibits) == {one, other}
    assert (found.messages, found.conversations) == (2, 2)
    assert found == reading.motif(pictured.tables, other)
    assert len({it.conversation for it in reading.carriers(pictured.tables, [one, other])}) == 2


def test_a_voice_note_has_its_message_and_no_motif(pictured: Operation) -> None:
    (carrier,) = reading.carriers(pictured.tables, [exhibit(VOICE)])
    assert [one.file for one in reading.carried(pictured.tables, [carrier.message])] == [
        exhibit(VOICE)
    ]
    assert reading.motif(pictured.tables, exhibit(VOICE)) is None
    assert reading.picture(pictured.tables, exhibit(VOICE)) is None


def test_every_picture_has_one_row_and_one_motif(pictured: Operation) -> None:
    pictures = pictured.table("pictures")["exhibit"].to_pylist()
    assert len(pictures) == 5
    assert sorted(pictured.table("motifs")["exhibit"].to_pylist()) == sorted(pictures)


def test_a_damaged_picture_is_a_loss_and_stands_alone(pictured: Operation) -> None:
    damaged = exhibit(FORMS["nights"][:2000])
    (problem,) = pictured.tables.read(PROBLEMS, [damaged]).to_pylist()
    assert (problem["code"], problem["severity"], problem["end"]) == (
        "picture-damaged",
        "loss",
        2000,
    )
    found = reading.motif(pictured.tables, damaged)
    assert found is not None
    assert found.exhibits == (damaged,)


def test_a_file_that_did_not_come_is_counted_as_missing(pictured: Operation) -> None:
    said = [row["what"] for row in pictured.tables.read(PROBLEMS).to_pylist()]
    assert sum("1 of 7 files that messages name" in what for what in said) == 1


def test_camera_dates_are_kept_as_evidence(pictured: Operation) -> None:
    found = reading.picture(pictured.tables, exhibit(FORMS["nights"]))
    assert found is not None
    assert ("DateTimeOriginal", "2012:01:01 10:00:00") in [(d.tag, d.written) for d in found.dates]


def test_nothing_is_due_until_the_settings_or_the_tables_change(own: Operation) -> None:
    assert run.due(own.folder, own.ledger) == 0
    assert run.run(own.folder, own.ledger) == 0
    assert run.due(own.folder, own.ledger, alike_bits=0) == 1
    assert run.run(own.folder, own.ledger, alike_bits=0) == 1
    assert max(own.table("motifs")["pictures"].to_pylist()) == 1


def test_a_smaller_limit_of_pixels_has_pictures_looked_at_again(own: Operation) -> None:
    small = replace(own, limits=Limits(picture_pixels=50_000))
    due = {step.name: count for step, count in steps.due(small)}
    assert due["extract"] > 0
    list(steps.run(small))
    codes = [row["code"] for row in own.tables.read(PROBLEMS).to_pylist()]
    assert codes.count("picture-not-decoded") == 4
    assert not any(count for _, count in steps.due(small))


def test_tables_made_again_are_the_same_to_the_byte(own: Operation) -> None:
    files = [
        own.tables.path(table, shard)
        for table in (PICTURES, CAMERA_DATES, CARRIERS, MOTIFS)
        for shard in own.tables.shards(table)
    ]
    before = [place.read_bytes() for place in files]
    shutil.rmtree(own.folder.tables)
    shutil.rmtree(own.folder.steps)
    list(steps.run(own))
    assert [place.read_bytes() for place in files] == before
