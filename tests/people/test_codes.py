"""One-time codes: set up with a proof, each good once, and no secret readable."""

from datetime import timedelta

import pyotp
import pytest

from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.people import ROLES, Actor
from rempart.people import codes, queries, sessions
from rempart.people.records import Person
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW

from .conftest import TIMES, Join, Told


def code_at(secret: str, seconds: float = 0) -> str:
    return pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds))


def with_codes(database: Database, fields: Fields, person: Person) -> tuple[Person, str]:
    """The person, with codes made from the secret."""
    proposal = codes.propose(fields, person, NOW)
    with database.writing() as writer:
        codes.set_up(writer, fields, person, proposal, code_at(proposal.secret), NOW)
        fresh = queries.person_by_id(writer, person.id)
    assert fresh is not None
    return fresh, proposal.secret


def use(database: Database, fields: Fields, person: Person, code: str, seconds: float) -> bool:
    with database.writing() as writer:
        return codes.use(writer, fields, person, code, NOW + timedelta(seconds=seconds))


def test_codes_are_in_force_once_one_was_shown(database: Database, fields: Fields, join: Join, told: Told) -> None:
    person, secret = with_codes(database, fields, join())
    assert person.has_code
    assert use(database, fields, person, code_at(secret, 60), 60)
    assert told(person.pid)[-1] == (person.pid, "person.code_set_up")


def test_a_code_works_once_also_the_one_that_set_it_up(database: Database, fields: Fields, join: Join) -> None:
    person, secret = with_codes(database, fields, join())
    assert not use(database, fields, person, code_at(secret), 0)
    assert use(database, fields, person, code_at(secret, 60), 60)
    assert not use(database, fields, person, code_at(secret, 60), 60)
    assert not use(database, fields, person, code_at(secret, 30), 60)
    assert use(database, fields, person, code_at(secret, 90), 90)


@pytest.mark.parametrize(("late", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_telephone_may_be_half_a_minute_off(
    database: Database, fields: Fields, join: Join, late: int, good: bool
) -> None:
    person, secret = with_codes(database, fields, join())
    assert use(database, fields, person, code_at(secret, 600 + late), 600) is good


@pytest.mark.parametrize("code", ["", "000000", "12345", "１２３４５６", "\ud800", "x" * 100_000, "1234 56 78"])
def test_what_is_no_code_is_only_wrong(database: Database, fields: Fields, join: Join, code: str) -> None:
    person, _ = with_codes(database, fields, join())
    assert not use(database, fields, person, code, 600)


def test_spaces_in_a_code_do_no_harm(database: Database, fields: Fields, join: Join) -> None:
    person, secret = with_codes(database, fields, join())
    code = code_at(secret, 600)
    assert use(database, fields, person, f" {code[:3]} {code[3:]} ", 600)


def test_a_wrong_code_sets_nothing_up(database: Database, fields: Fields, join: Join) -> None:
    person = join()
    proposal = codes.propose(fields, person, NOW)
    with pytest.raises(UserMistake, match="not right"), database.writing() as writer:
        codes.set_up(writer, fields, person, proposal, "000000", NOW)
    with database.reading() as reader:
        assert not queries.person_by_id(reader, person.id).has_code  # type: ignore[union-attr]


def test_codes_are_not_set_up_twice(database: Database, fields: Fields, join: Join) -> None:
    person, _ = with_codes(database, fields, join())
    proposal = codes.propose(fields, person, NOW)
    with pytest.raises(Conflict), database.writing() as writer:
        codes.set_up(writer, fields, person, proposal, code_at(proposal.secret), NOW)


def test_a_proposal_is_good_for_its_person_and_for_half_an_hour(fields: Fields, join: Join) -> None:
    ada, eve = join("ada"), join("eve")
    proposal = codes.propose(fields, ada, NOW)
    found = codes.proposed(fields, ada, proposal.sealed, NOW + timedelta(minutes=29))
    assert found is not None
    assert found.secret == proposal.secret
    assert codes.proposed(fields, eve, proposal.sealed, NOW) is None
    assert codes.proposed(fields, ada, proposal.sealed, NOW + timedelta(minutes=30)) is None
    assert proposal.secret not in proposal.sealed


@pytest.mark.parametrize("sealed", ["", "x", "é", "AAAA", "\ud800", "A" * 10_000])
def test_a_proposal_that_was_changed_is_none(fields: Fields, join: Join, sealed: str) -> None:
    person = join()
    assert codes.proposed(fields, person, sealed, NOW) is None
    right = codes.propose(fields, person, NOW).sealed
    assert codes.proposed(fields, person, right[:-4] + "AAAA", NOW) is None


def test_the_secret_is_sealed_in_the_database(database: Database, fields: Fields, join: Join) -> None:
    person, secret = with_codes(database, fields, join())
    with database.reading() as reader:
        kept = queries.secrets_of(reader, person.id)
    assert secret.encode() not in kept["code_secret_sealed"]
    assert b"Ada" not in kept["name_sealed"]
    assert secret not in repr(person)


def test_an_administrator_resets_them_and_every_session_ends(
    database: Database, fields: Fields, join: Join, admin: Actor, told: Told
) -> None:
    person, _ = with_codes(database, fields, join())
    with database.writing() as writer:
        sessions.begin(writer, person, stage="full", through="password", browser="", times=TIMES, now=NOW)
        codes.reset(writer, admin, person.pid, NOW)
        assert queries.sessions_of(writer, person.id) == []
        assert not queries.person_by_id(writer, person.id).has_code  # type: ignore[union-attr]
        with pytest.raises(NotFound):
            codes.reset(writer, admin, person.pid, NOW)
        with pytest.raises(NotFound):
            codes.reset(writer, Actor(admin.organisation + 1, "R-EVIL", "admin"), person.pid, NOW)
    assert told(person.pid)[-1] == (admin.pid, "person.code_reset")


def test_who_confirms_sees_names_or_gives_rights_must_have_codes(database: Database, join: Join) -> None:
    asked = set()
    for role in ROLES:
        person = join(f"{role}@desk.example", role)
        with database.writing() as writer:
            given = {"stage": "full", "browser": "", "times": TIMES, "now": NOW}
            _, session = sessions.begin(writer, person, through="password", **given)
            _, outside = sessions.begin(writer, person, through="oidc", **given)
        asked |= {role} if codes.must_set_up(person, session) else set()
        assert not codes.must_set_up(person, outside)
    assert asked == {"senior", "supervisor", "admin"}
