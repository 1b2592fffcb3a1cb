"""The writers, listed by hand: one module a format that has known data."""

from collections.abc import Callable

from witnessbox.validation.model import DataSet, Talk
from witnessbox.validation.writers import (
    generic_table,
    imessage,
    messenger_html,
    messenger_json,
    rsmf,
    signal_desktop,
    signal_export,
    sms_backup_xml,
    telegram_html,
    telegram_json,
    ufdr,
    whatsapp_android,
    whatsapp_ios,
    whatsapp_text,
)

Writer = Callable[[Talk], DataSet]

WRITERS: dict[str, tuple[Writer, ...]] = {
    "generic-table": (generic_table.comma_separated, generic_table.json_lines),
    "imessage": (imessage.write,),
    "instagram-json": (messenger_json.instagram,),
    "messenger-html": (messenger_html.new, messenger_html.old),
    "messenger-json": (messenger_json.messenger, messenger_json.end_to_end),
    "rsmf": (rsmf.old, rsmf.new),
    "signal-desktop": (signal_desktop.write,),
    "signal-json": (signal_export.json_lines,),
    "signal-text": (signal_export.text,),
    "sms-backup-xml": (sms_backup_xml.single, sms_backup_xml.group),
    "telegram-html": (telegram_html.write,),
    "telegram-json": (telegram_json.write, telegram_json.account),
    "ufdr": (ufdr.chat, ufdr.loose),
    "whatsapp-android": (whatsapp_android.modern, whatsapp_android.older),
    "whatsapp-ios": (whatsapp_ios.write,),
    "whatsapp-text": (whatsapp_text.android, whatsapp_text.ios),
}
"""By the name of the format, each way its exports are written."""
