"""One card, one decision, one ledger entry."""
