"""Pictures among the exhibits: what they are by their bytes, how they look, and their dates."""
