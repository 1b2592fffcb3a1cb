import json
from typing import Any

import pyarrow as pa
import pytest

from tests.web import built
from tests.web.conftest import Browser
from witnessbox.evidence import schema
from witnessbox.operation.model import Operation
from witnessbox.review.record import codings, history

FIRST, SECOND = (built.message_id(place) for place in built.BATCHED)
DESK = f"/review/1/messages/{FIRST}"


@pytest.fixture
def desk(owner: Browser, operation: Operation) -> Browser:
    """Ana, with two messages on her desk."""
    built.screened(operation)
    return owner


def _send(desk: Browser, address: str = DESK, **fields: Any) -> tuple[int, str]:
    answer = desk.post(address, data={"token": desk.token(), **fields})
    return answer.status_code, answer.headers.get("location", answer.text)


def test_without_batches_the_page_says_how_they_are_made(owner: Browser) -> None:
    page = owner.get("/review").text
    assert "No batches yet" in page


def test_a_batch_opens_at_the_first_unread_message(desk: Browser) -> None:
    assert "Read on in batch 1" in desk.get("/review").text
    assert desk.get("/review/1").headers["location"] == f"{DESK}#m{built.BATCHED[0]}"


def test_the_desk_shows_the_message_in_context_and_the_words_that_ranked_it(
    desk: Browser,
) -> None:
    page = desk.get(DESK).text
    assert "women can&#39;t drive the van" in page
    assert "That is not funny" in page
    assert '<span class="chip words" dir="auto">drive</span>' in page


def test_a_coding_goes_to_the_ledger_and_the_next_message_comes(
    desk: Browser, operation: Operation
) -> None:
    status, address = _send(
        desk, verdict="code", categories="misogyny", severity=2, banter="true", note=" mild "
    )
    assert (status, address) == (
        303,
        f"/review/1/messages/{SECOND}?saved={FIRST}#m{built.BATCHED[1]}",
    )
    (coding,) = codings(operation.ledger)
    assert (coding.categories, coding.severity, coding.banter) == (("misogyny",), 2, True)
    assert (coding.reviewer, coding.note) == ("ana", "mild")
    said = operation.vault.read(coding.span).decode()
    assert said.endswith("women can't drive the van\n")
    assert "Saved: Misogyny and sexism; severity 2" in desk.get(address.split("#")[0]).text


def test_several_categories_are_kept(desk: Browser, operation: Operation) -> None:
    _send(desk, categories=["misogyny", "bullying-threat"], severity=1)
    (coding,) = codings(operation.ledger)
    assert coding.categories == ("misogyny", "bullying-threat")


def test_not_relevant_keeps_no_category_even_if_one_was_ticked(
    desk: Browser, operation: Operation
) -> None:
    _send(desk, verdict="not-relevant", categories="misogyny", severity=3)
    (coding,) = codings(operation.ledger)
    assert (coding.categories, coding.severity) == ((), 0)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"severity": 2}, "Choose at least one category"),
        ({"categories": "misogyny"}, "Choose a severity"),
        ({"categories": "gossip", "severity": 1}, "there is no category &#39;gossip&#39;"),
        ({"categories": ["drugs", "drugs"], "severity": 1}, "a category is named twice"),
    ],
)
def test_a_form_that_does_not_say_enough_comes_back_with_what_was_filled_in(
    desk: Browser, operation: Operation, fields: dict[str, Any], said: str
) -> None:
    before = operation.ledger.head()
    status, page = _send(desk, note="kept words", **fields)
    assert status == 422
    assert said in page
    assert "kept words" in page
    assert operation.ledger.head() == before


@pytest.mark.parametrize("severity", ["5", "-1", "high"])
def test_a_severity_beyond_the_scale_is_refused(
    desk: Browser, operation: Operation, severity: str
) -> None:
    before = operation.ledger.head()
    assert _send(desk, categories="misogyny", severity=severity)[0] == 422
    assert operation.ledger.head() == before


def test_undo_is_an_entry_of_its_own_and_the_message_waits_again(
    desk: Browser, operation: Operation
) -> None:
    _send(desk, categories="misogyny", severity=2)
    assert _send(desk, f"{DESK}/withdraw") == (303, f"{DESK}#m{built.BATCHED[0]}")
    assert codings(operation.ledger) == ()
    assert [json.loads(entry.body)["reviewer"] for entry in operation.ledger.entries("coding")] == [
        "ana"
    ]
    assert len(history(operation.ledger)) == 2
    assert desk.get("/review/1").headers["location"].startswith(DESK)


def test_undoing_nothing_adds_nothing(desk: Browser, operation: Operation) -> None:
    before = operation.ledger.head()
    assert _send(desk, f"{DESK}/withdraw")[0] == 303
    assert operation.ledger.head() == before


def test_a_skipped_message_comes_round_again_and_then_the_batch_is_done(desk: Browser) -> None:
    second = f"/review/1/messages/{SECOND}"
    assert _send(desk, second, verdict="not-relevant")[1].startswith(DESK)
    assert _send(desk, verdict="not-relevant")[1] == "/review/1"
    page = desk.get("/review/1")
    assert page.status_code == 200
    assert "Batch 1 is read" in page.text


def test_the_form_shows_what_stands(desk: Browser) -> None:
    _send(desk, categories="misogyny", severity=2, note="as said")
    page = desk.get(DESK).text
    assert 'value="misogyny" data-key="2" checked' in page
    assert "as said" in page


@pytest.mark.parametrize(
    "page", ["/review/9", f"/review/9/messages/{FIRST}", "/review/1/messages/x"]
)
def test_a_batch_or_message_that_is_gone_is_said_to_be_missing(desk: Browser, page: str) -> None:
    assert desk.get(page).status_code == 404


def test_each_key_does_one_thing(desk: Browser) -> None:
    page = desk.get(DESK).text
    keys = [part.split('"')[0] for part in page.split('data-key="')[1:]]
    assert len(keys) == len(set(keys))
    assert "" not in keys


@pytest.mark.parametrize("start", [-1, 0, 1, 99])
def test_a_page_of_batches_never_runs_off_the_end(desk: Browser, start: int) -> None:
    assert "Batch 1" in desk.get("/review", params={"start": start}).text


def test_the_next_batch_is_put_together_out_of_what_is_coded(
    desk: Browser, operation: Operation
) -> None:
    assert "Next batch, by what is coded" not in desk.get("/review").text
    _send(desk, categories="misogyny", severity=1)
    _scored(operation)
    assert "Next batch, by what is coded" in desk.get("/review").text
    status, address = _send(desk, "/review/next")
    assert (status, address) == (303, "/review/2")
    assert [entry.kind for entry in operation.ledger.entries("reading-round")] == ["reading-round"]
    first = desk.get(address).headers["location"]
    page = desk.get(first.split("#")[0]).text
    assert "message 1 of" in page
    assert "Scores order the reading." in page
    assert '<span class="muted">learned</span>' in desk.get("/review").text
    assert "Read on in batch 2" in desk.get("/review").text


def test_when_nothing_is_left_to_learn_on_the_page_says_so(
    desk: Browser, operation: Operation
) -> None:
    _scored(operation)
    _send(desk, "/review/next")
    status, page = _send(desk, "/review/next")
    assert status == 409
    assert "nothing to add" in page


def test_banter_said_close_behind_is_shown_as_context(desk: Browser) -> None:
    assert "Said close behind it: “banter”" in desk.get(DESK).text


def _scored(operation: Operation) -> None:
    """Score every message that says something, as screening would."""
    rows = operation.tables.read(schema.CANONICAL_MESSAGES).to_pylist()
    scored = [
        {
            "message": row["message"],
            "conversation": row["conversation"],
            "category": "abuse",
            "score": 0.2,
            "severity": 0,
            "source": "classifier",
            "reasons": [],
        }
        for row in rows
        if row["text"]
    ]
    batch = pa.RecordBatch.from_pylist(scored, schema=schema.SCORES.schema)
    operation.tables.write(schema.SCORES, built.CONVERSATION, [batch])
