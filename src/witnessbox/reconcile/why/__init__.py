"""Why things were joined or flagged, told step by step from the stored tables."""
