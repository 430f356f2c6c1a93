"""Service tokens: what programmes sign in with. Shown once, stored as a hash, limited to scopes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rempart.audit.queries import append
from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.people import SCOPES, Actor, Scope
from rempart.people import queries
from rempart.people.random_keys import hash_of, new_key, new_pseudonym
from rempart.people.records import ServiceToken
from rempart.storage.database import Reader, Writer

PREFIX = "rempart_"  # lets secret scanners find a token that leaked
TOUCH_SECONDS = 60
MAX_NAME = 80


def make(writer: Writer, actor: Actor, name: str, scopes: Sequence[str], now: datetime) -> tuple[str, str]:
    """The pseudonym of a new token, and the token itself, which nobody can read again."""
    name = " ".join(name.split())
    chosen = tuple(scope for scope in SCOPES if scope in scopes)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise UserMistake(f"a token needs a name of 1 to {MAX_NAME} characters; say which programme it is for")
    if not chosen or len(chosen) != len(set(scopes)):
        raise UserMistake(f"a token needs scopes that exist; choose among {', '.join(SCOPES)}")
    if any(token.name == name for token in queries.tokens_of(writer, actor.organisation)):
        raise Conflict("a token of this name exists already, perhaps revoked; choose another name")
    pid, token = new_pseudonym(writer, "S"), PREFIX + new_key()
    queries.add_token(
        writer,
        organisation=actor.organisation,
        pid=pid,
        name=name,
        token_hash=hash_of(token),
        scopes=list(chosen),
        created_at=now,
    )
    append(writer, actor, "token", pid, "token.made", {"scopes": list(chosen)}, now)
    return pid, token


def find(reader: Reader, token: str) -> ServiceToken | None:
    """The token with this secret, unless it was revoked."""
    found = queries.token_of(reader, hash_of(token)) if token.startswith(PREFIX) else None
    return None if found is None or found.revoked_at is not None else found


def is_due(token: ServiceToken, now: datetime) -> bool:
    """Whether the use of the token should be written down again."""
    return token.last_used_at is None or now - token.last_used_at >= timedelta(seconds=TOUCH_SECONDS)


def revoke(writer: Writer, actor: Actor, pid: str, now: datetime) -> None:
    """Nothing; the token works no more. Raises NotFound."""
    if not queries.revoke_token(writer, actor.organisation, pid, now):
        raise NotFound("there is no such token that still works; look at the list of tokens")
    append(writer, actor, "token", pid, "token.revoked", {}, now)


def scopes_of(words: Sequence[str]) -> tuple[Scope, ...]:
    """The words as scopes, unknown ones left out."""
    return tuple(scope for scope in SCOPES if scope in words)
