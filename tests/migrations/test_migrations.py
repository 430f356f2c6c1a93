"""The schema comes from migrations, whole, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from rempart.errors import Unavailable
from rempart.migrations import run
from rempart.migrations.schema import METADATA
from rempart.storage.database import Database
from rempart.testing.desk import make_case, make_organisation
from rempart.testing.postgres import Cluster

BOOK = "alembic_version"


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        made = Database(cluster.url(cluster.create()))
    yield made
    made.close()


def test_migrations_make_what_the_code_expects(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    assert tables(database) == set(METADATA.tables) | {BOOK}


def test_the_way_down_leaves_nothing_and_the_way_up_leads_back(bare: Database) -> None:
    run.upgrade(bare)
    run.downgrade(bare, "base")
    assert tables(bare) <= {BOOK}
    run.upgrade(bare)
    assert tables(bare) == set(METADATA.tables) | {BOOK}


def test_an_upgrade_of_the_newest_changes_nothing(database: Database) -> None:
    run.upgrade(database)
    run.upgrade(database)
    assert tables(database) == set(METADATA.tables) | {BOOK}


def test_several_processes_may_upgrade_at_once(bare: Database) -> None:
    def upgrade(_number: int) -> None:
        own = Database(bare.url.render_as_string(hide_password=False))
        try:
            run.upgrade(own)
        finally:
            own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, range(4)))
    assert tables(bare) == set(METADATA.tables) | {BOOK}


def test_an_upgrade_that_fails_midway_leaves_nothing_behind(bare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = command.upgrade

    def cut_short(made: Config, to: str) -> None:
        whole(made, to)
        raise KeyError

    monkeypatch.setattr(command, "upgrade", cut_short)
    with pytest.raises(KeyError):
        run.upgrade(bare)
    monkeypatch.undo()
    assert tables(bare) == set()
    run.upgrade(bare)
    assert tables(bare) == set(METADATA.tables) | {BOOK}


def test_an_upgrade_waits_for_a_lock_no_longer_than_it_says(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LOCK_MILLISECONDS", 50)
    monkeypatch.setattr("rempart.storage.database.BUSY_MILLISECONDS", 50)
    other = Database(database.url.render_as_string(hide_password=False))
    with database.writing() as writer:
        if not database.is_sqlite:
            writer.run(text("LOCK TABLE organisation"))
        with pytest.raises(Unavailable, match="schema"):
            run.downgrade(other, "base")
    other.close()
    assert "organisation" in tables(database)


@pytest.mark.parametrize("change", ["UPDATE ledger SET verb = 'x'", "DELETE FROM ledger"])
def test_the_ledger_refuses_any_change(database: Database, change: str) -> None:
    with database.writing() as writer:
        make_case(writer, make_organisation(writer))
    with database.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(change))
