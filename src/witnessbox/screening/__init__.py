"""Screening: which messages deserve a human first.  Scores order reading; they decide nothing."""
