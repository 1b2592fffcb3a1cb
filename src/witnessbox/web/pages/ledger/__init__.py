"""The ledger: who decided what, when and why, and whether the chain holds."""
