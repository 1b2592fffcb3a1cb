"""A real workbench on a real port, and Debian's Chromium in front of it."""

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    expect,
    sync_playwright,
)

from tests.people import ANA
from witnessbox.operation.model import Operation, open_operation
from witnessbox.web.app import create_app
from witnessbox.web.serve import listen, sign_in_address
from witnessbox.web.session import Sessions

CHROMIUM = "/usr/bin/chromium"
SCREENSHOTS = os.environ.get("WITNESSBOX_SCREENSHOTS")
"""The folder to keep pictures of all pages in, where somebody wants to look at them."""

_LEGIBLE = (Path(__file__).parent / "legible.js").read_text()
_FIRST_PORT = 8760
_COUNT_KEYS = """
addEventListener("keydown", () => {
  sessionStorage.heard = Number(sessionStorage.heard ?? 0) + 1;
}, true);
"""
_TWO_FRAMES = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
)
_MOST_PRESSES = 20
expect.set_options(timeout=20_000)  # a machine with other work is slow, which is no fault here


class Screen(NamedTuple):
    """What a page is looked at on."""

    width: int
    scheme: Literal["light", "dark"]


WIDE, SMALL = Screen(1280, "light"), Screen(400, "light")

ON_EVERY_SCREEN = pytest.mark.parametrize(
    "screen",
    [
        pytest.param(Screen(width, scheme), id=f"{width}-{scheme}")
        for width in (1280, 400)
        for scheme in ("light", "dark")
    ],
)


@dataclass(frozen=True, slots=True)
class Served:
    """A workbench that is being served."""

    operation: Operation
    sessions: Sessions
    port: int

    def link(self) -> str:
        """Draw a one-time sign-in link, as ``witnessbox serve`` prints."""
        return sign_in_address(self.port, self.sessions.invite(ANA))


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in page, and all that its console said."""

    page: Page
    complaints: list[str]
    port: int

    def go(self, path: str) -> Page:
        """Open a page of the workbench."""
        self.page.goto(f"http://127.0.0.1:{self.port}{path}")
        return self.page


@pytest.fixture(scope="session")
def served(lanternfish_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example operation, small, after the whole flow, in a workbench."""
    folder = tmp_path_factory.mktemp("lanternfish") / "operation"
    shutil.copytree(lanternfish_made, folder)
    with serving(open_operation(folder)) as bench:
        yield bench


@contextmanager
def serving(operation: Operation) -> Iterator[Served]:
    """Serve an operation on a port of its own."""
    sessions = Sessions()
    listener = listen(_FIRST_PORT)
    config = uvicorn.Config(
        create_app(operation, sessions=sessions), log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Served(operation, sessions, listener.getsockname()[1])
    server.should_exit = True
    thread.join(timeout=30)
    listener.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's own Chromium; root in a container cannot have its sandbox."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def visit(context: BrowserContext, served: Served) -> Visitor:
    """Sign in by the link, as a person would."""
    context.add_init_script(_COUNT_KEYS)
    page, complaints = context.new_page(), list[str]()

    def listen_to(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", listen_to)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served.link())
    page.get_by_role("button", name="Open the workbench").click()
    return Visitor(page, complaints, served.port)


@contextmanager
def look(browser: Browser, served: Served, screen: Screen) -> Iterator[Visitor]:
    """Sign in on a screen; the console must stay silent."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": 900}, color_scheme=screen.scheme
    )
    visitor = visit(context, served)
    yield visitor
    context.close()
    assert visitor.complaints == []


def faults(visitor: Visitor, screen: Screen, pages: Mapping[str, str]) -> list[str]:
    """Open pages; say which are wider than the screen, and what on them cannot be read well."""
    found = []
    for name, address in pages.items():
        page = visitor.go(address)
        if SCREENSHOTS:
            picture = f"{name}-{screen.width}-{screen.scheme}.png"
            page.screenshot(path=Path(SCREENSHOTS) / picture, full_page=True)
        wide = page.locator("html").evaluate("node => node.scrollWidth - node.clientWidth")
        found += [f"{name} is {wide} pixels too wide"] if wide > 0 else []
        found += [f"{name}: {fault}" for fault in page.evaluate(_LEGIBLE)]
    return found


def press(page: Page, key: str) -> None:
    """Press a key once a page is loaded and drawn, again only where the browser never passed it on.

    A browser drops what is typed at a page that nobody can see yet; under load that is long after
    its script is ready.  A key that the page heard is never pressed twice.
    """
    page.wait_for_load_state("load")
    page.evaluate(_TWO_FRAMES)
    before = page.evaluate("sessionStorage.heard")
    for _ in range(_MOST_PRESSES):
        page.keyboard.press(key)
        try:
            if page.evaluate("sessionStorage.heard") != before:
                return
        except Error:  # the page is on its way to the next: it heard the key
            return
    pytest.fail(f"{page.url} never heard the key {key}")
