"""Looking after people: who is here, in which role, and who is here no more."""

from datetime import datetime

from rempart.audit.queries import append
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.people import queries
from rempart.people.invitations import PURPOSE, role_of
from rempart.people.records import LANGUAGES, Person
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

SEE_NAMES = ("supervisor", "admin")


def names(reader: Reader, fields: Fields, actor: Actor) -> dict[str, str]:
    """Pseudonym -> name, of the actor's organisation. Raises NotAllowed for who may not know them."""
    if actor.role not in SEE_NAMES:
        raise NotAllowed("names are shown to supervisors and administrators; use the pseudonym")
    sealed = queries.names_of(reader, actor.organisation)
    return {pid: fields.unseal_text(PURPOSE, name) for pid, name in sealed.items()}


def find(reader: Reader, actor: Actor, pid: str) -> Person:
    """Who has the pseudonym in the actor's organisation. Raises NotFound."""
    found = queries.person_by_pid(reader, actor.organisation, pid)
    if found is None:
        raise NotFound("there is nobody of this pseudonym; look at the list of people")
    return found


def change_role(writer: Writer, actor: Actor, pid: str, role: str, now: datetime) -> None:
    """Nothing; the person has the role and signs in anew. Raises NotFound, Conflict."""
    person, chosen = find(writer, actor, pid), role_of(role)
    if chosen == person.role:
        return
    _refuse_oneself(actor, person)
    _keep_an_administrator(writer, person)
    queries.change_person(writer, person.id, role=chosen)
    queries.end_sessions(writer, person.id)
    append(writer, actor, "person", pid, "person.role_changed", {"from": person.role, "to": chosen}, now)


def deactivate(writer: Writer, actor: Actor, pid: str, now: datetime) -> None:
    """Nothing; the person is signed out everywhere and cannot sign in. Raises NotFound, Conflict."""
    person = find(writer, actor, pid)
    if not person.active:
        raise Conflict("this person is deactivated already; look at the list of people")
    _refuse_oneself(actor, person)
    _keep_an_administrator(writer, person)
    queries.change_person(writer, person.id, active=False)
    queries.end_sessions(writer, person.id)
    append(writer, actor, "person", pid, "person.deactivated", {}, now)


def reactivate(writer: Writer, actor: Actor, pid: str, now: datetime) -> None:
    """Nothing; the person can sign in again. Raises NotFound, Conflict."""
    person = find(writer, actor, pid)
    if person.active:
        raise Conflict("this person is active already; look at the list of people")
    queries.change_person(writer, person.id, active=True, failures=0, locked_until=None)
    append(writer, actor, "person", pid, "person.reactivated", {}, now)


def change_password(writer: Writer, person: Person, password_hash: str, now: datetime) -> None:
    """Nothing; the password is changed and the person is signed in nowhere. The edge begins a session anew."""
    queries.change_person(writer, person.id, password_hash=password_hash)
    queries.end_sessions(writer, person.id)
    append(writer, person.actor, "person", person.pid, "person.password_changed", {"by_link": False}, now)


def choose_language(writer: Writer, person: Person, language: str) -> None:
    """Nothing; the person's pages come in this language."""
    if language not in LANGUAGES:
        raise UserMistake(f"there is no such language; languages are {', '.join(LANGUAGES)}")
    queries.change_person(writer, person.id, language=language)


def _refuse_oneself(actor: Actor, person: Person) -> None:
    if actor.pid == person.pid:
        raise Conflict("nobody changes their own rights; ask another administrator")


def _keep_an_administrator(writer: Writer, person: Person) -> None:
    """The last administrator stays one: else nobody could ever invite anybody again."""
    admins = [one for one in queries.lock_people(writer, person.organisation) if one.role == "admin" and one.active]
    if person.role == "admin" and [one.pid for one in admins] == [person.pid]:
        raise Conflict("this is the last administrator; make somebody else one first")
