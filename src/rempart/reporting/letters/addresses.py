"""Mail addresses as relays take them, and web addresses as no programme opens them."""

import re
from collections.abc import Mapping, Sequence

from rempart.facts.report import PlaceView

MOST_LETTERS = 254
_PLAIN = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_SCHEME = re.compile(r"^[Hh][Tt][Tt][Pp]")


def is_plain(address: str) -> bool:
    """Whether it is an address that every relay takes, and nothing besides."""
    return len(address) <= MOST_LETTERS and _PLAIN.fullmatch(address) is not None


def domain_of(address: str) -> str:
    """The part behind the @, in small letters."""
    return address.rpartition("@")[2].lower()


def inert(url: str) -> str:
    """The web address so that nobody opens it by a slip: `hxxps://host[.]example/page`."""
    scheme, mark, rest = _SCHEME.sub("hxxp", url).partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.replace('.', '[.]')}{slash}{path}"


def contact_of(place: PlaceView, contacts: Mapping[str, str]) -> str:
    """Whom the operator named for this place: for its host, a domain above it, or its provider. Empty: nobody."""
    labels = place.host.lower().split(".")
    names = [".".join(labels[start:]) for start in range(len(labels))]
    return next((contacts[name] for name in [*names, place.provider] if name and name in contacts), "")


def common_contact(places: Sequence[PlaceView], contacts: Mapping[str, str]) -> str:
    """The one whom the operator named for these places; empty when nobody or several were named."""
    found = {contact_of(one, contacts) for one in places} - {""}
    return found.pop() if len(found) == 1 else ""
