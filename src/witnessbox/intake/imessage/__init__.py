"""Apple's messages database: its tables, its numbers and the blobs within its rows."""
