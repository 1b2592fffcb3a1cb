"""Who is who in the workbench: looked at, decided and undone, by the owner and by a team mate."""

import re
from html import unescape

import pytest

from tests.people import BO
from tests.web import built
from tests.web.conftest import ADDRESS, Browser
from witnessbox.evidence import schema
from witnessbox.operation.model import Operation
from witnessbox.reconcile import record
from witnessbox.reconcile.decision import Identity, Offset
from witnessbox.reconcile.record import known
from witnessbox.web.session import Sessions

LEE, KIT = 2, 1


@pytest.fixture
def recognised(operation: Operation) -> Operation:
    built.recognised(operation)
    return operation


@pytest.fixture
def team_mate(stranger: Browser, sessions: Sessions) -> Browser:
    """Bo, on Ana's team, in a browser of his own."""
    browser = Browser(stranger.app, base_url=ADDRESS, follow_redirects=False)
    assert browser.post("/sign-in", data={"invitation": sessions.invite(BO)}).status_code == 303
    return browser


def address(operation: Operation, who: int = LEE) -> str:
    return f"/people/links/{built.link(operation, who)}"


def decide(browser: Browser, page: str, word: str = "same", reason: str = "his card") -> int:
    form = {"token": browser.token(), "word": word, "reason": reason}
    return int(browser.post(page, data=form).status_code)


def undo(browser: Browser, ident: str, reason: str = "a slip", link: str = "") -> int:
    form = {"token": browser.token(), "reason": reason, "link": link}
    return int(browser.post(f"/people/decisions/{ident}/undo", data=form).status_code)


def test_nobody_known_says_how_people_appear(owner: Browser) -> None:
    page = owner.get("/people").text
    assert "Nobody is known yet" in page
    assert "witnessbox run" in page


@pytest.mark.usefixtures("recognised")
def test_everybody_stands_under_every_name_with_weight_and_contradictions(owner: Browser) -> None:
    page = unescape(owner.get("/people").text)
    assert "under 6 names in all copies" in page
    assert 'dir="auto">Lee (van)</span>' in page
    assert "owner of PC 411 Sam Ode’s phone" in page
    assert ">39.6</a>" in page
    assert "1 contradiction</span>" in page
    assert "Decide on 1 proposal" in page
    assert "from 6 on they are joined" in page


def test_a_proposal_shows_both_persons_and_what_speaks_for_and_against(
    owner: Browser, recognised: Operation
) -> None:
    page = unescape(owner.get(address(recognised)).text)
    assert "6 texts stand under both names (+39.6)" in page
    assert "under one of them and somebody else's name (−5.6)" in page
    assert "As things stand" in page
    assert page.count('class="person hue-') == 2
    assert "undo" not in page.partition('id="help"')[0].lower()


def test_a_person_has_all_names_and_what_joined_them(owner: Browser, recognised: Operation) -> None:
    people = owner.get("/people").text
    kit = people.partition(f'href="{address(recognised, KIT)}"')[0].rpartition('href="/people/')[2]
    page = unescape(owner.get(f"/people/{kit.partition(chr(34))[0]}").text)
    assert "they have different telephone numbers (−4.3)" in page
    assert "2 names in all copies; owner of PC 902 Kit Marsh’s phone" in page
    assert f'href="/conversations/{built.CONVERSATION}"' in page


def test_a_person_of_one_name_shows_what_was_not_joined(
    owner: Browser, recognised: Operation
) -> None:
    page = owner.get(_person(owner, address(recognised))).text
    assert "There is but one name" in page
    assert "Not joined" in page


@pytest.mark.parametrize(("word", "said"), [("same", "one person"), ("apart", "two people")])
def test_a_decision_is_an_entry_and_stands_on_the_page(
    owner: Browser, recognised: Operation, word: str, said: str
) -> None:
    assert decide(owner, address(recognised), word) == 303
    (entered,) = record.standing(recognised.ledger).values()
    assert isinstance(entered.decision, Identity)
    assert (entered.actor.name, entered.reason) == ("Ana Okoro", "his card")
    assert entered.decision.same is (word == "same")
    page = unescape(owner.get("/people").text)
    assert f"are {said}. It counts once the copies are laid over one another again" in page
    assert "Nothing waits" in page
    shown = unescape(owner.get(address(recognised)).text)
    assert f"{said}, because “his card”" in shown
    assert "decided since" in shown
    assert (f'value="{word}"' in shown) is False


def test_without_a_reason_nothing_is_entered_and_the_form_comes_back(
    owner: Browser, recognised: Operation
) -> None:
    assert decide(owner, address(recognised), reason=" ") == 422
    assert decide(owner, address(recognised), word="perhaps") == 422
    assert record.standing(recognised.ledger) == {}


def test_a_team_mate_sees_a_decision_and_undoes_it(
    owner: Browser, team_mate: Browser, recognised: Operation
) -> None:
    decide(owner, address(recognised), "apart")
    assert "Ana Okoro" in team_mate.get("/people").text
    link = built.link(recognised, LEE)
    assert undo(team_mate, link, link=link) == 303
    assert record.standing(recognised.ledger) == {}
    assert [word.actor.name for word in record.words(recognised.ledger)] == [
        "Ana Okoro",
        "Bo Lindqvist",
    ]
    assert "Undone; the ledger keeps both entries" in team_mate.get(address(recognised)).text
    assert decide(team_mate, address(recognised)) == 303


def test_after_a_decision_the_next_proposal_comes_and_the_last_can_be_undone(
    owner: Browser, recognised: Operation
) -> None:
    other = address(recognised, KIT)
    assert decide(owner, other, "apart") == 303
    answer = owner.post(other, data={"token": owner.token(), "word": "same", "reason": "his mail"})
    assert answer.headers["location"].startswith(f"{address(recognised)}?entered=")
    page = unescape(owner.get(answer.headers["location"]).text)
    assert "Entered: 'Kit' in PC 411 Sam Ode's copy of 'Nights' and" in page
    assert 'data-key="u"' in page
    gone = owner.get(f"{address(recognised)}?entered=none").text
    assert 'data-key="u"' not in gone


def test_what_was_decided_elsewhere_is_listed_and_can_be_undone(
    owner: Browser, recognised: Operation
) -> None:
    offset = Offset(built.copy_id(recognised, 1), -420_000)
    record.decide(recognised.ledger, known(recognised.folder), offset, BO, built.BEGIN, "seen")
    page = unescape(owner.get("/people").text)
    assert "PC 902 Kit Marsh's copy of 'Nights': its clock is 0:07:00 fast" in page
    assert undo(owner, offset.id, reason="") == 409
    assert undo(owner, offset.id) == 303
    assert undo(owner, offset.id) == 404
    assert record.standing(recognised.ledger) == {}


def test_a_decision_about_a_copy_that_is_gone_says_so(
    owner: Browser, recognised: Operation
) -> None:
    copy = built.copy_id(recognised, 1)
    record.decide(
        recognised.ledger, known(recognised.folder), Offset(copy, 5), BO, built.BEGIN, "seen"
    )
    assert "changes nothing now" not in owner.get("/people").text
    recognised.tables.path(schema.COPIES, "operation").unlink()
    page = unescape(owner.get("/people").text)
    assert f"changes nothing now: there is no copy '{copy}'" in page


def _person(browser: Browser, link: str) -> str:
    """Give the page of the second person of a link."""
    return str(re.findall(r'href="(/people/01\w+)"', browser.get(link).text)[-1])


def test_two_persons_nothing_links_are_held_to_be_one(
    owner: Browser, recognised: Operation
) -> None:
    kit, lee = _person(owner, address(recognised, KIT)), _person(owner, address(recognised))
    assert (
        f'<option value="{kit.removeprefix("/people/")}">Kit, 2 names</option>'
        in owner.get(lee).text
    )
    form = {"token": owner.token(), "other": kit.removeprefix("/people/"), "reason": " "}
    assert owner.post(f"{lee}/same", data=form).status_code == 409
    assert owner.post(f"{lee}/same", data=form | {"reason": "x", "other": "no"}).status_code == 404
    assert record.standing(recognised.ledger) == {}
    assert owner.post(f"{lee}/same", data=form | {"reason": "his card"}).status_code == 303
    (entered,) = record.standing(recognised.ledger).values()
    assert isinstance(entered.decision, Identity)
    assert {one.name for one in entered.decision.ends} == {"Kit", "Lee (van)"}
    assert "are one person. It counts once" in owner.get("/people").text


@pytest.mark.usefixtures("recognised")
@pytest.mark.parametrize("page", ["/people/none", "/people/links/none"])
def test_what_is_not_there_is_missing(owner: Browser, page: str) -> None:
    assert owner.get(page).status_code == 404


def test_a_link_that_is_not_there_is_not_decided(owner: Browser, recognised: Operation) -> None:
    assert decide(owner, "/people/links/none") == 404
    assert record.standing(recognised.ledger) == {}


def test_a_stranger_and_a_foreign_form_decide_nothing(
    owner: Browser, stranger: Browser, recognised: Operation
) -> None:
    form = {"token": "x", "word": "same", "reason": "his card"}
    page = address(recognised)
    assert stranger.post(page, data=form).status_code == 401
    assert owner.post(page, data=form).status_code == 403
    assert stranger.get(page).status_code == 401
    assert stranger.get("/people").status_code == 401
    assert record.standing(recognised.ledger) == {}


def test_many_people_are_shown_a_page_at_a_time(
    owner: Browser, recognised: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("witnessbox.web.pages.people.routes.PAGE_PEOPLE", 2)
    assert "1–2 of 4 people" in owner.get("/people").text
    last = owner.get("/people?start=2").text
    assert "3–4 of 4 people" in last
    assert "/people?start=0" in last
    assert "of 4 people" in owner.get("/people?start=99").text
