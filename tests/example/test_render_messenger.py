import json

from tests.example.conftest import Example


def _meant(text: str) -> str:
    return text.encode("latin-1").decode()


def test_a_record_is_its_object_and_says_what_was_sent(example: Example) -> None:
    for file in example.messenger():
        messages = example.messages(file["conversation"])
        unsent = file["forms"].get("placeholder", [])
        assert unsent
        for record in example.records(file):
            read = json.loads(record.content)
            if record.key not in messages:
                assert read["type"] in {"Subscribe", "Unsubscribe"}
                continue
            row = messages[record.key]
            assert read["timestamp_ms"] == row["at_ms"]
            assert _meant(read["sender_name"]) == file["names"][row["sender"]]
            if record.key in unsent:
                assert read["is_unsent"]
                assert "content" not in read
            else:
                assert _meant(read.get("content", "")) == row["text"]


def test_files_are_plain_ascii_and_the_records_are_all_their_messages(example: Example) -> None:
    for file in example.messenger():
        for source in file["sources"]:
            document = json.loads(example.content(source, file).decode("ascii"))
            assert len(document["messages"]) == len(source["ids"])
            assert {person["name"] for person in document["participants"]} <= {
                name.encode().decode("latin-1") for name in file["names"].values()
            }


def test_the_newest_message_comes_first_over_all_files(example: Example) -> None:
    for file in example.messenger():
        times = [json.loads(record.content)["timestamp_ms"] for record in example.records(file)]
        assert times == sorted(times, reverse=True)
    assert max(len(file["sources"]) for file in example.messenger()) == 2


def test_letters_beyond_ascii_are_escaped_byte_by_byte(example: Example) -> None:
    (one, *_) = example.messenger()
    assert b"\\u00f0\\u009f" in b"".join(record.content for record in example.records(one))


def test_a_closed_profile_loses_its_name_in_one_copy_only(example: Example) -> None:
    closed = {
        file["reference"]: [key for key, name in file["names"].items() if name == "Facebook user"]
        for file in example.messenger()
    }
    assert closed == {"HS/15": [], "HS/16": ["o12"], "HS/17": [], "HS/18": ["o06"]}


def test_the_archives_have_three_roots(example: Example) -> None:
    roots = {
        source["source"].removeprefix(f"{file['file']}/").partition("/")[0]
        for file in example.messenger()
        for source in file["sources"]
    }
    assert roots == {"your_activity_across_facebook", "messages", "your_facebook_activity"}
