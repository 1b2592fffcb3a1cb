"""A workbench without a network: Ana signed in, and a clock that tests can move."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from re import search

import pytest
from fastapi.testclient import TestClient

from tests.people import ANA, NOON
from tests.web import built
from witnessbox.operation.model import Operation, open_operation
from witnessbox.web.app import create_app
from witnessbox.web.session import Sessions

ADDRESS = "http://127.0.0.1:8700"


class Hand:
    """The hand of a clock."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


class Browser(TestClient):
    """A client that sends forms the way the pages do: with the token that stands in them."""

    def token(self, page: str = "/ledger") -> str:
        found = search(r'name="token" value="([^"]+)"', self.get(page).text)
        assert found is not None
        return found[1]


@pytest.fixture(scope="session")
def made(lanternfish_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example operation, small, after the whole flow; not to be written to."""
    folder = tmp_path_factory.mktemp("lanternfish") / "operation"
    return Path(shutil.copytree(lanternfish_made, folder))


@pytest.fixture(scope="session")
def reader(made: Path) -> Browser:
    """Ana at the example operation, to look only."""
    return _signed_in(open_operation(made))


@pytest.fixture
def lanternfish(made: Path, tmp_path: Path) -> Operation:
    """The example operation as a copy that may be written to."""
    shutil.copytree(made, tmp_path / "operation")
    return open_operation(tmp_path / "operation")


@pytest.fixture
def writer(lanternfish: Operation) -> Browser:
    """Ana at her own copy of the example operation."""
    return _signed_in(lanternfish)


def _signed_in(operation: Operation) -> Browser:
    sessions = Sessions()
    app = create_app(operation, sessions=sessions)
    browser = Browser(app, base_url=ADDRESS, follow_redirects=False)
    assert browser.post("/sign-in", data={"invitation": sessions.invite(ANA)}).status_code == 303
    return browser


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def operation(tmp_path: Path) -> Operation:
    return built.operation(tmp_path / "lantern")


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def stranger(operation: Operation, sessions: Sessions, hand: Hand) -> Iterator[Browser]:
    app = create_app(operation, sessions=sessions, clock=hand)
    with Browser(app, base_url=ADDRESS, follow_redirects=False) as browser:
        yield browser


@pytest.fixture
def owner(stranger: Browser, sessions: Sessions) -> Browser:
    browser = Browser(stranger.app, base_url=ADDRESS, follow_redirects=False)
    answer = browser.post("/sign-in", data={"invitation": sessions.invite(ANA)})
    assert answer.status_code == 303
    return browser
