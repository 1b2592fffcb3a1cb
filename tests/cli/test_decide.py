"""People, conversations, clocks and windows decided at a terminal."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Command

SAID = (
    "the rota is on the desk by the door",
    "who has the key of the locker room",
    "kettle is on for whoever is early",
    "the van wants a new lamp on the left",
    "boots go in the drying room please",
    "sign the form before you leave today",
)
WHY = ("--reason", "the phone's own card")
WEIGHS_ALL = "join_weight = 100\n"


def _export(*names: str) -> str:
    return "".join(
        f"[01/03/2024, 21:0{n}:05] {names[n % 2]}: {said}\n" for n, said in enumerate(SAID)
    )


@pytest.fixture
def operation(command: Command, tmp_path: Path) -> Path:
    """Two copies of one chat; all links between their names are only proposed."""
    place = tmp_path / "op"
    command("new", place, "--name", "Harbour", "--zone", "Europe/London")
    with (place / "operation.toml").open("a") as file:
        file.write(WEIGHS_ALL)
    for owner, names in (("Ana Holt", ("Ana Holt", "Bo")), ("Bo Marsh", ("Annie", "Bo Marsh"))):
        chat = tmp_path / f"{owner.split()[0]}" / "_chat.txt"
        chat.parent.mkdir()
        chat.write_text(_export(*names))
        words = ("--custodian", owner, "--basis", "consent", "--reference", f"WB/{names[1]}")
        command("receive", place, chat, *words)
    command("extract", place, "--jobs", "1")
    command("reconcile", place, "--jobs", "1")
    return place


def _proposed(command: Command, operation: Path) -> list[str]:
    found = command("decide", "list", operation)[1]
    return re.findall(r"^(01\w+)  proposed", found, re.MULTILINE)


def _copies(command: Command, operation: Path) -> dict[str, str]:
    """Give each custodian's copy."""
    found = re.findall(
        r"^(01\w+)  (\w+) \w+'s copy", command("decide", "copies", operation)[1], re.MULTILINE
    )
    return {custodian: copy for copy, custodian in found}


def test_what_is_proposed_is_listed_with_what_speaks_for_it(
    command: Command, operation: Path
) -> None:
    code, out, err = command("decide", "list", operation)
    assert code == 0
    assert "  'Annie' in Bo Marsh's copy of '_chat', 3 messages\n" in out
    assert "  for: 3 texts stand under both names (+19.8)\n" in out
    assert "proposed, weighs 19.8\n" in out
    assert err == "2 links are proposed, 0 decisions stand\n"
    told = command("status", operation)[1]
    assert "2 links between names are proposed, 0 decisions about copies stand;" in told


def test_a_link_is_accepted_by_the_beginning_of_its_id_and_holds_from_the_next_run_on(
    command: Command, operation: Path
) -> None:
    link, other = _proposed(command, operation)
    code, out, err = command("decide", "identity", operation, "same", link[:12], *WHY)
    assert code == 0
    assert out.startswith(f"{link}  decided: ")
    assert out.endswith("are one person\n")
    assert err == f"what it touches is due to be made again: witnessbox run {operation}\n"
    assert _proposed(command, operation) == [other]
    assert "decided since; the tables are due" in command("decide", "list", operation, "--every")[1]
    assert command("reconcile", operation)[1] == "reconcile: 2 made anew\n"
    every = command("decide", "list", operation, "--every")[1]
    assert f"{link}  accepted, weighs 19.8\n" in every
    assert f"{link}  decided\n" in every
    assert "decided since" not in every
    assert "  by Ana Okoro, 2" in every
    assert ": the phone's own card\n" in every


def test_undone_it_is_proposed_again(command: Command, operation: Path) -> None:
    link, _ = _proposed(command, operation)
    before = command("export", operation, "people")[1]
    command("decide", "identity", operation, "same", link, *WHY)
    command("reconcile", operation)
    assert command("export", operation, "people")[1] != before
    code, out, _ = command("decide", "undo", operation, link, "--reason", "a slip")
    assert (code, out[:8]) == (0, "undone: ")
    command("reconcile", operation)
    assert command("export", operation, "people")[1] == before
    assert link in _proposed(command, operation)


def test_two_names_of_two_copies_are_decided_on_without_a_link(
    command: Command, operation: Path
) -> None:
    copies = _copies(command, operation)
    names = (f"{copies['Ana'][:14]}:Bo", f"{copies['Bo']}:Annie")
    code, out, _ = command("decide", "identity", operation, "apart", *names, *WHY)
    assert code == 0
    assert "'Bo' in Ana Holt's copy of '_chat' and 'Annie' in Bo Marsh's copy" in out
    assert "are two people" in out


def test_conversations_clocks_and_windows_are_decided_by_the_ids_of_copies(
    command: Command, operation: Path
) -> None:
    copies = _copies(command, operation)
    ana, bo = copies["Ana"], copies["Bo"]
    assert command("decide", "conversation", operation, "apart", ana, bo, *WHY)[0] == 0
    out = command("decide", "offset", operation, bo, "fast", "0:07:00.5", *WHY)[1]
    assert "Bo Marsh's copy of '_chat': its clock is 0:07:00.500 fast" in out
    since = ("--since", "2024-03-01T21:03")
    out = command("decide", "offset", operation, bo, "slow", "1:00:00", *since, *WHY)[1]
    assert "from 2024-03-01T21:03:00.000+00:00 on: its clock is 1:00:00 slow" in out
    assert "its clock is right" in command("decide", "offset", operation, ana, "right", *WHY)[1]
    until = ("--until", "2024-07-01T12:00")
    out = command("decide", "window", operation, ana, *until, *WHY)[1]
    assert "could have known what was sent until 2024-07-01T11:00:00.000+00:00" in out
    assert command("decide", "list", operation)[2].endswith("5 decisions stand\n")
    command("reconcile", operation)
    listed = command("decide", "copies", operation)[1]
    assert "its clock is 0:07:00.500 fast; its offset was decided by a person" in listed
    clocks = command("export", operation, "clocks", "--to", "jsonl")[1].splitlines()
    steps = [json.loads(line)["offset_ms"] for line in clocks]
    assert sorted(steps) == [-420_500, 0, 3_600_000]


def test_a_decision_about_what_is_gone_says_that_it_changes_nothing(
    command: Command, operation: Path
) -> None:
    copy = _copies(command, operation)["Bo"]
    command("decide", "offset", operation, copy, "fast", "0:07:00", *WHY)
    for place in (operation / "tables" / "messages").glob("*.parquet"):
        if "Annie" in str(pq.read_table(place, columns=["sender"]).to_pylist()):
            place.unlink()
    command("reconcile", operation)
    out = command("decide", "list", operation)[1]
    assert f"copy {copy}, which is gone: its clock is 0:07:00 fast" in out
    assert f"it changes nothing now: there is no copy '{copy}'" in out
    assert command("decide", "undo", operation, copy[:2], "--reason", "gone")[0] == 0


def test_json_lines_hold_links_and_decisions(command: Command, operation: Path) -> None:
    link, _ = _proposed(command, operation)
    command("decide", "identity", operation, "apart", link, *WHY)
    lines = command("decide", "list", operation, "--json")[1].splitlines()
    proposed, entered = (json.loads(line) for line in lines)
    assert (proposed["state"], proposed["weight"]) == ("proposed", 19.8)
    assert proposed["first"]["copy"]["custodian"] in {"Ana Holt", "Bo Marsh"}
    assert entered["decision"] == link
    assert (entered["kind"], entered["by"]) == ("identity-decision", "Ana Okoro")
    copies = [
        json.loads(one) for one in command("decide", "copies", operation, "--json")[1].splitlines()
    ]
    assert {one["custodian"] for one in copies} == {"Ana Holt", "Bo Marsh"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("identity", "same", "01"), "'01' names no link: 2 begin so; write more of it"),
        (("identity", "same", "zz"), "'zz' names no link: none begins so; nothing was changed"),
        (("identity", "same", ""), "'' names no link"),
        (("identity", "same", "Bo", "Annie"), "'Bo' is no name of a copy; write it as COPY:NAME"),
        (("conversation", "same", "01", "01"), "'01' names no copy: 2 begin so"),
        (("offset", "ff", "fast", "0:01:00"), "'ff' names no copy"),
        (("undo", "01"), "'01' names no decision: none begins so"),
    ],
)
def test_what_names_nothing_or_too_much_is_refused(
    command: Command, operation: Path, words: tuple[str, ...], why: str
) -> None:
    name, *rest = words
    code, _, err = command("decide", name, operation, *rest, *WHY)
    assert code == 1
    assert why in err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("fast", "7m"), "'7m' is no time by which a clock is off; try 0:07:00"),
        (("fast",), "a clock is not fast by 0:00:00"),
        (("right", "0:01:00"), "a clock is not right by 0:01:00"),
        (("fast", "0:01:00", "--since", "noon"), "'noon' is no moment; try 2024-03-01T10:00"),
        (("fast", "0:01:00", "--since", "0001-01-01T00:00+14:00"), "is no moment"),
        (("fast", "999999:01:00", "--reason", "x"), "more than a century"),
    ],
)
def test_a_clock_takes_a_way_and_a_time(
    command: Command, operation: Path, words: tuple[str, ...], why: str
) -> None:
    copy = _copies(command, operation)["Ana"]
    code, _, err = command("decide", "offset", operation, copy, *words)
    assert code == 1
    assert why in err


def test_without_a_reason_nothing_is_decided(command: Command, operation: Path) -> None:
    link, _ = _proposed(command, operation)
    code, _, err = command("decide", "identity", operation, "same", link)
    assert (code, "needs a reason" in err) == (1, True)
    assert link in _proposed(command, operation)
