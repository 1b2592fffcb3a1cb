"""Text messages are read alike with a parser and without one."""

import pytest

from witnessbox.intake.sms_backup.plain import NEEDED, Plain
from witnessbox.intake.sms_backup.words import read

MESSAGE = (
    b'<sms protocol="0" address="+447700900123" date="1709298000000" type="1" body="tea?" />\n'
)


def test_a_plain_message_says_what_a_parser_reads_in_it() -> None:
    parsed = read(MESSAGE, "utf-8").own
    assert Plain().read(MESSAGE, "utf-8") == {key: parsed[key] for key in NEEDED & parsed.keys()}


def test_a_file_may_change_its_manner() -> None:
    plain = Plain()
    for message in (MESSAGE, b'<sms body="\xe2\x98\x95" type="2"/>', MESSAGE):
        assert plain.read(message, "utf-8") is not None


@pytest.mark.parametrize(
    "message",
    [
        b'<sms body="salt &amp; vinegar"/>',
        b"<sms body='tea?'/>",
        b'<sms body="one\ntwo"/>',
        b'<sms body="\xff"/>',
        b'<sms body="\xef\xbf\xbf"/>',
        b'<sms body="one" body="two"/>',
        b'<sms body="tea?"/> and more',
        b'<mms body="tea?"/>',
    ],
)
def test_any_other_message_is_left_to_the_parser(message: bytes) -> None:
    plain = Plain()
    plain.read(MESSAGE, "utf-8")
    assert plain.read(message, "utf-8") is None


def test_letters_of_another_encoding_are_left_to_the_parser() -> None:
    assert Plain().read('<sms body="café"/>'.encode(), "iso-8859-1") is None
