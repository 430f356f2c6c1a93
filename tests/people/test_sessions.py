"""Sessions: named by a key that only the browser has; ended by time, by hand, by any change of rights."""

from datetime import timedelta

import pytest

from rempart.errors import NotFound
from rempart.facts.people import Actor
from rempart.people import queries, sessions, staff
from rempart.people.random_keys import hash_of, new_key, new_pseudonym
from rempart.people.records import Person, Session
from rempart.storage.database import Database
from rempart.testing.desk import NOW

from .conftest import HASHED, TIMES, Join, Told


def begin(database: Database, person: Person, minutes: float = 0, stage: str = "full") -> tuple[str, Session]:
    with database.writing() as writer:
        given = {"stage": stage, "through": "password", "browser": "Firefox, Linux", "times": TIMES}
        return sessions.begin(writer, person, **given, now=NOW + timedelta(minutes=minutes))  # type: ignore[arg-type]


def works(database: Database, key: str, minutes: float = 0) -> bool:
    with database.reading() as reader:
        return sessions.find(reader, key, TIMES, NOW + timedelta(minutes=minutes)) is not None


def test_a_key_opens_its_session_and_stands_nowhere(database: Database, join: Join) -> None:
    person = join()
    key, session = begin(database, person)
    with database.reading() as reader:
        assert sessions.find(reader, key, TIMES, NOW) == (session, person)
    assert session.key_hash == hash_of(key)
    assert key not in repr(session)
    assert session.form_key not in (key, session.key_hash)
    assert not works(database, session.key_hash)
    assert not works(database, "")


def test_a_session_that_nobody_uses_ends(database: Database, join: Join) -> None:
    key, session = begin(database, join())
    assert works(database, key, 29)
    assert not works(database, key, 30)
    with database.writing() as writer:
        queries.touch_session(writer, session.key_hash, NOW + timedelta(minutes=29))
    assert works(database, key, 58)


def test_a_session_ends_even_when_it_is_used(database: Database, join: Join) -> None:
    key, session = begin(database, join())
    with database.writing() as writer:
        queries.touch_session(writer, session.key_hash, NOW + timedelta(hours=12))
    assert works(database, key, 12 * 60 - 1)
    assert not works(database, key, 12 * 60)


def test_a_session_that_lacks_its_code_lasts_ten_minutes(database: Database, join: Join) -> None:
    key, _ = begin(database, join(), stage="password")
    assert works(database, key, 9)
    assert not works(database, key, 10)


def test_its_use_is_written_down_once_a_minute_at_most(database: Database, join: Join) -> None:
    _, session = begin(database, join())
    assert not sessions.is_due(session, NOW + timedelta(seconds=59))
    assert sessions.is_due(session, NOW + timedelta(seconds=60))


def test_expired_sessions_are_swept_and_nobody_has_more_than_twenty(database: Database, join: Join) -> None:
    person = join()
    begin(database, person, -13 * 60)
    keys = [begin(database, person, minute)[0] for minute in range(sessions.MOST_SESSIONS + 3)]
    with database.reading() as reader:
        assert len(queries.sessions_of(reader, person.id)) == sessions.MOST_SESSIONS
    assert not works(database, keys[0], 23)
    assert works(database, keys[-1], 23)


@pytest.mark.parametrize("change", ["role", "deactivate", "password"])
def test_any_change_of_rights_ends_every_session(database: Database, join: Join, admin: Actor, change: str) -> None:
    person = join()
    keys = [begin(database, person)[0] for _ in range(2)]
    with database.writing() as writer:
        if change == "role":
            staff.change_role(writer, admin, person.pid, "auditor", NOW)
        elif change == "deactivate":
            staff.deactivate(writer, admin, person.pid, NOW)
        else:
            staff.change_password(writer, person, HASHED, NOW)
    assert not any(works(database, key) for key in keys)


def test_somebody_ends_their_own_sessions_and_nobody_elses(database: Database, join: Join, told: Told) -> None:
    ada, eve = join("ada"), join("eve")
    (here, mine), (there, other), (hers, evil) = begin(database, ada), begin(database, ada), begin(database, eve)
    with database.writing() as writer:
        sessions.end_one(writer, ada, other.handle, NOW)
        with pytest.raises(NotFound):
            sessions.end_one(writer, ada, evil.handle, NOW)
        with pytest.raises(NotFound):
            sessions.end_one(writer, ada, "", NOW)
    assert (works(database, here), works(database, there), works(database, hers)) == (True, False, True)
    begin(database, ada)
    with database.writing() as writer:
        sessions.end_others(writer, ada, mine.key_hash, NOW)
        sessions.end_others(writer, ada, mine.key_hash, NOW)
        assert [one.key_hash for one in queries.sessions_of(writer, ada.id)] == [mine.key_hash]
        sessions.end(writer, ada.actor, mine.key_hash, NOW)
    assert not works(database, here)
    assert works(database, hers)
    assert [verb for _, verb in told(ada.pid)].count("person.signed_out") == 3


def test_keys_are_long_and_pseudonyms_can_be_read_out(database: Database, join: Join) -> None:
    assert len({new_key() for _ in range(100)}) == 100
    assert len(new_key()) == 43
    join()
    with database.reading() as reader:
        pid = new_pseudonym(reader, "R")
    assert pid.startswith("R-")
    assert not set(pid[2:]) & set("0O1IL")
