"""Where statements are published. There is no default, and production needs a switch and a name."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from rempart.errors import NotAllowed, UserMistake
from rempart.facts.report import Environment

PRODUCTION = "https://transparency.dsa.ec.europa.eu/api/v1"
_OWN = "REMPART_REPORTING__TRANSPARENCY_DATABASE__"


def address_of(environment: Environment, options: Mapping[str, Any], signed_off_by: str) -> str:
    """The address that its paths follow. Raises UserMistake or NotAllowed when what it needs is not given."""
    if environment == "emulator":
        return _loopback(str(options.get("emulator_address", "")))
    if environment == "test":
        address = str(options.get("sandbox_address", "")).rstrip("/")
        if urlsplit(address).scheme != "https" or address == PRODUCTION:
            raise UserMistake(f"nobody said where the sandbox is; set {_OWN}SANDBOX_ADDRESS, as the Commission gave it")
        return address
    if not (options.get("production_allowed") and signed_off_by.strip()):
        raise NotAllowed(
            f"statements may not be published; set {_OWN}PRODUCTION_ALLOWED and REMPART_REPORTING__SIGNED_OFF_BY"
        )
    return PRODUCTION


def token_of(options: Mapping[str, Any]) -> str:
    """The token. Raises UserMistake when there is none."""
    secret = options.get("token")
    token = secret.get_secret_value() if secret is not None else ""
    if not token:
        raise UserMistake(f"there is no token of the Transparency Database; set {_OWN}TOKEN")
    return str(token)


def _loopback(address: str) -> str:
    parts = urlsplit(address)
    try:
        local = parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        local = False
    if not local:
        raise UserMistake(f"the emulator has no loopback address; set {_OWN}EMULATOR_ADDRESS")
    return address.rstrip("/")
