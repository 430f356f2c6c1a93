"""Web addresses as people send them, in the one form by which two reports of one place are recognised."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes, urlsplit

from rempart.errors import UserMistake

MOST_CHARACTERS = 4096
MOST_HOST = 253
SCHEMES = ("http", "https", "ftp")
PORTS = {"http": 80, "https": 443, "ftp": 21}
HELP = "write the whole address, such as https://example.org/page"
_DEFANGED = ((re.compile(r"^hxxp", re.IGNORECASE), "http"), (re.compile(r"\[\.\]|\(\.\)|\[dot\]", re.IGNORECASE), "."))
_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*):(?!\d+(?:/|$))", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/?[]|%")
_TRACKING = re.compile(r"(utm_[a-z]+|fbclid|gclid|igshid|mc_eid)(=|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Url:
    """One address. Sensitive: it is sealed where it is kept.

    text: as it can be followed. host: in lower case, ASCII. identity: what is compared: the same for http and https,
    with and without tracking, and whatever part of the page is pointed at.
    """

    text: str = field(repr=False)
    host: str = field(repr=False)
    identity: str = field(repr=False)


def normalise(text: str) -> Url:
    """The address in its one form. Raises UserMistake, without quoting it, when it is none."""
    cleaned = _refanged(text.strip())
    if not cleaned or len(cleaned) > MOST_CHARACTERS:
        raise UserMistake(f"an address has 1 to {MOST_CHARACTERS} characters; {HELP}")
    if any(not character.isprintable() or character.isspace() for character in cleaned):
        raise UserMistake(f"an address has no spaces and no control characters; {HELP}")
    found = _SCHEME.match(cleaned)
    if found is None:
        cleaned = "https://" + cleaned.removeprefix("//")
    elif found[1].lower() not in SCHEMES:
        raise UserMistake(f"only web addresses can be reported here; {HELP}")
    try:
        parts = urlsplit(cleaned)
        scheme, host, port = parts.scheme.lower(), _host(parts.hostname or ""), parts.port
    except ValueError:
        raise UserMistake(f"the address cannot be understood; {HELP}") from None
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port not in (None, PORTS[scheme]) else "")
    path, query, fragment = _path(parts.path), _percent(parts.query), _percent(parts.fragment)
    whole = f"{scheme}://{place}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    if len(whole) > MOST_CHARACTERS:
        raise UserMistake(f"an address has 1 to {MOST_CHARACTERS} characters; {HELP}")
    return Url(whole, host, _identity(place, path, query, fragment))


def _refanged(text: str) -> str:
    """The address as it was before somebody made it harmless to click."""
    for pattern, plain in _DEFANGED:
        text = pattern.sub(plain, text)
    return text


def _host(host: str) -> str:
    """The host in ASCII. Raises ValueError when it is none."""
    bare = host.rstrip(".").lower()
    if ":" in bare:
        return str(ip_address(bare))
    ascii_host = bare if bare.isascii() else bare.encode("idna").decode("ascii").lower()
    labels = ascii_host.split(".")
    if len(ascii_host) > MOST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("not a host")
    if len(labels) == 1 and ascii_host != "localhost":
        raise ValueError("a host has a dot")
    return ascii_host


def _path(path: str) -> str:
    """The path without `.` and `..`."""
    kept: list[str] = []
    steps = _percent(path).split("/")
    for step in steps:
        if step == "..":
            kept = kept[:-1]
        elif step != ".":
            kept.append(step)
    if steps[-1] in (".", ".."):
        kept.append("")
    joined = "/".join(kept)
    return joined if joined.startswith("/") else "/" + joined


def _percent(text: str) -> str:
    """The text with every escape written one way: only where it is needed, in capitals."""
    out: list[str] = []
    parts = re.split(r"(%[0-9A-Fa-f]{2})", text)
    for part in parts:
        if len(part) == len("%00") and part.startswith("%"):
            value = unquote_to_bytes(part)[0]
            out.append(chr(value) if value in _UNRESERVED else f"%{value:02X}")
        else:
            raw = part.encode("utf-8", "replace")
            out.append("".join(chr(byte) if byte in _KEPT and byte != ord("%") else f"%{byte:02X}" for byte in raw))
    return "".join(out)


def _identity(place: str, path: str, query: str, fragment: str) -> str:
    asked = "&".join(sorted(part for part in query.split("&") if part and not _TRACKING.match(part)))
    # A fragment points into one page, unless the page is a program that reads it as its own path.
    inside = f"#{fragment}" if fragment.startswith(("!", "/")) else ""
    return place.removeprefix("www.") + (path.rstrip("/") or "/") + (f"?{asked}" if asked else "") + inside
