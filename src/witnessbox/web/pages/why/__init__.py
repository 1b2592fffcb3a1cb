"""Why things were joined or flagged, and copies side by side."""
