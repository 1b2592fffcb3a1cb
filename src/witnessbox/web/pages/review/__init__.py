"""Review: reading batches one message at a time, by keyboard or by form."""
