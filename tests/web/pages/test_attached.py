"""Pictures and voice notes on the pages: where else they stand, and what machines read."""

import shutil
from pathlib import Path

import pytest

from tests.media import chats
from tests.media.chats import FORMS, HEIC, VIDEO, VOICE
from tests.people import ANA
from tests.web.conftest import ADDRESS, Browser
from witnessbox.evidence.digest import sha256_of
from witnessbox.media import ocr, reading, transcribe, transcriber
from witnessbox.operation import steps
from witnessbox.operation.model import Operation, open_operation
from witnessbox.web.app import create_app
from witnessbox.web.session import Sessions

NIGHTS, DAYS = (sha256_of([data]) for data in FORMS.values())


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    made = chats.operation(tmp_path_factory.mktemp("pictured"))
    engine = ocr.engine("eng", 600)
    assert engine is not None
    transcribe.run(made.folder, made.ledger, [engine])
    list(steps.run(made))
    return made


@pytest.fixture(scope="module")
def ana(pictured: Operation) -> Browser:
    return signed_in(pictured)


def signed_in(operation: Operation) -> Browser:
    sessions = Sessions()
    app = create_app(operation, sessions=sessions)
    browser = Browser(app, base_url=ADDRESS, follow_redirects=False)
    assert browser.post("/sign-in", data={"invitation": sessions.invite(ANA)}).status_code == 303
    return browser


def message_page(pictured: Operation, file: str) -> str:
    (carrier,) = reading.carriers(pictured.tables, [file])
    return f"/conversations/{carrier.conversation}/messages/{carrier.message}"


def test_a_message_shows_where_else_its_picture_stands(pictured: Operation, ana: Browser) -> None:
    page = ana.get(message_page(pictured, NIGHTS)).text
    assert "also stands in <strong>1 message</strong> of 1 conversation" in page
    assert message_page(pictured, DAYS) in page
    assert "a picture like it" in page
    assert f"/exhibits/{DAYS}" in page


def test_a_message_shows_what_the_camera_says_and_judges_nothing(
    pictured: Operation, ana: Browser
) -> None:
    page = ana.get(message_page(pictured, NIGHTS)).text
    assert "The camera says" in page
    assert "2012:01:01 10:00:00" in page
    assert "more than a day from the time of sending" in page
    assert "The camera says" not in ana.get(message_page(pictured, DAYS)).text


def test_a_message_says_of_a_file_that_was_not_looked_at_what_it_is(
    pictured: Operation, ana: Browser
) -> None:
    page = ana.get(message_page(pictured, sha256_of([HEIC.read_bytes()]))).text
    assert "of HEIC this version reads the size and the dates only" in page
    assert "none: it was not decoded" in page
    assert "2017:05:01 12:34:56" in page
    film = ana.get(message_page(pictured, sha256_of([VIDEO]))).text
    assert "a video, not a chat export; videos are not looked at" in film
    assert "not a chat export" not in ana.get(message_page(pictured, NIGHTS)).text


def test_a_message_says_which_file_it_names_did_not_come(pictured: Operation, ana: Browser) -> None:
    rows = pictured.table("canonical_messages").to_pylist()
    (one,) = [row for row in rows if "WA0012" in (row["text"] or "")]
    page = ana.get(f"/conversations/{one['conversation']}/messages/{one['message']}").text
    assert "What came with it: 0 files" in page
    assert "not among what came with the export" in page
    assert page.count("IMG-20170501-WA0012.jpg") > page.count("IMG-20170501-WA0012.jpg (file")
    assert "not among what came" not in ana.get(message_page(pictured, NIGHTS)).text


def test_a_message_shows_machine_read_text_as_that(pictured: Operation, ana: Browser) -> None:
    rows = pictured.table("machine_texts").to_pylist()
    (read,) = [row for row in rows if "kettle" in (row["text"] or "")]
    page = ana.get(message_page(pictured, read["exhibit"])).text
    assert "machine-read" in page
    assert "kettle is broken" in page


def test_an_exhibit_shows_the_picture_and_the_messages_that_carry_it(
    pictured: Operation, ana: Browser
) -> None:
    page = ana.get(f"/exhibits/{NIGHTS}").text
    assert "320 × 240 pixels" in page
    assert "stands in <strong>2 messages</strong> of 2 conversations" in page
    assert "no further than" in page
    assert "As an attachment" in ana.get(f"/exhibits/{sha256_of([VOICE])}").text


def test_a_chat_is_no_attachment(pictured: Operation, ana: Browser) -> None:
    chat = pictured.table("messages")["exhibit"][0].as_py()
    assert "As an attachment" not in ana.get(f"/exhibits/{chat}").text


def test_search_finds_machine_read_text_and_marks_it(ana: Browser) -> None:
    page = ana.get("/search", params={"q": "kettle"}).text
    assert "<strong>1 message</strong> found" in page
    assert "machine-read" in page
    assert "<mark>kettle</mark>" in page
    assert "WB/1/" in page


def test_machine_read_text_is_escaped_like_all_others(pictured: Operation, tmp_path: Path) -> None:
    shutil.copytree(pictured.folder.root, tmp_path / "operation")
    own = open_operation(tmp_path / "operation")
    tool = tmp_path / "speaker"
    tool.write_text("#!/bin/sh\necho '<script>boathouse</script>'\n")
    tool.chmod(0o755)
    engine = transcriber.engine(f"{tool} {{file}}", 600)
    transcribe.run(own.folder, own.ledger, [engine])
    list(steps.run(own))
    browser = signed_in(own)
    for page in ("/search?q=boathouse", message_page(own, sha256_of([VOICE]))):
        text = browser.get(page).text
        assert "boathouse" in text
        assert "<script>boathouse" not in text
