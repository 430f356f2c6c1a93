"""The rows of organisations, people, invitations, sessions and service tokens."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, delete, func, select

from rempart.people.records import Invitation, Organisation, Person, ServiceToken, Session
from rempart.people.tables import invitation, organisation, person, service_token, session
from rempart.storage.database import Reader, Writer

_PERSON = (
    person.c.id,
    person.c.organisation,
    person.c.pid,
    person.c.login,
    person.c.role,
    person.c.language,
    person.c.code_secret_sealed.is_not(None).label("has_code"),
    person.c.active,
    person.c.failures,
    person.c.locked_until,
    person.c.created_at,
)
_TOKEN = tuple(column for column in service_token.c if column.name != "token_hash")


def organisations(reader: Reader) -> list[Organisation]:
    """Every organisation, the oldest first."""
    found = reader.rows(select(organisation).order_by(organisation.c.id))
    return [Organisation(row["id"], row["slug"], row["name"]) for row in found]


def add_organisation(writer: Writer, slug: str, name: str, now: datetime) -> int:
    """The id of a new organisation."""
    return writer.insert(organisation, slug=slug, name=name, created_at=now)


def people_of(reader: Reader, organisation_id: int) -> list[Person]:
    """Everybody of one organisation, the oldest account first."""
    return [_person(row) for row in reader.rows(_people(organisation_id))]


def lock_people(writer: Writer, organisation_id: int) -> list[Person]:
    """Everybody of one organisation; nobody else changes them until the unit of work ends."""
    return [_person(row) for row in writer.rows(_people(organisation_id).with_for_update())]


def person_by_login(reader: Reader, login: str) -> Person | None:
    """Who signs in with this login, in whatever organisation."""
    return _person_or_none(reader.one(select(*_PERSON).where(person.c.login == login)))


def person_by_pid(reader: Reader, organisation_id: int, pid: str) -> Person | None:
    """Who has this pseudonym in the organisation."""
    mine = (person.c.organisation == organisation_id, person.c.pid == pid)
    return _person_or_none(reader.one(select(*_PERSON).where(*mine)))


def person_by_id(reader: Reader, person_id: int) -> Person | None:
    """The person of this row."""
    return _person_or_none(reader.one(select(*_PERSON).where(person.c.id == person_id)))


def secrets_of(reader: Reader, person_id: int) -> RowMapping:
    """name_sealed, password_hash, code_secret_sealed and code_step of one person."""
    columns = (person.c.name_sealed, person.c.password_hash, person.c.code_secret_sealed, person.c.code_step)
    row = reader.one(select(*columns).where(person.c.id == person_id))
    assert row is not None  # noqa: S101 - the caller has just read the person
    return row


def names_of(reader: Reader, organisation_id: int) -> dict[str, bytes]:
    """Pseudonym -> sealed name, for one organisation."""
    statement = select(person.c.pid, person.c.name_sealed).where(person.c.organisation == organisation_id)
    return {row["pid"]: row["name_sealed"] for row in reader.rows(statement)}


def pseudonym_taken(reader: Reader, pid: str) -> bool:
    """Whether a person or a token has this pseudonym."""
    people = select(func.count()).where(person.c.pid == pid)
    tokens = select(func.count()).where(service_token.c.pid == pid)
    return bool(reader.value(people) or reader.value(tokens))


def nobody(reader: Reader) -> bool:
    """Whether there is no person at all yet."""
    return not reader.value(select(func.count()).select_from(person))


def add_person(writer: Writer, **values: Any) -> int:
    """The id of a new person."""
    return writer.insert(person, **values)


def change_person(writer: Writer, person_id: int, **values: Any) -> None:
    """Nothing; the row is changed."""
    writer.run(person.update().where(person.c.id == person_id).values(**values))


def use_code_step(writer: Writer, person_id: int, step: int) -> bool:
    """Whether this time step had not been used: a one-time code works once, also for two requests at once."""
    fresh = (person.c.id == person_id, person.c.code_step < step)
    return writer.run(person.update().where(*fresh).values(code_step=step)) == 1


def count_failure(writer: Writer, person_id: int) -> int:
    """How many times in a row it failed, this one counted in."""
    writer.run(person.update().where(person.c.id == person_id).values(failures=person.c.failures + 1))
    return int(writer.value(select(person.c.failures).where(person.c.id == person_id)))


def lock_person(writer: Writer, person_id: int) -> Person | None:
    """The person as of now; nobody else changes the row until the unit of work ends."""
    return _person_or_none(writer.one(select(*_PERSON).where(person.c.id == person_id).with_for_update()))


def add_invitation(writer: Writer, **values: Any) -> None:
    """Nothing; the invitation stands."""
    writer.run(invitation.insert().values(**values))


def invitation_of(reader: Reader, code_hash: str) -> Invitation | None:
    """The invitation with this code."""
    row = reader.one(select(invitation).where(invitation.c.code_hash == code_hash))
    return None if row is None else Invitation(**row)


def open_invitations(reader: Reader, organisation_id: int, now: datetime) -> list[Invitation]:
    """The invitations of one organisation that can still be used."""
    mine = (invitation.c.organisation == organisation_id, invitation.c.used_at.is_(None))
    statement = select(invitation).where(*mine, invitation.c.expires_at > now).order_by(invitation.c.expires_at)
    return [Invitation(**row) for row in reader.rows(statement)]


def use_invitation(writer: Writer, code_hash: str, now: datetime) -> bool:
    """Whether the invitation could still be used, and now is."""
    usable = (invitation.c.code_hash == code_hash, invitation.c.used_at.is_(None), invitation.c.expires_at > now)
    return writer.run(invitation.update().where(*usable).values(used_at=now)) == 1


def withdraw_invitation(writer: Writer, organisation_id: int, handle: str) -> int:
    """How many unused invitations went."""
    mine = (invitation.c.organisation == organisation_id, invitation.c.used_at.is_(None))
    return writer.run(delete(invitation).where(*mine, invitation.c.code_hash.startswith(handle, autoescape=True)))


def withdraw_open_invitations(writer: Writer, organisation_id: int) -> None:
    """Nothing; no unused invitation of the organisation is left."""
    mine = (invitation.c.organisation == organisation_id, invitation.c.used_at.is_(None))
    writer.run(delete(invitation).where(*mine))


def add_session(writer: Writer, **values: Any) -> None:
    """Nothing; the session stands."""
    writer.run(session.insert().values(**values))


def session_of(reader: Reader, key_hash: str) -> tuple[Session, Person] | None:
    """The session with this key, and whose it is."""
    row = reader.one(select(session).where(session.c.key_hash == key_hash))
    owner = None if row is None else person_by_id(reader, row["person"])
    return None if row is None or owner is None else (Session(**row), owner)


def sessions_of(reader: Reader, person_id: int) -> list[Session]:
    """The sessions of one person, the one last used first."""
    statement = select(session).where(session.c.person == person_id).order_by(session.c.seen_at.desc())
    return [Session(**row) for row in reader.rows(statement)]


def touch_session(writer: Writer, key_hash: str, now: datetime) -> None:
    """Nothing; the session was used now."""
    writer.run(session.update().where(session.c.key_hash == key_hash).values(seen_at=now))


def end_session(writer: Writer, key_hash: str) -> int:
    """How many sessions ended: one, or none."""
    return writer.run(delete(session).where(session.c.key_hash == key_hash))


def end_sessions(writer: Writer, person_id: int, *, but: str = "") -> int:
    """How many sessions of the person ended. but: the key hash of one that goes on."""
    return writer.run(delete(session).where(session.c.person == person_id, session.c.key_hash != but))


def sweep_sessions(writer: Writer, now: datetime) -> int:
    """How many expired sessions are gone."""
    return writer.run(delete(session).where(session.c.expires_at <= now))


def add_token(writer: Writer, **values: Any) -> int:
    """The id of a new service token."""
    return writer.insert(service_token, **values)


def tokens_of(reader: Reader, organisation_id: int) -> list[ServiceToken]:
    """Every service token of one organisation, the oldest first."""
    statement = select(*_TOKEN).where(service_token.c.organisation == organisation_id).order_by(service_token.c.id)
    return [_token(row) for row in reader.rows(statement)]


def token_of(reader: Reader, token_hash: str) -> ServiceToken | None:
    """The service token with this secret."""
    row = reader.one(select(*_TOKEN).where(service_token.c.token_hash == token_hash))
    return None if row is None else _token(row)


def touch_token(writer: Writer, token_id: int, now: datetime) -> None:
    """Nothing; the token was used now."""
    writer.run(service_token.update().where(service_token.c.id == token_id).values(last_used_at=now))


def revoke_token(writer: Writer, organisation_id: int, pid: str, now: datetime) -> bool:
    """Whether the organisation has such a token and it worked until now."""
    mine = (service_token.c.organisation == organisation_id, service_token.c.pid == pid)
    usable = service_token.c.revoked_at.is_(None)
    return writer.run(service_token.update().where(*mine, usable).values(revoked_at=now)) == 1


def _people(organisation_id: int) -> Select[Any]:
    return select(*_PERSON).where(person.c.organisation == organisation_id).order_by(person.c.id)


def _person(row: RowMapping) -> Person:
    return Person(**{**row, "has_code": bool(row["has_code"])})


def _person_or_none(row: RowMapping | None) -> Person | None:
    return None if row is None else _person(row)


def _token(row: RowMapping) -> ServiceToken:
    return ServiceToken(**{**row, "scopes": tuple(row["scopes"])})
