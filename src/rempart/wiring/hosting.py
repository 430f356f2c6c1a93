"""Where content is hosted, and whether it is still there, as the settings say."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rempart.cases.intake.helplines import members
from rempart.errors import NotAllowed
from rempart.net.addresses import parsed
from rempart.net.dns import Lookup, ask
from rempart.net.places import host_of
from rempart.reporting.hosting.databases import Address, Database, opened, owner_of
from rempart.reporting.hosting.proxies import Proxies, proxies
from rempart.reporting.hosting.resolving import Resolver
from rempart.reporting.routing import Policy
from rempart.reporting.watching.apis import load
from rempart.reporting.watching.looking import Looking
from rempart.wiring.desk import Desk

# Who drips headers for a minute is not waited for.
LONGEST_LOOK_SECONDS = 15.0


def resolver_of(desk: Desk) -> Resolver:
    """Where things are hosted. Only the operator's own DNS servers are asked; without any, names stay unknown."""
    chosen = desk.settings.reporting.hosting
    own = frozenset(one.lower().rstrip(".") for one in chosen.own_hosts)
    return Resolver(
        lambda name: asked(desk, name).values(), _databases(chosen.databases), _proxies(chosen.proxies), own
    )


def policy_of(desk: Desk) -> Policy:
    """Who is told, as the operator chose."""
    chosen = desk.settings.reporting
    return Policy(
        country=chosen.desk.country.upper(),
        members=members(),
        us_provider=bool(chosen.cybertip.username),
        notices_abroad=chosen.hosting.notices_abroad,
        hold_hours=chosen.hosting.hold_hours,
    )


def looking_of(desk: Desk) -> Looking:
    """How the monitor looks."""
    chosen = desk.settings.reporting.hosting
    return Looking(
        lambda name: asked(desk, name),
        lambda url: desk.outbound.head(url, total_seconds=LONGEST_LOOK_SECONDS),
        lambda address: _placed(address, chosen.databases, chosen.proxies),
        load(chosen.host_apis),
    )


def asked(desk: Desk, name: str) -> Mapping[str, Lookup]:
    """What each DNS server of the operator says of the name; a literal address is what it says it is.

    Of what can be no name nobody knows anything.
    """
    servers = desk.settings.net.resolvers
    literal = parsed(name)
    if literal is not None:
        return {server: Lookup("found", (literal,)) for server in servers}
    try:
        host_of(name)
    except NotAllowed:
        return {server: Lookup("unavailable") for server in servers}
    return {server: ask(server, name, desk.settings.net.timeout_seconds) for server in servers}


def _placed(address: Address, files: tuple[Path, ...], own: Path | None) -> tuple[str, str]:
    """(country, network); no country behind a proxy, whose address may seem to be anywhere."""
    owner = owner_of(address, _databases(files))
    country = "" if _proxies(own).has(address, owner.asn) else owner.country
    return country, f"AS{owner.asn}" if owner.asn is not None else ""


@cache
def _databases(files: tuple[Path, ...]) -> tuple[Database, ...]:
    return opened(files)


@cache
def _proxies(own: Path | None) -> Proxies:
    return proxies(own)
