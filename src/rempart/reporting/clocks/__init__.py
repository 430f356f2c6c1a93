"""Law as data: what starts a clock, how long it runs, what stops it, where that is written."""
