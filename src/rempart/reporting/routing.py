"""Who is told of illegal content, by where it is hosted: a table, and a pure function over it.

The rule of INHOPE's hotlines: in the own country police and host; abroad the hotline of that country, where it is a
member of the network; and police whenever nobody else can act.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rempart.facts.case import ActionKind
from rempart.reporting.hosting.resolving import Hosting

Where = Literal["own", "home", "abroad_member", "abroad_alone", "onion", "unknown"]
Told = Literal["police", "host", "hotline", "ncmec", "user"]
# Where it is hosted -> who is told.
TABLE: dict[Where, tuple[Told, ...]] = {
    "own": ("police", "ncmec", "user"),
    "home": ("police", "host"),
    "abroad_member": ("hotline",),
    "abroad_alone": ("police", "host"),
    "onion": ("police",),
    "unknown": ("police",),
}
_ACTIONS: dict[Told, ActionKind] = {
    "police": "report_police",
    "host": "notice_host",
    "hotline": "refer_hotline",
    "ncmec": "report_ncmec",
    "user": "statement_of_reasons",
}
_POLICE = {"FR": "pharos", "GB": "nca"}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator chose. country: where they are established. us_provider: they report to NCMEC.

    notices_abroad: hosts in countries without a member hotline are told, too. hold_hours: how long a notice to a host
    waits when the police come first.
    """

    country: str
    members: Collection[str]
    us_provider: bool = False
    notices_abroad: bool = False
    hold_hours: int = 24


@dataclass(frozen=True, slots=True)
class Planned:
    """One report to draft. recipient: its name. reason: the row of the table. not_before: earliest time to send it."""

    recipient: str
    action: ActionKind
    reason: Where
    not_before: datetime | None = None


def where(hosting: Hosting, policy: Policy) -> Where:
    """The row of the table for this place. Behind a proxy the country is not known, so the place is not, either."""
    if hosting.kind in ("own", "onion"):
        return "own" if hosting.kind == "own" else "onion"
    if hosting.kind == "unknown" or hosting.via_proxy or not hosting.country or not policy.country:
        return "unknown"
    if hosting.country == policy.country:
        return "home"
    return "abroad_member" if hosting.country in policy.members else "abroad_alone"


def route(place: Hosting, policy: Policy, now: datetime, *, police_first: bool) -> tuple[Planned, ...]:
    """Everybody who is told of content at this place. Police are always told where police come first."""
    row = where(place, policy)
    told = [one for one in TABLE[row] if _wanted(one, row, policy)]
    if police_first and "police" not in told:
        told.insert(0, "police")
    held = now + timedelta(hours=policy.hold_hours) if police_first else None
    return tuple(
        Planned(_recipient(one, policy), _ACTIONS[one], row, held if one in ("host", "hotline", "user") else None)
        for one in told
    )


def _wanted(told: Told, row: Where, policy: Policy) -> bool:
    if told == "ncmec":
        return policy.us_provider
    if told == "host":
        return row == "home" or policy.notices_abroad
    # Who reports to NCMEC goes on reporting there: the NCA asks for no duplicate.
    return not (told == "police" and row == "own" and policy.us_provider and policy.country == "GB")


def _recipient(told: Told, policy: Policy) -> str:
    match told:
        case "police":
            return _POLICE.get(policy.country, "police")
        case "host":
            return "host-notice"
        case "hotline":
            return "iccam"
        case "ncmec":
            return "cybertip"
        case "user":
            return "statement"
