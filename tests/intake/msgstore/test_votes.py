"""Who chose what in polls."""

from datetime import UTC, datetime
from pathlib import Path

from tests.intake.msgstore.phone import said, say, script
from tests.intake.msgstore.reading import ANA, BO, OWNER, of, read

POLL = said(say(1, "Tea or coffee?", kind=66), say(2, "and you?", kind=66, chat=2))
OPTIONS = """
INSERT INTO message_poll_option VALUES(1,1,NULL,'Tea',2),(2,1,NULL,'Coffee',1),(3,2,NULL,'Milk',1);
"""


def test_each_choice_is_a_vote_and_none_is_a_vote_taken_back(tmp_path: Path) -> None:
    votes = """
    INSERT INTO message_add_on VALUES(1,1,0,'v1',1,1,1700000950000,67),
     (2,1,1,'v2',0,1,1700000960000,67),(3,1,0,'v3',2,1,1700000970000,67),
     (4,2,0,'v4',-1,2,1700000980000,67),(5,1,0,'r',1,1,1700000990000,56);
    INSERT INTO message_add_on_poll_vote VALUES(1,1700000950500),(2,0),(3,1700000970500),(4,0);
    INSERT INTO message_add_on_poll_vote_selected_option VALUES(1,1,1),(2,1,2),(3,2,1),(4,4,3);
    """
    found = read(tmp_path, POLL, script(OPTIONS + votes))
    assert of(found, "votes", "voter", "choice") == [
        (ANA, "Tea"),
        (ANA, "Coffee"),
        (OWNER, "Tea"),
        (BO, None),
        (ANA, "Milk"),
    ]
    times = [when.timestamp() for (when,) in of(found, "votes", "voted_at")]
    assert times == [1700000950.5, 1700000950.5, 1700000960, 1700000970.5, 1700000980]
    polls = dict(of(found, "messages", "row", "start"))
    assert of(found, "votes", "start") == [(polls[1],)] * 4 + [(polls[2],)]


def test_a_choice_of_an_option_that_is_not_there_stays_a_vote(tmp_path: Path) -> None:
    votes = """
    INSERT INTO message_add_on VALUES(1,1,0,'v1',77,1,-5,67);
    INSERT INTO message_add_on_poll_vote VALUES(1,0);
    INSERT INTO message_add_on_poll_vote_selected_option VALUES(1,1,9);
    """
    found = read(tmp_path, POLL, script(OPTIONS + votes))
    assert of(found, "votes", "voter", "choice", "voted_at") == [(None, None, None)]


def test_votes_for_polls_that_are_not_there_are_none(tmp_path: Path) -> None:
    votes = """
    INSERT INTO message_add_on VALUES(1,1,0,'v1',1,9,1700000950000,67);
    INSERT INTO message_add_on_poll_vote VALUES(1,1700000950500);
    """
    found = read(tmp_path, POLL, script(votes))
    assert of(found, "votes", "choice") == []
    assert ("orphan-reaction", 1) in of(found, "traces", "kind", "row")


def test_a_vote_is_a_time_in_utc(tmp_path: Path) -> None:
    votes = """
    INSERT INTO message_add_on VALUES(1,1,0,'v1',1,1,1700000950000,67);
    INSERT INTO message_add_on_poll_vote VALUES(1,1700000950500);
    """
    ((when,),) = of(read(tmp_path, POLL, script(OPTIONS + votes)), "votes", "voted_at")
    assert when == datetime(2023, 11, 14, 22, 29, 10, 500_000, tzinfo=UTC)
