"""The column types that every table of the house uses, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.types import TypeDecorator

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
FORMAT = "%Y-%m-%dT%H:%M:%SZ"
BigId = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """A time in UTC with whole seconds, kept as `2026-11-22T09:30:00Z`: sorts as text, reads the same everywhere."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The stored text. A time without a zone is a bug: it raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).strftime(FORMAT)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The time, in UTC."""
        return None if value is None else datetime.fromisoformat(value)  # a tenth of the time that strptime takes


def identity() -> Column[int]:
    """The primary key: a number that is never given twice."""
    return Column("id", BigId, primary_key=True, autoincrement=True)


def refers(name: str, to: str, **options: Any) -> Column[int]:
    """A column that holds the id of a row of table `to`."""
    options.setdefault("nullable", False)
    return Column(name, BigId, ForeignKey(f"{to}.id"), **options)


def owner() -> Column[int]:
    """The organisation that owns the row. Every query of a feature names it.

    It has no index of its own: SQLite, which keeps no statistics, would take that one before the index that finds the
    few rows that are wanted, and read everything that the organisation has.
    """
    return refers("organisation", "organisation")


def found_by(table: Table, *columns: str) -> None:
    """Nothing; rows are found by each of these columns, within the organisation.

    The organisation stands in the index, too: without it SQLite, which keeps no statistics, may take any other index
    that begins with the organisation, and read everything that it has.
    """
    for column in columns:
        Index(f"ix_{table.name}_{column}", table.c[column], table.c.organisation)
