"""Files that messages carry, as the database names them."""

from pathlib import Path

import pytest

from tests.intake.imessage.mac import file, message, row
from tests.intake.imessage.reading import made, told
from witnessbox.intake.attached import Attached, Came


def test_files_are_told_as_the_database_names_them(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "\ufffcLook"),
        file(1, 1, "~/Library/Messages/Attachments/a.mov", "video/quicktime"),
        file(2, 1, None, "image/gif", transfer_name="b.gif"),
        message(2, "\ufffc"),
        file(3, 2, "~/c.heic", None, is_sticker=1),
        message(3, "\ufffc"),
        message(4, None, is_audio_message=1),
        file(4, 4, "~/d.caf", None),
        message(
            5, "https://example.org", balloon_bundle_id="com.apple.messages.URLBalloonProvider"
        ),
        file(5, 5, "~/e.pluginPayloadAttachment", None, hide_attachment=1),
        message(6, None),
        file(6, 6, "~/f.vcf", "text/vcard"),
        row("INSERT INTO message_attachment_join VALUES(6,99)"),
    )
    assert told(found, "kind", "text") == [
        ("media", "\ufffcLook"),
        ("sticker", None),
        ("media", None),
        ("media", None),
        ("text", "https://example.org"),
        ("media", None),
    ]
    rows_of = dict(told(found, "start", "row"))
    listed = told(found, "start", "name", "media", "omitted", table="attachments")
    assert sorted(((rows_of[start], *rest) for start, *rest in listed), key=str) == [
        (1, "b.gif", "gif", True),
        (1, "~/Library/Messages/Attachments/a.mov", "video", False),
        (2, "~/c.heic", "sticker", False),
        (3, None, "unknown", True),
        (4, "~/d.caf", "document", False),
        (5, "~/e.pluginPayloadAttachment", "document", False),
        (6, "~/f.vcf", "document", False),
        (6, None, "unknown", True),
    ]


def test_a_file_is_found_wherever_the_home_was_received() -> None:
    came = [Came("phone.zip/private/var/mobile/Library/SMS/Attachments/0a/10/tea.heic", "f" * 64)]
    attached = Attached("phone.zip/sms.db", came)
    assert attached.file("~/Library/SMS/Attachments/0a/10/tea.heic") == "f" * 64


@pytest.mark.parametrize(
    "named",
    [
        "/var/mobile/Library/SMS/Attachments/0a/10/tea.heic",
        "/Users/ana/Library/Messages/Attachments/0a/10/tea.heic",
        "~/Library/Messages/Attachments/0a/10/tea.heic",
    ],
)
def test_a_file_is_found_by_its_path_below_the_folder_of_attachments(named: str) -> None:
    came = [Came(f"{name}/tea.heic", name) for name in ("Attachments/0a/10", "Attachments/0b/11")]
    assert Attached("sms.db", came).file(named) == "Attachments/0a/10"
    assert Attached("sms.db", came[1:]).file(named) is None
    twice = [*came, Came("second/Attachments/0a/10/tea.heic", "another")]
    assert Attached("sms.db", twice).file(named) is None


def test_only_a_path_of_a_device_is_shortened_to_the_folder_of_attachments() -> None:
    attached = Attached("sms.db", [Came("Attachments/tea.heic", "f" * 64)])
    assert attached.file("chat/Attachments/tea.heic") is None
