"""The ledger keeps every event once and in order, and refuses to change."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rempart.audit import queries
from rempart.errors import Conflict
from rempart.facts.people import Actor
from rempart.people.tables import organisation
from rempart.storage.database import Database

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _append(database: Database, verb: str) -> int:
    with database.writing() as writer:
        if not writer.value(text("SELECT count(*) FROM organisation")):
            writer.insert(organisation, slug="desk", name="Desk", created_at=NOW)
        return queries.append(writer, Actor(1, "R-1"), "case", 7, verb, {"why": "test"}, NOW)


def test_entries_are_chained_in_order(database: Database) -> None:
    assert [_append(database, verb) for verb in ("opened", "decided")] == [1, 2]
    with database.reading() as reader:
        first, second = queries.story(reader, 1, "case", 7)
    assert second.previous == first.hash
    assert queries.rehashed(second) == second


@pytest.mark.parametrize("statement", ["UPDATE ledger SET verb = 'other'", "DELETE FROM ledger"])
def test_the_database_itself_refuses_to_change_an_entry(database: Database, statement: str) -> None:
    _append(database, "opened")
    with pytest.raises((DBAPIError, Conflict)), database.writing() as writer:
        writer.run(text(statement))
    with database.reading() as reader:
        assert [entry.verb for entry in queries.entries(reader)] == ["opened"]
