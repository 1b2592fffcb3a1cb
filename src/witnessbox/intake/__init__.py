"""Intake: from bytes to messages."""
