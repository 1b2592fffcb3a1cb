"""Conversations as RSMF 2.0 files, each message with the bytes it was read from."""
