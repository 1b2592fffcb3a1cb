"""What no parser reads is told apart: harmless, or an export not read yet."""

import pytest

from witnessbox.evidence.model import Severity
from witnessbox.intake.unread import why_unread

THREAD = b'{"messages": [{"sender_name": "Ana", "timestamp_ms": 1}]}'


@pytest.mark.parametrize(
    ("name", "head", "what"),
    [
        ("a.zip/IMG-1.JPG", b"?", "a picture, not a chat export"),
        ("no-ending", b"\x89PNG\r\n\x1a\n", "a picture, not a chat export"),
        ("no-ending", b"RIFF1234WEBPVP8 ", "a picture, not a chat export"),
        (
            "no-ending",
            b"\0\0\0\x18ftypmp42",
            "a video, not a chat export; videos are not looked at",
        ),
        ("PTT-1.opus", b"OggS", "a sound recording, not a chat export"),
        ("card", b"BEGIN:VCARD", "a contact card, not a chat export"),
        ("a.zip/__MACOSX/._chat.txt", b"\0\5\x16\7", "left by an operating system"),
        ("phone/.DS_Store", b"\0\0\0\1Bud1", "left by an operating system"),
        ("chat.txt", b"", "a file of no bytes"),
        ("Signal/attachments.noindex/ab/abcd", b"\x1f\x9c", "a file that Signal Desktop keeps"),
    ],
)
def test_what_is_no_chat_is_only_noted(name: str, head: bytes, what: str) -> None:
    why = why_unread(name, head, ["X"])
    assert why.what.startswith(what)
    assert why.severity is Severity.NOTE


@pytest.mark.parametrize(
    ("name", "head", "what"),
    [
        ("msgstore.db", b"SQLite format 3\0", "an app's database"),
        ("inner.zip", b"PK\x03\x04", "an archive that is not opened"),
        ("your_instagram_activity/messages/inbox/a_1/message_1.json", THREAD, "an Instagram"),
        ("your_posts.html", b'<html><head><base href="https://www.facebook.com">', "a Facebook"),
        ("message_1.html", b'<html><img src="your_instagram_activity/1.jpg">', "an Instagram"),
    ],
)
def test_an_export_not_read_yet_is_a_loss_and_named(name: str, head: bytes, what: str) -> None:
    why = why_unread(name, head, ["X"])
    assert why.code == "unread-format"
    assert why.what.startswith(what)
    assert why.severity is Severity.LOSS


def test_anything_else_is_unrecognised_with_what_was_looked_for() -> None:
    why = why_unread("page.html", b"<html>news</html>", ["X", "Y"])
    assert (why.code, why.severity) == ("unrecognised", Severity.LOSS)
    assert why.what.endswith("(X, Y)")


def test_an_encrypted_backup_is_named_with_what_to_do() -> None:
    why = why_unread("phone/msgstore.db.crypt14", b"\xa1\x01\x08", ["X"])
    assert (why.code, why.severity) == ("encrypted-backup", Severity.LOSS)
    assert why_unread("a.crypt14", b"", ["X"]).code == "empty-file"
