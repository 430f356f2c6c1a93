"""What the tests of people share: an organisation, and people in it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from rempart.audit.queries import story
from rempart.facts.people import Actor
from rempart.people import invitations, organisations, passwords, sessions
from rempart.people.records import Person
from rempart.people.signing_in import Guessing
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW

PASSWORD = "purple dragons rarely sleep"  # noqa: S105 - a test's
HASHED = passwords.hashed(PASSWORD)
GUESSING = Guessing(3, timedelta(minutes=15))
TIMES = sessions.Times(timedelta(hours=12), timedelta(minutes=30))
Join = Callable[..., Person]
Told = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def admin(database: Database) -> Actor:
    """An administrator of the first organisation; no row is needed for it."""
    with database.writing() as writer:
        return Actor(organisations.add(writer, "desk", "Desk", NOW).id, "R-ADMIN", "admin")


@pytest.fixture
def join(database: Database, fields: Fields, admin: Actor) -> Join:
    """Makes somebody with an account, by an invitation."""

    def make(login: str = "ada@desk.example", role: str = "reviewer", organisation: Actor | None = None) -> Person:
        with database.writing() as writer:
            code = invitations.invite(writer, organisation or admin, role, NOW)
            wish = invitations.Wish(login, "Ada Lovelace", PASSWORD)
            return invitations.join(writer, fields, code, wish, HASHED, NOW)

    return make


@pytest.fixture
def told(database: Database, admin: Actor) -> Told:
    """(who, what) of every ledger entry about somebody."""

    def read(pid: str) -> list[tuple[str, str]]:
        with database.reading() as reader:
            return [(one.actor, one.verb) for one in story(reader, admin.organisation, "person", pid)]

    return read
