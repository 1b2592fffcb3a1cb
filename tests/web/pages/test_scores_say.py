"""Every page that shows a score, or an order that scores made, says what scores are for."""

import re

import pyarrow.parquet as pq

from tests.web import built
from tests.web.conftest import Browser
from witnessbox.evidence import schema
from witnessbox.operation.model import Operation
from witnessbox.screening.model import DECIDES_NOTHING

FIRST, SECOND = (built.message_id(place) for place in built.BATCHED)
DESK = f"/review/1/messages/{FIRST}"
SCORED_PAGES = ("/", "/review", DESK)


def walked(owner: Browser) -> dict[str, str]:
    """Follow every link from the overview on, and keep each page once."""
    found: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        answer = owner.get(address)
        found[address] = answer.text
        links = {link.split("#")[0] for link in re.findall(r'href="(/[^"]*)"', answer.text)}
        links |= {answer.headers.get("location", "/").split("#")[0]}
        waiting += [
            link
            for link in sorted(links)
            if link not in found and link not in waiting and not link.startswith("/static")
        ]
    return found


def shows_a_score(page: str) -> bool:
    return bool(re.search(r"\bscores?\b|\bBatch \d|Read on", page, re.IGNORECASE))


def test_every_page_that_shows_scores_or_their_order_says_they_decide_nothing(
    owner: Browser, operation: Operation
) -> None:
    built.screened(operation)
    pages = walked(owner)
    showing = {address for address, page in pages.items() if shows_a_score(page)}
    assert set(SCORED_PAGES) <= showing
    assert {address for address in showing if DECIDES_NOTHING not in pages[address]} == set()


def test_a_batch_that_is_read_still_says_so(owner: Browser, operation: Operation) -> None:
    built.screened(operation)
    for message in (FIRST, SECOND):
        owner.post(
            f"/review/1/messages/{message}",
            data={"token": owner.token(), "verdict": "not-relevant"},
        )
    page = owner.get("/review/1").text
    assert "is read" in page
    assert DECIDES_NOTHING in page


def test_the_desk_and_the_overview_say_where_no_model_has_learned_the_language(
    owner: Browser, operation: Operation
) -> None:
    built.screened(operation, language="de", category="abuse")
    assert "in German. <strong>No model has learned that language</strong>" in owner.get(DESK).text
    assert "1 message in German: no model has learned that language" in owner.get("/").text


def test_nothing_is_said_of_languages_where_a_model_has_learned_them(
    owner: Browser, operation: Operation
) -> None:
    built.screened(operation, category="abuse")
    assert "No model has learned" not in owner.get(DESK).text
    assert "no model has learned" not in owner.get("/").text


def test_the_desk_says_what_else_a_word_may_mean(owner: Browser, operation: Operation) -> None:
    built.screened(operation, reasons=("muppet", "drive"))
    page = owner.get(DESK).text
    assert "a fool (abusive); a puppet (innocent)" in page
    assert page.count("has several senses") == 1


def test_a_lexicon_that_cannot_be_read_does_not_keep_anybody_from_reading(
    owner: Browser, operation: Operation
) -> None:
    built.screened(operation, reasons=("muppet",))
    operation.folder.lexicons.mkdir()
    (operation.folder.lexicons / "station.tsv").write_text("nonsense\n")
    assert "a puppet (innocent)" in owner.get(DESK).text


def test_scores_made_before_messages_had_a_language_are_still_shown(
    owner: Browser, operation: Operation
) -> None:
    built.screened(operation)
    path = operation.tables.path(schema.SCORES, built.CONVERSATION)
    old = operation.tables.read(schema.SCORES).drop_columns(["language"])
    pq.write_table(old, path, write_page_checksum=True)
    assert "Why it was put here" in owner.get(DESK).text
    assert owner.get("/").status_code == 200
