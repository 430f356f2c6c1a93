"""Which addresses of the internet protocol belong to the public internet. Everything else is somebody's inside."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address

# Source: IANA special-purpose address registries, read 2026-11; kept here because Python's own list changes with its
# version. One line a registry entry that is not globally reachable, or that leads to another address inside of it.
_NOT_PUBLIC_4: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by carriers; one cloud keeps its metadata here
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local; most clouds keep their metadata here
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; one cloud keeps its metadata here
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
            "168.63.129.16/32",  # the inside of one cloud, at an address that looks public
        ),
    )
)
# What is public lies in here ...
_UNICAST_6: Final = ip_network("2000::/3")
# ... but for these.
_NOT_PUBLIC_6: Final = tuple(
    map(
        ip_network,
        (
            "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: holds an address of version 4
            "3fff::/20",  # documentation
        ),
    )
)
# What even the operator cannot name: metadata services, and what is nobody's address.
_NEVER: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "::ffff:0:0/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/32",
            "2002::/16",
            "fd00:ec2::254/128",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)


def parsed(text: str) -> Address | None:
    """The address that is written in its plain form; None for names, and for forms that only some programs read."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id else address


def is_public(address: Address) -> bool:
    """Whether everybody on the internet reaches the same machine at this address."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _UNICAST_6 and not any(address in network for network in _NOT_PUBLIC_6)


def may_be_named(address: Address) -> bool:
    """Whether an operator may allow this very address, although it is not public: loopback, or their own network."""
    return not any(address.version == network.version and address in network for network in _NEVER)
