"""WhatsApp's Android database, ``msgstore.db``: its tables, one room a subject."""
