"""Networks that stand in front of others, from `proxies.toml` and a file of the operator's own."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path

from rempart.errors import UserMistake


@dataclass(frozen=True, slots=True)
class Proxies:
    """What is known to be a proxy: by autonomous system, or by network."""

    systems: frozenset[int]
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def has(self, address: IPv4Address | IPv6Address, asn: int | None) -> bool:
        """Whether the address is a known proxy's."""
        return asn in self.systems or any(address in one for one in self.networks)


def proxies(own: Path | None = None) -> Proxies:
    """Those that ship with the house and those of the operator's file. Raises UserMistake for a file that is none."""
    texts = [files("rempart.reporting.hosting").joinpath("proxies.toml").read_text("utf-8")]
    if own is not None:
        try:
            texts.append(own.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UserMistake(f"`{own.name}` cannot be read; correct REMPART_REPORTING__HOSTING__PROXIES") from error
    return proxies_of(texts)


def proxies_of(texts: Iterable[str]) -> Proxies:
    """The proxies of these TOML texts. A row has `asn` or `network`, and `name` and `source`."""
    systems: set[int] = set()
    networks: list[IPv4Network | IPv6Network] = []
    for text in texts:
        try:
            for row in tomllib.loads(text).get("proxy", ()):
                if not row["name"] or not row["source"]:
                    raise ValueError
                if "asn" in row:
                    systems.add(int(row["asn"]))
                else:
                    networks.append(ip_network(row["network"]))
        except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserMistake("a row of the proxies needs asn or network, name and source; correct it") from error
    return Proxies(frozenset(systems), tuple(networks))
