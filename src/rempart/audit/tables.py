"""The ledger: every event once, in order, each chained to the one before. Triggers forbid any change."""

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, String, Table

from rempart.storage.columns import METADATA, BigId, Moment, owner

# seq has no holes: a hole is a removal.
ledger = Table(
    "ledger",
    METADATA,
    Column("seq", BigId, primary_key=True, autoincrement=False),
    owner(),
    Column("at", Moment, nullable=False),
    Column("actor", String(12), nullable=False),
    # What it is about: `case`, `notice`, `media`, `person`, `appeal`, `order`, `list`, …
    Column("about", String(20), nullable=False),
    Column("about_id", String(40), nullable=False),
    Column("verb", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)
# What a page of the ledger walks, newest first.
Index("ix_ledger_own", ledger.c.organisation, ledger.c.seq)
Index("ix_ledger_story", ledger.c.organisation, ledger.c.about, ledger.c.about_id, ledger.c.seq)
Index("ix_ledger_verb", ledger.c.organisation, ledger.c.verb, ledger.c.at)

# One row: how far the ledger goes. A ledger that ends elsewhere has lost its tail, or grew without us.
head = Table(
    "ledger_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigId, nullable=False),
    Column("hash", String(64), nullable=False),
)

# Signed statements of how far it went and what stood there: see audit.checkpoints.
checkpoint = Table(
    "ledger_checkpoint",
    METADATA,
    # From 1, without holes: two processes cannot make the same one.
    Column("number", BigId, primary_key=True, autoincrement=False),
    Column("seq", BigId, nullable=False, unique=True),
    Column("statement", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)
