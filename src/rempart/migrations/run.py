"""Bringing a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from rempart.storage.database import Database

LOCK_MILLISECONDS = 10_000
_UPGRADE_LOCK = 7_305_821


def config(database: Database) -> Config:
    """Alembic's configuration for this database; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["engine"] = database.engine
    return made


def upgrade(database: Database, to: str = "head") -> None:
    """Nothing; the schema is the newest. Several processes may ask at once; each migration is all or nothing."""
    with database.engine.connect() as connection, connection.begin():
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
        made = config(database)
        made.attributes["connection"] = connection
        command.upgrade(made, to)


def downgrade(database: Database, to: str) -> None:
    """Nothing; the schema is that of an older revision, for going back to the release before."""
    with database.engine.connect() as connection, connection.begin():
        made = config(database)
        made.attributes["connection"] = connection
        command.downgrade(made, to)
