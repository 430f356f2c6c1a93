"""What the vault holds: one row an object; its bytes are a file that only the row's key opens."""

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table

from rempart.storage.columns import METADATA, Moment, owner

vault_object = Table(
    "vault_object",
    METADATA,
    Column("id", String(32), primary_key=True),
    owner(),
    # The object's own age identity, sealed; deleting it purges the object wherever copies of the file are.
    Column("key_sealed", LargeBinary),
    Column("sealed_sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("stored_at", Moment, nullable=False),
    Column("purged_at", Moment),
    Column("certificate", LargeBinary),
)
