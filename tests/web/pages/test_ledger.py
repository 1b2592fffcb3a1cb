import re

import pytest

from tests.people import ANA, NOON
from tests.web.conftest import Browser
from witnessbox.ledger.model import Actor, Draft, Entry
from witnessbox.operation.model import Operation
from witnessbox.web.pages.ledger.view import line


def _entry(body: str, kind: str = "coding-withdrawn") -> Entry:
    return Entry(0, kind, body, ANA, "2026-03-02T12:00:00.000000Z", "", "0" * 64, "1" * 64)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"note": "", "severity": 2, "banter": true}', "severity: 2 · banter: yes"),
        ('{"categories": ["racism", "drugs"], "x": null}', "categories: racism, drugs"),
        ('{"span": {"exhibit": "e1", "start": 5}}', "span: e1, 5"),
        (f'{{"hash": "{"a" * 64}"}}', "hash: aaaaaaaaaaaa…"),
        ('"only a word"', "only a word"),
        (f'"{"x" * 80}"', "x" * 71 + "…"),
    ],
)
def test_an_entry_is_put_in_a_few_words(body: str, said: str) -> None:
    assert line(_entry(body)).summary == said


def test_a_kind_is_written_as_words() -> None:
    assert line(_entry("{}")).title == "Coding withdrawn"


def test_the_newest_entry_comes_first_and_older_ones_follow(
    owner: Browser, operation: Operation
) -> None:
    bo = Actor("bo", "Bo & Co")
    operation.ledger.append([Draft("note", f'{{"n": {n}}}', bo, NOON, "why") for n in range(60)])
    newest = owner.get("/ledger").text
    assert [int(n) for n in re.findall(r'id="e(\d+)"', newest)] == list(range(60, 10, -1))
    assert "Bo &amp; Co" in newest
    older = owner.get("/ledger?before=11").text
    assert [int(n) for n in re.findall(r'id="e(\d+)"', older)] == list(range(10, -1, -1))
    assert "/ledger?before=61" in older


def test_a_ledger_that_holds_says_so(owner: Browser) -> None:
    assert "The ledger holds" in owner.get("/ledger/check").text
