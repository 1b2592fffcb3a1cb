"""Known data, made by a seed, that every parser is held against, element by element."""
