"""Known data as a laboratory's report of a phone: an app's chat, and text messages in no chat."""

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_CANNOT = (
    ("controls", "XML has no characters for vertical tab and form feed"),
    ("reactions", "no report with reactions has been seen: how it writes them is not known"),
    ("poll", "no report with polls has been seen: how it writes them is not known"),
    ("call", "a report writes calls as records of their own, outside conversations"),
)
_NO_CHAT = (
    *_CANNOT,
    ("edited", "text messages cannot be edited"),
    ("deleted", "a text message without content has left nothing in the report"),
    ("forwarded", "a text message does not say that it was forwarded"),
    ("reply", "a text message does not say what it replies to"),
    ("attached", "an SMS carries no files"),
    ("omitted", "an SMS carries no files"),
    ("location", "a text message holds a location as a link, like any other"),
    ("contact", "an SMS carries no contact cards"),
    ("notice-created", "text messages have no notices"),
    ("notice-added", "text messages have no notices"),
    ("notice-left", "text messages have no notices"),
)
_ACTIONS = {
    "notice-created": "GroupCreated",
    "notice-added": "ParticipantAdded",
    "notice-left": "ParticipantLeft",
}
_SYSTEM = "System message"
_PATH = r"files\Image\photo.jpg"
_HEAD = (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<project id="r-1" name="Phone" '
    'reportVersion="8.5" xmlns="http://pa.cellebrite.com/report/2.0">\n<sourceExtractions>\n'
    '<extractionInfo id="0" name="Legacy" type="Legacy" deviceName="Phone" />\n'
    "</sourceExtractions>\n<decodedData>\n"
)
_TAIL = "</decodedData>\n</project>\n"


def chat(talk: Talk) -> DataSet:
    """Write a group of WhatsApp's, as the report's model of a chat."""
    file = Growing(talk, _CANNOT)
    parties = "".join(_party(person, talk) for person in talk.people)
    fields = _field("Source", "WhatsApp") + _field("Id", "447700900199-1700000000@g.us")
    opening = (
        f'<modelType type="Chat">\n{_opened("Chat", "c1")}{fields}{_field("Name", talk.title)}'
    )
    file.around((_HEAD + opening + _models("Participants", "Party", parties)).encode())
    file.around(b'<multiModelField name="Messages" type="InstantMessage">\n')
    for number, known in enumerate(file.said, 1):
        message = _message(known, talk, number)
        file.record(known.element, message.encode(), _expected(known, file))
    file.around(f"</multiModelField>\n</model>\n</modelType>\n{_TAIL}".encode())
    return file.data_set("chat", "Phone.ufdr/report.xml")


def loose(talk: Talk) -> DataSet:
    """Write text messages that lie in no chat."""
    file = Growing(talk, _NO_CHAT)
    file.around(f'{_HEAD}<modelType type="SMS">\n'.encode())
    for number, known in enumerate(file.said, 1):
        inside = _field("Source", None) + _time(known) + _field("Body", known.text or None)
        inside += _models("Parties", "Party", _party(known.sender or "", talk, role="From"))
        file.record(
            known.element,
            _model("SMS", f"s{number}", inside).encode(),
            _expected(known, file),
        )
    file.around(f"</modelType>\n{_TAIL}".encode())
    return file.data_set("SMS", "Phone.ufdr/report.xml")


def _message(known: Known, talk: Talk, number: int) -> str:
    notice = known.sender is None
    sender = _SYSTEM if known.sender is None else known.sender
    body = None if notice or known.element in ("deleted", "location", "contact") else known.text
    inside = "".join(
        (
            _field("Source", "WhatsApp"),
            _models("From", "Party", _party(sender, talk, role="From"), tag="modelField"),
            _field("Body", body or None),
            _field("Identifier", _id(number)),
            _time(known),
            _special(known, number),
            _field("Type", "AppMessage", sort="InstantMessageType"),
        )
    )
    state = "Deleted" if known.element == "deleted" else "Intact"
    return _model("InstantMessage", f"m{number}", inside, state)


def _special(known: Known, number: int) -> str:
    """Give what an element adds to a message."""
    if known.member is not None:
        return _notice(known)
    if known.element in ("attached", "omitted"):
        return _photo(known)
    if known.element in ("edited", "forwarded"):
        label = _field("Label", known.element.title())
        return _models("MessageExtraData", "MessageLabel", _model("MessageLabel", "l1", label))
    if known.element == "reply":
        original = _field("OriginalMessageID", _id(number - 1))
        return _models("MessageExtraData", "", _model("ReplyMessageData", "r1", original))
    return _shared(known)


def _shared(known: Known) -> str:
    """Write a place or a person that was shared."""
    if known.element == "location":
        latitude, longitude = known.text.split(",")
        place = _field("Latitude", latitude) + _field("Longitude", longitude)
        return _models("Position", "Coordinate", _model("Coordinate", "g1", place), "modelField")
    if known.element == "contact":
        card = _model("Contact", "k1", _field("Name", known.text))
        return _models("SharedContacts", "Contact", card)
    return ""


def _notice(known: Known) -> str:
    member = _model("Party", "p9", _field("Name", known.member))
    inside = _field("Action", _ACTIONS[known.element]) + _field("SystemMessageBody", known.text)
    inside += _models("Participant", "Party", member, tag="modelField")
    label = _model("MessageLabel", "l1", _field("Label", "System"))
    return _models("ActivityLog", "ChatActivity", _model("ChatActivity", "x1", inside)) + _models(
        "MessageExtraData", "MessageLabel", label
    )


def _photo(known: Known) -> str:
    """Write a file; one that was not extracted has no path in the report."""
    inside = _field("Filename", "photo.jpg") + _field("ContentType", "image/jpeg")
    if known.element == "attached":
        inside += _field("attachment_extracted_path", _PATH)
    return _models("Attachments", "Attachment", _model("Attachment", "a1", inside))


def _expected(known: Known, file: Growing) -> Expected:
    kinds = {
        "empty": Kind.EMPTY,
        "deleted": Kind.DELETED,
        "attached": Kind.MEDIA,
        "omitted": Kind.MEDIA,
        "location": Kind.LOCATION,
        "contact": Kind.CONTACT,
    } | dict.fromkeys(_ACTIONS, Kind.NOTICE)
    texts = {"deleted": None, "contact": None, "location": known.text.replace(",", ", ")}
    attached = {
        "attached": (Attached(_PATH, "image", omitted=False),),
        "omitted": (Attached("photo.jpg", "image", omitted=True),),
        "contact": (Attached(known.text, "contact", omitted=False),),
    }
    noted = {"deleted": "recovered-deleted", "forwarded": "label"}
    return Expected(
        kind=kinds.get(known.element, Kind.TEXT),
        sender=known.sender,
        text=texts.get(known.element, known.text or None),
        wall_at=None,
        sent_at=known.at,
        edited=known.element == "edited",
        deleted=known.element == "deleted",
        attached=attached.get(known.element, ()),
        reply_to=file.records[-1].start if known.element == "reply" else None,
        noted=tuple(code for element, code in noted.items() if element == known.element),
    )


def _party(name: str, talk: Talk, *, role: str | None = None) -> str:
    """Write somebody as the report does; whom it knows by number only has no name."""
    number = f"4477009{talk.people.index(name):05}" if name in talk.people else name
    numbered = name.startswith("+")
    inside = _field("Identifier", name if numbered or name == _SYSTEM else number)
    inside += "" if numbered else _field("Name", name)
    inside += _field("IsPhoneOwner", str(name == talk.people[0]))
    return _model("Party", f"p{number}", inside + (_field("Role", role) if role else ""))


def _id(number: int) -> str:
    return f"3A{number:018X}"


def _time(known: Known) -> str:
    at = known.at
    stamp = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+00:00"
    value = f'<value type="TimeStamp" format="TimeStampKnown">{stamp}</value>'
    return f'<field name="TimeStamp" type="TimeStamp">{value}</field>\n'


def _field(name: str, value: str | None, *, sort: str = "String") -> str:
    said = "<empty />" if value is None else f'<value type="{sort}"><![CDATA[{value}]]></value>'
    return f'<field name="{name}" type="{sort}">{said}</field>\n'


def _models(name: str, sort: str, inside: str, tag: str = "multiModelField") -> str:
    return f'<{tag} name="{name}" type="{sort}">\n{inside}</{tag}>\n'


def _opened(sort: str, key: str, state: str = "Intact") -> str:
    return (
        f'<model type="{sort}" id="{key}" deleted_state="{state}" decoding_confidence="High" '
        'isrelated="False" source_index="1" extractionId="0">\n'
    )


def _model(sort: str, key: str, inside: str, state: str = "Intact") -> str:
    return f"{_opened(sort, key, state)}{inside}</model>\n"
