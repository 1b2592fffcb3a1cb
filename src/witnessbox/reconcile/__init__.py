"""Reconcile: many phones' copies of one conversation become one conversation with sightings."""
