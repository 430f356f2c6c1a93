"""The schema comes from migrations, whole, on both databases."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from rempart.errors import Unavailable
from rempart.migrations import run
from rempart.migrations.schema import METADATA
from rempart.storage.database import Database
from rempart.testing.postgres import Cluster

BOOK = "alembic_version"


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database without any table."""
    if request.param == "sqlite":
        return Database(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    cluster: Cluster = request.getfixturevalue("cluster")
    return Database(cluster.url(cluster.create()))


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
    bare.close()


def test_an_upgrade_of_the_newest_changes_nothing(database: Database) -> None:
    run.upgrade(database)
    run.upgrade(database)
    assert tables(database) == set(METADATA.tables) | {BOOK}


def test_several_processes_may_upgrade_at_once(bare: Database) -> None:
    trouble: list[BaseException] = []

    def upgrade() -> None:
        own = Database(bare.url.render_as_string(hide_password=False))
        try:
            run.upgrade(own)
        except BaseException as error:
            trouble.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert tables(bare) == set(METADATA.tables) | {BOOK}
    bare.close()


def test_an_upgrade_that_fails_midway_leaves_nothing_behind(bare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr("alembic.op.create_index", refuse)
    with pytest.raises(KeyError):
        run.upgrade(bare)
    monkeypatch.undo()
    assert tables(bare) == set()
    run.upgrade(bare)
    bare.close()


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
    from rempart.testing.desk import make_case, make_organisation

    with database.writing() as writer:
        make_case(writer, make_organisation(writer))
    with pytest.raises(Exception, match="append-only"), database.writing() as writer:
        writer.run(text(change))
