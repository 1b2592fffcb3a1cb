"""Search: an index over canonical messages, and a small query language to ask it."""
