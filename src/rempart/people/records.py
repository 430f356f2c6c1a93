"""What is known of organisations, people, sessions and service tokens. No secret stands in a record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rempart.facts.people import Actor, Role, Scope

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")
Stage = Literal["password", "full"]
Through = Literal["password", "oidc"]


@dataclass(frozen=True, slots=True)
class Organisation:
    """One tenant."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. has_code: one-time codes are set up."""

    id: int
    organisation: int
    pid: str
    login: str
    role: Role
    language: Language
    has_code: bool
    active: bool
    failures: int
    locked_until: datetime | None
    created_at: datetime

    @property
    def actor(self) -> Actor:
        """The person as the ledger knows them."""
        return Actor(self.organisation, self.pid, self.role)


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. key_hash: its identity; the key itself is in the browser only."""

    key_hash: str
    person: int
    form_key: str
    stage: Stage
    through: Through
    browser: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    @property
    def handle(self) -> str:
        """Names the session among the sessions of one person."""
        return self.key_hash[:12]


@dataclass(frozen=True, slots=True)
class ServiceToken:
    """What a programme signs in with. pid: its pseudonym in the ledger."""

    id: int
    organisation: int
    pid: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def actor(self) -> Actor:
        """The token as the ledger knows it."""
        return Actor(self.organisation, self.pid, None, self.scopes)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link: to a new account, or to a new password for the person who has one."""

    code_hash: str
    organisation: int
    role: Role
    person: int | None
    expires_at: datetime
    used_at: datetime | None

    @property
    def handle(self) -> str:
        """Names the invitation among those of one organisation."""
        return self.code_hash[:12]
