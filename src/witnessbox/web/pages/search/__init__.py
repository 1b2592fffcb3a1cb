"""Search: words and filters in, messages out, each with a way into its conversation."""
