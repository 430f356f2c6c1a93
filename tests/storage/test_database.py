"""One unit of work at a time: everything is kept, or nothing and a sentence about it."""

# ruff: noqa: PT012 - what raises is the end of a unit of work

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from rempart.audit.queries import append, story
from rempart.errors import Broken, Conflict, Unavailable, UserMistake
from rempart.facts.people import Actor
from rempart.migrations import upgrade
from rempart.migrations.schema import METADATA
from rempart.storage.database import Database
from rempart.testing.desk import NOW, make_organisation
from rempart.testing.postgres import private_cluster

ORGANISATION = METADATA.tables["organisation"]
OUTBOX = METADATA.tables["outbox"]


def count(database: Database) -> int:
    with database.reading() as reader:
        return int(reader.value(select(func.count()).select_from(ORGANISATION)))


def test_a_unit_of_work_is_kept_when_it_ends_well(database: Database) -> None:
    with database.writing() as writer:
        first = make_organisation(writer, "one")
        second = make_organisation(writer, "two")
    assert second > first
    assert count(database) == 2


def test_a_unit_of_work_that_fails_keeps_nothing(database: Database) -> None:
    with pytest.raises(KeyError), database.writing() as writer:
        make_organisation(writer)
        raise KeyError
    assert count(database) == 0


def test_a_second_row_of_one_key_is_a_conflict_and_keeps_nothing(database: Database) -> None:
    with database.writing() as writer:
        make_organisation(writer, "one")
    with pytest.raises(Conflict, match="load it anew"), database.writing() as writer:
        make_organisation(writer, "two")
        make_organisation(writer, "one")
    assert count(database) == 1


def test_a_row_of_nobody_is_a_conflict(database: Database) -> None:
    with pytest.raises(Conflict), database.writing() as writer:
        row: dict[str, Any] = {"kind": "x", "body": {}, "about": "x", "not_before": NOW, "created_at": NOW}
        writer.insert(OUTBOX, organisation=404, effect_key="x", **row)


@pytest.mark.parametrize("value", [10**30, -(10**30)])
def test_a_number_beyond_the_column_is_the_callers_mistake(database: Database, value: int) -> None:
    with pytest.raises(UserMistake, match="correct it"), database.reading() as reader:
        reader.one(select(ORGANISATION).where(ORGANISATION.c.id == value))


def test_half_a_character_is_the_callers_mistake(database: Database) -> None:
    with pytest.raises(UserMistake, match="correct it"), database.writing() as writer:
        make_organisation(writer, "\ud800")


def test_what_is_told_of_an_error_quotes_no_value(database: Database) -> None:
    with pytest.raises(Conflict) as caught, database.writing() as writer:
        make_organisation(writer, "purple-dragon")
        make_organisation(writer, "purple-dragon")
    assert "purple" not in str(caught.value)


def test_rows_are_read_in_pieces_without_being_held(database: Database) -> None:
    with database.writing() as writer:
        writer.run(ORGANISATION.insert(), [{"slug": f"s{n}", "name": "n", "created_at": NOW} for n in range(2500)])
    with database.reading() as reader:
        assert sum(1 for _ in reader.each(select(ORGANISATION))) == 2500


def test_reading_a_thousand_at_a_time_changes_nothing_for_what_comes_after(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer, "one")
        assert [row["id"] for row in writer.each(select(ORGANISATION.c.id))] == [organisation]
        append(writer, Actor(organisation, "R-ADA"), "case", 1, "case.seen", {}, NOW)
        again = make_organisation(writer, "two")
        assert writer.run(ORGANISATION.update().where(ORGANISATION.c.id == again).values(name="Two")) == 1
    with database.reading() as reader:
        assert len(story(reader, organisation, "case", 1)) == 1


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as writer:
        make_organisation(writer)
        assert count(database) == 0


def test_a_writer_that_waits_too_long_is_told_to_come_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rempart.storage.database.BUSY_MILLISECONDS", 50)
    impatient = Database(database.url.render_as_string(hide_password=False))
    with database.writing() as writer:
        make_organisation(writer, "one")
        with pytest.raises(Unavailable, match="nothing was kept") as caught, impatient.writing() as other:
            make_organisation(other, "one")  # on PostgreSQL the same key is what has to be waited for
    assert caught.value.retry_after_seconds
    assert count(database) == 1
    impatient.close()


def test_writers_in_many_threads_lose_nothing(database: Database) -> None:
    def write(number: int) -> None:
        for step in range(5):
            with database.writing() as writer:
                make_organisation(writer, f"s-{number}-{step}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 30


def test_a_writer_whose_turn_does_not_come_is_told_to_come_again(
    tmp_path: Path, empty_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rempart.storage.database.BUSY_MILLISECONDS", 20)
    shutil.copyfile(empty_sqlite, tmp_path / "desk.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    with database.writing() as writer:
        make_organisation(writer)
        with pytest.raises(Unavailable, match="nothing was kept"), database.writing():
            raise AssertionError
    with pytest.raises(KeyError), database.writing():
        raise KeyError  # a unit of work that fails gives its turn back, too
    with database.writing() as writer:
        make_organisation(writer, "two")
    assert count(database) == 2
    database.close()


def test_a_full_disk_keeps_nothing_and_says_when_to_come_again(tmp_path: Path, empty_sqlite: Path) -> None:
    path = tmp_path / "full.sqlite3"
    path.write_bytes(empty_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    with database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with pytest.raises(Unavailable) as caught, database.writing() as writer:
        writer.run(text(f"PRAGMA max_page_count = {pages + 2}"))
        make_organisation(writer)
        for number in range(100):
            writer.insert(ORGANISATION, slug=f"s{number}", name="n" * 4000, created_at=NOW)
    assert caught.value.retry_after_seconds
    assert count(database) == 0
    database.close()


def test_a_file_that_is_no_database_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    path.write_bytes(b"purple dragon " * 1000)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(Broken, match="restore it"), database.reading() as reader:
        reader.one(text("SELECT * FROM organisation"))
    database.close()


def test_a_statement_that_makes_no_sense_is_a_bug_and_no_outage(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as reader:
        reader.one(text("SELECT wings FROM organisation"))


def test_every_sqlite_commit_is_on_disk_before_it_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with database.reading() as reader:
        assert reader.value(text("PRAGMA journal_mode")) == "wal"
        assert reader.value(text("PRAGMA synchronous")) == 2
        assert reader.value(text("PRAGMA foreign_keys")) == 1
    database.close()


def test_the_address_hides_its_password() -> None:
    assert "open-sesame" not in repr(Database("postgresql+psycopg://desk:open-sesame@db.example/desk"))


def test_a_lost_database_keeps_nothing_and_is_used_again_when_it_is_back() -> None:
    with private_cluster(durable=True) as cluster:
        database = Database(cluster.url())
        upgrade(database)
        with database.writing() as writer:
            make_organisation(writer, "before")
        with pytest.raises(Unavailable), database.writing() as writer:
            make_organisation(writer, "during")
            cluster.crash()
        with pytest.raises(Unavailable, match="cannot be used"), database.reading():
            pass
        cluster.resume()
        assert count(database) == 1
        database.close()
