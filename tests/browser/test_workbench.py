"""The workbench as a person meets it: a link, a keyboard, a small screen, no scripts."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    ON_EVERY_SCREEN,
    WIDE,
    Screen,
    Served,
    Visitor,
    faults,
    look,
    press,
    visit,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(chromium: Browser, served: Served) -> Iterator[Visitor]:
    """Ana in a browser; whatever she opens, the console must stay silent."""
    with look(chromium, served, WIDE) as visitor:
        yield visitor


def _read_on(page: Page) -> None:
    """Open the first unread message and wait until its keys work."""
    page.get_by_role("link", name=re.compile("Read on in batch")).click()
    expect(page.locator("#open-help")).to_be_visible()
    expect(page.locator(".is-marked")).to_be_in_viewport()


def test_from_the_link_to_a_coding_in_the_ledger(ana: Visitor, served: Served) -> None:
    page = ana.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Operation Lanternfish")
    expect(page.locator(".figures")).to_contain_text("100%")

    page.get_by_role("link", name="Conversations", exact=True).click()
    page.locator("tbody th a").first.click()
    expect(page.locator(".bubble").first).to_be_visible()
    expect(page.locator(".copies-legend li").first).to_be_visible()

    press(page, "/")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("van")
    press(page, "Enter")
    expect(page.locator("mark").first).to_have_text(re.compile("van", re.IGNORECASE))
    page.get_by_role("link", name="Read in the conversation").first.click()
    expect(page.locator(".is-marked")).to_be_in_viewport()

    page.get_by_role("link", name="Review", exact=True).click()
    _read_on(page)
    before = page.url
    for key in ("2", "d", "b"):
        press(page, key)
    expect(page.get_by_label("Misogyny and sexism")).to_be_checked()
    press(page, "o")
    page.keyboard.type("said twice")
    press(page, "Escape")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: Misogyny and sexism; severity 2")
    assert page.url != before

    page.get_by_role("link", name="Ledger", exact=True).click()
    newest = page.locator("tbody tr").first
    expect(newest).to_contain_text("Coding")
    expect(newest).to_contain_text("Ana Okoro")
    expect(newest).to_contain_text("said twice")
    coding = json.loads(list(served.operation.ledger.entries("coding"))[-1].body)
    assert (coding["reviewer"], coding["categories"]) == ("ana", ["misogyny"])
    assert (coding["severity"], coding["banter"]) == (2, True)
    assert coding["message"] in before


def test_undo_by_key_brings_the_message_back(ana: Visitor) -> None:
    page = ana.go("/review")
    _read_on(page)
    first = page.url.split("?")[0].split("#")[0]
    press(page, "n")
    expect(page.get_by_role("status")).to_contain_text("Saved: Not relevant")
    expect(page.locator("#open-help")).to_be_visible()
    press(page, "u")
    expect(page.get_by_role("status")).to_contain_text("Withdrawn")
    assert page.url.split("?")[0].split("#")[0] == first


def test_keys_are_explained_and_can_be_turned_off(ana: Visitor) -> None:
    page = ana.go("/review")
    _read_on(page)
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "1")
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_label("Racism")).not_to_be_checked()
    page.get_by_role("button", name="Keys on").click()
    expect(page.get_by_role("button", name="Keys off")).to_be_visible()
    press(page, "1")
    expect(page.get_by_label("Racism")).not_to_be_checked()
    page.get_by_role("button", name="Keys off").click()
    expect(page.get_by_role("button", name="Keys on")).to_be_visible()
    expect(page.locator("#open-help")).to_be_visible()
    press(page, "1")
    expect(page.get_by_label("Racism")).to_be_checked()


def test_masked_words_are_blurred_until_asked_for(ana: Visitor) -> None:
    page = ana.go("/review")
    _read_on(page)
    page.get_by_role("button", name="Mask text").click()
    words = page.locator(".is-marked .words")
    expect(words).to_have_css("filter", re.compile("blur"))
    expect(page.locator("#open-help")).to_be_visible()  # this page's keys work from then on
    press(page, "v")
    expect(words).to_have_css("filter", "none")
    press(page, "v")
    words.focus()
    expect(words).to_have_css("filter", "none")
    page.get_by_role("button", name="Show text").click()


def test_the_keyboard_alone_reaches_the_page(ana: Visitor) -> None:
    page = ana.go("/conversations")
    press(page, "Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    press(page, "Enter")
    press(page, "Tab")
    expect(page.locator("tbody th a").first).to_be_focused()


def test_a_message_is_coded_without_scripts(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(java_script_enabled=False)
    visitor = visit(context, served)
    page = visitor.go("/review")
    page.get_by_role("link", name=re.compile("Read on in batch")).click()
    page.get_by_label("Ableism").check()
    page.get_by_text("Low", exact=True).click()
    page.get_by_role("button", name="Save, next").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: Ableism; severity 1")
    context.close()


def test_the_report_stands_in_its_frame_with_its_own_styles(ana: Visitor) -> None:
    page = ana.go("/report")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Operation Lanternfish")
    expect(frame.locator("svg").first).to_be_attached()


def _addresses(page: Page, served: Served) -> dict[str, str]:
    """Find one address of each kind of page."""
    base = f"http://127.0.0.1:{served.port}"
    page.goto(f"{base}/conversations")
    reader = page.locator("tbody th a").first.get_attribute("href") or ""
    page.goto(f"{base}/search?q=van")
    message = page.get_by_role("link", name="Every copy and its bytes").first.get_attribute("href")
    page.goto(f"{base}/review/2")
    desk = page.url.removeprefix(base)
    page.goto(base)
    exhibit = page.locator("tbody th a").first.get_attribute("href") or ""
    page.goto(f"{base}/people")
    person = page.locator("tbody th a").first.get_attribute("href") or ""
    link = page.locator('td[data-name="Weakest join"] a').first.get_attribute("href") or ""
    page.goto(f"{base}/cases")
    quoted = page.locator('a[href*="/cases/messages/"]').first.get_attribute("href") or ""
    return {
        "overview": "/",
        "exhibit": exhibit,
        "conversations": "/conversations",
        "reader": f"{reader}?start=40",
        "message": message or "",
        "people-many": "/people",
        "person-many": person,
        "link-joined": link,
        "search": "/search?q=van",
        "review": "/review",
        "desk": desk,
        "recall": "/review/recall",
        "cases": "/cases",
        "case-message": quoted,
        "report": "/report",
        "ledger": "/ledger",
        "check": "/ledger/check",
        "missing": "/conversations/none",
    }


@ON_EVERY_SCREEN
def test_every_page_fits_its_screen_and_is_legible(
    chromium: Browser, served: Served, screen: Screen
) -> None:
    with look(chromium, served, screen) as visitor:
        assert faults(visitor, screen, _addresses(visitor.page, served)) == []
        (missing,) = [said for said in visitor.complaints if "404" in said]  # opened on purpose
        visitor.complaints.remove(missing)
