"""One-time links: to a new account, to the very first one, or to a new password."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rempart.audit.queries import append
from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.people import ROLES, Actor, Role, operator
from rempart.people import organisations, queries
from rempart.people.passwords import check_rules
from rempart.people.random_keys import hash_of, new_key, new_pseudonym
from rempart.people.records import Invitation, Language, Person
from rempart.people.signing_in import as_login
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

LASTS: Final = timedelta(hours=72)
LOGIN_LETTERS = (3, 120)
NAME_LETTERS = 120
PURPOSE = "name"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody enters who follows a link to a new account."""

    login: str
    name: str
    password: str
    language: Language = "en"


def path_of(code: str) -> str:
    """Where the link leads, behind the address of the desk."""
    return f"/join/{code}"


def first_admin_link(writer: Writer, now: datetime) -> str | None:
    """The path of a one-time link that makes the first administrator; None when anybody has an account.

    Makes the organisation that they belong to when there is none.
    """
    if not queries.nobody(writer):
        return None
    return path_of(invite(writer, operator(organisations.first(writer, now).id), "admin", now))


def invite(writer: Writer, actor: Actor, role: str, now: datetime) -> str:
    """The code of a new invitation to the actor's organisation; nobody can read it again."""
    chosen = role_of(role)
    code = _offer(writer, actor.organisation, chosen, None, now)
    append(writer, actor, "invitation", hash_of(code)[:12], "person.invited", {"role": chosen}, now)
    return code


def offer_new_password(writer: Writer, actor: Actor, pid: str, now: datetime) -> str:
    """The code of a link with which the person chooses a new password. Raises NotFound."""
    person = queries.person_by_pid(writer, actor.organisation, pid)
    if person is None or not person.active:
        raise NotFound("nobody of this pseudonym may sign in; look at the list of people")
    code = _offer(writer, actor.organisation, person.role, person.id, now)
    append(writer, actor, "person", pid, "person.reset_offered", {}, now)
    return code


def find(reader: Reader, code: str, now: datetime) -> Invitation:
    """The invitation. Raises NotFound when it was used, has expired, or never was."""
    found = queries.invitation_of(reader, hash_of(code))
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise NotFound("this link does not work any more; ask for a new one")
    return found


def check(reader: Reader, wish: Wish) -> None:
    """Nothing. Raises UserMistake or Conflict for a wish that cannot be granted."""
    login, (shortest, longest) = as_login(wish.login), LOGIN_LETTERS
    if not shortest <= len(login) <= longest or not login.isprintable() or " " in login:
        raise UserMistake(
            f"a login has {shortest} to {longest} characters and no space; an e-mail address is a good one"
        )
    name = wish.name.strip()
    if not 0 < len(name) <= NAME_LETTERS or not name.isprintable():
        raise UserMistake(f"a name has 1 to {NAME_LETTERS} characters; it is shown to administrators only")
    check_rules(wish.password, login)
    if queries.person_by_login(reader, login) is not None:
        raise Conflict("this login is taken; choose another one")


def join(writer: Writer, fields: Fields, code: str, wish: Wish, password_hash: str, now: datetime) -> Person:
    """The new person. password_hash: of the wish, which was checked. Raises NotFound when the link is spent."""
    invitation = find(writer, code, now)
    check(writer, wish)
    if invitation.person is not None or not queries.use_invitation(writer, invitation.code_hash, now):
        raise NotFound("this link does not work any more; ask for a new one")
    if queries.nobody(writer):  # of several first links only one may make an administrator
        queries.withdraw_open_invitations(writer, invitation.organisation)
    made = queries.add_person(
        writer,
        organisation=invitation.organisation,
        pid=new_pseudonym(writer, "R"),
        login=as_login(wish.login),
        name_sealed=fields.seal_text(PURPOSE, wish.name.strip()),
        role=invitation.role,
        language=wish.language,
        password_hash=password_hash,
        created_at=now,
    )
    person = _read(queries.person_by_id, writer, made)
    append(writer, person.actor, "person", person.pid, "person.joined", {"role": person.role}, now)
    return person


def renew_password(writer: Writer, code: str, password_hash: str, now: datetime) -> Person:
    """The person, who has this password now and is signed in nowhere. Raises NotFound when the link is spent."""
    invitation = find(writer, code, now)
    if invitation.person is None or not queries.use_invitation(writer, invitation.code_hash, now):
        raise NotFound("this link does not work any more; ask for a new one")
    person = _read(queries.person_by_id, writer, invitation.person)
    if not person.active:
        raise NotFound("this link does not work any more; ask for a new one")
    queries.change_person(writer, person.id, password_hash=password_hash, failures=0, locked_until=None)
    queries.end_sessions(writer, person.id)
    append(writer, person.actor, "person", person.pid, "person.password_changed", {"by_link": True}, now)
    return person


def withdraw(writer: Writer, actor: Actor, handle: str, now: datetime) -> None:
    """Nothing; the invitation works no more. Raises NotFound."""
    if len(handle) != 12 or not queries.withdraw_invitation(writer, actor.organisation, handle):
        raise NotFound("this invitation does not exist; it may have been used")
    append(writer, actor, "invitation", handle, "person.invitation_withdrawn", {}, now)


def role_of(word: str) -> Role:
    """The role of this name. Raises UserMistake."""
    for role in ROLES:
        if role == word:
            return role
    raise UserMistake(f"there is no such role; roles are {', '.join(ROLES)}")


def _offer(writer: Writer, organisation: int, role: Role, person: int | None, now: datetime) -> str:
    code = new_key()
    values = {"code_hash": hash_of(code), "organisation": organisation, "role": role, "person": person}
    queries.add_invitation(writer, **values, expires_at=now + LASTS)
    return code


def _read(query: Callable[[Reader, int], Person | None], writer: Writer, row: int) -> Person:
    found = query(writer, row)
    assert found is not None  # noqa: S101 - a foreign key, or written a line ago
    return found
