"""The order of the queue: tiers first, an explained score inside a tier."""
