"""Witnessbox: from seized group-chat exports to a published report."""
