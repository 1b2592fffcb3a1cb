"""Conversations: which there are, and one of them as it was written, with who holds what."""
