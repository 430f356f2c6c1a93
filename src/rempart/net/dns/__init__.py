"""Asking one named DNS server for the addresses of a name: whether something is gone, two of them have to agree."""

from rempart.net.dns.asking import Lookup, ask

__all__ = ["Lookup", "ask"]
