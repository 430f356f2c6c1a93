"""The schema, from migrations only."""

from rempart.migrations.run import upgrade

__all__ = ["upgrade"]
