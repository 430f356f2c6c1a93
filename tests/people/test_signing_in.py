"""Signing in: an end to guessing, and nothing told of who has an account."""

from datetime import timedelta

import pytest

from rempart.facts.people import Actor
from rempart.people import passwords, queries, signing_in, staff
from rempart.people.records import Person
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW

from .conftest import GUESSING, PASSWORD, Join, Told


def attempt(database: Database, login: str, password: str, minutes: float = 0) -> Person | None:
    with database.reading() as reader:
        known = signing_in.look_up(reader, login)
    right = passwords.holds(known.password_hash if known else None, password)
    with database.writing() as writer:
        now = NOW + timedelta(minutes=minutes)
        return signing_in.settle_password(writer, known, right=right, guessing=GUESSING, now=now)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow check replaced: what it says is tested elsewhere."""
    monkeypatch.setattr(passwords, "holds", lambda stored, given: bool(stored) and given == PASSWORD)


def test_the_right_password_lets_in(database: Database, join: Join) -> None:
    person = join()
    assert attempt(database, "  ADA@Desk.Example ", PASSWORD) == person
    assert attempt(database, "ada@desk.example", PASSWORD + "!") is None


@pytest.mark.usefixtures("quick")
def test_guessing_locks_the_account_for_a_while_also_for_the_right_password(
    database: Database, join: Join, told: Told
) -> None:
    person = join()
    for _ in range(GUESSING.attempts):
        assert attempt(database, person.login, "wrong") is None
    assert attempt(database, person.login, PASSWORD) is None
    assert attempt(database, person.login, PASSWORD, 14.9) is None
    assert attempt(database, person.login, PASSWORD, 15) is not None
    assert [verb for _, verb in told(person.pid)][1:] == ["person.sign_in_failed"] * 3 + ["person.locked"]
    assert {actor for actor, _ in told(person.pid)[1:]} == {"public"}


@pytest.mark.usefixtures("quick")
def test_a_right_password_alone_does_not_forget_the_wrong_ones(database: Database, join: Join) -> None:
    person = join()
    for _ in range(GUESSING.attempts - 1):
        attempt(database, person.login, "wrong")
    assert attempt(database, person.login, PASSWORD) is not None
    attempt(database, person.login, "wrong")
    assert attempt(database, person.login, PASSWORD) is None


@pytest.mark.usefixtures("quick")
def test_a_whole_sign_in_forgets_earlier_mistakes(database: Database, join: Join) -> None:
    person = join()
    attempt(database, person.login, "wrong")
    with database.writing() as writer:
        fresh = queries.person_by_id(writer, person.id)
        assert fresh is not None
        assert fresh.failures == 1
        signing_in.note_success(writer, fresh, through="password", code=False, now=NOW)
        assert queries.person_by_id(writer, person.id).failures == 0  # type: ignore[union-attr]


def test_wrong_codes_lock_as_wrong_passwords_do(database: Database, fields: Fields, join: Join) -> None:
    person = join()
    for minutes in range(GUESSING.attempts + 1):
        with database.writing() as writer:
            now = NOW + timedelta(minutes=minutes)
            assert not signing_in.settle_code(writer, fields, person, "000000", GUESSING, now)
    with database.reading() as reader:
        assert queries.person_by_id(reader, person.id).locked_until is not None  # type: ignore[union-attr]


@pytest.mark.usefixtures("quick")
def test_who_is_deactivated_is_not_known(database: Database, join: Join, admin: Actor) -> None:
    person = join()
    with database.writing() as writer:
        staff.deactivate(writer, admin, person.pid, NOW)
    assert attempt(database, person.login, PASSWORD) is None


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("login", ["", "nobody", "ada@desk.example\0", "\ud800", "x" * 100_000, "%", "' OR 1=1 --"])
def test_who_does_not_exist_is_not_let_in(database: Database, join: Join, login: str) -> None:
    join()
    assert attempt(database, login, PASSWORD) is None


def test_a_password_that_changed_during_the_check_does_not_let_in(database: Database, join: Join) -> None:
    person = join()
    with database.reading() as reader:
        known = signing_in.look_up(reader, person.login)
    with database.writing() as writer:
        queries.change_person(writer, person.id, password_hash="another")  # noqa: S106 - a test's
        assert signing_in.settle_password(writer, known, right=True, guessing=GUESSING, now=NOW) is None
