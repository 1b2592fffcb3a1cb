"""The parsers, listed by hand: one module a format."""

from witnessbox.intake.parser import Parser
from witnessbox.intake.parsers import (
    generic_table,
    imessage,
    instagram_json,
    messenger_html,
    messenger_json,
    rsmf,
    signal_desktop,
    signal_json,
    signal_text,
    sms_backup_xml,
    telegram_html,
    telegram_json,
    ufdr,
    whatsapp_android,
    whatsapp_ios,
    whatsapp_text,
)

PARSERS: tuple[Parser, ...] = (
    generic_table,
    imessage,
    instagram_json,
    messenger_html,
    messenger_json,
    rsmf,
    signal_desktop,
    signal_json,
    signal_text,
    sms_backup_xml,
    telegram_html,
    telegram_json,
    ufdr,
    whatsapp_android,
    whatsapp_ios,
    whatsapp_text,
)
