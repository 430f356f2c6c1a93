"""One-time links: each works once, in time, for the organisation that gave it out."""

from datetime import timedelta

import pytest

from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.people import first_admin_link, invitations, organisations, passwords, queries, sessions
from rempart.people.invitations import Wish
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW

from .conftest import HASHED, PASSWORD, TIMES, Join, Told

WISH = Wish(" ADA@desk.example ", " Ada Lovelace ", PASSWORD, "fr")


def test_a_link_makes_an_account_once(database: Database, fields: Fields, admin: Actor, told: Told) -> None:
    with database.writing() as writer:
        code = invitations.invite(writer, admin, "senior", NOW)
        person = invitations.join(writer, fields, code, WISH, HASHED, NOW)
    assert (person.login, person.role, person.language) == ("ada@desk.example", "senior", "fr")
    assert told(person.pid) == [(person.pid, "person.joined")]
    with pytest.raises(NotFound, match="does not work any more"), database.writing() as writer:
        invitations.join(writer, fields, code, Wish("eve@desk.example", "Eve", PASSWORD), HASHED, NOW)
    with database.reading() as reader:
        assert len(queries.people_of(reader, admin.organisation)) == 1


def test_a_link_works_for_three_days(database: Database, admin: Actor) -> None:
    with database.writing() as writer:
        code = invitations.invite(writer, admin, "reviewer", NOW)
    with database.reading() as reader:
        assert invitations.find(reader, code, NOW + timedelta(hours=71)).role == "reviewer"
        for wrong, later in ((code, 72), (code + "x", 0), ("", 0), ("\ud800", 0)):
            with pytest.raises(NotFound):
                invitations.find(reader, wrong, NOW + timedelta(hours=later))


def test_the_code_stands_nowhere_but_in_the_link(database: Database, admin: Actor) -> None:
    with database.writing() as writer:
        code = invitations.invite(writer, admin, "reviewer", NOW)
        (offered,) = queries.open_invitations(writer, admin.organisation, NOW)
    assert code not in repr(offered)
    assert invitations.path_of(code) == f"/join/{code}"


def test_a_withdrawn_link_works_no_more(database: Database, admin: Actor) -> None:
    with database.writing() as writer:
        code = invitations.invite(writer, admin, "reviewer", NOW)
        handle = queries.open_invitations(writer, admin.organisation, NOW)[0].handle
        for wrong in ("", "%" * 12, "x" * 12, handle[:11]):
            with pytest.raises(NotFound):
                invitations.withdraw(writer, admin, wrong, NOW)
        with pytest.raises(NotFound):
            invitations.withdraw(writer, Actor(admin.organisation + 1, "R-EVIL", "admin"), handle, NOW)
        invitations.withdraw(writer, admin, handle, NOW)
        with pytest.raises(NotFound):
            invitations.find(writer, code, NOW)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish("ad", "Ada", PASSWORD), "a login has"),
        (Wish("a da", "Ada", PASSWORD), "a login has"),
        (Wish("ada\0", "Ada", PASSWORD), "a login has"),
        (Wish("x" * 121, "Ada", PASSWORD), "a login has"),
        (Wish("ada", "", PASSWORD), "a name has"),
        (Wish("ada", "A\nB", PASSWORD), "a name has"),
        (Wish("ada", "x" * 121, PASSWORD), "a name has"),
        (Wish("ada", "Ada", "short"), "shorter than"),
        (Wish(PASSWORD.replace(" ", "."), "Ada", PASSWORD.replace(" ", ".")), "same as the login"),
    ],
)
def test_a_wish_that_makes_no_sense_leaves_the_link_as_it_was(
    database: Database, fields: Fields, admin: Actor, wish: Wish, why: str
) -> None:
    with database.writing() as writer:
        code = invitations.invite(writer, admin, "reviewer", NOW)
        with pytest.raises(UserMistake, match=why):
            invitations.join(writer, fields, code, wish, HASHED, NOW)
        assert invitations.find(writer, code, NOW).used_at is None


def test_a_login_is_one_persons_in_all_organisations(database: Database, fields: Fields, join: Join) -> None:
    join("ada@desk.example")
    with database.writing() as writer:
        theirs = organisations.add(writer, "theirs", "Theirs", NOW).id
        code = invitations.invite(writer, Actor(theirs, "R-EVE", "admin"), "reviewer", NOW)
        with pytest.raises(Conflict, match="taken"):
            invitations.join(writer, fields, code, WISH, HASHED, NOW)


def test_there_is_no_role_but_those_that_exist(database: Database, admin: Actor) -> None:
    with pytest.raises(UserMistake, match="roles are reviewer"), database.writing() as writer:
        invitations.invite(writer, admin, "root", NOW)


def test_a_link_to_a_new_password_ends_every_session(database: Database, join: Join, admin: Actor, told: Told) -> None:
    person = join()
    other = passwords.hashed("another good password")
    with database.writing() as writer:
        sessions.begin(writer, person, stage="full", through="password", browser="", times=TIMES, now=NOW)
        queries.change_person(writer, person.id, failures=2, locked_until=NOW + timedelta(minutes=9))
        code = invitations.offer_new_password(writer, admin, person.pid, NOW)
    with database.writing() as writer:
        renewed = invitations.renew_password(writer, code, other, NOW)
        assert queries.sessions_of(writer, person.id) == []
        assert queries.secrets_of(writer, person.id)["password_hash"] == other
        fresh = queries.person_by_id(writer, person.id)
        assert fresh is not None
        assert (renewed.pid, fresh.failures, fresh.locked_until) == (person.pid, 0, None)
        with pytest.raises(NotFound):
            invitations.renew_password(writer, code, other, NOW)
    assert [verb for _, verb in told(person.pid)][1:] == ["person.reset_offered", "person.password_changed"]


def test_one_kind_of_link_is_not_taken_for_the_other(
    database: Database, fields: Fields, join: Join, admin: Actor
) -> None:
    person = join("ada")
    with database.writing() as writer:
        to_password = invitations.offer_new_password(writer, admin, person.pid, NOW)
        to_account = invitations.invite(writer, admin, "reviewer", NOW)
        with pytest.raises(NotFound):
            invitations.join(writer, fields, to_password, Wish("eve", "Eve", PASSWORD), HASHED, NOW)
        with pytest.raises(NotFound):
            invitations.renew_password(writer, to_account, HASHED, NOW)


def test_who_may_not_come_in_gets_no_new_password(database: Database, join: Join, admin: Actor) -> None:
    person = join()
    with database.writing() as writer:
        code = invitations.offer_new_password(writer, admin, person.pid, NOW)
        queries.change_person(writer, person.id, active=False)
        with pytest.raises(NotFound):
            invitations.offer_new_password(writer, admin, person.pid, NOW)
        with pytest.raises(NotFound):
            invitations.renew_password(writer, code, HASHED, NOW)
        with pytest.raises(NotFound):
            invitations.offer_new_password(writer, Actor(admin.organisation + 1, "R-EVIL", "admin"), person.pid, NOW)


def test_the_very_first_link_is_given_while_nobody_has_an_account(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        one, other = first_admin_link(writer, NOW), first_admin_link(writer, NOW)
        assert one is not None
        assert other is not None
        assert len(queries.organisations(writer)) == 1
        made = invitations.join(writer, fields, one.rsplit("/", 1)[1], WISH, HASHED, NOW)
        assert made.role == "admin"
        assert first_admin_link(writer, NOW) is None
        with pytest.raises(NotFound):
            invitations.find(writer, other.rsplit("/", 1)[1], NOW)
