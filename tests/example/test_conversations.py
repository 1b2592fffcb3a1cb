from collections import Counter

from tests.example.conftest import Example
from witnessbox.example.chats import CHATS
from witnessbox.example.conversations import converse
from witnessbox.example.people import PRONE
from witnessbox.example.roster import Roster


def test_messages_come_in_order_from_people_who_are_there(example: Example) -> None:
    for chat in CHATS:
        roster = Roster(chat)
        rows = list(example.messages(chat.key).values())
        assert [row["at_ms"] for row in rows] == sorted(row["at_ms"] for row in rows)
        assert all(row["sender"] in roster.present(row["at_ms"]) for row in rows)


def test_short_answers_repeat_as_in_real_talk() -> None:
    chat = CHATS[0]
    texts = Counter(
        message.text
        for message in converse(chat, chat.messages, 1).messages
        if message.kind == "text"
    )
    repeated = 1 - len(texts) / texts.total()
    assert 0.15 < repeated < 0.25


def test_every_category_is_planted_by_those_prone_to_it(example: Example) -> None:
    found = Counter[str]()
    for chat in CHATS:
        messages = example.messages(chat.key)
        for key, label in example.conversation(chat.key)["labels"].items():
            if label["role"] == "planted":
                found[label["category"]] += 1
                assert messages[key]["sender"] in PRONE[label["category"]]
                assert 1 <= label["severity"] <= 4
    assert found.keys() == PRONE.keys()


def test_about_one_in_a_hundred_messages_is_planted_and_has_a_look_alike(
    example: Example,
) -> None:
    totals = example.truth["totals"]
    assert 0.008 < totals["planted"] / totals["messages"] < 0.015
    assert totals["lookalike"] == totals["planted"]
    assert totals["banter-reply"] > 0


def test_banter_is_flagged_where_somebody_offered_it(example: Example) -> None:
    offered = answered = 0
    for chat in CHATS:
        labels = example.conversation(chat.key)["labels"]
        offered += sum(label.get("banter", False) for label in labels.values())
        answered += sum(label["role"] == "banter-reply" for label in labels.values())
    assert offered == answered > 0


def test_polls_and_edits_come_only_after_the_app_had_them(example: Example) -> None:
    for chat in CHATS:
        messages = example.messages(chat.key)
        edited = example.conversation(chat.key)["first_wordings"]
        assert all(messages[key]["at_ms"] >= 1_685_577_600_000 for key in edited)
        polls = [row for row in messages.values() if row["kind"] == "poll"]
        assert all(row["at_ms"] >= 1_669_852_800_000 for row in polls)


def test_one_message_holds_a_line_separator(example: Example) -> None:
    texts = [row["text"] for row in example.messages("w2").values()]
    assert sum("\u2028" in text for text in texts) == 1
