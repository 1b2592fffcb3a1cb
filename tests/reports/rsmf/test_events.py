"""What copies hold of a message becomes one event."""

from typing import Any

from witnessbox.reports.rsmf.events import Telling
from witnessbox.reports.rsmf.model import Custom, Participant, Reaction
from witnessbox.reports.rsmf.sources import People, Sources, custody

PLACE = ("e", 0)
OTHER = ("f", 9)


def message(**fields: Any) -> dict[str, Any]:
    usual = {"message": "m", "conversation": "c", "exhibit": "e", "start": 0, "end": 5}
    said = {"sender": "p1", "kind": "text", "text": "hi", "edited": False, "deleted": False}
    return usual | said | {"sent_at": None, "precision": None} | fields


def sighting(copy: str, place: tuple[str, int]) -> dict[str, Any]:
    where = {"exhibit": place[0], "start": place[1], "end": place[1] + 5}
    return where | {"copy": copy, "sent_at": None, "same_text": True}


def telling(**rows: Any) -> Telling:
    empty: dict[str, Any] = {"said": {}, "attachments": {}, "reactions": {}, "memberships": {}}
    of = Sources(
        conversation={"conversation": "c", "title": None, "platform": None},
        copies={
            "k1": {"custodian": "Ana", "exhibits": ["e"]},
            "k2": {"custodian": "Bo", "exhibits": ["f"]},
        },
        people=People(
            persons={("k1", "Ana"): "p1", ("k2", "Boss"): "p1", ("k1", "Bo"): "p2"},
            labels={"p1": "Ana", "p2": "Bo"},
            names={"p1": (("k1", "Ana"), ("k2", "Boss")), "p2": (("k1", "Bo"),)},
            owners=frozenset(("p1", "p2")),
        ),
        canonical=(),
        sightings={"m": (sighting("k1", PLACE), sighting("k2", OTHER))},
        **(empty | rows),
    )
    return Telling(of, custody([]))


def test_people_carry_the_names_other_copies_have_for_them() -> None:
    named = (Custom("Named in the copy of Bo", "Boss"),)
    assert telling().participants() == (Participant("p1", "Ana", named), Participant("p2", "Bo"))


def test_a_conversation_of_two_is_direct_and_has_a_custodian_only_if_one_owner_is_known() -> None:
    found = telling().conversation()
    assert (found.type, found.custodian, found.platform) == ("direct", None, "unknown")


def test_a_reaction_two_copies_hold_is_one() -> None:
    def reacted(actor: str | None, reaction: str | None) -> dict[str, Any]:
        return {"actor": actor, "reaction": reaction}

    told = telling(
        reactions={
            PLACE: (reacted("Ana", "ok"), reacted(None, "ok"), reacted("Eve", None)),
            OTHER: (reacted("Boss", "ok"), reacted(None, "ok"), reacted(None, "no")),
        }
    )
    assert told.event(message()).reactions == (
        Reaction("ok", 2, ("p1",)),
        Reaction("?", 1, ("name:Eve",)),
        Reaction("no", 1),
    )
    assert told.participants()[2:] == (Participant("name:Eve", "Eve"),)


def test_a_notice_of_several_names_them_and_one_of_one_is_a_coming() -> None:
    def change(member: str, actor: str = "Ana") -> dict[str, Any]:
        return {"event": "added", "actor": actor, "member": member}

    notice = message(kind="notice", sender=None)
    several = telling(memberships={PLACE: (change("Bo"), change("Eve"))}).event(notice)
    assert several.type == "disclaimer"
    assert several.custom[4:6] == (
        Custom("Also in f", "f, bytes 9 to 14"),
        Custom("Who added", "Bo"),
    )
    one = telling(memberships={OTHER: (change("Boss", actor="Eve"),)}).event(notice)
    assert (one.type, one.participant) == ("join", "p1")
    assert Custom("By", "Eve") in one.custom


def test_a_message_replies_to_the_message_its_parent_became() -> None:
    said = {PLACE: {"platform_id": "7", "reply_to": "6", "text": "hi"}}
    parent = {OTHER: {"platform_id": "6", "reply_to": None, "text": "hi"}}
    told = telling(said=said | parent)
    assert told.event(message()).parent is None  # a message is no reply to itself
    told.of.sightings["n"] = (sighting("k2", OTHER),)  # type: ignore[index]
    again = Telling(told.of, told.custody)
    again.of.sightings["m"] = (sighting("k1", PLACE),)  # type: ignore[index]
    assert Telling(told.of, told.custody).event(message()).parent == "n"
