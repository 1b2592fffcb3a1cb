"""How much is found, on the workbench."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from tests.people import ANA, BO
from tests.web import built
from tests.web.conftest import ADDRESS, Browser
from witnessbox.operation.model import Operation
from witnessbox.reports.recall_check import breaches
from witnessbox.review.drawn import SAMPLE
from witnessbox.review.record import codings
from witnessbox.screening.model import DECIDES_NOTHING
from witnessbox.web.app import create_app
from witnessbox.web.session import Sessions

PAGE = "/review/recall"
FIRST = built.message_id(built.BATCHED[0])


@pytest.fixture
def desk(owner: Browser, operation: Operation) -> Browser:
    """Ana, with two messages that may be read."""
    built.screened(operation)
    return owner


def _draw(browser: Browser, purpose: str = "sealed", size: str = "2") -> int:
    fields = {"token": browser.token(), "purpose": purpose, "size": size}
    return browser.post(f"{PAGE}/samples", data=fields).status_code


def test_the_page_says_where_the_review_stands(desk: Browser) -> None:
    page = desk.get(PAGE).text
    assert "Read on: too little was found to plan a sample." in page
    assert "needs a sealed sample" in page
    assert DECIDES_NOTHING in page
    assert 'href="/review/recall"' in desk.get("/review").text


def test_before_anything_is_screened_the_page_says_what_to_do(owner: Browser) -> None:
    page = owner.get(PAGE).text
    assert "No message has been screened yet" in page
    assert "witnessbox run" in page
    assert "Read on" not in page


def test_the_page_and_the_certificate_go_by_the_operations_target(operation: Operation) -> None:
    built.screened(operation)
    sessions = Sessions()
    app = create_app(replace(operation, recall_target=0.8), sessions=sessions)
    desk = Browser(app, base_url=ADDRESS, follow_redirects=False)
    desk.post("/sign-in", data={"invitation": sessions.invite(ANA)})
    _draw(desk)
    for _ in range(2):
        address = desk.get("/review/0").headers["location"].partition("#")[0]
        desk.post(address, data={"token": desk.token(), "verdict": "not-relevant"})
    assert "target 80%" in desk.get(PAGE).text
    packed = zipfile.ZipFile(io.BytesIO(desk.get(f"{PAGE}/certificate.zip").content))
    told = json.loads(packed.read("certificate.json"))
    assert told["figures"]["target"] == 0.8


def test_a_sample_is_drawn_into_the_ledger_and_read_blind(
    desk: Browser, operation: Operation
) -> None:
    assert _draw(desk) == 303
    (entry,) = operation.ledger.entries(SAMPLE)
    assert entry.actor.id == "ana"
    assert "2 drawn messages to read" in desk.get("/review").text
    address = desk.get("/review/0").headers["location"]
    page = desk.get(address.partition("#")[0]).text
    assert "Drawn by lot" in page
    assert "Why it was put here" not in page
    assert "chip words" not in page


def test_a_sample_is_coded_like_a_batch_and_then_done(desk: Browser, operation: Operation) -> None:
    _draw(desk)
    for _ in range(2):
        address = desk.get("/review/0").headers["location"].partition("#")[0]
        answer = desk.post(address, data={"token": desk.token(), "verdict": "not-relevant"})
        assert answer.status_code == 303
    assert len(codings(operation.ledger)) == 2
    assert "The sample is read" in desk.get("/review/0").text
    assert "Recall, at least</dt><dd>100%" in desk.get(PAGE).text


def test_what_others_said_of_a_drawn_message_is_not_shown(
    desk: Browser, stranger: Browser, sessions: Sessions
) -> None:
    for place in built.BATCHED:
        address = f"/review/1/messages/{built.message_id(place)}"
        desk.post(address, data={"token": desk.token(), "verdict": "not-relevant"})
    assert _draw(desk, "second-reading") == 303
    assert "No drawn message waits for you" not in desk.get("/review/0").text
    stranger.post("/sign-in", data={"invitation": sessions.invite(BO)})
    address = stranger.get("/review/0").headers["location"].partition("#")[0]
    page = stranger.get(address).text
    assert "What stands" not in page
    assert "<strong>ana</strong>" not in page


def test_a_draw_that_cannot_be_is_refused_with_the_reason(
    desk: Browser, operation: Operation
) -> None:
    assert _draw(desk, size="3") == 409
    assert _draw(desk, size="0") == 422
    assert list(operation.ledger.entries(SAMPLE)) == []


def test_the_certificate_and_its_bundle_can_be_taken_away(desk: Browser) -> None:
    _draw(desk)
    pdf = desk.get(f"{PAGE}/certificate.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    packed = desk.get(f"{PAGE}/certificate.zip").content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert breaches(files) == []
    assert files["certificate.pdf"] == pdf.content


def test_without_anything_drawn_or_read_there_is_no_certificate(desk: Browser) -> None:
    answer = desk.get(f"{PAGE}/certificate.pdf")
    assert answer.status_code == 409
    assert "nothing was coded or drawn" in answer.text


def test_an_empty_desk_of_samples_says_so(desk: Browser) -> None:
    assert "No drawn message waits for you" in desk.get("/review/0").text
