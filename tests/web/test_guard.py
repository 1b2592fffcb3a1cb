"""What stands before every page, whoever asks."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from tests.people import BO
from tests.web import built
from tests.web.conftest import ADDRESS, Browser, Hand
from witnessbox.evidence import schema
from witnessbox.evidence.digest import derive
from witnessbox.operation.model import Operation
from witnessbox.web.app import GUARDED
from witnessbox.web.guard import PAGE_POLICY, REQUEST_LIMIT_BYTES, Guard
from witnessbox.web.session import COOKIE, Sessions

VALUES = {
    "conversation": built.CONVERSATION,
    "message": built.message_id(3),
    "discrepancy": built.discrepancy_id("missing"),
    "person": derive("person", "Sam"),
    "batch": "1",
    "link": "01" + "1" * 32,
    "decision": "01" + "1" * 32,
    "exhibit": "0" * 64,
    "start": "0",
    "end": "1",
    "release": "2026-03-02-1",
    "file": "report.pdf",
}


def _routes(method: str) -> Iterator[str]:
    for router in GUARDED:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if method in (route.methods or ()):
                yield route.path.format(**VALUES)


PAGES = sorted(_routes("GET"))
FORMS = sorted(_routes("POST"))


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_sees_no_page_and_learns_nothing(stranger: Browser, page: str) -> None:
    answer = stranger.get(page)
    assert answer.status_code == 401
    assert "Lantern" not in answer.text
    assert "You are not signed in" in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_sends_no_form(stranger: Browser, form: str) -> None:
    answer = stranger.post(form, data={"token": "guessed"})
    assert answer.status_code == 401
    assert "Lantern" not in answer.text


def test_a_stranger_cannot_tell_a_page_that_is_from_one_that_is_not(stranger: Browser) -> None:
    there = stranger.get(f"/conversations/{built.CONVERSATION}")
    nowhere = stranger.get("/conversations/none")
    nothing = stranger.get("/no-such-page")
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
    assert (there.status_code, there.text) == (nothing.status_code, nothing.text)


@pytest.mark.parametrize("page", PAGES)
def test_a_session_that_lay_idle_is_a_stranger_again(owner: Browser, hand: Hand, page: str) -> None:
    hand.move(timedelta(minutes=31))
    assert owner.get(page).status_code == 401


@pytest.mark.parametrize("form", FORMS)
def test_a_form_without_its_token_changes_nothing(
    owner: Browser, operation: Operation, form: str
) -> None:
    before = operation.ledger.head()
    answer = owner.post(form, data={"verdict": "not-relevant"})
    assert answer.status_code == 403
    assert operation.ledger.head() == before


@pytest.mark.parametrize("form", FORMS)
def test_a_form_with_a_team_mates_token_changes_nothing(
    owner: Browser, stranger: Browser, sessions: Sessions, operation: Operation, form: str
) -> None:
    stranger.post("/sign-in", data={"invitation": sessions.invite(BO)})
    before = operation.ledger.head()
    answer = owner.post(form, data={"token": stranger.token(), "verdict": "not-relevant"})
    assert answer.status_code == 403
    assert operation.ledger.head() == before


OWN_PAGES = [page for page in PAGES if page != "/report/preview"]  # the report has its own policy


@pytest.mark.parametrize("page", [*OWN_PAGES, "/sign-in", "/static/base.css", "/no-such-page"])
def test_every_answer_carries_the_policy(owner: Browser, page: str) -> None:
    headers = owner.get(page).headers
    assert headers["content-security-policy"] == PAGE_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert PAGE_POLICY.startswith("default-src 'none'")
    assert "unsafe" not in PAGE_POLICY
    assert "http" not in PAGE_POLICY


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8700", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused_even_with_a_session(owner: Browser, host: str) -> None:
    answer = owner.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert answer.headers["content-security-policy"] == PAGE_POLICY


def test_a_host_that_cannot_be_read_is_refused(owner: Browser) -> None:
    assert owner.get("/", headers={"host": "[::1"}).status_code == 421


def test_a_form_from_another_site_is_refused_before_it_is_read(owner: Browser) -> None:
    data = {"token": owner.token()}
    elsewhere = owner.post("/sign-out", data=data, headers={"origin": "http://evil.example"})
    fetched = owner.post("/sign-out", data=data, headers={"sec-fetch-site": "cross-site"})
    assert (elsewhere.status_code, fetched.status_code) == (403, 403)
    assert owner.post("/sign-out", data=data, headers={"origin": ADDRESS}).status_code == 200


def test_a_form_of_our_own_under_a_no_referrer_policy_is_taken(owner: Browser) -> None:
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    answer = owner.post("/sign-out", data={"token": owner.token()}, headers=headers)
    assert answer.status_code == 200


def test_a_form_beyond_the_limit_is_refused(owner: Browser) -> None:
    answer = owner.post("/preferences", content=b"x" * (REQUEST_LIMIT_BYTES + 1))
    assert answer.status_code == 413


def test_a_fault_shows_no_trace_and_keeps_the_headers(owner: Browser, operation: Operation) -> None:
    place = operation.tables.path(schema.CONVERSATIONS, "operation")
    place.unlink()
    place.mkdir()
    answer = owner.get("/conversations")
    assert answer.status_code in {409, 500}
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"] == PAGE_POLICY


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    stranger: Browser, sessions: Sessions
) -> None:
    answer = stranger.post("/sign-in", data={"invitation": sessions.invite(BO)})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_a_fault_in_our_own_code_is_said_without_its_details(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("Lantern")

    answer = TestClient(Guard(broken), base_url=ADDRESS).get("/")
    assert answer.status_code == 500
    assert "Lantern" not in answer.text
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert "Lantern" in caplog.text
