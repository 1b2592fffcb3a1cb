r"""Instagram's direct messages, "Download your information", as JSON.

``your_instagram_activity/messages/<section>/<thread>/message_N.json`` (before 2023
``messages/<section>/…``), newest message first, with the same keys as Messenger's::

    {"participants": [{"name": "Ana"}], "messages": [
      {"sender_name": "Ana", "timestamp_ms": 1700000030000, "content": "by six (edited)"},
      {"sender_name": "Ana", "timestamp_ms": 1700000000000, "content": "by five"},
      {"sender_name": "Bo", "timestamp_ms": 1699999990000, "content": "Liked a message"}, ...
    ], "title": "Bo", "thread_path": "inbox/bo_17841400000000001"}

An edit stands there as a second message that ends with ``(edited)``; both stay, and a doubt names
the likely earlier one.  A row that tells of a reaction is a notice, and a reaction of its sender
attached to that notice, since the message it belongs to is not named.

Format seen: 2020 to 2026.  Not read here: HTML downloads; the app's own database; disappearing
messages (the download has none).
"""

from collections.abc import Iterator

from witnessbox.intake.instagram.manner import Instagram
from witnessbox.intake.messenger.platform import is_instagram, is_thread
from witnessbox.intake.messenger.reading import read_file
from witnessbox.intake.parser import HEAD_BYTES, Assumption, Batch, Format, Source

FORMAT = Format("instagram-json", "Instagram (JSON)", 1, "instagram")


def identify(name: str, head: bytes) -> bool:
    """Say whether a file of this name that begins with these bytes is in this format."""
    return is_thread(name, head) and is_instagram(name, head) is not None


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a source from its first byte to its last; its times are UTC, so nothing is assumed."""
    with source.open() as stream:
        sign = is_instagram(source.name, stream.read(HEAD_BYTES))
    return read_file(source, FORMAT.label, Instagram(sign))
