"""The table of peers' samples says what was found, what is missing and what is not explained."""

from pathlib import Path

from benchmarks.intake import samples
from benchmarks.intake.samples import Sample

CHAT = "31/12/2023, 21:04 - Ana: tea?\n31/12/2023, 21:05 - Ana added Bo\n"


def test_the_list_of_samples_can_be_read() -> None:
    assert all(one.states > 0 for one in samples.listed())


def test_counts_stand_beside_what_the_peer_states(tmp_path: Path) -> None:
    (tmp_path / "ana/chats").mkdir(parents=True)
    (tmp_path / "ana/chats/a.txt").write_text(CHAT)
    listed = [
        Sample("ana/chats", "a.txt", 2, "messages"),
        Sample("ana/chats", "a.txt", 1, "messages", "notices are left out there"),
        Sample("ana/chats", "a.txt", 3, "messages"),
        Sample("ana/chats", "b.txt", 9, "messages"),
    ]
    made = samples.table(listed, tmp_path).splitlines()
    assert sum("| 2 | 1 | 0 |" in line for line in made) == 3
    assert "| ana/chats:b.txt | missing | 9 | | | |" in made
    assert made[-2:] == [
        "- ana/chats:a.txt: notices are left out there",
        "- ana/chats:a.txt: NOT EXPLAINED",
    ]
