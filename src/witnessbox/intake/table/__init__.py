"""Tables anybody may have written, read by a mapping a person states."""
