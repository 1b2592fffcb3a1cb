"""Copies side by side and the pages of explanation: thirteen phones, by keyboard alone."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    ON_EVERY_SCREEN,
    SMALL,
    WIDE,
    Screen,
    Served,
    Visitor,
    faults,
    look,
    press,
    serving,
    visit,
)
from tests.people import ANA, NOON
from tests.reconcile.test_run import receive
from tests.reconcile.why.kept import ANA as ANAS
from tests.reconcile.why.kept import BEN, CY, LACKED, RUN, SAID
from witnessbox.evidence import schema
from witnessbox.operation.model import Operation, new
from witnessbox.reconcile.run import run

pytestmark = pytest.mark.browser

MORE = [
    replace(CY, name=f"cy {n}", custodian=f"Officer {n}", drops=frozenset({LACKED, *RUN, 300 + n}))
    for n in range(10)
]


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One conversation of thirteen phones."""
    made = new(
        tmp_path_factory.mktemp("phones") / "operation",
        name="Operation Lantern",
        zone="Europe/London",
        profile="ew-police",
        actor=ANA,
        at=NOON,
    )
    receive(made.folder, made.ledger, [(SAID, phone) for phone in (ANAS, BEN, CY, *MORE)])
    run(made.folder, made.ledger)
    with serving(made) as bench:
        yield bench


@pytest.fixture
def ana(chromium: Browser, phones: Served) -> Iterator[Visitor]:
    with look(chromium, phones, WIDE) as visitor:
        yield visitor


def _conversation(operation: Operation) -> str:
    (found,) = operation.tables.read(schema.CONVERSATIONS)["conversation"].to_pylist()
    return f"/conversations/{found}"


def _flagged(operation: Operation) -> list[int]:
    table = operation.tables.read(schema.DISCREPANCIES)
    return sorted(set(table["position"].to_pylist()))


def _pages(operation: Operation) -> dict[str, str]:
    home = _conversation(operation)
    rows = operation.tables.read(schema.DISCREPANCIES).to_pylist()
    missing = next(row for row in rows if row["kind"] == "missing")
    other = next(row for row in rows if row["kind"] == "text-differs")
    return {
        "copies": f"{home}/messages/{missing['message']}/copies",
        "copies-first": f"{home}/copies",
        "why-message": f"{home}/messages/{other['message']}/why",
        "why-missing": f"{home}/messages/{missing['message']}/why",
        "why-discrepancy": f"{home}/discrepancies/{missing['discrepancy']}",
    }


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def _row(page: Page) -> int:
    found = page.evaluate("Number(document.activeElement.closest('tr').id.slice(1))")
    return int(found)


def test_from_difference_to_difference_and_into_one_by_keyboard_alone(
    ana: Visitor, phones: Served
) -> None:
    places = _flagged(phones.operation)
    page = ana.go(f"{_conversation(phones.operation)}/copies?start={places[0]}")
    expect(page.locator(".beside tbody tr").first).to_be_visible()
    press(page, "j")
    assert _row(page) == places[0]
    seen = [places[0]]
    while seen[-1] < places[-1]:
        press(page, "j")
        page.wait_for_load_state("load")
        expect(page.locator(".beside .flag:focus")).to_be_in_viewport()
        seen.append(_row(page))
        assert len(seen) < 500
    assert sorted(set(seen)) == places
    press(page, "k")
    assert _row(page) <= places[-1]
    kind = _focused(page).split(" · ")[0]
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile(f"^{kind} in copy", re.IGNORECASE)
    )


def test_arrows_go_from_cell_to_cell_and_tell_each_copys_time(ana: Visitor, phones: Served) -> None:
    page = ana.go(_pages(phones.operation)["copies"])
    expect(page.locator(".beside .flag:focus")).to_be_visible()
    row = _row(page)
    press(page, "ArrowDown")
    assert _row(page) == row + 1
    tip = page.locator(".beside td:focus .tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text(re.compile(r"\d\d:\d\d:\d\d there, \d\d:\d\d:\d\d corrected"))
    for _ in range(12):
        press(page, "ArrowLeft")
    expect(page.locator(".beside tbody th a:focus")).to_have_text(f"{row + 2}")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Why message {row + 2}")


def test_copies_are_chosen_by_keyboard(ana: Visitor, phones: Served) -> None:
    page = ana.go(f"{_conversation(phones.operation)}/copies?show=1&show=2&show=3")
    expect(page.locator(".beside thead th")).to_have_count(4)
    for _ in range(40):
        press(page, "Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    press(page, "Enter")
    press(page, "Tab")
    press(page, "Space")
    press(page, "Enter")
    expect(page.locator(".beside thead th")).to_have_count(3)
    expect(page).to_have_url(re.compile("show=2&show=3"))


def test_the_head_and_the_conversation_stay_while_the_copies_scroll(
    ana: Visitor, phones: Served
) -> None:
    page = ana.go(f"{_conversation(phones.operation)}/copies?start=100")
    region = page.get_by_role("region", name="Copies side by side")
    wide, tall = region.evaluate(
        "node => [node.scrollWidth > node.clientWidth, node.scrollHeight > node.clientHeight]"
    )
    assert (wide, tall) == (True, True)
    region.evaluate("node => node.scrollTo(node.scrollWidth, 900)")
    box = region.bounding_box()
    line = region.locator("tbody th").nth(25).bounding_box()
    head = region.locator("thead th").last.bounding_box()
    assert box is not None
    assert line is not None
    assert head is not None
    assert abs(line["x"] - box["x"]) < 2
    assert abs(head["y"] - box["y"]) < 2


def test_a_small_screen_shows_two_copies_beside_the_conversation(
    chromium: Browser, phones: Served
) -> None:
    with look(chromium, phones, SMALL) as visitor:
        page = visitor.go(f"{_conversation(phones.operation)}/copies?show=5&show=9&show=11")
        heads = page.locator(".beside thead th:visible")
        expect(heads).to_have_count(3)
        expect(heads.nth(1)).to_contain_text("5")
        expect(heads.nth(2)).to_contain_text("9")


def test_without_scripts_every_difference_is_a_link(chromium: Browser, phones: Served) -> None:
    context = chromium.new_context(java_script_enabled=False)
    visitor = visit(context, phones)
    page = visitor.go(_pages(phones.operation)["copies"])
    page.locator(".beside .is-marked .flag").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Missing in copy")
    context.close()


@ON_EVERY_SCREEN
def test_pages_of_explanation_fit_their_screen_and_are_legible(
    chromium: Browser, phones: Served, screen: Screen
) -> None:
    with look(chromium, phones, screen) as visitor:
        assert faults(visitor, screen, _pages(phones.operation)) == []
