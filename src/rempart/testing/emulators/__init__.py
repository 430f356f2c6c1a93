"""Authorities and hosts as small servers on loopback: they judge what they are sent as strictly as the real ones."""
