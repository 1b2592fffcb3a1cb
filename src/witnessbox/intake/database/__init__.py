"""What the databases of phones have in common: rows that hold messages, people, logs, traces."""
