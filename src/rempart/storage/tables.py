"""The outbox: what has to happen outside the database, written in the transaction that decided it."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, UniqueConstraint

from rempart.storage.columns import METADATA, Moment, identity, owner

outbox = Table(
    "outbox",
    METADATA,
    identity(),
    owner(),
    Column("kind", String(40), nullable=False),
    # What the effect needs: identifiers only, never content, so that the row may stay.
    Column("body", JSON, nullable=False),
    # Rows that are cancelled together, such as `decision:12`.
    Column("about", String(80), nullable=False, index=True),
    # A second row with the same key is the same effect.
    Column("effect_key", String(120), nullable=False),
    Column("not_before", Moment, nullable=False),
    # pending -> relayed -> done | failed; pending -> cancelled
    Column("state", String(12), nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("problem", Text),
    Column("created_at", Moment, nullable=False),
    Column("relayed_at", Moment),
    Column("ended_at", Moment),
    UniqueConstraint("effect_key"),
)
Index("ix_outbox_waiting", outbox.c.state, outbox.c.not_before, outbox.c.id)

# The worker processes that say that they live; one that fell silent is dead, and others take over what it began.
worker = Table(
    "worker",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
# What has to be done every so often by one process at a time.
duty = Table(
    "duty",
    METADATA,
    Column("name", String(40), primary_key=True),
    # Nobody else begins it before then.
    Column("taken_until", Moment, nullable=False),
    # When it last ended well, and what went wrong since.
    Column("done_at", Moment),
    Column("problem", Text),
)
