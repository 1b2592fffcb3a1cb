"""Taking messages that are alike many at once gives the same rows as taking them one by one."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.damage import damaged
from tests.intake.reading import batches, rows, samples
from witnessbox.intake import json_walk
from witnessbox.intake.json_spans import Elements, Run
from witnessbox.intake.json_walk import walk_runs
from witnessbox.intake.messenger import reading, runs
from witnessbox.intake.messenger.runs import make
from witnessbox.intake.messenger.survey import SHAPE
from witnessbox.intake.parser import BATCH_TABLES
from witnessbox.intake.parsers import messenger_json

NAME = "messages/inbox/nights_1/message_2.json"
NEVER, ALWAYS = 1 << 40, 1


def mojibake(text: str) -> str:
    return text.encode().decode("latin-1")


_TEXTS = st.sampled_from(
    [
        "",
        "tea",
        'say "tea" \\ \\u0041 \n',
        mojibake("café ☕"),
        "café",
        "☕",
        "a\0b",
        mojibake("é\0"),
        "Ã",
        "},\n    {",
        '","text":"',
    ]
)
_TIMES = st.integers(10**12, 10**13) | st.integers(1, 2**42 + 9)
_REACTIONS = st.lists(
    st.fixed_dictionaries(
        {"reaction": st.sampled_from([mojibake("❤"), "x"]), "actor": st.sampled_from(["Bo", "é"])},
        optional={"timestamp": st.sampled_from([1_700_000_000, 1_700_000_000_000, 10**17])},
    ),
    max_size=2,
)
_FILES = st.lists(
    st.fixed_dictionaries(
        {"uri": st.sampled_from(["p.jpg", mojibake("é.mp4"), "Failed to download media"])},
        optional={"creation_timestamp": st.integers(0, 9)},
    ),
    max_size=2,
)
_NAMES = st.sampled_from(["Ana", mojibake("Zoë"), "Zoë", "☕"])
_USUAL = st.fixed_dictionaries(
    {"sender_name": _NAMES, "timestamp_ms": _TIMES, "content": _TEXTS},
    optional={"reactions": _REACTIONS, "is_geoblocked_for_viewer": st.booleans()},
)
_ANY = st.fixed_dictionaries(
    {"sender_name": _NAMES, "timestamp_ms": _TIMES},
    optional={
        "content": _TEXTS,
        "type": st.sampled_from(["Generic", "Share", "Call", "Unsubscribe"]),
        "photos": _FILES,
        "share": st.just({"link": "https://example.org/"}),
        "is_unsent": st.booleans(),
        "media": _FILES,
        "reactions": _REACTIONS,
        "users": st.just([{"name": "Bo"}]),
        "quoted": st.fixed_dictionaries({"content": _TEXTS, "timestamp_ms": _TIMES}),
        "text": _TEXTS,
        "timestamp": _TIMES,
        "files": st.just("odd"),
    },
)
_ENCRYPTED = st.fixed_dictionaries(
    {
        "isUnsent": st.booleans(),
        "media": _FILES,
        "reactions": _REACTIONS,
        "senderName": _NAMES,
        "text": _TEXTS,
        "timestamp": _TIMES,
    }
)
_WRITTEN = st.sampled_from([None, 2, "\t"])


def download(
    messages: list[Any], *, indent: int | str | None = None, escaped: bool = True, **frame: Any
) -> bytes:
    document = {"messages": messages, "title": "t", "thread_path": "inbox/t"} | frame
    compact = (",", ":") if indent is None else None
    written = json.dumps(document, indent=indent, ensure_ascii=escaped, separators=compact)
    return written.encode()


def everything(data: bytes) -> dict[str, list[dict[str, Any]]]:
    found = batches(messenger_json, data, NAME)
    return {table.name: rows(found, table.name) for table in BATCH_TABLES}


def both_ways(data: bytes) -> tuple[Any, Any]:
    """Read at once, as few as there may be, and one by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_walk, "_FEW", ALWAYS)
        at_once = everything(data)
        patch.setattr(json_walk, "_FEW", NEVER)
        return at_once, everything(data)


@settings(deadline=None, max_examples=150)  # how long it takes is not what is tested
@given(st.lists(_USUAL, max_size=14), st.lists(_ANY, max_size=6), _WRITTEN, st.booleans())
def test_any_messages_read_the_same_both_ways(
    usual: list[Any],
    others: list[Any],
    indent: int | str | None,
    escaped: bool,  # noqa: FBT001
) -> None:
    mixed = [*usual[:7], *others[:3], *usual[7:], *others[3:]]
    at_once, one_by_one = both_ways(download(mixed, indent=indent, escaped=escaped))
    assert at_once == one_by_one


@settings(deadline=None)
@given(st.lists(_ENCRYPTED, max_size=10), _WRITTEN, st.booleans())
def test_any_encrypted_chat_reads_the_same_both_ways(
    messages: list[Any],
    indent: int | str | None,
    escaped: bool,  # noqa: FBT001
) -> None:
    data = download(messages, indent=indent, escaped=escaped, threadName="Ana_4")
    at_once, one_by_one = both_ways(data)
    assert at_once == one_by_one


@settings(deadline=None, max_examples=200)
@given(st.lists(_USUAL | _ANY | _ENCRYPTED, min_size=1, max_size=3), _WRITTEN, st.booleans())
def test_messages_of_few_patterns_read_the_same_both_ways(
    patterns: list[Any],
    indent: int | str | None,
    escaped: bool,  # noqa: FBT001
) -> None:
    said = [
        {key: f"{value}{n}" if key == "content" and value else value for key, value in one.items()}
        for n in range(4)
        for one in patterns
    ]
    at_once, one_by_one = both_ways(download(said, indent=indent, escaped=escaped))
    assert at_once == one_by_one


@settings(deadline=None, max_examples=200)
@given(st.lists(_USUAL, min_size=3, max_size=10), _WRITTEN, st.integers(0, 1 << 32))
def test_hurt_messages_read_the_same_both_ways(
    usual: list[Any], indent: int | str | None, seed: int
) -> None:
    at_once, one_by_one = both_ways(damaged(download(usual, indent=indent), seed))
    assert at_once == one_by_one


ODD_VALUES = (
    rb'"\ud83d"',
    rb'"\ud83d\ude00"',
    rb'"\u12g4"',
    rb'"\x"',
    b'"\xff"',
    b'"a\tb"',
    b'"\\"',
    b'"',
    b"NaN",
    b"1e999",
    b"[" * 2000 + b"]" * 2000,
    b'"a", "content": "b"',
    b'"a", "con\\u0074ent": "b"',
)


@pytest.mark.parametrize("odd", ODD_VALUES, ids=lambda odd: repr(odd[:12]))
@pytest.mark.parametrize("indent", [None, 2])
def test_an_odd_value_among_many_messages_reads_the_same_both_ways(
    odd: bytes, indent: int | None
) -> None:
    said = [
        {"sender_name": "Ana", "timestamp_ms": 1_709_298_000_000 - n, "content": f"n{n}."}
        for n in range(40)
    ]
    data = download(said, indent=indent)
    for place in (0, 1, 20, 39):
        at_once, one_by_one = both_ways(data.replace(b'"n%d."' % place, odd))
        assert at_once == one_by_one


def test_usual_messages_are_all_taken_at_once() -> None:
    said = [
        {"sender_name": "Ana", "timestamp_ms": 1_709_298_000_000 - n, "content": f"n{n}"}
        | ({"reactions": [{"reaction": "x", "actor": "Bo"}]} if n % 3 else {})
        for n in range(99)
    ]
    for indent in (None, 2):
        parts = walk_runs(io.BytesIO(download(said, indent=indent)), SHAPE)
        (run,) = (part for part in parts if isinstance(part, Run))
        made = make(run, mend=True)
        assert made is not None
        assert len(made.times) == 97  # all but the first, from which the writer's ways are learnt,
        assert len(run.rest) == 0  # and the last, which is followed by no other
        assert len(made.others.reactions) == 66 - (98 % 3 > 0)


@pytest.mark.parametrize("odd", ODD_VALUES[:-2], ids=lambda odd: repr(odd[:12]))
def test_an_odd_value_that_all_messages_share_reads_the_same_both_ways(odd: bytes) -> None:
    said = [
        {"sender_name": "Ana", "timestamp_ms": 1_709_298_000_000 - n, "content": "x", "other": "o"}
        for n in range(9)
    ]
    at_once, one_by_one = both_ways(download(said).replace(b'"o"', odd))
    assert at_once == one_by_one


@pytest.mark.parametrize("room", [reading.KEPT_BYTES, 0])
def test_only_what_stands_near_an_odd_message_goes_the_long_way(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [
        {"sender_name": "Ana", "timestamp_ms": 1_709_298_000_000 - n, "content": f"n{n}."}
        for n in range(40)
    ]
    data = download(said).replace(b'"n20."', rb'"\ud83d"')
    monkeypatch.setattr(reading, "KEPT_BYTES", room)
    monkeypatch.setattr(runs, "_NEAR", 7)
    at_once, one_by_one = both_ways(data)
    assert at_once == one_by_one
    monkeypatch.setattr(json_walk, "_FEW", ALWAYS)
    (run,) = (part for part in walk_runs(io.BytesIO(data), SHAPE) if isinstance(part, Run))
    parts = runs.parts_of(run, mend=True)
    assert [isinstance(part, Run) for part in parts] == [False, False, True, False, False, False]


def test_files_and_reactions_of_messages_that_are_alike_are_kept() -> None:
    said = [
        {
            "sender_name": mojibake("Zoë"),
            "timestamp_ms": 1_709_298_000_000 - n,
            "photos": [{"uri": mojibake(f"é{n}.jpg"), "creation_timestamp": 1_709_298_000}],
            "media": [{"uri": "a.mp4" if n % 2 else "Failed to download media"}],
            "reactions": [{"reaction": "x", "actor": "Bo", "timestamp": 1_709_298_000 + n}],
        }
        for n in range(9)
    ]
    at_once, one_by_one = both_ways(download(said))
    assert at_once == one_by_one
    named = [row["name"] for row in at_once["attachments"]]
    assert named == [one for n in range(9) for one in (f"é{n}.jpg", "a.mp4" if n % 2 else None)]
    assert [row["reacted_at"].second for row in at_once["reactions"]] == list(range(9))


def test_a_usual_encrypted_chat_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        {"isUnsent": False, "senderName": "Ana", "text": f"☕ {n}\n", "timestamp": 10**12 + n}
        for n in range(99)
    ]
    data = download(said, indent=2, escaped=False, threadName="Ana_4")
    one_by_one: list[int] = []
    long_way = reading._Reading._take

    def counted(self: Any, stretch: Elements, rows: Any) -> None:
        one_by_one.extend(stretch.starts)
        long_way(self, stretch, rows)

    monkeypatch.setattr(reading._Reading, "_take", counted)
    found = everything(data)["messages"]
    assert [row["text"] for row in found] == [one["text"] for one in said]
    assert len(one_by_one) == 2  # the first and the last


def test_a_sound_file_is_not_repaired_either_way() -> None:
    wide = {"senderName": "☕", "timestamp": 9, "text": "☕"}
    said = [{"sender_name": "Ana", "timestamp_ms": 5, "content": mojibake("é")}] * 3
    document = {"messages": [wide, None, *said], "threadName": "Ana_4"}
    at_once, one_by_one = both_ways(json.dumps(document).encode())
    assert at_once == one_by_one
    assert [row["text"] for row in at_once["messages"]] == ["☕", *[mojibake("é")] * 3]


@pytest.mark.parametrize("sample", samples(messenger_json), ids=lambda sample: sample.parent.name)
def test_the_samples_read_the_same_both_ways(sample: Any) -> None:
    at_once, one_by_one = both_ways(sample.read_bytes())
    assert at_once == one_by_one


@pytest.mark.parametrize("room", [0, 1, 4_000])
@pytest.mark.parametrize("window", [1 << 10, 1 << 12])
def test_a_file_too_long_to_keep_reads_the_same(
    room: int, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [
        {"sender_name": "Ana", "timestamp_ms": 1_709_298_000_000 - n, "content": mojibake("café")}
        for n in range(300)
    ]
    data = download(said, indent=2)
    kept = everything(data)
    monkeypatch.setattr(reading, "KEPT_BYTES", room)
    monkeypatch.setattr(json_walk, "WINDOW_BYTES", window)
    monkeypatch.setattr(json_walk, "_FEW", ALWAYS)
    assert everything(data) == kept
    assert len(kept["messages"]) == 300


@pytest.mark.parametrize("odd", [{}, {"timestamp_ms": 10**17}, {"timestamp_ms": 2**80}])
def test_a_run_with_an_odd_time_goes_the_long_way(odd: dict[str, Any]) -> None:
    usual = {"sender_name": "Ana", "timestamp_ms": 1_709_298_000_000, "content": "x"}
    said = [*[usual] * 5, {"sender_name": "Bo"} | odd, *[usual] * 5]
    at_once, one_by_one = both_ways(download(said))
    assert at_once == one_by_one
    assert "no-time" in [row["code"] for row in at_once["problems"]]


def test_messages_none_of_which_has_a_time_go_the_long_way() -> None:
    at_once, one_by_one = both_ways(download([{"sender_name": "Ana", "content": "x"}] * 9))
    assert at_once == one_by_one
    assert [row["code"] for row in at_once["problems"]].count("no-time") == 9
