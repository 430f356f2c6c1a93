"""Rempart: find known abuse material by fingerprint, with no silent miss.

Import from the rooms (`rempart.facts`, `rempart.screening`, ...); this module holds only the version,
so that importing it stays cheap.
"""

__version__ = "0.1.0"
