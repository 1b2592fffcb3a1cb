"""WhatsApp's encrypted backups: opened with the key their owner gave, streamed, and verified."""
