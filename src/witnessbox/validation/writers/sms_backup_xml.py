"""Known data as "SMS Backup & Restore" writes the messages of an Android phone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_OWNER = "Me"  # a backup does not say whose it is
_CANNOT = (
    ("controls", "XML has no characters for vertical tab and form feed"),
    ("edited", "text messages cannot be edited"),
    ("deleted", "a backup leaves deleted messages out"),
    ("forwarded", "a text message does not say that it was forwarded"),
    ("reply", "a text message does not say what it replies to"),
    ("reactions", "a reaction is a text message like any other"),
    ("location", "a text message holds a location as a link, like any other"),
    ("poll", "text messages have no polls"),
    ("call", "a backup of text messages holds no calls"),
    ("notice-created", "text messages have no notices"),
    ("notice-added", "text messages have no notices"),
    ("notice-left", "text messages have no notices"),
)
_NO_FILES = tuple((code, "an SMS carries no files") for code in ("attached", "omitted", "contact"))
_TOO_MANY = (("people-1000", "no network carries a picture message to so many"),)
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_FILES = {
    "attached": ("image/jpeg", "photo.jpg", "image", "/9j/4AAQ"),
    "omitted": ("image/jpeg", "photo.jpg", "image", None),
    "contact": ("text/x-vCard", "card.vcf", "contact", "QkVHSU46VkNBUkQ="),
}


def single(talk: Talk) -> DataSet:
    """Write every message as an SMS between the phone's owner and one other, emoji as halves."""
    file = Growing(talk, _CANNOT + _NO_FILES)
    lines = [(known, *_sms(known, talk)) for known in file.said]
    return _written(file, "SMS", lines)


def group(talk: Talk) -> DataSet:
    """Write every message as an MMS of one group, behind an SMS of everybody, which names them."""
    file = Growing(talk, _CANNOT + _TOO_MANY)
    known_as = "plain" if "plain" in talk.elements else talk.elements[0]
    hello = (Known(known_as, talk.said[0].at, person, "hello") for person in _others(talk))
    names = [(known, *_sms(known, talk)) for known in hello if file.said]
    return _written(file, "group MMS", names + [(known, *_mms(known, talk)) for known in file.said])


def _written(file: Growing, way: str, lines: list[tuple[Known, str, Expected]]) -> DataSet:
    file.around(b"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n")
    file.around(f'<smses count="{len(lines)}" backup_date="1711929600000" type="full">\n'.encode())
    for known, element, expected in lines:
        file.around(b"  ")
        file.record(known.element, element.encode(), expected)
        file.around(b"\n")
    file.around(b"</smses>")
    return file.data_set(way, "sms-20240401000000.xml")


def _sms(known: Known, talk: Talk) -> tuple[str, Expected]:
    other = known.sender if known.sender != _owner(talk) else _others(talk)[0]
    written = {
        "protocol": "0",
        "address": _number(other or "", talk),
        "date": _ms(known),
        "type": "1" if known.sender == other else "2",
        "subject": "null",
        "body": known.text,
        "read": "1",
        "status": "-1",
        "contact_name": _listed(other or ""),
    }
    return f"<sms {_attributes(written, halves=True)} />", _expected(known, talk)


def _mms(known: Known, talk: Talk) -> tuple[str, Expected]:
    """Write a picture message; its time is exact to the second."""
    sent = known.sender == _owner(talk)
    others = _others(talk)
    numbers = [_number(person, talk) for person in others]
    own = {
        "date": str(int(known.at.timestamp()) * 1000),
        "sub": "null",
        "ct_t": "application/vnd.wap.multipart.related",
        "msg_box": "2" if sent else "1",
        "address": "~".join(numbers),
        "contact_name": ", ".join(map(_listed, others)),
        "m_id": f"{_ms(known)}@mms",
    }
    sender = "insert-address-token" if sent else _number(known.sender or "", talk)
    addresses = "".join(
        f"<addr {_attributes({'address': number, 'type': kind, 'charset': '106'})} />"
        for number, kind in chain([(sender, "137")], ((one, "151") for one in numbers))
    )
    parts = "".join(f"<part {_attributes(part)} />" for part in _parts(known))
    expected = _expected(known, talk)
    file = _FILES.get(known.element)
    if file is not None:
        attached = (Attached(file[1], file[2], omitted=file[3] is None),)
        kind = Kind.CONTACT if known.element == "contact" else Kind.MEDIA
        expected = replace(expected, kind=kind, attached=attached)
    return (
        f"<mms {_attributes(own)}><parts>{parts}</parts><addrs>{addresses}</addrs></mms>",
        replace(expected, sent_at=known.at.replace(microsecond=0), text=known.text or None),
    )


def _parts(known: Known) -> Sequence[Mapping[str, str]]:
    parts = [{"seq": "-1", "ct": "application/smil", "cl": "smil.xml", "text": "<smil></smil>"}]
    if known.element in _FILES:
        sort, name, _, data = _FILES[known.element]
        part = {"seq": "0", "ct": sort, "name": "null", "cl": name, "text": "null"}
        parts.append(part if data is None else part | {"data": data})
    if known.text:
        parts.append({"seq": "0", "ct": "text/plain", "cl": "text_0.txt", "text": known.text})
    return parts


def _expected(known: Known, talk: Talk) -> Expected:
    sender = known.sender or ""
    named = sender if _listed(sender) == sender else _number(sender, talk)
    return Expected(
        kind=Kind.TEXT if known.text else Kind.EMPTY,
        sender=_OWNER if sender == _owner(talk) else named,
        text=known.text,
        wall_at=None,
        sent_at=known.at,
    )


def _owner(talk: Talk) -> str | None:
    """Say whose phone it is: the first one's, where there are several."""
    return talk.people[0] if len(talk.people) > 1 else None


def _others(talk: Talk) -> tuple[str, ...]:
    return tuple(person for person in talk.people if person != _owner(talk))


def _number(person: str, talk: Talk) -> str:
    """Give somebody's number; a name that is one stands for itself."""
    if person.startswith("+"):
        return person.replace(" ", "")
    return f"+44770090{talk.people.index(person):04}"


def _listed(person: str) -> str:
    """Give a name as the phone's address book has it."""
    return "(Unknown)" if person.startswith("+") else person


def _ms(known: Known) -> str:
    return str(int(known.at.timestamp() * 1000))


def _attributes(values: Mapping[str, str], *, halves: bool = False) -> str:
    return " ".join(f'{key}="{_escaped(value, halves=halves)}"' for key, value in values.items())


def _escaped(text: str, *, halves: bool) -> str:
    """Write a value; ``halves``: as the app does, a letter beyond U+FFFF as its two halves."""
    written = (_ESCAPED.get(letter, letter) for letter in text)
    if not halves:
        return "".join(written)
    return "".join(_halved(letter) if letter > "\uffff" else letter for letter in written)


def _halved(letter: str) -> str:
    if len(letter) > 1:  # written as a reference already
        return letter
    point = ord(letter) - 0x10000
    return f"&#{0xD800 + (point >> 10)};&#{0xDC00 + (point & 0x3FF)};"
