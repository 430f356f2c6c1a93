"""Every table of the house, gathered for Alembic."""

from rempart.audit import tables as audit
from rempart.cases import tables as cases
from rempart.people import tables as people
from rempart.reporting import tables as reporting
from rempart.storage import tables as storage
from rempart.storage.columns import METADATA
from rempart.vault import tables as vault

# A module of tables fills METADATA when it is imported; one that is missing here would be dropped by a migration.
OWNERS = (storage, audit, people, vault, cases, reporting)

__all__ = ["METADATA", "OWNERS"]
