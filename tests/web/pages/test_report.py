import io
import zipfile

import pytest

from tests.web.conftest import Browser
from witnessbox.operation.model import Operation
from witnessbox.reports.record import releases
from witnessbox.web.guard import REPORT_POLICY

FIELDS = {"subtitle": "Learning report", "reason": "asked for", "confirmed": "true"}


def _publish(browser: Browser, **fields: str) -> tuple[int, str]:
    answer = browser.post("/report", data={"token": browser.token("/report"), **fields})
    return answer.status_code, answer.text


def test_without_a_release_the_page_offers_a_preview(owner: Browser) -> None:
    page = owner.get("/report").text
    assert "Nothing has been released yet" in page
    assert "/report/preview" in page


def test_the_release_stands_in_a_frame_that_can_do_nothing(
    writer: Browser, lanternfish: Operation
) -> None:
    (made,) = releases(lanternfish.ledger)
    assert f'src="/report/{made.name}/page" sandbox>' in writer.get("/report").text
    answer = writer.get(f"/report/{made.name}/page")
    assert "Operation Lanternfish" in answer.text
    assert answer.headers["content-security-policy"] == REPORT_POLICY
    assert "script-src" not in REPORT_POLICY
    assert REPORT_POLICY.startswith("default-src 'none'")
    assert "sandbox" in REPORT_POLICY
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["cache-control"] == "no-store"


def test_pdf_and_bundle_are_handed_out_as_files(writer: Browser, lanternfish: Operation) -> None:
    (made,) = releases(lanternfish.ledger)
    pdf = writer.get(f"/report/{made.name}/pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "attachment" in pdf.headers["content-disposition"]
    packed = writer.get(f"/report/{made.name}/bundle")
    assert "report.html" in "".join(zipfile.ZipFile(io.BytesIO(packed.content)).namelist())


@pytest.mark.parametrize("part", ["page", "pdf", "bundle"])
def test_a_release_that_was_tampered_with_is_not_shown(
    writer: Browser, lanternfish: Operation, part: str
) -> None:
    (made,) = releases(lanternfish.ledger)
    folder = lanternfish.folder.reports
    for place in (folder / made.name / "report.html", folder / made.name / "report.pdf"):
        place.write_bytes(place.read_bytes() + b" ")
    (folder / f"{made.name}.zip").write_bytes(b"other")
    answer = writer.get(f"/report/{made.name}/{part}")
    assert answer.status_code == 409
    assert "is not as it was released" in answer.text


def test_a_release_whose_file_is_gone_says_so(writer: Browser, lanternfish: Operation) -> None:
    (made,) = releases(lanternfish.ledger)
    (lanternfish.folder.reports / f"{made.name}.zip").unlink()
    answer = writer.get(f"/report/{made.name}/bundle")
    assert answer.status_code == 409
    assert "restore it from a backup" in answer.text


@pytest.mark.parametrize("name", ["..", "..%2F..", "2020-01-01-1"])
def test_a_name_that_was_never_released_opens_nothing(reader: Browser, name: str) -> None:
    assert reader.get(f"/report/{name}/bundle").status_code == 404


def test_the_preview_is_the_report_as_it_would_be(reader: Browser) -> None:
    answer = reader.get("/report/preview")
    assert "Operation Lanternfish" in answer.text
    assert answer.headers["content-security-policy"] == REPORT_POLICY


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("confirmed", "Tick the box"),
        ("reason", "Say why it is released"),
        ("subtitle", "Give the report a title"),
    ],
)
def test_a_release_must_be_meant(
    writer: Browser, lanternfish: Operation, left_out: str, said: str
) -> None:
    before = lanternfish.ledger.head()
    fields = FIELDS | {left_out: " " if left_out != "confirmed" else "false"}
    status, page = _publish(writer, **fields)
    assert status == 422
    assert said in page
    assert lanternfish.ledger.head() == before


def test_a_release_goes_to_the_ledger_with_who_and_why(
    writer: Browser, lanternfish: Operation
) -> None:
    status, _ = _publish(writer, **FIELDS)
    assert status == 303
    assert len(releases(lanternfish.ledger)) == 2
    entry = list(lanternfish.ledger.entries("release"))[-1]
    assert (entry.actor.id, entry.reason) == ("ana", "asked for")
    page = writer.get("/report").text
    assert "verified quotations." in page
    assert "asked for" in page


def test_a_quotation_that_does_not_hold_stops_the_release(
    writer: Browser, lanternfish: Operation
) -> None:
    before = lanternfish.ledger.head()
    for exhibit in lanternfish.vault.exhibits():
        place = lanternfish.vault.path(exhibit)
        place.chmod(0o644)
        place.write_bytes(place.read_bytes().replace(b"e", b"a"))
    status, page = _publish(writer, **FIELDS)
    assert status == 409
    assert 'role="alert"' in page
    assert lanternfish.ledger.head() == before
