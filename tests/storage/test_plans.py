"""Rows of one thing are found by its own index, not by reading everything that the organisation has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from rempart.migrations.schema import METADATA
from rempart.storage.database import Database

# What is small, or is never asked by its case.
LEFT_OUT = {"bundle_row"}
OWNED = [table for table in METADATA.tables.values() if "organisation" in table.c and table.name not in LEFT_OUT]


def found_by(table: Table) -> list[str]:
    """The columns with which an index begins, but for the organisation."""
    keys = [list(index.columns) for index in table.indexes] + [list(table.primary_key.columns)]
    return sorted({str(columns[0].name) for columns in keys} - {"organisation"})


@pytest.fixture
def database(empty_sqlite: Path) -> Iterator[Database]:
    """A SQLite database with the newest schema: PostgreSQL keeps statistics, and needs no such care."""
    made = Database(f"sqlite:///{empty_sqlite}")
    yield made
    made.close()


def plan(database: Database, statement: Any) -> str:
    with database.engine.connect() as connection:
        text = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
        return " ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)
def test_what_has_an_index_is_found_by_it(database: Database, table: Table) -> None:
    for name in found_by(table):
        column = table.c[name]
        value: Any = 5 if column.type.python_type is int else "5"
        if column.type.python_type not in (int, str):
            continue
        for wanted in (column == value, column.in_([value])):
            steps = plan(database, select(table).where(table.c.organisation == 1, wanted))
            assert f"{name}=?" in steps or "rowid=?" in steps, f"{table.name}.{name}: {steps}"
