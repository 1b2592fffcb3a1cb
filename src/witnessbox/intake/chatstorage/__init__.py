"""WhatsApp's database on iPhones: its tables, its numbers and the blobs within its rows."""
