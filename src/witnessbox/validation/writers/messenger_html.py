"""Known data as Facebook's download writes a conversation in HTML: since 2018, and before."""

import html
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from witnessbox.evidence.model import Kind
from witnessbox.validation.known import ZONE
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_CANNOT = (
    ("edited", "the page does not say that a message was edited"),
    ("deleted", "only its wording would show it, and anybody can type that"),
    ("forwarded", "the page does not say that a message was forwarded"),
    ("reply", "the page does not say what a message replies to"),
    ("omitted", "the download never leaves a file out and says so in the message"),
    ("location", "the page writes a location as a link, like any other"),
    ("contact", "the platform has no contact cards"),
    ("poll", "only its wording would show it, and anybody can type that"),
    ("call", "only its wording would show it, and anybody can type that"),
    ("notice-created", "only its wording would show it, and anybody can type that"),
    ("notice-added", "only its wording would show it, and anybody can type that"),
    ("notice-left", "only its wording would show it, and anybody can type that"),
)
_NO_ZONE = (("dst-second", "the page does not say which pass of the hour it was"),)
_BEFORE_2018 = (("reactions", "pages of before 2018 have no reactions"),)
_PHOTO = "your_facebook_activity/messages/inbox/nights_1/photos/7.jpg"
_OLD_PHOTO = "../messages/photos/7.jpg"
_HEAD = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />'


def new(talk: Talk) -> DataSet:
    """Write a page as since 2018, newest message first: seconds, and no zone."""
    file = Growing(talk, _CANNOT + _NO_ZONE)
    head = f'<base href="../../../../" /><title>{_escaped(talk.title)}</title></head><body>'
    file.around(f'{_HEAD}{head}<div class="_a706" role="main">'.encode())
    members = f"Participants: {', '.join(talk.people[:-1])} and {talk.people[-1]}"
    if len(talk.people) > 1:
        file.around(_block(members, "", None).encode())
    for known in reversed(file.said):
        at = known.at.replace(microsecond=0)
        wall = _wall(at)
        stamp = f"{wall:%b %d, %Y} {wall.hour % 12 or 12}:{wall:%M:%S} {wall:%p}".lower()
        block = _block(known.sender or "", _body(known), stamp.capitalize())
        expected = replace(_expected(known, _PHOTO), wall_at=wall, sent_at=at)
        if known.element == "dst-first":
            expected = replace(expected, noted=("zone-hour-twice",))
        file.record(known.element, block.encode(), expected)
    file.around(b"</div></body></html>")
    name = "your_facebook_activity/messages/inbox/nights_1/message_1.html"
    return file.data_set("since 2018", name)


def old(talk: Talk) -> DataSet:
    """Write the page of all conversations, as before 2018: minutes, and how far from UTC."""
    file = Growing(talk, _CANNOT + _BEFORE_2018)
    people = _escaped(", ".join(talk.people))
    file.around(f"{_HEAD}<title>Ana Reed - Messages</title></head><body>".encode())
    file.around(f'<div class="contents"><div><div class="thread">{people}'.encode())
    for known in reversed(file.said):
        at = known.at.replace(second=0, microsecond=0)
        wall = at.astimezone(ZoneInfo(ZONE))
        zone = f"UTC{wall:%z}"[:6]
        stamp = f"{wall:%A}, {wall.day} {wall:%B %Y} at {wall:%H:%M} {zone}"
        head = f'<span class="user">{_escaped(known.sender or "")}</span>'
        head += f'<span class="meta">{stamp}</span>'
        block = f'<div class="message"><div class="message_header">{head}</div></div>'
        photo = f'<img src="{_OLD_PHOTO}" />' if known.element == "attached" else ""
        block += f"<p>{_escaped(known.text)}{photo}</p>"
        expected = replace(_expected(known, _OLD_PHOTO), sent_at=at)
        file.record(known.element, block.encode(), expected)
    file.around(b"</div></div></div></body></html>")
    return file.data_set("before 2018", "html/messages.htm")


def _block(name: str, body: str, stamp: str | None) -> str:
    when = "" if stamp is None else f'<div class="_3-94 _a6-o">{stamp}</div>'
    return (
        '<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">'
        f'<h2 class="_3-95 _2pim _a6-h _a6-i">{_escaped(name)}</h2>'
        f'<div class="_3-95 _a6-p">{body}</div>{when}</div>'
    )


def _body(known: Known) -> str:
    """Write the five boxes of a body: the second holds its words, the third what it carries."""
    photo = f'<a target="_blank" href="{_PHOTO}"><img src="{_PHOTO}" class="_a6_o _3-96" /></a>'
    carried = f"<div><div>{photo}</div></div>" if known.element == "attached" else ""
    given = "".join(f"<li><span>{sign}{_escaped(who)}</span></li>" for who, sign in known.reactions)
    reactions = f'<ul class="_a6-q">{given}</ul>' if given else ""
    boxes = ("", _escaped(known.text), carried, "", reactions)
    return f"<div>{''.join(f'<div>{inside}</div>' for inside in boxes)}</div>"


def _expected(known: Known, photo: str) -> Expected:
    attached = known.element == "attached"
    return Expected(
        kind=Kind.MEDIA if attached else Kind.TEXT if known.text else Kind.EMPTY,
        sender=known.sender,
        text=known.text or None,
        wall_at=None,
        sent_at=known.at,
        attached=(Attached(photo, "image", omitted=False),) if attached else (),
        reactions=known.reactions,
    )


def _escaped(text: str) -> str:
    return html.escape(text).replace("&#x27;", "&#039;").replace("\n", "<br />")


def _wall(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
