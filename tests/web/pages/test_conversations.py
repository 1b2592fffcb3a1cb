import html
from pathlib import Path

import pytest

from tests.web import built
from tests.web.conftest import Browser
from witnessbox.evidence import schema
from witnessbox.operation.model import Operation, open_operation
from witnessbox.review.record import standing

READER = f"/conversations/{built.CONVERSATION}"


def test_the_list_says_who_holds_a_conversation_and_what_is_missing(owner: Browser) -> None:
    page = owner.get("/conversations").text
    assert "PC 411 Sam Ode" in page
    assert "PC 902 Kit Marsh" in page
    assert READER in page


def test_what_people_wrote_is_shown_as_text_not_as_markup(owner: Browser) -> None:
    page = owner.get(READER).text
    assert "me &amp; &lt;b&gt;Lee&lt;/b&gt;" in page
    assert "<b>Lee</b>" not in page


def test_times_are_those_of_the_operations_zone_across_a_clock_change(owner: Browser) -> None:
    page = owner.get(READER).text
    assert "Saturday 25 March 2017" in page
    assert "Sunday 26 March 2017" in page
    # 01:00 UTC is 02:00 in London from that Sunday on: no clock there showed 01:00.
    assert ">00:00</time>" in page
    assert ">02:00</time>" in page
    assert ">01:00</time>" not in page


def test_every_copy_marks_every_message(owner: Browser) -> None:
    page = owner.get(READER).text
    assert page.count("1 PC 411 Sam Ode: holds it.") == len(built.WORDS)
    assert "2 PC 902 Kit Marsh: lacks it inside its window" in page
    assert "2 PC 902 Kit Marsh: holds only a placeholder" in page
    assert "2 PC 902 Kit Marsh: holds it with other words" in page


def test_a_stretch_begins_where_it_is_asked_to(owner: Browser) -> None:
    page = owner.get(READER, params={"start": 6}).text
    assert "7–8 of 8 messages" in page
    assert "Kettle is on" in page
    assert "only banter" not in page


@pytest.mark.parametrize("start", [-5, 0, 7, 10_000])
def test_a_start_beyond_the_ends_shows_the_nearest_stretch(owner: Browser, start: int) -> None:
    assert owner.get(READER, params={"start": start}).status_code == 200


@pytest.mark.parametrize(
    ("day", "position"), [("2017-03-01", 0), ("2017-03-26", 4), ("2018-01-01", 7)]
)
def test_a_day_leads_to_its_first_message(owner: Browser, day: str, position: int) -> None:
    answer = owner.get(f"{READER}/day", params={"on": day})
    assert answer.headers["location"] == f"{READER}?start={position}"


def test_a_day_that_is_none_is_refused_in_words(owner: Browser) -> None:
    answer = owner.get(f"{READER}/day", params={"on": "31/02/2017"})
    assert answer.status_code == 422
    assert "Look at: on." in answer.text


def test_a_link_to_a_message_points_it_out(owner: Browser) -> None:
    message = built.message_id(5)
    answer = owner.get(f"{READER}/messages/{message}/context")
    assert answer.headers["location"] == f"{READER}?start=0&mark={message}#m5"
    assert 'id="m5" aria-current="true"' in owner.get(answer.headers["location"]).text


def test_a_message_shows_every_sighting_beside_its_bytes(owner: Browser) -> None:
    page = owner.get(f"{READER}/messages/{built.message_id(built.WITHDRAWN)}").text
    assert "25/03/2017, 23:00 - Kit: women can&#39;t drive the van" in page
    assert "25/03/2017, 23:00 - Kit: This message was deleted" in page
    assert "quoted from here" in page


@pytest.mark.parametrize(
    "page",
    [
        "/conversations/none",
        f"{READER}/messages/none",
        f"{READER}/messages/none/context",
        "/conversations/none/day?on=2017-03-26",
        "/conversations/..%2Foperation",
    ],
)
def test_what_is_not_there_is_said_to_be_missing(owner: Browser, page: str) -> None:
    answer = owner.get(page)
    assert answer.status_code == 404
    assert "Not found" in answer.text


def test_an_operation_without_conversations_says_how_to_get_some(
    owner: Browser, operation: Operation
) -> None:
    operation.tables.remove(schema.CONVERSATIONS, [])
    page = owner.get("/conversations").text
    assert "No conversations yet" in page
    assert "witnessbox receive" in page


def test_a_message_shows_what_reviewers_said_of_it(reader: Browser, made: Path) -> None:
    operation = open_operation(made)
    coding = next(one for one in standing(operation.folder, operation.ledger).codings if one.note)
    for conversation in operation.tables.shards(schema.CANONICAL_MESSAGES):
        answer = reader.get(f"/conversations/{conversation}/messages/{coding.message}")
        if answer.status_code == 200:
            break
    assert "What reviewers said" in answer.text
    assert f"<strong>{coding.reviewer}</strong>" in answer.text
    assert coding.note in html.unescape(answer.text)
    assert '<a href="/exhibits/' in answer.text
    assert ">HS/" in answer.text
