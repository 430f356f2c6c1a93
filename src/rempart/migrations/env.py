"""Alembic's entry: runs migrations on the connection that `run.py` opened."""

from alembic import context

from rempart.migrations.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,
    user_module_prefix="columns.",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
