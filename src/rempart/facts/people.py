"""Who acts at the desk: roles, scopes, and the actor that every ledger entry names."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["reviewer", "senior", "supervisor", "auditor", "admin"]
ROLES: tuple[Role, ...] = ("reviewer", "senior", "supervisor", "auditor", "admin")
Scope = Literal["items", "bundles", "orders", "actions", "figures"]
SCOPES: tuple[Scope, ...] = ("items", "bundles", "orders", "actions", "figures")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for whom.

    organisation: the tenant whose records may be touched. pid: the pseudonym that the ledger keeps: a person's
    (`R-…`), a service token's (`S-…`), or `public`, `worker`, `operator`. role: None for who is not a person.
    """

    organisation: int
    pid: str
    role: Role | None = None
    scopes: tuple[Scope, ...] = ()


def worker(organisation: int) -> Actor:
    """The house itself, at work in the background."""
    return Actor(organisation, "worker")


def public(organisation: int) -> Actor:
    """Somebody without an account."""
    return Actor(organisation, "public")


def operator(organisation: int) -> Actor:
    """Who runs the command line on the machine itself."""
    return Actor(organisation, "operator")
