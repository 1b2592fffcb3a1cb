"""What was edited or unsent, and what it said before."""

from pathlib import Path
from plistlib import FMT_BINARY, dumps

from tests.intake.imessage.mac import (
    AT,
    FULL,
    GROUP,
    HISTORY,
    SECONDS,
    UNSENT,
    editions,
    message,
    mine,
    summary,
)
from tests.intake.imessage.reading import ANA_ADDRESS, BO_ADDRESS, OWNER, made, said_of, told


def test_an_edited_message_says_what_it_says_now_and_notes_what_it_said(tmp_path: Path) -> None:
    full = made(tmp_path, *FULL)
    what = f"edited by {BO_ADDRESS} at 2023-03-08T20:32:40Z; the text before was: Two sugers"
    assert said_of(full, "edited") == [(5, what)]
    assert [number for number, edited in told(full, "row", "edited") if edited] == [5]
    (kept,) = told(full, "text", "replaced_at", table="earlier_texts")
    assert (kept[0], kept[1].isoformat()) == ("Two sugers", "2023-03-08T20:32:40+00:00")


def test_an_unsent_message_is_deleted_and_keeps_what_its_history_has(tmp_path: Path) -> None:
    history = editions((SECONDS, "rude"), (SECONDS + 5, "polite"))
    found = made(
        tmp_path,
        mine(1, None, message_summary_info=UNSENT, date_edited=AT),
        mine(2, None, message_summary_info=summary(otr={"0": {}}, rp=[0], ec={"0": history})),
        mine(3, None, date_retracted=AT),
        mine(4, "still here", date_retracted=AT),
        message(
            5, "left", handle_id=9, message_summary_info=summary(otr={"0": {}, "1": {}}, rp=[1])
        ),
    )
    assert told(found, "row", "kind", "deleted", "edited") == [
        (1, "deleted", True, False),
        (2, "deleted", True, True),
        (3, "deleted", True, False),
        (4, "text", False, False),
        (5, "text", False, False),
    ]
    assert [what for _, what in said_of(found, "unsent")] == [
        f"unsent by {OWNER}; the text before is not given",
        f"unsent by {OWNER}; the text before was: polite",
        f"unsent by {ANA_ADDRESS}; the text before is not given",
    ]
    (before,) = said_of(found, "edited")
    assert before[1] == f"edited by {OWNER} at 2023-03-08T20:26:45Z; the text before was: rude"
    assert told(found, "text", table="earlier_texts") == [("rude",), ("polite",)]


def test_who_wrote_what_was_changed_need_not_be_known(tmp_path: Path) -> None:
    found = made(
        tmp_path, message(1, None, GROUP, handle_id=0, message_summary_info=UNSENT, date_edited=AT)
    )
    assert said_of(found, "unsent")[0][1].startswith("unsent by nobody named")
    assert told(found, "sender") == [(None,)]


def test_a_history_that_is_not_built_as_it_should_be_gives_what_it_holds(tmp_path: Path) -> None:
    odd = [
        summary(ec=[1], otr=3, rp=7),
        summary(ec={"x": [], "0": 5, "1": [1, {"d": "soon", "t": b"?"}, {"d": 1e99}]}),
        summary(rp=["0"]),
    ]
    fills = [
        message(n, "tea", message_summary_info=one, date_edited=AT) for n, one in enumerate(odd, 1)
    ]
    found = made(tmp_path, *fills)
    before = f"edited by {ANA_ADDRESS}; the text before is not given"
    assert said_of(found, "edited") == [(2, before), (2, before)]
    assert told(found, "edited") == [(True,)] * 3


def test_a_history_that_cannot_be_read_is_a_doubt(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "tea", message_summary_info=b"none", date_edited=AT),
        message(2, "tea", message_summary_info=HISTORY[:-1], date_edited=AT),
        message(3, "tea", message_summary_info=summary(other=1)),
        message(4, "tea", message_summary_info=dumps(["rp"], fmt=FMT_BINARY), date_edited=AT),
    )
    assert [number for number, _ in said_of(found, "past-unread")] == [1, 2, 4]
    found = made(tmp_path, message(1, "tea", message_summary_info=b"bplist00Rec"))
    assert len(said_of(found, "past-unread")) == 1
