"""From an address on the web to who hosts it: the name is asked for, the databases say whose the machine is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from rempart.net.dns import Lookup
from rempart.reporting.hosting.databases import Address, Database, owner_of
from rempart.reporting.hosting.proxies import Proxies

Kind = Literal["web", "own", "onion", "unknown"]
Ask = Callable[[str], Iterable[Lookup]]
"""name -> what each of the operator's DNS servers says of it."""


@dataclass(frozen=True, slots=True)
class Hosting:
    """Where something is hosted. kind: `own` is the operator's own platform. Empty or None: not known.

    via_proxy: the address is a proxy's, and the machine behind it, with its country, is not known.
    source: which files said whose the address is.
    """

    kind: Kind
    host: str
    address: str = ""
    asn: int | None = None
    provider: str = ""
    country: str = ""
    via_proxy: bool | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Resolver:
    """What resolving needs."""

    ask: Ask
    databases: Sequence[Database]
    proxies: Proxies
    own_hosts: frozenset[str] = frozenset()

    def hosting_of(self, url: str) -> Hosting:
        """Where the URL is hosted, as far as anybody knows. Nothing is fetched."""
        host = _host(url)
        if not host:
            return Hosting("unknown", "")
        if host in self.own_hosts or any(host.endswith(f".{one}") for one in self.own_hosts):
            return Hosting("own", host)
        if host.endswith(".onion"):
            return Hosting("onion", host)
        address = _literal(host) or self._address(host)
        if address is None:
            return Hosting("unknown", host)
        owner = owner_of(address, self.databases)
        known = owner.asn is not None or bool(owner.country)
        via_proxy = self.proxies.has(address, owner.asn)
        return Hosting(
            "web",
            host,
            str(address),
            owner.asn,
            owner.organisation,
            "" if via_proxy else owner.country,
            via_proxy if via_proxy or known else None,
            owner.source,
        )

    def _address(self, host: str) -> Address | None:
        """The first address that a server gave; the order is the operator's."""
        for lookup in self.ask(host):
            if lookup.outcome == "found" and lookup.addresses:
                return lookup.addresses[0]
        return None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
