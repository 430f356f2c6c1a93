"""Whether a database holds the demo, and who may reach a desk that does. Nothing here is slow to import."""

from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

from rempart.audit.queries import story
from rempart.errors import UserMistake
from rempart.people import queries
from rempart.settings import ServeSettings
from rempart.storage.database import Reader

ABOUT: Final = "demo"
BEGUN, LOADED = "demo.begun", "demo.loaded"
Standing = Literal["absent", "begun", "loaded"]
"""`begun`: a load was cut short."""


def standing(reader: Reader) -> Standing:
    """Whether the demo is in this database."""
    for one in queries.organisations(reader):
        verbs = {entry.verb for entry in story(reader, one.id, ABOUT, one.id)}
        if verbs:
            return "loaded" if LOADED in verbs else "begun"
    return "absent"


def refuse_elsewhere(serve: ServeSettings, host: str) -> None:
    """Nothing. Raises UserMistake when anybody but this machine could reach a desk that is served so."""
    named = [host, *(urlsplit(url).hostname or "" for url in (serve.public_url, serve.media_origin) if url)]
    if not all(map(_is_loopback, named)):
        raise UserMistake(
            "everybody knows the passwords of the demo, so it is served on loopback only; unset REMPART_SERVE__HOST, "
            "REMPART_SERVE__PUBLIC_URL and REMPART_SERVE__MEDIA_ORIGIN, or set REMPART_DATA_FOLDER to another folder"
        )


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
