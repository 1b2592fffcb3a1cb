"""SQLite files read from their bytes: no SQL runs over an exhibit, and each row has its place."""
