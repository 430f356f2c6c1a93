"""Sealed evidence: a key for each object, every opening logged, purges certified."""

from rempart.vault.store import Vault

__all__ = ["Vault"]
