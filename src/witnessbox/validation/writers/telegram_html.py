"""Known data as Telegram Desktop's "Export chat history" writes a group as HTML."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from witnessbox.evidence.model import Kind
from witnessbox.validation.known import ZONE
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing
from witnessbox.validation.writers.telegram_page import (
    BODY,
    HEAD,
    TAIL,
    element,
    encoded,
    escaped,
    face,
    generic,
    named,
    poll,
    wrapped,
)

_CANNOT = (
    ("edited", "the page does not say that a message was edited"),
    ("deleted", "the export leaves deleted messages out"),
)
_JOINED_WITHIN_SECONDS = 900
_PHOTO = "photos/photo_7@15-01-2024_10-00-00.jpg"
_LEFT_OUT = "Not included, change data exporting settings to download."
_MAP = "https://maps.google.com/maps?q={0},{1}&ll={0},{1}&z=16"
_LINK = "https://example.org/a?b=c:d"  # stands in one of the texts
_ANCHOR = f'<a href="{_LINK}">{_LINK}</a>'
_NUMBER = "+44 7700 900124"
_IN_PLACE = frozenset(("contact", "call", "location", "poll"))  # have no words of their own
_KINDS = {
    "attached": Kind.MEDIA,
    "omitted": Kind.MEDIA,
    "contact": Kind.CONTACT,
    "call": Kind.CALL,
    "location": Kind.LOCATION,
    "poll": Kind.POLL,
}


def write(talk: Talk) -> DataSet:
    """Write a group's history, which fits one page; every message has the next number."""
    file = Growing(talk, _CANNOT)
    file.around(encoded(HEAD.format(title=escaped(talk.title))))
    above: Known | None = None
    for number, known in enumerate(file.said, 1):
        if above is None or _local(above, "%d%m%Y") != _local(known, "%d%m%Y"):
            day = _local(known, "%d %B %Y").lstrip("0")
            file.around(encoded(_service(-number, day)))
        block, expected = _message(known, number, above, talk.title)
        if known.element == "reply":
            expected = replace(expected, reply_to=file.records[-1].start)
        file.around(b"\n     ")  # a message begins with its tag
        file.record(known.element, encoded(block.strip()), expected)
        file.around(b"\n")
        above = known
    file.around(encoded(TAIL))
    return file.data_set("", "ChatExport_2024-04-01/messages.html")


def _message(known: Known, number: int, above: Known | None, title: str) -> tuple[str, Expected]:
    if known.member is not None:
        return _notice(known, number)
    joined = above is not None and _joins(known, above)
    when = f"{_local(known, '%d.%m.%Y %H:%M:%S')} UTC{_local(known, '%z')[:3]}:00"
    stamp = f'div class="pull_right date details" title="{when}"'
    said = _Said(known, title)
    inside = "".join(
        (
            element(7, stamp, _local(known, "%H:%M")),
            "" if joined else element(7, 'div class="from_name"', named(known.sender or "")),
            said.forwarded(f"{_reply(known, number)}{said.media}{said.words}"),
            said.reactions,
        )
    )
    classes = "message default clearfix" + (" joined" if joined else "")
    block = element(5, f'div class="{classes}" id="message{number}"', element(6, BODY, inside))
    return block, said.expected()


def _joins(known: Known, above: Known) -> bool:
    """Say whether a message bears no name because the one above it bears the same."""
    return (
        above.sender == known.sender
        and (above.element == "forwarded") == (known.element == "forwarded")
        and _local(above, "%d%m%Y") == _local(known, "%d%m%Y")
        and (known.at - above.at).total_seconds() <= _JOINED_WITHIN_SECONDS
    )


def _notice(known: Known, number: int) -> tuple[str, Expected]:
    """Write a service line, which has no time."""
    said = {
        "notice-created": f"{known.member} created group «{known.text}»",
        "notice-added": f"Ana Reed invited {known.member}",
        "notice-left": f"{known.member} removed {known.member}",
    }[known.element]
    expected = Expected(Kind.NOTICE, sender=None, text=said, wall_at=None, sent_at=None)
    written = escaped(said).replace("«", "&laquo;").replace("»", "&raquo;")
    return _service(number, written), expected


def _service(number: int, said: str) -> str:
    line = element(6, 'div class="body details"', said)
    return element(5, f'div class="message service" id="message{number}"', line)


def _reply(known: Known, number: int) -> str:
    if known.element != "reply":
        return ""
    to = number - 1
    link = f'<a href="#go_to_message{to}" onclick="return GoToMessage({to})">this message</a>'
    return element(7, 'div class="reply_to details"', f"In reply to {link}")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a message says, in the page's words and in those it is to be read in."""

    known: Known
    title: str

    @property
    def words(self) -> str:
        """Give the element of what was typed, if anything was."""
        if not self.known.text or self.known.element in _IN_PLACE:
            return ""
        return element(7, 'div class="text"', escaped(self.known.text).replace(_LINK, _ANCHOR))

    @property
    def media(self) -> str:
        """Give the element of what it carries."""
        known = self.known
        if known.element == "attached":
            return wrapped(element(8, f'a class="photo_wrap clearfix pull_left" href="{_PHOTO}"'))
        if known.element == "omitted":
            return generic("photo", "Photo", _LEFT_OUT, "960x1280, 90.1 KB")
        if known.element == "contact":
            return generic("contact", known.text, "", _NUMBER)
        if known.element == "call":
            return generic("call", self.title, "", "Missed")
        if known.element == "location":
            return generic("location", "Location", "", self._degrees, href=self._map)
        return poll(known.text) if known.element == "poll" else ""

    @property
    def _degrees(self) -> str:
        return self.known.text.replace(",", ", ")

    @property
    def _map(self) -> str:
        return _MAP.format(*self.known.text.split(","))

    @property
    def reactions(self) -> str:
        """Give the element of its reactions."""
        given = "".join(
            element(
                8,
                'span class="reaction"',
                element(9, 'span class="emoji"', sign),
                element(9, 'span class="userpics"', face(who)),
            )
            for who, sign in self.known.reactions
        )
        return element(7, 'span class="reactions"', given) if given else ""

    def forwarded(self, inside: str) -> str:
        """Put what was forwarded into an element of its own, under its first writer's name."""
        if self.known.element != "forwarded":
            return inside
        when = _local(self.known, "%d.%m.%Y %H:%M:%S")
        date = f'<span class="date details" title="{when} UTC+00:00"> {when}</span>'
        name = element(8, 'div class="from_name"', f"Eve Stone {date}")
        return element(7, 'div class="forwarded body"', name, inside)

    def expected(self) -> Expected:
        """Say what is to be read."""
        known = self.known
        texts = {
            "contact": f"{known.text}\n{_NUMBER}",
            "call": f"{self.title}\nMissed",
            "poll": f"{known.text}\nTea\nCoffee",
            "location": f"Location\n{self._degrees}",
        }
        attached = {
            "attached": (Attached(_PHOTO, "image", omitted=False),),
            "omitted": (Attached(None, "image", omitted=True),),
        }
        if known.element == "location":
            attached["location"] = (Attached(self._map, "link", omitted=False),)
        return Expected(
            kind=_KINDS.get(known.element, Kind.TEXT if known.text else Kind.EMPTY),
            sender=known.sender,
            text=texts.get(known.element, known.text or None),
            wall_at=None,
            sent_at=known.at.replace(microsecond=0),
            attached=attached.get(known.element, ()),
            reactions=known.reactions,
            noted=("forwarded",) if known.element == "forwarded" else (),
        )


def _local(known: Known, form: str) -> str:
    return known.at.astimezone(ZoneInfo(ZONE)).strftime(form)
