"""The only outbound HTTP: to hosts that the operator allowed, bounded in size and time."""
