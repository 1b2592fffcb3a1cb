"""Cellebrite's report of a phone: its records, its damage, its rows."""
