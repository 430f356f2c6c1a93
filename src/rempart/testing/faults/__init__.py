"""The fault campaign: web and worker are killed at random moments under load; afterwards everything accepted is there
exactly once, and every effect was performed once. `python -m rempart.testing.faults --database sqlite --kills 200`."""
