"""Where a call goes: an address of the web, read strictly, so that what was checked is what is asked."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from rempart.errors import NotAllowed
from rempart.net.addresses import Address, parsed

MOST_LETTERS: Final = 8_000
PORTS: Final = {"http": 80, "https": 443}
_PLAIN: Final = re.compile(r"[!-\[\]^-~]+")  # visible ASCII without the backslash, which some programs read as a slash
_NETLOC: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::([0-9]{1,5}))?")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Place:
    """One address of the web. host: a name in small letters, or an address. target: path and query.

    is_secret: the host was reported by somebody, so that no error may name it.
    """

    scheme: Literal["http", "https"]
    host: str
    port: int
    target: str = field(repr=False)
    is_secret: bool = False

    @property
    def named(self) -> str:
        """The host as errors name it."""
        return "the host" if self.is_secret else f"`{self.host}`"

    @property
    def address(self) -> Address | None:
        """The address that stands in place of a name, if one does."""
        return parsed(self.host)

    @property
    def authority(self) -> str:
        """Host and port as the Host header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def place_of(url: str) -> Place:
    """The place. Raises NotAllowed for what is not plain http or https; the address itself is never quoted."""
    if len(url) > MOST_LETTERS or not _PLAIN.fullmatch(url):
        raise NotAllowed("a web address is too long or has characters that no address has; correct it")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise NotAllowed("a web address cannot be read; correct it") from None
    if parts.scheme not in ("http", "https"):
        raise NotAllowed("only http and https addresses are called; correct the web address")
    found = _NETLOC.fullmatch(parts.netloc)
    if found is None:  # a login before the host comes here, too
        raise NotAllowed("a web address has no plain host; leave out logins and whatever is not a name or a port")
    scheme: Literal["http", "https"] = "https" if parts.scheme == "https" else "http"
    query = f"?{parts.query}" if parts.query else ""
    port = int(found[3]) if found[3] else PORTS[scheme]
    if not 0 < port < 65_536:
        raise NotAllowed("a web address has a port that does not exist; correct it")
    return Place(scheme, host_of(found[1] or found[2]), port, (parts.path or "/") + query)


def host_of(text: str) -> str:
    """The host in the one form that is compared: a name, or an address. Raises NotAllowed for what is neither."""
    address = parsed(text)
    if address is not None:
        return str(address)
    name = text.lower().removesuffix(".")
    labels = name.split(".")
    # A last label that is a number makes some programs read the whole as an address: 127.1, 0x7f000001, 2130706433.
    if len(name) > 253 or not all(map(_LABEL.fullmatch, labels)) or _NUMBER.fullmatch(labels[-1]):
        raise NotAllowed("a host is neither a name nor an address in its plain form; correct it")
    return name
