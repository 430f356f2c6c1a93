"""The append-only ledger: hash chain, signed checkpoints, verification."""
