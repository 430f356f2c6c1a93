"""Files that only the key opens, written so that a crash leaves the old or the new one. Knows no feature."""

from rempart.storage.keys import KeyRing
from rempart.storage.sealed import read_sealed, write_sealed

__all__ = ["KeyRing", "read_sealed", "write_sealed"]
