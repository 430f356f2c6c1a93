"""Where a request comes from: which site its form stands on, which address it was sent from."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from fastapi import Request

from rempart.errors import NotAllowed
from rempart.web.visitor import the_desk

SAME_SITE = ("same-origin", "none")
IPV6_PREFIX = 64  # one household or server; a single address is nobody


def refuse_other_sites(request: Request) -> None:
    """Nothing. Raises NotAllowed when the browser says that another site sent the request.

    Sec-Fetch-Site is surest. Origin says `null` for our own pages, too, because they send no referrer: it then says
    nothing, and the key in the forms of people has to do.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    foreign = site not in SAME_SITE if site else _is_foreign(request, origin)
    if foreign:
        raise NotAllowed("this was sent from another site; open the page here and send it again")


def address_of(request: Request) -> str:
    """The address that the request was sent from; for an IPv6 address, its network.

    X-Forwarded-For is read from its end, as far as it was written by trusted proxies.
    """
    trusted = the_desk(request).settings.serve.trusted_proxies
    here = request.client.host if request.client else ""
    for hop in reversed(request.headers.get("x-forwarded-for", "").split(",")):
        if not (hop.strip() and _is_one_of(here, trusted)):
            break
        here = hop.strip()
    return _network(here)


def _is_foreign(request: Request, origin: str | None) -> bool:
    return origin not in (None, "null") and _place(str(origin)) not in _own_places(request)


def _own_places(request: Request) -> set[str]:
    public = the_desk(request).settings.serve.public_url
    return {request.headers.get("host", "").lower(), *([_place(public)] if public else [])}


def _place(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower() or url
    except ValueError:
        return url


def _is_one_of(address: str, trusted: tuple[str, ...]) -> bool:
    parsed = _parsed(address)
    return any(address == one or (parsed is not None and _inside(parsed, one)) for one in trusted)


def _inside(address: IPv4Address | IPv6Address, network: str) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        return False


def _network(address: str) -> str:
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed) if parsed is not None else "unknown"


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
