"""What intake reads and writes: the only place of its SQL."""
