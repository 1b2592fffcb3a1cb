from datetime import timedelta

from tests.people import ANA, BO, NOON
from witnessbox.web.session import Preferences, Sessions


def test_an_invitation_opens_one_session_once() -> None:
    sessions = Sessions()
    secret = sessions.invite(ANA)
    assert sessions.invited(secret) == ANA
    session = sessions.accept(secret, NOON)
    assert session is not None
    assert session.actor == ANA
    assert sessions.accept(secret, NOON) is None
    assert sessions.invited(secret) is None


def test_a_cookie_names_its_own_session_and_no_other() -> None:
    sessions = Sessions()
    ana = sessions.accept(sessions.invite(ANA), NOON)
    bo = sessions.accept(sessions.invite(BO), NOON)
    assert ana is not None
    assert bo is not None
    found = sessions.find(sessions.cookie(ana), NOON)
    assert found is not None
    assert found.actor == ANA
    assert not found.owns(bo.token)
    assert found.owns(ana.token)


def test_a_cookie_that_was_tampered_with_or_made_elsewhere_names_nobody() -> None:
    sessions, others = Sessions(), Sessions()
    ana = sessions.accept(sessions.invite(ANA), NOON)
    assert ana is not None
    cookie = sessions.cookie(ana)
    middle = len(cookie) - 10  # the last character of base64 has bits that say nothing
    other = "A" if cookie[middle] != "A" else "B"
    assert sessions.find(cookie[:middle] + other + cookie[middle + 1 :], NOON) is None
    assert sessions.find(others.cookie(ana), NOON) is None
    assert sessions.find(None, NOON) is None


def test_a_session_lives_on_while_it_is_used_and_ends_when_it_is_not() -> None:
    sessions = Sessions(idle=timedelta(minutes=30))
    ana = sessions.accept(sessions.invite(ANA), NOON)
    assert ana is not None
    cookie = sessions.cookie(ana)
    assert sessions.find(cookie, NOON + timedelta(minutes=30)) is not None
    assert sessions.find(cookie, NOON + timedelta(minutes=60)) is not None
    assert sessions.find(cookie, NOON + timedelta(minutes=91)) is None
    assert sessions.find(cookie, NOON + timedelta(minutes=61)) is None


def test_a_closed_session_keeps_neither_preferences_nor_notices() -> None:
    sessions = Sessions()
    ana = sessions.accept(sessions.invite(ANA), NOON)
    assert ana is not None
    sessions.tell(ana, "Saved.")
    sessions.close(ana)
    sessions.prefer(ana, Preferences(masked=True))
    assert sessions.notice(ana) == ""
    assert sessions.find(sessions.cookie(ana), NOON) is None


def test_a_notice_is_read_once() -> None:
    sessions = Sessions()
    ana = sessions.accept(sessions.invite(ANA), NOON)
    assert ana is not None
    sessions.tell(ana, "Saved.")
    assert [sessions.notice(ana), sessions.notice(ana)] == ["Saved.", ""]
