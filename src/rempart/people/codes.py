"""One-time codes (TOTP): a second proof beside the password."""

from typing import Final

from rempart.facts.people import Role
from rempart.people.records import Person, Session

# They confirm decisions, see names, or give rights to others: a stolen password alone must not be enough.
OBLIGATORY: Final[frozenset[Role]] = frozenset({"senior", "supervisor", "admin"})


def must_set_up(person: Person, session: Session) -> bool:
    """Whether the person can do nothing else before setting up one-time codes."""
    return person.role in OBLIGATORY and not person.has_code and session.through == "password"
