"""Messenger's JSON exports: what their keys mean and how they become rows."""
