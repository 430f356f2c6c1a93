"""Looking after people, tokens and organisations: each change on record, nothing across organisations."""

from datetime import timedelta

import pytest

from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import ROLES, SCOPES, Actor
from rempart.people import organisations, queries, staff, tokens
from rempart.people.random_keys import hash_of
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW

from .conftest import Join, Told


def test_names_are_for_supervisors_and_administrators(
    database: Database, fields: Fields, join: Join, admin: Actor
) -> None:
    person = join()
    with database.reading() as reader:
        for role in ROLES:
            actor = Actor(admin.organisation, "R-X", role)
            if role in ("supervisor", "admin"):
                assert staff.names(reader, fields, actor) == {person.pid: "Ada Lovelace"}
            else:
                with pytest.raises(NotAllowed):
                    staff.names(reader, fields, actor)


def test_a_role_changes_and_that_stays_on_record(database: Database, join: Join, admin: Actor, told: Told) -> None:
    person = join()
    with database.writing() as writer:
        staff.change_role(writer, admin, person.pid, "reviewer", NOW)
        staff.change_role(writer, admin, person.pid, "senior", NOW)
        assert staff.find(writer, admin, person.pid).role == "senior"
        with pytest.raises(UserMistake):
            staff.change_role(writer, admin, person.pid, "root", NOW)
    assert told(person.pid)[1:] == [(admin.pid, "person.role_changed")]


def test_the_last_administrator_stays_one(database: Database, join: Join, admin: Actor) -> None:
    ada = join("ada", "admin")
    operator = Actor(admin.organisation, "operator")
    with database.writing() as writer:
        with pytest.raises(Conflict, match="last administrator"):
            staff.change_role(writer, operator, ada.pid, "senior", NOW)
        with pytest.raises(Conflict, match="last administrator"):
            staff.deactivate(writer, operator, ada.pid, NOW)
    eve = join("eve", "admin")
    with database.writing() as writer:
        staff.deactivate(writer, ada.actor, eve.pid, NOW)
        with pytest.raises(Conflict, match="last administrator"):
            staff.change_role(writer, operator, ada.pid, "senior", NOW)


def test_nobody_changes_their_own_rights(database: Database, join: Join) -> None:
    ada, _ = join("ada", "admin"), join("eve", "admin")
    with database.writing() as writer:
        with pytest.raises(Conflict, match="their own rights"):
            staff.deactivate(writer, ada.actor, ada.pid, NOW)
        with pytest.raises(Conflict, match="their own rights"):
            staff.change_role(writer, ada.actor, ada.pid, "senior", NOW)


def test_who_left_can_come_back_with_a_clean_slate(database: Database, join: Join, admin: Actor, told: Told) -> None:
    person = join()
    with database.writing() as writer:
        with pytest.raises(Conflict, match="active already"):
            staff.reactivate(writer, admin, person.pid, NOW)
        queries.change_person(writer, person.id, failures=2, locked_until=NOW + timedelta(hours=1))
        staff.deactivate(writer, admin, person.pid, NOW)
        with pytest.raises(Conflict, match="deactivated already"):
            staff.deactivate(writer, admin, person.pid, NOW)
        staff.reactivate(writer, admin, person.pid, NOW)
        found = staff.find(writer, admin, person.pid)
    assert (found.active, found.failures, found.locked_until) == (True, 0, None)
    assert [verb for _, verb in told(person.pid)][1:] == ["person.deactivated", "person.reactivated"]


def test_nobody_is_reached_from_another_organisation(database: Database, fields: Fields, join: Join) -> None:
    person = join()
    with database.writing() as writer:
        theirs = organisations.add(writer, "theirs", "Theirs", NOW).id
        evil = Actor(theirs, "R-EVIL", "admin")
        assert staff.names(writer, fields, evil) == {}
        for verb in (staff.deactivate, staff.reactivate):
            with pytest.raises(NotFound):
                verb(writer, evil, person.pid, NOW)
        with pytest.raises(NotFound):
            staff.change_role(writer, evil, person.pid, "admin", NOW)
        with pytest.raises(NotFound):
            staff.find(writer, evil, person.pid)


def test_a_language_is_one_that_is_spoken_here(database: Database, join: Join) -> None:
    person = join()
    with database.writing() as writer:
        staff.choose_language(writer, person, "fr")
        with pytest.raises(UserMistake):
            staff.choose_language(writer, person, "xx")
        assert queries.person_by_id(writer, person.id).language == "fr"  # type: ignore[union-attr]


def test_a_token_is_kept_as_a_hash_and_works_until_it_is_revoked(database: Database, admin: Actor) -> None:
    with database.writing() as writer:
        pid, token = tokens.make(writer, admin, "  a  host ", ["figures", "items"], NOW)
        found = tokens.find(writer, token)
        assert found is not None
        assert (found.pid, found.name, found.scopes) == (pid, "a host", ("items", "figures"))
        assert found.actor == Actor(admin.organisation, pid, None, ("items", "figures"))
        assert token.startswith("rempart_")
        assert token not in repr(found)
        assert queries.token_of(writer, hash_of(token)) == found
        with pytest.raises(NotFound):
            tokens.revoke(writer, Actor(admin.organisation + 1, "R-EVIL", "admin"), pid, NOW)
        tokens.revoke(writer, admin, pid, NOW)
        assert tokens.find(writer, token) is None
        with pytest.raises(NotFound):
            tokens.revoke(writer, admin, pid, NOW)


@pytest.mark.parametrize("token", ["", "rempart_", "rempart_x", "x", "rempart_\ud800"])
def test_what_is_no_token_opens_nothing(database: Database, admin: Actor, token: str) -> None:
    with database.reading() as reader:
        assert tokens.find(reader, token) is None


@pytest.mark.parametrize(
    ("name", "scopes", "why"),
    [
        ("", ["items"], "a name of"),
        ("x" * 81, ["items"], "a name of"),
        ("a\0b", ["items"], "a name of"),
        ("x", [], "scopes that exist"),
        ("x", ["items", "everything"], "scopes that exist"),
    ],
)
def test_a_token_needs_a_name_and_scopes(
    database: Database, admin: Actor, name: str, scopes: list[str], why: str
) -> None:
    with pytest.raises(UserMistake, match=why), database.writing() as writer:
        tokens.make(writer, admin, name, scopes, NOW)


def test_a_name_is_one_tokens_for_ever(database: Database, admin: Actor) -> None:
    with database.writing() as writer:
        pid, _ = tokens.make(writer, admin, "a host", SCOPES, NOW)
        tokens.revoke(writer, admin, pid, NOW)
        with pytest.raises(Conflict, match="exists already"):
            tokens.make(writer, admin, "a host", SCOPES, NOW)


def test_the_use_of_a_token_is_written_down_once_a_minute_at_most(database: Database, admin: Actor) -> None:
    with database.writing() as writer:
        _, token = tokens.make(writer, admin, "a host", SCOPES, NOW)
        found = tokens.find(writer, token)
        assert found is not None
        assert tokens.is_due(found, NOW)
        queries.touch_token(writer, found.id, NOW)
        used = tokens.find(writer, token)
    assert used is not None
    assert not tokens.is_due(used, NOW + timedelta(seconds=59))
    assert tokens.is_due(used, NOW + timedelta(seconds=60))


def test_organisations_have_short_names_of_their_own(database: Database) -> None:
    with database.writing() as writer:
        assert organisations.chosen(writer, None, NOW).slug == "desk"
        assert organisations.first(writer, NOW).slug == "desk"
        made = organisations.add(writer, "hot-line2", "  The   Hotline ", NOW)
        assert (made.slug, made.name) == ("hot-line2", "The Hotline")
        assert organisations.find(writer, "hot-line2") == made
        with pytest.raises(Conflict):
            organisations.add(writer, "hot-line2", "Another", NOW)
        with pytest.raises(NotFound):
            organisations.find(writer, "nowhere")
        with pytest.raises(UserMistake, match="several"):
            organisations.find(writer, None)
        for slug, name in (("", "x"), ("A", "x"), ("-a", "x"), ("a--b", "x"), ("x" * 41, "x"), ("a", ""), ("a", "\0")):
            with pytest.raises(UserMistake):
                organisations.add(writer, slug, name, NOW)
