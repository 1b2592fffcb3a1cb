import pytest

from tests.people import ANA
from tests.web.conftest import Browser
from witnessbox.web.session import Sessions


def test_opening_the_link_does_not_use_it_up(stranger: Browser, sessions: Sessions) -> None:
    secret = sessions.invite(ANA)
    for _ in range(2):
        page = stranger.get("/sign-in", params={"invitation": secret})
        assert page.status_code == 200
        assert "Ana Okoro" in page.text
    assert stranger.get("/").status_code == 401


def test_the_button_signs_in_once(stranger: Browser, sessions: Sessions) -> None:
    secret = sessions.invite(ANA)
    answer = stranger.post("/sign-in", data={"invitation": secret})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert stranger.get("/").status_code == 200
    stranger.cookies.clear()
    assert stranger.post("/sign-in", data={"invitation": secret}).status_code == 401
    assert stranger.get("/").status_code == 401


def test_a_guessed_invitation_opens_nothing(stranger: Browser) -> None:
    assert stranger.get("/sign-in", params={"invitation": "guess"}).status_code == 401
    assert stranger.post("/sign-in", data={"invitation": "guess"}).status_code == 401
    assert stranger.post("/sign-in").status_code == 401


def test_signing_out_ends_the_session_on_this_side(owner: Browser) -> None:
    kept = dict(owner.cookies)
    assert owner.post("/sign-out", data={"token": owner.token()}).status_code == 200
    owner.cookies.update(kept)
    assert owner.get("/").status_code == 401


def test_masking_is_remembered_for_the_session(owner: Browser) -> None:
    token = owner.token()
    answer = owner.post(
        "/preferences", data={"token": token, "masked": "true", "here": "/ledger?before=3"}
    )
    assert answer.headers["location"] == "/ledger?before=3"
    assert 'class="masking"' in owner.get("/ledger").text
    owner.post("/preferences", data={"token": token, "masked": "false"})
    assert 'class="masking"' not in owner.get("/ledger").text


def test_keys_can_be_turned_off(owner: Browser) -> None:
    owner.post("/preferences", data={"token": owner.token(), "keys": "false"})
    assert 'data-keys="off"' in owner.get("/ledger").text


@pytest.mark.parametrize("here", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_a_form_cannot_send_the_browser_elsewhere(owner: Browser, here: str) -> None:
    answer = owner.post("/preferences", data={"token": owner.token(), "here": here})
    assert answer.headers["location"] == "/"
