"""The operation at a glance, and one exhibit in detail."""
