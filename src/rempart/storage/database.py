"""The database: SQLite by default, PostgreSQL when outgrown; one unit of work at a time.

A feature takes a `Reader` or a `Writer` and never commits: the edge opens the unit of work and it commits once.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Executable, RowMapping, Table, create_engine, event
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from rempart.errors import Broken, Conflict, Unavailable, UserMistake

BUSY_MILLISECONDS = 10_000
CACHE_KIB = 64 * 1024
MAPPED_BYTES = 1 << 30
RETRY_AFTER_SECONDS = 5.0
POOL_CONNECTIONS = 16


class Reader:
    """Reads; on SQLite all of it from one moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name

    def rows(self, statement: Executable, values: Any = None) -> Sequence[RowMapping]:
        """Every row."""
        return self._connection.execute(statement, values).mappings().all()

    def each(self, statement: Executable) -> Iterator[RowMapping]:
        """Every row, a thousand at a time: for what does not fit into memory."""
        yield from self._connection.execute(statement, execution_options={"yield_per": 1000}).mappings()

    def one(self, statement: Executable) -> RowMapping | None:
        """The first row, or None."""
        return self._connection.execute(statement).mappings().first()

    def value(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return self._connection.execute(statement).scalar()

    def values(self, statement: Executable) -> Sequence[Any]:
        """The first column of every row."""
        return self._connection.execute(statement).scalars().all()


class Writer(Reader):
    """Reads and changes; everything is kept together when the unit of work ends well, else nothing."""

    def run(self, statement: Executable, values: Any = None) -> int:
        """How many rows the statement changed. values: a row, or a list of rows, to carry it out with."""
        return int(self._connection.execute(statement, values).rowcount)

    def insert(self, table: Table, **values: Any) -> int:
        """The id of the new row."""
        # The values are passed apart: built into the statement they would cost more than the database takes.
        key = self._connection.execute(table.insert(), values).inserted_primary_key
        return key[0] if key is not None else 0


class Database:
    """One database of one installation. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        parsed = sqlalchemy.make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        # Values never stand in an error, so that no traceback can show one.
        options: dict[str, Any] = {
            "pool_size": POOL_CONNECTIONS,
            "max_overflow": POOL_CONNECTIONS,
            "hide_parameters": True,
        }
        if not self.is_sqlite:
            options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
        self.engine = create_engine(parsed, **options)
        self.url = parsed
        self._turn = Lock()
        event.listen(self.engine, "connect", _prepare_sqlite if self.is_sqlite else _prepare_postgresql)

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string(hide_password=True)})"

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A reader. Raises Unavailable when the database cannot be reached."""
        with _told(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield Reader(connection)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A writer, committed when the block ends well. Raises Unavailable (nothing was kept) or Conflict."""
        with self._in_turn(), _told(), self.engine.connect() as connection, connection.begin():
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield Writer(connection)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Alone among the writers of this process. Raises Unavailable when it takes too long.

        SQLite lets one write at a time; the others sleep and ask again, up to a tenth of a second later. Here the next
        one goes on at once.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
            raise Unavailable("the database is busy; nothing was kept", RETRY_AFTER_SECONDS)
        try:
            yield
        finally:
            self._turn.release()

    def scrub(self, table: str) -> None:
        """Nothing; what was deleted or overwritten in the table stands in no live file of the database any more.

        SQLite: the write-ahead log is emptied. PostgreSQL: dead rows are vacuumed. Backups are out of reach. It does
        what it can: while others read, something may be left for the next time.
        """
        with _told(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            else:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                alone.exec_driver_sql(f'VACUUM "{table}"')

    def close(self) -> None:
        """Every connection is given back."""
        self.engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    """Driver errors in the words of the house; no statement and no value is ever quoted."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict("the record changed meanwhile, or exists already; load it anew and try again") from error
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        if _is_a_bug(error):
            raise
        raise Unavailable("the database cannot be used now; nothing was kept", RETRY_AFTER_SECONDS) from error
    except (DataError, OverflowError, UnicodeEncodeError) as error:
        raise UserMistake("a value is too large or has characters that cannot be kept; correct it") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("the database went away; nothing was kept", RETRY_AFTER_SECONDS) from error
        if type(error) is DatabaseError:  # not one of its kinds: SQLite says so of a file that makes no sense
            raise Broken("the database is damaged; restore it from a backup") from error
        raise


def _is_a_bug(error: SQLAlchemyError) -> bool:
    """Whether SQLite refused the statement itself: it says so with the same class as of a full disk."""
    refused = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return refused == sqlite3.SQLITE_ERROR


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Nobody waits for a lock longer than on SQLite."""
    connection.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL with every commit on disk: an accepted notice survives a loss of power."""
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would begin too late and too weakly
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        f"cache_size=-{CACHE_KIB}",
        f"mmap_size={MAPPED_BYTES}",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
