"""Every table of the house, gathered for Alembic."""

from rempart.storage.columns import METADATA

__all__ = ["METADATA"]
