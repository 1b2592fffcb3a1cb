"""Review: what people who read messages decided about them."""
