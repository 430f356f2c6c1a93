"""What the tests of the ledger share."""

from pathlib import Path

import pytest
from tests.audit.ledgers import NOW, Ledger

from rempart.people.tables import organisation
from rempart.storage import KeyRing
from rempart.storage.database import Database


@pytest.fixture
def ledger(database: Database, keys: KeyRing, tmp_path: Path) -> Ledger:
    """An empty ledger of two organisations."""
    with database.writing() as writer:
        for slug in ("desk", "other"):
            writer.insert(organisation, slug=slug, name=slug, created_at=NOW)
    return Ledger(database, keys, tmp_path / "checkpoints")
