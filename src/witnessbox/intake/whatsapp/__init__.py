"""What the readers of WhatsApp's exports share: stamps, heads of messages, wordings, columns."""
