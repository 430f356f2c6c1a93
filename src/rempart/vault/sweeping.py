"""Sweeping: files that a crash left between the file and its row, and files of purged objects. Nothing opens them."""

from datetime import datetime

from rempart.storage.database import Database
from rempart.vault import objects, queries
from rempart.vault.store import Vault
from rempart.vault.verifying import orphaned


def sweep(database: Database, vault: Vault, now: datetime) -> int:
    """How many files were removed. The key of an object lives in its row only: without it nothing of value is lost."""
    with database.reading() as reader:
        found = list(orphaned(reader, vault, now))
    removed = 0
    for name in found:
        path = vault.folder / name
        with database.reading() as reader:  # asked again: meanwhile it may have got its row
            object_id = objects.id_of(path)
            row = queries.of_any(reader, object_id) if object_id is not None else None
        if row is None or row.key_sealed is None:
            removed += objects.shredded(path)
    return removed
