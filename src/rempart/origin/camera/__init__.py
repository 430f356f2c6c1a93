"""What is known of cameras: their makers, their notes, their tables, and what fits together."""
