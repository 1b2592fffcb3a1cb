"""The writers, listed by hand: one module a format that has known data."""

from collections.abc import Callable

from witnessbox.validation.model import DataSet, Talk
from witnessbox.validation.writers import (
    messenger_json,
    telegram_json,
    whatsapp_android,
    whatsapp_ios,
    whatsapp_text,
)

Writer = Callable[[Talk], DataSet]

WRITERS: dict[str, tuple[Writer, ...]] = {
    "instagram-json": (messenger_json.instagram,),
    "messenger-json": (messenger_json.messenger,),
    "telegram-json": (telegram_json.write,),
    "whatsapp-android": (whatsapp_android.modern, whatsapp_android.older),
    "whatsapp-ios": (whatsapp_ios.write,),
    "whatsapp-text": (whatsapp_text.android, whatsapp_text.ios),
}
"""By the name of the format, each way its exports are written."""
