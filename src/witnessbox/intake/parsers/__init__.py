"""The parsers, listed by hand: one module a format."""

from witnessbox.intake.parser import Parser
from witnessbox.intake.parsers import messenger_json, whatsapp_text

PARSERS: tuple[Parser, ...] = (messenger_json, whatsapp_text)
