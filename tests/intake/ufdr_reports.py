"""Reports of invented phones, as Cellebrite writes them, for the tests and the samples."""

ANA = ("447700900101@s.whatsapp.net", "Ana Okoro")
BO = ("447700900102@s.whatsapp.net", "Bo Lind")
NIGHTS = "447700900199-1700000000@g.us"


def field(name: str, value: str | None, kind: str = "String") -> str:
    inner = "<empty />" if value is None else f'<value type="{kind}"><![CDATA[{value}]]></value>'
    return f'<field name="{name}" type="{kind}">{inner}</field>\n'


def time(name: str, value: str | None) -> str:
    if value is None:
        return field(name, None, "TimeStamp")
    return (
        f'<field name="{name}" type="TimeStamp"><value type="TimeStamp" '
        f'format="TimeStampKnown">{value}</value></field>\n'
    )


def model(
    kind: str, name: str, *inner: str, state: str = "Intact", confidence: str = "High", of: int = 0
) -> str:
    return (
        f'<model type="{kind}" id="{name}" deleted_state="{state}" '
        f'decoding_confidence="{confidence}" isrelated="False" extractionId="{of}">\n'
        + "".join(inner)
        + "</model>\n"
    )


def one(name: str, kind: str, *inner: str) -> str:
    content = "".join(inner) or "<empty />\n"
    return f'<modelField name="{name}" type="{kind}">\n{content}</modelField>\n'


def many(name: str, kind: str, *inner: str) -> str:
    if not inner:
        return f'<multiModelField name="{name}" type="{kind}" />\n'
    return f'<multiModelField name="{name}" type="{kind}">\n{"".join(inner)}</multiModelField>\n'


def party(who: tuple[str, str | None], *, owner: bool = False, role: str | None = None) -> str:
    return model(
        "Party",
        f"p-{who[0]}",
        field("Identifier", who[0]),
        field("Role", role, "PartyRole"),
        field("Name", who[1]),
        field("IsPhoneOwner", str(owner), "Boolean"),
        state="Unknown",
    )


def message(
    key: str,
    body: str | None = None,
    *inner: str,
    who: tuple[str, str | None] | None = BO,
    at: str | None = "2024-03-01T21:04:05.000+00:00",
    app: str = "WhatsApp",
    **attributes: str,
) -> str:
    return model(
        "InstantMessage",
        f"m-{key}",
        field("Source", app),
        one("From", "Party", *([] if who is None else [party(who, role="From")])),
        many("To", "Party"),
        field("Body", body),
        field("Identifier", key),
        time("TimeStamp", at),
        *inner,
        many("EmbeddedInstantMessage", "InstantMessage"),
        many("EmbeddedInstantMessage", "InstantMessage"),
        **attributes,  # type: ignore[arg-type]
    )


def attachment(name: str | None, kind: str | None, path: str | None) -> str:
    return model(
        "Attachment",
        f"a-{name}-{path}",
        field("Filename", name),
        field("ContentType", kind),
        field("URL", "https://example.org/x"),
        field("attachment_extracted_path", path),
    )


def label(*texts: str) -> str:
    labels = (model("MessageLabel", f"l-{text}", field("Label", text, "Label")) for text in texts)
    return many("MessageExtraData", "InstantMessageExtraData", *labels)


def chat(
    *messages: str,
    app: str | None = "WhatsApp",
    thread: str | None = NIGHTS,
    title: str | None = "Night turn",
    parties: tuple[str, ...] = (party(ANA, owner=True), party(BO)),
    of: int = 0,
) -> str:
    return model(
        "Chat",
        f"c-{thread}-{of}",
        field("Source", app),
        field("Id", thread),
        field("Name", title),
        many("Participants", "Party", *parties),
        many("Messages", "InstantMessage", *messages),
        of=of,
    )


def records(kind: str, *models: str) -> str:
    return f'<modelType type="{kind}">\n{"".join(models)}</modelType>\n'


def report(*types: str, extractions: int = 1) -> bytes:
    found = "".join(f'<extractionInfo id="{n}" name="Legacy" />\n' for n in range(extractions))
    return (
        '\ufeff<?xml version="1.0" encoding="utf-8"?>\n'
        '<project id="r-1" name="Phone" reportVersion="8.5" '
        'xmlns="http://pa.cellebrite.com/report/2.0">\n'
        f"<sourceExtractions>\n{found}</sourceExtractions>\n"
        '<taggedFiles>\n<file fs="data" path="/media/PTT-1.opus" size="12" id="f-1">'
        '<metadata section="File"><item name="Local Path">'
        "<![CDATA[files\\Audio\\PTT-1.opus]]></item></metadata></file>\n</taggedFiles>\n"
        f"<decodedData>\n{''.join(types)}</decodedData>\n</project>\n"
    ).encode()


def chats(*those: str, extractions: int = 1) -> bytes:
    return report(records("Chat", *those), extractions=extractions)
