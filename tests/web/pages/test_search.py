import html
import re
from pathlib import Path

import pytest

from tests.web.conftest import Browser
from witnessbox.operation.model import Operation, open_operation
from witnessbox.search.model import Query
from witnessbox.search.query import search


def _total(page: str) -> int:
    found = re.search(r"<strong>([\d,]+) messages?</strong> found", page)
    assert found is not None
    return int(found[1].replace(",", ""))


def test_without_a_question_the_page_says_what_can_be_asked(reader: Browser) -> None:
    page = reader.get("/search").text
    assert "Ask for words, a person or a time" in page
    assert "these words in a row" in page


def test_words_are_found_marked_and_lead_into_the_conversation(reader: Browser) -> None:
    page = reader.get("/search", params={"q": "van"}).text
    assert _total(page) > 3
    assert "<mark>van</mark>" in page.lower()
    link = re.search(r"/conversations/\w+/messages/\w+/context", page)
    assert link is not None
    place = reader.get(link[0]).headers["location"]
    assert "van" in reader.get(place).text


def test_filters_narrow_and_together_still_agree(reader: Browser, made: Path) -> None:
    hits = search(open_operation(made).folder, Query("van", limit=1000)).hits
    said_by_nobody = sum(hit.sender is None for hit in hits)
    everything = _total(reader.get("/search", params={"q": "van"}).text)
    page = reader.get("/search", params={"q": "van"}).text
    people = re.findall(r'<option value="(\w{34})"', page.split('name="conversation"')[0])
    by_person = [
        _total(reader.get("/search", params={"q": "van", "sender": person}).text)
        for person in dict.fromkeys(people)
    ]
    assert sum(by_person) + said_by_nobody == everything
    late = _total(reader.get("/search", params={"q": "van", "since": "2023-01-01"}).text)
    early = _total(reader.get("/search", params={"q": "van", "until": "2022-12-31"}).text)
    assert late + early == everything


def test_empty_filters_from_the_form_ask_for_nothing(reader: Browser) -> None:
    answer = reader.get("/search?q=van&sender=&conversation=&since=&until=&order=newest")
    assert answer.status_code == 200
    assert _total(answer.text) > 3


def test_pages_of_an_answer_do_not_overlap(reader: Browser) -> None:
    first = reader.get("/search", params={"since": "2022-01-01"}).text
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more is not None
    second = reader.get(html.unescape(more[1])).text
    hits = [re.findall(r"/messages/(\w+)/context", page) for page in (first, second)]
    assert len(hits[0]) == 25
    assert not set(hits[0]) & set(hits[1])


def test_nothing_found_says_what_to_try(reader: Browser) -> None:
    assert "Nothing matches" in reader.get("/search", params={"q": "zyzzyva"}).text


@pytest.mark.parametrize("query", ['"open', "(open", "OR", "since:yesterday"])
def test_a_query_that_cannot_be_read_says_where_and_keeps_what_was_typed(
    reader: Browser, query: str
) -> None:
    answer = reader.get("/search", params={"q": query})
    assert answer.status_code == 422
    assert "at character" in answer.text
    assert f'value="{html.escape(query, quote=True).replace("&quot;", "&#34;")}"' in answer.text


def test_a_query_is_shown_as_text_not_as_markup(reader: Browser) -> None:
    page = reader.get("/search", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page


def test_a_day_that_is_none_is_refused(reader: Browser) -> None:
    assert reader.get("/search", params={"q": "van", "since": "soon"}).status_code == 422


def test_without_an_index_the_page_says_how_to_make_one(owner: Browser) -> None:
    answer = owner.get("/search", params={"q": "van"})
    assert answer.status_code == 422
    assert "witnessbox" in answer.text


def test_the_text_of_a_hit_can_be_masked(writer: Browser, lanternfish: Operation) -> None:
    writer.post("/preferences", data={"token": writer.token(), "masked": "true"})
    page = writer.get("/search", params={"q": "van"}).text
    assert 'class="masking"' in page
    assert 'class="words" dir="auto" tabindex="0"' in page
