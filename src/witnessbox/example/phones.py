"""The twelve phones that were handed over, and the eighteen exports taken from them.

A phone's address book decides how people are written in its exports; its clock may be minutes or
hours off.  Messenger stamps by the server, so clocks do not show there.
"""

from witnessbox.example.clock import ZONE
from witnessbox.example.model import CopyPlan, Officer, Phone
from witnessbox.example.people import OFFICERS

_STYLES = "fgnpsw~"  # full, given, nickname, phone number, surname with rank, work, push name


def _written(officer: Officer, style: str, *, ios: bool) -> str:
    """Write a person as an address book of this style does."""
    push = f"~\u202f{officer.given}" if ios else f"~ {officer.given}"
    number = f"\u202a{officer.phone}\u202c" if ios else officer.phone
    return {
        "f": officer.full,
        "g": officer.given,
        "n": officer.nickname,
        "p": number,
        "s": f"PC {officer.family}" if officer.key != "o01" else f"Sgt {officer.family}",
        "w": f"{officer.nickname} Work 👮",
        "~": push,
    }[style]


def _names(owner: str, styles: str, *, ios: bool = False) -> tuple[tuple[str, str], ...]:
    """Name all fourteen, one style letter each; the owner stands under the full name."""
    return tuple(
        (officer.key, officer.full if officer.key == owner else _written(officer, style, ios=ios))
        for officer, style in zip(OFFICERS, styles, strict=True)
    )


PHONES = (
    Phone("p01", "o01", "android-en-gb-24", ZONE, 0, _names("o01", "ffffffffffffff")),
    Phone("p02", "o02", "android-en-us-12", ZONE, 187, _names("o02", "nnngngnpngpnpn")),
    Phone("p03", "o03", "ios-en-us-12", ZONE, -64, _names("o03", "gggn~gngnnwg~n", ios=True)),
    Phone(
        "p04", "o04", "ios-en-gb-24", ZONE, 41, _names("o04", "sffgfffffff~ff", ios=True),
        notice_author="actor",
    ),
    Phone("p05", "o05", "ios-fr-24", ZONE, -3_540, _names("o05", "nwggggpggggp~g", ios=True)),
    Phone("p06", "o06", "android-de-24", ZONE, 754, _names("o06", "sgggggggggggpg")),
    Phone("p07", "o07", "android-en-ie-dotted", ZONE, -7_205, _names("o07", "nnnpgnnpnnpnpn")),
    Phone("p08", "o08", "android-en-gb-12", ZONE, 22, _names("o08", "sssgfssfssfsfs")),
    Phone(
        "p09", "o09", "ios-de-24", ZONE, 415, _names("o09", "wnnwnnnwnnwnnn", ios=True),
        notice_author="actor",
    ),
    Phone("p10", "o10", "android-es-spaced", "Europe/Madrid", 90, _names("o10", "wnnfgnngnnggpn")),
    Phone(
        "p11", "o11", "android-en-ca-iso", ZONE, -1_260, _names("o11", "s~~gggp~gg~~gp"),
        desktop=True,
    ),
    Phone("p12", "o12", "android-nl-24", ZONE, 10_920, _names("o12", "gggpggggggpgfg")),
)  # fmt: skip

PHONE = {phone.key: phone for phone in PHONES}

_NEW_ROOT = "your_activity_across_facebook/messages/inbox"
_OLD_ROOT = "messages/inbox"
_OTHER_ROOT = "your_facebook_activity/messages/inbox"

COPIES = (
    CopyPlan("HS/1", "p01", "w1"),
    CopyPlan("HS/2", "p04", "w1", deleted=0.004),
    CopyPlan("HS/3", "p06", "w1", cut=0.86, deleted=0.002),
    CopyPlan("HS/4", "p10", "w1", deleted=0.01, own_planted_deleted=0.5),
    CopyPlan("HS/5", "p02", "w2", own_planted_deleted=0.25),
    CopyPlan("HS/6", "p05", "w2", cleared=0.25, keeps_recalled=True),
    CopyPlan("HS/7", "p08", "w2", deleted=0.003),
    CopyPlan("HS/8", "p12", "w2", deleted=0.006, own_planted_deleted=0.6),
    CopyPlan("HS/9", "p02", "w3", keeps_recalled=True),
    CopyPlan("HS/10", "p03", "w3", attached=True, deleted=0.01, own_planted_deleted=0.7),
    CopyPlan("HS/11", "p07", "w3", deleted=0.015, own_planted_deleted=0.8),
    CopyPlan("HS/12", "p06", "w4", attached=True, deleted=0.004),
    CopyPlan("HS/13", "p09", "w4"),
    CopyPlan("HS/14", "p11", "w4", keeps_recalled=True),
    CopyPlan("HS/15", "p09", "m1", root=_NEW_ROOT),
    CopyPlan("HS/16", "p05", "m1", deleted=0.005, root=_OLD_ROOT),
    CopyPlan("HS/17", "p03", "m2", deleted=0.004, root=_NEW_ROOT),
    CopyPlan("HS/18", "p07", "m2", own_planted_deleted=0.7, root=_OTHER_ROOT),
)  # fmt: skip

CLOSED_PROFILES = {"p05": ("o12",), "p07": ("o06",)}
"""Whose Messenger profile was closed when a phone's archive was made: there a 'Facebook user'."""

FORGED_COPY = "HS/1"
"""The copy whose own layout a member imitated inside a message."""
