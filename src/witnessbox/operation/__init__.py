"""An operation: what it is, its bulk steps, and whether all of it holds."""
