"""A person asks that what is kept about them goes: looked at, answered with reasons, and done when nothing keeps it."""
