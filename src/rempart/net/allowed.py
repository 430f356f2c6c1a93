"""The operator's allow-list: which hosts may be called, at which port, and which inner addresses were named."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from rempart.errors import NotAllowed, UserMistake
from rempart.net.addresses import Address, is_public, may_be_named, parsed
from rempart.net.places import PORTS, Place, host_of

SETTING: Final = "REMPART_NET__ALLOWED_HOSTS"
# Where web servers are: with these alone nobody can have us knock at other doors of a host.
LOOK_PORTS: Final = frozenset({80, 443, 8080, 8443})
_ENTRY: Final = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?(?:=(?P<address>.+))?"
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """(host, port) -> the address that the operator named for it, or None for whatever public address it has."""

    places: Mapping[tuple[str, int], Address | None] = field(default_factory=dict)

    def named(self, host: str, port: int) -> Address | None:
        """The one address to connect to. None: the public addresses of the name. Raises NotAllowed."""
        if (host, port) not in self.places:
            raise NotAllowed(f"`{host}:{port}` may not be called; allow it in {SETTING}")
        return self.places[host, port]


def read_allowed(entries: Iterable[str]) -> Allowed:
    """The list that these entries say. Raises UserMistake naming the entry that cannot be understood.

    An entry is `host`, which means port 443, or `host:port`. An address that is not public has to be named itself,
    with its port: `127.0.0.1:8080`, or `mail.example:25=10.0.0.5` for a name that is known inside only.
    """
    return Allowed(dict(_entry(text) for text in entries))


def check_scheme(place: Place, named: Address | None) -> None:
    """Nothing. Raises NotAllowed for http, unless it goes to a loopback address that the operator named."""
    if place.scheme == "http" and not (named is not None and named.is_loopback):
        raise NotAllowed(f"{place.named} would be called without encryption; use https")


def check_look(place: Place) -> None:
    """Nothing. Raises NotAllowed for a place where no web server of the public internet is."""
    if place.port not in LOOK_PORTS or ("." not in place.host and place.address is None):
        raise NotAllowed("only public web servers are looked at; this is none")
    if place.address is not None:
        check_public([place.address])


def check_public(addresses: Iterable[Address]) -> None:
    """Nothing. Raises NotAllowed when one of them is not public: a name that leads inside is refused as a whole."""
    if not all(map(is_public, addresses)):
        raise NotAllowed(
            f"a host has an address that is not public; if it is meant, name it in {SETTING}, as host:port=address"
        )


def _entry(text: str) -> tuple[tuple[str, int], Address | None]:
    plain = text.strip()
    found = _ENTRY.fullmatch(f"[{plain}]" if ":" in plain and parsed(plain) is not None else plain)
    if found is None:
        raise _mistake(text)
    host, port, written = found["six"] or found["host"], found["port"], found["address"]
    address = parsed(written or host)
    try:
        key = (host_of(host), int(port or PORTS["https"]))
    except NotAllowed:
        raise _mistake(text) from None
    if not 0 < key[1] < 65_536 or (written and (address is None or parsed(host) is not None)):
        raise _mistake(text)
    if address is not None and not is_public(address):
        _check_inner(text, address, port)
    return key, address


def _check_inner(text: str, address: Address, port: str | None) -> None:
    if not may_be_named(address):
        raise UserMistake(f"{SETTING}: `{text}` is an address that nothing may call; take it out")
    if not port:
        raise UserMistake(f"{SETTING}: `{text}` is not public, so its port has to be named, too; write it behind `:`")


def _mistake(text: str) -> UserMistake:
    return UserMistake(f"{SETTING}: `{text}` cannot be understood; write host, host:port or host:port=address")
