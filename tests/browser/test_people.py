"""Pages about people: legible on any screen, and a link decided by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import (
    ON_EVERY_SCREEN,
    Screen,
    Served,
    faults,
    look,
    press,
    serving,
    visit,
)
from tests.people import BO
from tests.web import built
from witnessbox.reconcile import record
from witnessbox.reconcile.decision import Identity, Offset, Verdict
from witnessbox.reconcile.model import CopyName
from witnessbox.reconcile.record import known

pytestmark = pytest.mark.browser

LEE, KIT = 2, 1


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A workbench of its own, in which Lee's two names are only proposed to be one person's."""
    operation = built.operation(tmp_path / "lantern")
    built.recognised(operation)
    with serving(operation) as bench:
        yield bench


@pytest.fixture
def decided(served: Served) -> Served:
    """The same, with what a team mate decided before."""
    operation = served.operation
    copies = [built.copy_id(operation, phone) for phone in (0, 1)]
    names = (CopyName(copies[0], "Kit"), CopyName(copies[1], "Kit"))
    for decision in (Offset(copies[1], -420_000), Identity(*names, verdict=Verdict.APART)):
        record.decide(
            operation.ledger, known(operation.folder), decision, BO, built.BEGIN, "seen, KO/12"
        )
    return served


@ON_EVERY_SCREEN
def test_pages_about_people_are_legible(chromium: Browser, decided: Served, screen: Screen) -> None:
    with look(chromium, decided, screen) as visitor:
        operation = decided.operation
        person = visitor.go("/people").locator("tbody th a").first.get_attribute("href") or ""
        pages = {
            "people": "/people",
            "person": person,
            "link": f"/people/links/{built.link(operation, LEE)}",
            "link-decided": f"/people/links/{built.link(operation, KIT)}",
            "link-entered": f"/people/links/{built.link(operation, LEE)}"
            f"?entered={built.link(operation, KIT)}",
        }
        assert faults(visitor, screen, pages) == []


def test_a_proposal_is_accepted_and_undone_by_keyboard_with_a_reason(
    chromium: Browser, served: Served
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    visitor = visit(context, served)
    page, ledger = visitor.go("/people"), served.operation.ledger
    page.get_by_role("link", name="Decide on 1 proposal").click()
    expect(page.locator("#open-help")).to_be_visible()
    press(page, "y")
    expect(page.get_by_label("What decides")).to_be_focused()
    assert record.standing(ledger) == {}
    press(page, "Escape")
    press(page, "o")
    page.keyboard.type("his number, form KO/4")
    press(page, "Escape")
    press(page, "y")
    expect(page.get_by_role("status")).to_contain_text("are one person. It counts once")
    (word,) = record.standing(ledger).values()
    assert (word.decision.id, word.reason) == (
        built.link(served.operation, LEE),
        "his number, form KO/4",
    )
    page.locator("#main").get_by_role("link", name="are one person").click()
    expect(page.locator("#open-help")).to_be_visible()
    press(page, "o")
    page.keyboard.type("another Lee")
    press(page, "Escape")
    press(page, "d")
    expect(page.get_by_role("status")).to_contain_text("Undone; the ledger keeps both entries")
    assert record.standing(ledger) == {}
    context.close()
    assert visitor.complaints == []


def test_what_was_just_entered_is_undone_with_one_key(chromium: Browser, decided: Served) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    visitor = visit(context, decided)
    links = {who: built.link(decided.operation, who) for who in (LEE, KIT)}
    page = visitor.go(f"/people/links/{links[LEE]}?entered={links[KIT]}")
    expect(page.locator("#open-help")).to_be_visible()
    press(page, "u")
    expect(page.get_by_role("status")).to_contain_text("Undone; the ledger keeps both entries")
    assert links[KIT] not in record.standing(decided.operation.ledger)
    context.close()


def test_a_link_is_refused_without_scripts(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = visit(context, served).go("/people")
    page.get_by_role("link", name="Decide on 1 proposal").click()
    page.get_by_label("What decides").fill("two Lees, form KO/5")
    page.get_by_role("button", name="Two people").click()
    expect(page.get_by_role("status")).to_contain_text("are two people")
    context.close()
