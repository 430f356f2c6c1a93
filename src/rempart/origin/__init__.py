"""Origin: how the pixels were made, from evidence. No network, no database, nothing a liar adds lowers urgency."""
