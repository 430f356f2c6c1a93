"""A ledger under test, which can also be changed behind the program's back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from rempart.audit import queries
from rempart.audit.verifying import Verdict, verify
from rempart.facts.people import Actor
from rempart.storage import KeyRing
from rempart.storage.database import Database

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@dataclass
class Ledger:
    """A ledger under test."""

    database: Database
    keys: KeyRing
    folder: Path

    def append(self, number: int = 1, now: datetime = NOW) -> None:
        """Nothing; the ledger has so many entries more."""
        with self.database.writing() as writer:
            for index in range(number):
                data = {"tier": index, "why": ["é", None], "lane": "tier"}
                queries.append(writer, Actor(1, "R-1"), "case", index, "case.opened", data, now)

    def verify(self, **options: object) -> Verdict:
        """What verification finds."""
        return verify(self.database, self.keys.public_signing_key, self.folder, **options)  # type: ignore[arg-type]

    def run(self, sql: str, **values: object) -> None:
        """Nothing; the statement was carried out behind the program's back."""
        with self.database.writing() as writer:
            writer.run(text(sql), values)

    def drop_guards(self) -> None:
        """Nothing; the triggers are gone."""
        for table in ("ledger", "ledger_checkpoint"):
            if self.database.is_sqlite:
                for change in ("update", "delete"):
                    self.run(f"DROP TRIGGER {table}_no_{change}")
            else:
                self.run(f"DROP TRIGGER {table}_no_change ON {table}")
