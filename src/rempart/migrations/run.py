"""Bringing a database to the newest schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from rempart.errors import Unavailable
from rempart.storage.database import RETRY_AFTER_SECONDS, Database

LOCK_MILLISECONDS = 10_000
_UPGRADE_LOCK = 7_305_821


def config(database: Database) -> Config:
    """Alembic's configuration for this database; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["engine"] = database.engine
    return made


def upgrade(database: Database, to: str = "head") -> None:
    """Nothing; the schema is the newest. Several processes may ask at once; it is changed whole or not at all.

    Raises Unavailable when somebody holds what has to be changed, or the database is away.
    """
    with _alone(database) as made:
        command.upgrade(made, to)


def downgrade(database: Database, to: str) -> None:
    """Nothing; the schema is that of an older revision, for going back to the release before."""
    with _alone(database) as made:
        command.downgrade(made, to)


@contextmanager
def _alone(database: Database) -> Iterator[Config]:
    """Alembic's configuration with a connection that alone changes the schema, all in one transaction."""
    try:
        with database.engine.connect() as connection, connection.begin():
            if database.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
            made = config(database)
            made.attributes["connection"] = connection
            yield made
    except OperationalError as error:
        raise Unavailable(
            "the schema of the database cannot be changed now; nothing was changed", RETRY_AFTER_SECONDS
        ) from error
