"""Write the next migration from the tables: `python tools/migration.py 0003 "what changed"`; read it before use."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from rempart.migrations.run import config, upgrade
from rempart.storage.database import Database


def main() -> None:
    """A new file in migrations/versions, from what the tables have and the migrations do not make."""
    number, message = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        made = config(database)
        with database.engine.connect() as connection:
            made.attributes["connection"] = connection
            if any((Path(made.get_main_option("script_location") or "") / "versions").glob("0*.py")):
                upgrade(database)
            command.revision(made, message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main()
