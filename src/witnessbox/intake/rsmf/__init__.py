"""How an RSMF manifest is read: its words, its cast, its events."""
