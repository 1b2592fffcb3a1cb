"""What should have come with what came is missed."""

from witnessbox.intake.completeness import absences
from witnessbox.intake.record import Receipt


def receipt(name: str, delivery: str = "d1", custodian: str = "Bo") -> Receipt:
    return Receipt(
        exhibit=f"{delivery}:{name}",
        reference="WB/001",
        name=name,
        size_bytes=1,
        custodian=custodian,
        received_by="Ana",
        received_at="2026-03-02T12:00:00.000000Z",
        lawful_basis="consent",
        container=None,
        delivery=delivery,
        zone=None,
    )


def parts(*numbers: int, folder: str = "a.zip/messages/inbox/n_1", **given: str) -> list[Receipt]:
    return [receipt(f"{folder}/message_{number}.json", **given) for number in numbers]


def told(receipts: list[Receipt], encrypted: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    found = absences(receipts, encrypted)
    return [(exhibit, one.what) for exhibit, those in found.items() for one in those]


def test_a_whole_thread_misses_nothing() -> None:
    assert told([*parts(3, 1, 2), receipt("photo.jpg")]) == []


def test_a_gap_is_told_by_the_part_behind_it() -> None:
    assert told(parts(2, 5)) == [
        (
            "d1:a.zip/messages/inbox/n_1/message_2.json",
            "message_1.json of inbox/n_1 did not come with message_2.json",
        ),
        (
            "d1:a.zip/messages/inbox/n_1/message_5.json",
            "message_3.json to message_4.json of inbox/n_1 did not come with message_5.json",
        ),
    ]


def test_parts_in_two_archives_of_one_delivery_belong_together() -> None:
    assert told([*parts(1), *parts(2, folder="b.zip/messages/inbox/n_1")]) == []


def test_parts_of_two_deliveries_do_not() -> None:
    assert len(told([*parts(1), *parts(2, delivery="d2")])) == 1


def test_the_pages_of_a_thread_are_counted_by_themselves() -> None:
    page = receipt("a.zip/messages/inbox/n_1/message_2.html")
    assert told([*parts(1), page]) == [
        (
            "d1:a.zip/messages/inbox/n_1/message_2.html",
            "message_1.html of inbox/n_1 did not come with message_2.html",
        )
    ]


def test_parts_outside_any_section_belong_to_their_folder() -> None:
    assert told([*parts(1, folder="n"), *parts(2, folder="n")]) == []
    assert "of n did not come" in told(parts(2, folder="n"))[0][1]


def test_a_conversation_that_went_on_encrypted_needs_its_other_half() -> None:
    cut = parts(1, folder="messages/e2ee_cutover/n_1")
    sealed = receipt("N_1.json")
    assert "no download of encrypted chats" in told(cut)[0][1]
    assert told([*cut, sealed], (sealed.exhibit,)) == []
    theirs = receipt("N_1.json", custodian="Cy")
    assert [exhibit for exhibit, _ in told([*cut, theirs], (theirs.exhibit,))] == [
        cut[0].exhibit,
        theirs.exhibit,
    ]


def test_the_same_exhibit_received_twice_misses_a_thing_once() -> None:
    assert len(told([*parts(2), *parts(2)])) == 1
    sealed = receipt("N_1.json")
    assert len(told([sealed, sealed], (sealed.exhibit,))) == 1


def test_a_gap_in_telegrams_pages_is_told_by_the_page_behind_it() -> None:
    pages = [receipt(f"x/chats/chat_1/messages{part}.html") for part in ("3", "2", "10")]
    assert [what for _, what in told(pages)] == [
        "messages.html of x/chats/chat_1 did not come with messages2.html",
        "messages4.html to messages9.html of x/chats/chat_1 did not come with messages10.html",
    ]
    assert told([receipt("x/messages.html"), receipt("x/messages2.html")]) == []
