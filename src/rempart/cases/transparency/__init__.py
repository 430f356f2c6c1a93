"""Figures to publish: recomputed from the ledger alone, never from rows that somebody could have changed."""
