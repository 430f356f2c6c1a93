"""The background edge: relays the outbox to durable workflows and performs the effects."""
