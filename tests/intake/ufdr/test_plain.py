"""Messages are read alike with a parser and without one, alone and one after another."""

from typing import Any

import pytest

from tests.intake.reading import batches, rows
from tests.intake.ufdr_reports import BO, chat, chats, field, many, message, model, one, party
from witnessbox.intake.parsers import ufdr
from witnessbox.intake.ufdr.model import Model
from witnessbox.intake.ufdr.plain import fill, following

FOR_THE_PARSER = "<!-- -->"
INNER = (
    "",
    many("Attachments", "Attachment", model("Attachment", "a1", field("Filename", "rota.jpg"))),
    many("To", "Party") + one("Position", "Coordinate"),
    one(
        "MessageExtraData",
        "MessageExtraData",
        model("MessageLabel", "l1", field("Label", "Edited"), field("Label", "Forwarded")),
    ),
    field("Subject", None)
    + '<jumptargets name=""><targetid ismodel="true">x</targetid></jumptargets>',
    field("Note", "]] > <model type=InstantMessage> ]>"),
)


def read(mark: str, table: str) -> list[dict[str, Any]]:
    said = [message(f"3A{n}", f"caf\u00e9 {n}", inner, mark) for n, inner in enumerate(INNER)]
    data = chats(chat(*said), chat(*said[:2]))
    found = rows(batches(ufdr, data, "Phone.ufdr/report.xml"), table)
    return [{key: one[key] for key in one.keys() - {"start", "end"}} for one in found]


@pytest.mark.parametrize("table", ["messages", "attachments", "problems", "participants"])
def test_a_plain_message_is_read_as_the_parser_reads_it(table: str) -> None:
    assert read("", table) == read(FOR_THE_PARSER, table)


def content(*inner: str) -> bytes:
    return "".join(inner).encode() + b"</model>"


def test_fields_and_models_are_put_into_the_message() -> None:
    told = Model("InstantMessage")
    data = content(field("Body", "hi"), one("From", "Party", party(BO)), field("Body", "ho"))
    assert fill(told, data, 0, 1 << 20) == len(data) - len(b"</model>")
    assert (told.fields, told.twice) == ({"Body": "hi"}, ["Body"])
    assert told.models["From"][0].said("Name") == BO[1]


@pytest.mark.parametrize(
    "inner",
    [
        b"<field name='Body'/>",
        b'<field name="Body" name="Body"/>',
        b'<field name="Body"><value>a &amp; b</value></field>',
        b'<field name="Body"><value><![CDATA[\x01]]></value></field>',
        b'<field name="Body"><value><![CDATA[\xff]]></value></field>',
        b'<field name="Body"><value><![CDATA[\xef\xbf\xbf]]></value></field>',
        b'<field name="Body"><value>hi</value>',
        b'<model type="Party"></model>',
    ],
)
def test_any_other_content_is_left_to_the_parser(inner: bytes) -> None:
    told = Model("InstantMessage")
    assert fill(told, inner + b"</model>", 0, 1 << 20) is None
    assert told == Model("InstantMessage")


def test_what_is_too_long_is_left_to_the_parser() -> None:
    assert fill(Model("InstantMessage"), content(field("Body", "hi")), 0, 10) is None


def test_only_a_message_follows_a_message() -> None:
    sms, party_tag = b'</model>\n<model type="SMS" id="s1">', b'</model><model type="Party">'
    assert following(sms, 0) == (9, len(sms), Model("SMS", "s1"))
    assert following(party_tag, 0) is None
    assert following(b'</model><model type="SMS" id="\xff">', 0) is None
