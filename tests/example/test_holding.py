from tests.example.conftest import Example
from witnessbox.example.chats import CHATS
from witnessbox.example.clock import share
from witnessbox.example.phones import PHONE


def test_every_message_is_held_somewhere_as_text_or_was_deleted_for_everyone(
    example: Example,
) -> None:
    for chat in CHATS:
        told = example.conversation(chat.key)
        for key, row in example.messages(chat.key).items():
            assert row["copies_with_text"] > 0 or key in told["deleted_for_everyone"]


def test_every_conversation_is_held_by_several_phones(example: Example) -> None:
    for chat in CHATS:
        phones = {example.file(file)["phone"] for file in example.conversation(chat.key)["files"]}
        assert len(phones) >= 2


def test_a_phone_holds_only_what_was_sent_while_its_owner_was_there(example: Example) -> None:
    for file in example.truth["files"]:
        owner = PHONE[file["phone"]].owner
        told = example.conversation(file["conversation"])
        spells = [
            (share(spell["since"]), share(spell["until"]) if spell["until"] < 1 else 1 << 60)
            for spell in told["membership"]
            if spell["officer"] == owner
        ]
        messages = example.messages(file["conversation"])
        for source in file["sources"]:
            for key in source["ids"]:
                if key in messages:
                    at_ms = messages[key]["at_ms"]
                    assert any(since <= at_ms < until for since, until in spells)
                    assert at_ms >= share(file["cleared_before"])


def test_what_a_phone_lost_is_in_another_copy(example: Example) -> None:
    lost = 0
    for file in example.truth["files"]:
        kept = {key for source in file["sources"] for key in source["ids"]}
        messages = example.messages(file["conversation"])
        for key in file["deleted_here"]:
            assert key not in kept
            assert messages[key]["copies_with_text"] > 0
            lost += 1
    assert lost > 10


def test_those_who_planted_deleted_more_than_others(example: Example) -> None:
    file = example.file("HS/11")
    labels = example.conversation(file["conversation"])["labels"]
    messages = example.messages(file["conversation"])
    own = [
        key
        for key, label in labels.items()
        if label["role"] == "planted" and messages[key]["sender"] == "o07"
    ]
    assert own
    assert set(own) & set(file["deleted_here"])


def test_some_copies_know_only_the_name_the_group_had(example: Example) -> None:
    titles = {example.file(file)["title"] for file in example.conversation("w2")["files"]}
    assert titles == {"Lates again", "Late turn: the survivors"}


def test_clocks_are_off_by_minutes_to_hours_and_one_phone_stands_elsewhere(
    example: Example,
) -> None:
    offsets = sorted(abs(file["clock_offset_s"]) for file in example.whatsapp())
    assert offsets[0] == 0
    assert offsets[-1] > 3 * 3600
    assert {file["zone"] for file in example.whatsapp()} == {"Europe/London", "Europe/Madrid"}


def test_names_differ_from_phone_to_phone_but_not_within_one(example: Example) -> None:
    for file in example.whatsapp():
        assert len(set(file["names"].values())) == 14
    assert len({file["names"]["o07"] for file in example.whatsapp()}) > 4
