import re

import pytest

from tests.people import ANA, NOON
from tests.web.conftest import Browser
from witnessbox.cases import record
from witnessbox.cases.load import fixture
from witnessbox.operation.model import Operation


@pytest.fixture
def hotton(owner: Browser, operation: Operation) -> str:
    """The case page with the published facts of Operation Hotton."""
    record.take(operation.ledger, fixture("hotton"), ANA, NOON)
    return re.sub(r"\s+", " ", owner.get("/cases").text)


def test_without_a_case_file_the_page_says_how_to_enter_one(owner: Browser) -> None:
    page = owner.get("/cases").text
    assert "No case file yet" in page
    assert "witnessbox case load" in page


def test_the_published_numbers_are_shown(hotton: str) -> None:
    assert "<dt>Linked investigations</dt><dd>9</dd>" in hotton
    assert "<dt>People investigated</dt><dd>14</dd>" in hotton
    assert "<dt>Recommendations</dt><dd>15</dd>" in hotton


def test_the_sum_is_checked_and_what_is_not_stated_is_said(hotton: str) -> None:
    assert "14 − 2 − 2 = 10 not stated" in hotton
    assert "The sum is ours" in hotton


def test_sources_that_disagree_stand_side_by_side(hotton: str) -> None:
    part = hotton.split("Sources that disagree")[1].split("Outcomes, and whether", maxsplit=1)[0]
    assert "March 2018" in part
    assert "June 2018" in part


def test_an_unproven_allegation_is_never_stated_as_a_fact(hotton: str) -> None:
    assert "(alleged, not proven)" in hotton


def test_an_allegation_leads_to_the_messages_it_rests_on(reader: Browser) -> None:
    page = reader.get("/cases").text
    links = re.findall(r'href="(/cases/messages/\w{64}/\d+-\d+)"', page)
    assert len(links) > 5
    for link in links[:5]:
        place = reader.get(link).headers["location"]
        exhibit = link.split("/")[3]
        assert exhibit in reader.get(place).text


@pytest.mark.parametrize("bytes_", ["5-4", "0-1"])
def test_bytes_that_are_no_message_are_said_to_be_missing(owner: Browser, bytes_: str) -> None:
    assert owner.get(f"/cases/messages/{'0' * 64}/{bytes_}").status_code == 404
