import tomllib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.example.conftest import Example
from witnessbox.cases.casefile import fold
from witnessbox.cases.load import parse as parse_cases
from witnessbox.evidence.model import Span
from witnessbox.review.codebook import shipped
from witnessbox.review.coding import Coding
from witnessbox.review.places import Found, Lost, Reference
from witnessbox.review.sheet import parse as parse_codings


def _places(example: Example) -> dict[tuple[str, int], tuple[str, Span]]:
    """Say which message's text begins where, by the truth."""
    found = {}
    for file in example.truth["files"]:
        for source in file["sources"]:
            rows = zip(source["ids"], source["starts"], source["ends"], strict=True)
            for key, start, end in rows:
                place = source["sha256"], start
                found[place] = key, Span(source["sha256"], start, end)
    return found


def _cases(example: Example) -> str:
    return (example.written.folder / "cases.toml").read_text("utf-8")


def test_the_case_file_loads_with_every_message_found(example: Example) -> None:
    places = _places(example)

    def find(references: Sequence[Reference]) -> tuple[Found | Lost, ...]:
        return tuple(Found(*places[one.exhibit, one.start or 0]) for one in references)

    held = fold(parse_cases(_cases(example), "cases.toml", find))
    assert (len(held.investigations), len(held.subjects)) == (9, 14)
    assert len(held.recommendations) == 5
    results = Counter(outcome.kind for outcome in held.outcomes)
    assert results.total() == 14
    assert (results["dismissed"], results["resigned"]) == (2, 2)
    assert sum(len(one.messages) for one in held.allegations) == example.written.supporting


def test_an_allegation_rests_on_planted_messages_of_its_subject(example: Example) -> None:
    places = _places(example)
    senders: dict[str, str] = {}
    labels: dict[str, Any] = {}
    for told in example.truth["conversations"]:
        senders |= dict(zip(told["messages"]["id"], told["messages"]["sender"], strict=True))
        labels |= told["labels"]
    resting = 0
    for allegation in tomllib.loads(_cases(example))["allegation"]:
        for message in allegation.get("messages", []):
            key, _ = places[message["exhibit"], message["start"]]
            assert senders[key] in allegation["subjects"]
            assert allegation["id"] == "a21" or labels[key]["role"] == "planted"
            resting += 1
    assert resting > 20


def test_subjects_are_known_by_the_names_their_phones_show(example: Example) -> None:
    subjects = {row["id"]: row for row in tomllib.loads(_cases(example))["subject"]}
    for file in example.truth["files"]:
        for key, name in file["names"].items():
            assert name == "Facebook user" or name in subjects[key]["names"]


def test_codings_load_and_two_reviewers_mostly_agree(example: Example) -> None:
    content = (example.written.folder / "codings.jsonl").read_bytes()
    lines = parse_codings("codings.jsonl", content)
    assert len(lines) == example.written.codings
    places, book = _places(example), shipped()
    decided: dict[tuple[str, int], list[Coding]] = {}
    for line in lines:
        place = line.reference.exhibit, line.reference.start or 0
        coding = Coding(
            places[place][0],
            places[place][1],
            line.reviewer,
            line.categories,
            line.severity,
            line.banter,
            line.note,
        )
        book.check(coding)
        decided.setdefault(place, []).append(coding)
    assert all(len(pair) == 2 for pair in decided.values())
    agreed = sum(one.decision == two.decision for one, two in decided.values())
    assert 0.7 < agreed / len(decided) < 1.0
