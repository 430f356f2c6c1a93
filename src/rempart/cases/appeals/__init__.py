"""Somebody else decides again, and the outcome is carried out."""
