"""Pages with pictures and doubts, and a paper to sign: legible on any screen, by any hand."""

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.conftest import ON_EVERY_SCREEN, Screen, Served, faults, look, serving, visit
from tests.media import chats
from witnessbox.evidence.digest import sha256_of
from witnessbox.intake.record import receipts
from witnessbox.media import ocr, reading, transcribe
from witnessbox.operation import steps
from witnessbox.operation.model import Operation
from witnessbox.validation.paper import Heading, Look, Table, as_page

pytestmark = pytest.mark.browser

CHAT = "nights/WhatsApp Chat with Nights.txt"


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = chats.operation(tmp_path_factory.mktemp("pictured"))
    engine = ocr.engine("eng", 600)
    assert engine is not None
    transcribe.run(made.folder, made.ledger, [engine])
    list(steps.run(made))
    with serving(made) as bench:
        yield bench


def _exhibit(operation: Operation, name: str) -> str:
    (found,) = [one.exhibit for one in receipts(operation.ledger) if one.name == name]
    return f"/exhibits/{found}"


def _pages(operation: Operation) -> dict[str, str]:
    files = {
        "jpeg": sha256_of([chats.FORMS["nights"]]),
        "heic": sha256_of([chats.HEIC.read_bytes()]),
        "video": sha256_of([chats.VIDEO]),
        "voice": sha256_of([chats.VOICE]),
    }
    pages = {"pictured": "/", "found": "/search?q=kettle", "nothing": "/search?q=nothingatall"}
    for name, file in files.items():
        (one,) = reading.carriers(operation.tables, [file])
        pages[f"exhibit-{name}"] = f"/exhibits/{file}"
        pages[f"message-{name}"] = f"/conversations/{one.conversation}/messages/{one.message}"
        pages["attachments"] = f"/conversations/{one.conversation}"
    return pages | {"doubts": _exhibit(operation, CHAT)}


@ON_EVERY_SCREEN
def test_pages_with_pictures_are_legible(
    chromium: Browser, pictured: Served, screen: Screen
) -> None:
    with look(chromium, pictured, screen) as visitor:
        assert faults(visitor, screen, _pages(pictured.operation)) == []


def test_marks_of_problems_stand_beside_one_another_on_a_small_screen(
    chromium: Browser, pictured: Served
) -> None:
    context = chromium.new_context(viewport={"width": 400, "height": 900})
    page = visit(context, pictured).go("/")
    chips = page.get_by_role("row").filter(has_text=CHAT).locator(".chip")
    first, second = (chips.nth(place).bounding_box() for place in (0, 1))
    assert first is not None
    assert second is not None
    assert second["y"] == first["y"]
    assert second["x"] > first["x"] + first["width"]
    context.close()


def test_a_doubt_is_settled_by_keyboard_and_the_decision_stands_in_view(
    chromium: Browser, pictured: Served
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 700})
    page = visit(context, pictured).go(_exhibit(pictured.operation, CHAT))
    reading_of, reason = page.get_by_label("Reading"), page.get_by_label("What decides")
    reading_of.focus()
    expect(reading_of).to_have_css("outline-style", "solid")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(reason).to_be_focused()
    page.keyboard.type("the phone's owner said so")
    page.keyboard.press("Enter")
    expect(page.get_by_text("the phone's owner said so")).to_be_in_viewport()
    expect(page.get_by_text("A decision counts once")).to_be_in_viewport()
    context.close()


def _paper() -> str:
    marks = tuple(str(number) for number in range(1, 31))
    return as_page(
        [
            Heading(1, "A pack"),
            Table(("element", *marks), (("one of many words", *("✓",) * 30),) * 80, Look.MATRIX),
            Table(("file", "hash"), (("a/path/" * 12, "0f" * 32),) * 3),
            Table(("", "name", "signature"), (("run by", "", ""),), Look.SIGNED),
        ],
        "A pack",
        "Witnessbox 1.2.3",
    )


def test_a_paper_to_sign_fits_a_small_screen_and_its_cells_are_not_broken(
    chromium: Browser,
) -> None:
    context = chromium.new_context(viewport={"width": 400, "height": 900})
    page = context.new_page()
    page.set_content(_paper())
    wide = page.locator("html").evaluate("node => node.scrollWidth - node.clientWidth")
    assert wide <= 0
    line = page.get_by_role("columnheader", name="1", exact=True).bounding_box()
    later = page.get_by_role("columnheader", name="30", exact=True).bounding_box()
    assert line is not None
    assert later is not None
    assert later["height"] == line["height"]
    context.close()


def test_a_paper_to_sign_is_numbered_and_has_room_for_a_signature(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(_paper())
    signed = page.locator(".signed td").last.bounding_box()
    assert signed is not None
    assert min(signed["height"] / 40, signed["width"] / 200) >= 1
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    texts = [sheet.extract_text() for sheet in sheets]
    assert len(texts) > 1
    for number, text in enumerate(texts, 1):
        assert f"page {number} of {len(texts)}" in text
        assert "Witnessbox 1.2.3" in text
    page.close()
