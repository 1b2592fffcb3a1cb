"""The ledger: what people decided, who, when and why; it only grows."""
