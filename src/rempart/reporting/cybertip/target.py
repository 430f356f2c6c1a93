"""Where a report goes. There is no default, and production needs a switch and a name."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from rempart.errors import NotAllowed, UserMistake

Environment = Literal["emulator", "test", "production"]
ADDRESSES = {"test": "https://exttest.cybertip.org/ispws", "production": "https://report.cybertip.org/ispws"}


@dataclass(frozen=True, slots=True)
class Target:
    """One environment of the authority. signed_off_by: who allowed production, stored with the report."""

    environment: Environment
    address: str
    signed_off_by: str | None = None

    def url(self, step: str) -> str:
        """The address of one step: submit, upload, fileinfo, finish, retract, status or xsd."""
        return f"{self.address}/{step}"


def target(
    environment: Environment,
    *,
    emulator_address: str | None = None,
    production_allowed: bool = False,
    signed_off_by: str | None = None,
) -> Target:
    """The environment of that name. Raises UserMistake or NotAllowed when what it needs is not given.

    emulator_address: where the emulator listens; only a loopback address is taken.
    production_allowed: the operator's switch. signed_off_by: the person who answers for reporting for real.
    """
    if environment == "emulator":
        return Target("emulator", _loopback(emulator_address))
    if environment not in ADDRESSES:
        raise UserMistake("there is no such environment of the CyberTipline; choose emulator, test or production")
    if emulator_address is not None:
        raise UserMistake(f"the environment `{environment}` has its own address; leave out the emulator's")
    if environment == "production" and not (production_allowed and (signed_off_by or "").strip()):
        raise NotAllowed("reports to production are not allowed here; set the switch and name who signed off")
    return Target(environment, ADDRESSES[environment], signed_off_by)


def _loopback(address: str | None) -> str:
    parts = urlsplit(address or "")
    try:
        local = parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        local = False
    if not local or address is None:
        raise UserMistake("the emulator has no loopback address; set REMPART_REPORTING__CYBERTIP__EMULATOR_ADDRESS")
    return address.rstrip("/")
