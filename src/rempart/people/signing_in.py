"""Signing in: a password, then a one-time code, with an end to guessing.

The slow check of the password stands between two units of work: `look_up`, `passwords.holds`, `settle_password`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.audit.queries import append
from rempart.facts.people import public
from rempart.people import codes, queries
from rempart.people.records import Person
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields


@dataclass(frozen=True, slots=True)
class Guessing:
    """How many wrong answers in a row lock an account, and for how long."""

    attempts: int
    lock: timedelta


@dataclass(frozen=True, slots=True)
class Known:
    """Who has the login, and the stored form of their password."""

    person: Person
    password_hash: str


def look_up(reader: Reader, login: str) -> Known | None:
    """Who has this login; None for nobody, and for somebody who may not come in."""
    plain = as_login(login)
    person = queries.person_by_login(reader, plain) if plain.isprintable() else None
    if person is None or not person.active:
        return None
    return Known(person, queries.secrets_of(reader, person.id)["password_hash"])


def as_login(text: str) -> str:
    """The login as it is stored and compared."""
    return text.strip().lower()


def settle_password(
    writer: Writer, known: Known | None, *, right: bool, guessing: Guessing, now: datetime
) -> Person | None:
    """The person when the password was right and the account is not locked.

    None otherwise, without a reason: nobody learns from it whether there is such an account.
    """
    person = queries.lock_person(writer, known.person.id) if known else None
    if known is None or person is None or not person.active or _is_locked(person, now):
        return None
    changed = queries.secrets_of(writer, person.id)["password_hash"] != known.password_hash
    if right and not changed:
        return person
    _count(writer, person, "password", guessing, now)
    return None


def settle_code(writer: Writer, fields: Fields, person: Person, code: str, guessing: Guessing, now: datetime) -> bool:
    """Whether the one-time code was right and the account is not locked."""
    fresh = queries.lock_person(writer, person.id)
    if fresh is None or not fresh.active or _is_locked(fresh, now):
        return False
    if codes.use(writer, fields, fresh, code, now):
        return True
    _count(writer, fresh, "code", guessing, now)
    return False


def note_success(writer: Writer, person: Person, *, through: str, code: bool, now: datetime) -> None:
    """Nothing; earlier mistakes are forgotten. Only a whole sign-in does that: else guessing codes had no end."""
    if person.failures or person.locked_until:
        queries.change_person(writer, person.id, failures=0, locked_until=None)
    append(writer, person.actor, "person", person.pid, "person.signed_in", {"through": through, "code": code}, now)


def _is_locked(person: Person, now: datetime) -> bool:
    return person.locked_until is not None and now < person.locked_until


def _count(writer: Writer, person: Person, step: str, guessing: Guessing, now: datetime) -> None:
    failures = queries.count_failure(writer, person.id)
    locks = failures >= guessing.attempts
    if locks:
        queries.change_person(writer, person.id, failures=0, locked_until=now + guessing.lock)
    stranger = public(person.organisation)
    append(writer, stranger, "person", person.pid, "person.sign_in_failed", {"step": step}, now)
    if locks:
        append(writer, stranger, "person", person.pid, "person.locked", {}, now)
