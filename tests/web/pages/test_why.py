import html
from pathlib import Path

import pytest

from tests.people import BO
from tests.web import built
from tests.web.conftest import ADDRESS, Browser
from witnessbox.evidence import schema
from witnessbox.evidence.digest import derive
from witnessbox.operation.model import Operation, open_operation
from witnessbox.web.session import Sessions

READER = f"/conversations/{built.CONVERSATION}"
COPIES = f"{READER}/copies"
SAM = derive("person", "Sam")


def _message(position: int) -> str:
    return f"{READER}/messages/{built.message_id(position)}"


def _discrepancy(kind: str) -> str:
    return f"{READER}/discrepancies/{built.discrepancy_id(kind)}"


PAGES = (
    COPIES,
    f"{_message(3)}/why",
    _discrepancy("missing"),
)


@pytest.mark.parametrize("page", PAGES)
def test_the_owner_and_a_team_mate_see_the_same_page(
    owner: Browser, stranger: Browser, sessions: Sessions, page: str
) -> None:
    mate = Browser(stranger.app, base_url=ADDRESS, follow_redirects=False)
    mate.post("/sign-in", data={"invitation": sessions.invite(BO)})
    for browser in (owner, mate):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "Nights" in answer.text


@pytest.mark.parametrize("page", [*PAGES, f"{_message(3)}/copies", f"{READER}/discrepancies/none"])
def test_a_stranger_learns_nothing(stranger: Browser, page: str) -> None:
    answer = stranger.get(page)
    assert answer.status_code == 401
    assert "Nights" not in answer.text


def test_copies_stand_side_by_side_with_gaps_marks_and_other_words(owner: Browser) -> None:
    page = owner.get(COPIES).text
    assert page.count('<th scope="row">') == len(built.WORDS)
    assert page.count('<td class="cell is-missing') == 1
    assert "missing · supported" in page
    assert page.count('<td class="cell is-placeholder"') == 1
    assert "only a mark that a message stood here" in page
    assert page.count('<td class="cell is-differs"') == 1
    assert _discrepancy("missing") in page


def test_a_line_that_one_copy_alone_has_says_so(owner: Browser) -> None:
    page = owner.get(COPIES, params={"start": built.LACKED}).text
    assert page.count('<span class="says">only here</span>') == 1
    assert page.count('<td class="cell is-held is-only"') == 1


def test_only_the_copies_that_were_asked_for_are_drawn(owner: Browser) -> None:
    page = owner.get(COPIES, params={"show": 2}).text
    head = page.split("<thead>")[1].split("</thead>")[0]
    assert "PC 902 Kit Marsh" in head
    assert "PC 411 Sam Ode" not in head
    assert 'value="2" checked' in page
    assert 'value="1" checked' not in page


@pytest.mark.parametrize("show", [[9], [-1, 0]])
def test_copies_that_are_not_there_leave_all_of_them(owner: Browser, show: list[int]) -> None:
    head = owner.get(COPIES, params={"show": show}).text.split("<thead>")[1].split("</thead>")[0]
    assert "PC 902 Kit Marsh" in head
    assert "PC 411 Sam Ode" in head


@pytest.mark.parametrize("start", [-5, 0, 7, 10_000])
def test_a_start_beyond_the_ends_shows_the_nearest_stretch(owner: Browser, start: int) -> None:
    page = owner.get(COPIES, params={"start": start})
    assert page.status_code == 200
    assert "of 8 messages" in page.text


def test_a_difference_before_the_page_is_a_step_away(owner: Browser) -> None:
    page = html.unescape(owner.get(COPIES, params={"start": 7, "show": 2}).text)
    assert f'href="{COPIES}?start=0&show=2#m{built.REWORDED}"' in page
    assert 'id="next-flag"' not in page


def test_a_link_leads_to_a_message_among_its_copies(owner: Browser) -> None:
    message = built.message_id(5)
    answer = owner.get(f"{_message(5)}/copies")
    assert answer.headers["location"] == f"{COPIES}?start=0&mark={message}#m5"
    page = owner.get(answer.headers["location"]).text
    assert '<tr id="m5" class="is-marked" aria-current="true">' in page


def test_a_message_is_told_step_by_step(owner: Browser) -> None:
    page = owner.get(f"{_message(built.WITHDRAWN)}/why").text
    assert "Where it was found: 2 sightings" in page
    assert "this copy says only that a message stood here" in page
    assert "What is quoted: copy 1" in page
    assert "a mark that a message stood here (copy 2) is never quoted before the message" in page
    assert "Every copy shows it." in page
    assert _discrepancy("placeholder") in page


def test_a_message_says_who_does_not_show_it(owner: Browser) -> None:
    page = owner.get(f"{_message(built.LACKED)}/why").text
    assert "<strong>missing</strong>: not in this copy, though it covers that time" in page


def test_a_discrepancy_is_told_with_its_strength_and_the_copies_around_it(owner: Browser) -> None:
    page = owner.get(_discrepancy("missing")).text
    assert "Missing in copy 2, PC 902 Kit Marsh" in page
    assert "A message that other copies hold is not in this copy." in page
    assert "the data speak against the ordinary explanations" in page
    assert 'class="cell is-missing' in page
    assert '<tr id="m4" class="is-marked is-flagged" aria-current="true">' in page


def test_what_was_written_is_text_and_is_masked_where_that_is_asked_for(owner: Browser) -> None:
    assert "<b>Lee</b>" not in owner.get(COPIES).text
    assert '<span class="words" dir="auto" tabindex="0">' not in owner.get(COPIES).text
    owner.post("/preferences", data={"token": owner.token(), "here": "/", "masked": "true"})
    for page in (COPIES, f"{_message(built.REWORDED)}/why", _discrepancy("text-differs")):
        text = owner.get(page).text
        assert '<body class="masking"' in text
        assert '<span class="words" dir="auto" tabindex="0">' in text


def test_the_reader_leads_to_why_from_marks_notes_and_names(owner: Browser) -> None:
    page = owner.get(READER).text
    assert f'<a class="marks" href="{_message(3)}/why">' in page
    assert f'<a class="doubt" href="{_discrepancy("missing")}">' in page
    assert f'<a class="person" href="/people/{SAM}" dir="auto">Sam</a>' in page
    assert f'href="{COPIES}?start=0"' in page


@pytest.mark.parametrize(
    "page",
    [
        "/conversations/none/copies",
        f"{READER}/messages/none/copies",
        f"{READER}/messages/none/why",
        f"{READER}/discrepancies/none",
    ],
)
def test_what_is_not_there_is_said_to_be_missing(owner: Browser, page: str) -> None:
    answer = owner.get(page)
    assert answer.status_code == 404
    assert "Not found" in answer.text


def test_a_conversation_without_messages_says_so(owner: Browser, operation: Operation) -> None:
    table = operation.tables.read(schema.CONVERSATIONS)
    empty = table.set_column(
        table.schema.get_field_index("messages"), "messages", [[0] * table.num_rows]
    )
    operation.tables.write(schema.CONVERSATIONS, "operation", empty.to_batches())
    assert "No messages here" in owner.get(COPIES).text


def test_the_example_has_reasons_wherever_a_copy_has_nothing(reader: Browser, made: Path) -> None:
    tables = open_operation(made).tables
    longest = max(tables.read(schema.CONVERSATIONS).to_pylist(), key=lambda row: row["copies"])
    page = reader.get(f"/conversations/{longest['conversation']}/copies").text
    assert "before this phone&#39;s owner came into the conversation" in page


def test_a_discrepancy_of_the_example_is_told_with_what_shows_and_what_explains_it(
    reader: Browser, made: Path
) -> None:
    tables = open_operation(made).tables
    rows = tables.read(schema.DISCREPANCIES).to_pylist()
    one = next(row for row in rows if row["kind"] == "missing")
    address = f"/conversations/{one['conversation']}/discrepancies/{one['discrepancy']}"
    page = reader.get(address).text
    assert "holds the message" in page
    assert f'<a class="nowrap" href="/exhibits/{one["exhibit"]}">' in page
    for standing in ("open", "unlikely", "excluded"):
        assert f">{standing}</span>" in page
    assert 'class="cell is-missing' in page


def test_a_run_of_the_example_leads_to_both_of_its_ends(reader: Browser, made: Path) -> None:
    tables = open_operation(made).tables
    rows = [row for row in tables.read(schema.DISCREPANCIES).to_pylist() if row["run"]]
    one = rows[0]
    places = sorted(row["position"] for row in rows if row["run"] == one["run"])
    page = reader.get(
        f"/conversations/{one['conversation']}/discrepancies/{one['discrepancy']}"
    ).text
    assert f"{len(places)} messages in a row" in page
    for place in (places[0], places[-1]):
        assert f'/copies">{place + 1}</a>' in page
