"""Interfaces of hosts that an operator plugs in: entry points (group `rempart.host_apis`) that the settings name."""

from collections.abc import Mapping
from importlib.metadata import entry_points

from rempart.errors import UserMistake
from rempart.reporting.watching.looking import HostApi

GROUP = "rempart.host_apis"


def load(named: Mapping[str, str]) -> dict[str, HostApi]:
    """host -> its interface. named: host -> entry point. Raises UserMistake for one that no package offers."""
    return {host.lower().rstrip("."): _load(name) for host, name in named.items()}


def _load(name: str) -> HostApi:
    found = entry_points(group=GROUP, name=name)
    if not found:
        raise UserMistake(
            f"no installed package offers the host interface `{name}`; install it or correct "
            "REMPART_REPORTING__HOSTING__HOST_APIS"
        )
    api: HostApi = next(iter(found)).load()
    return api
