"""Scripts that make what is shipped: the screening model, reference pages."""
