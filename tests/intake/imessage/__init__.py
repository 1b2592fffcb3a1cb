"""Apple's messages database."""
