"""Organisations, the people and services that act for them, and their sessions."""

from sqlalchemy import JSON, Boolean, Column, Integer, LargeBinary, String, Table, UniqueConstraint

from rempart.storage.columns import METADATA, Moment, identity, owner, refers

organisation = Table(
    "organisation",
    METADATA,
    identity(),
    Column("slug", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("created_at", Moment, nullable=False),
)
person = Table(
    "person",
    METADATA,
    identity(),
    owner(),
    # The pseudonym that every other table keeps instead of a name.
    Column("pid", String(12), nullable=False, unique=True),
    Column("login", String(120), nullable=False, unique=True),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("role", String(12), nullable=False),
    Column("language", String(2), nullable=False, server_default="en"),
    Column("password_hash", String(200), nullable=False),
    Column("code_secret_sealed", LargeBinary),
    # The time step of the last one-time code: a code works once.
    Column("code_step", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Moment),
    Column("created_at", Moment, nullable=False),
)
invitation = Table(
    "invitation",
    METADATA,
    Column("code_hash", String(64), primary_key=True),
    owner(),
    Column("role", String(12), nullable=False),
    # Somebody who has an account and needs a new password; nobody for a new account.
    refers("person", "person", nullable=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)
session = Table(
    "session",
    METADATA,
    Column("key_hash", String(64), primary_key=True),
    refers("person", "person", index=True),
    Column("form_key", String(64), nullable=False),
    # password (a one-time code is still to come) -> full
    Column("stage", String(8), nullable=False, server_default="full"),
    # How the person came in: password, or oidc, whose provider asks for the second proof itself.
    Column("through", String(8), nullable=False, server_default="password"),
    # Such as `Firefox, Linux`: enough to recognise one's own sessions.
    Column("browser", String(40), nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
service_token = Table(
    "service_token",
    METADATA,
    identity(),
    owner(),
    Column("pid", String(12), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    UniqueConstraint("organisation", "name"),
)
