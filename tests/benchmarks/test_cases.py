"""The table of cases out of peers' tests says what is equal, and why the rest is not."""

import pytest
from benchmarks.intake import cases
from benchmarks.intake.cases import Case, Layouts, PeerTest

CHAT = "31/12/2023, 21:04 - Ana: tea?\n31/12/2023, 21:05 - Bo: IMG-1.jpg (file attached)\n"
TIMES = ["2023-12-31 21:04", "2023-12-31 21:05"]


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (Case(CHAT, 2, TIMES, ["Ana", "Bo"], ["IMG-1.jpg"]), "equal"),
        (Case(CHAT, senders=["Ana", "Bo"]), "equal"),
        (Case(CHAT, times=TIMES), "equal"),
        (Case(CHAT, 3), "different"),
        (Case(CHAT, 2, times=["2023-12-31 21:04", "2023-12-31 21:06"]), "different"),
        (Case(CHAT, 2, senders=["Ana", "Ana"]), "different"),
        (Case(CHAT, 2, files=["IMG-2.jpg"]), "different"),
        (Case("01/02/2023, 21:04 - Ana: tea?\n", 1), "in doubt"),
        (Case("31/12/2023, 21:04 - Ana: tea?", 1), "equal"),
        (Case("tea?\n", 1), "refused"),
        (Case("tea?\n", 0), "equal"),
    ],
)
def test_a_case_is_held_against_what_the_peer_states(case: Case, told: str) -> None:
    assert cases.outcome(case, cases.read(case)) == told


def test_layouts_are_written_out() -> None:
    layouts = Layouts(
        ["2023-12-31T21:04:05", "2023-12-31T21:05:06"],
        ["%d/%m/%Y", "%Y-%m-%d"],
        ["%H:%M", "%H:%M:%S"],
        ["{date}, {clock} - "],
    )
    made = PeerTest("ana/chats:test.py", layouts=[layouts]).cases()
    assert [case.text.splitlines()[0] for case in made] == [
        "31/12/2023, 21:04 - Bo: tea?",
        "31/12/2023, 21:04:05 - Bo: tea?",
        "2023-12-31, 21:04 - Bo: tea?",
        "2023-12-31, 21:04:05 - Bo: tea?",
    ]
    assert made[0].times == TIMES
    assert made[1].times == ["2023-12-31 21:04:05", "2023-12-31 21:05:06"]
    assert {cases.outcome(case, cases.read(case)) for case in made} == {"equal"}


def test_what_is_not_equal_stands_below_with_its_reason() -> None:
    told = PeerTest(
        "ana/chats:test.py",
        [Case(CHAT, 2), Case(CHAT, 1, differs="files are left out there"), Case("tea?\n", 1)],
    )
    made = cases.table([told]).splitlines()
    assert "| ana/chats:test.py | 3 | 1 | 0 | 1 | 1 |" in made
    assert "| **all** | **3** | **1** | **0** | **1** | **1** |" in made
    assert made[-2:] == [
        "- ana/chats:test.py: 1 different: files are left out there",
        "- ana/chats:test.py: 1 refused: NOT EXPLAINED",
    ]


def test_a_reason_is_given_for_every_listed_case_that_is_not_equal_and_for_no_other() -> None:
    listed = [case for test in cases.listed() for case in test.cases()]
    wrong = [
        case.text
        for case in listed
        if (cases.outcome(case, cases.read(case)) in {"refused", "different"}) != bool(case.differs)
    ]
    assert len(listed) > 300
    assert wrong == []
