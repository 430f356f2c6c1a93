"""The certificate of a purge: a signed statement that an object's key is gone, when, by whom and why."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from rempart.errors import Broken
from rempart.storage.columns import FORMAT
from rempart.storage.keys import KeyRing
from rempart.storage.signed import sign_body, signed_body
from rempart.vault.queries import Row

BODY_TYPE = "rempart-vault-purge"
BODY_VERSION = 1


@dataclass(frozen=True, slots=True)
class Certificate:
    """One purge. about: what the object belonged to, such as `case 12`. statement: the signed bytes."""

    object: str
    about: str
    by: str
    reason: str
    sealed_sha256: str
    size_bytes: int
    stored_at: datetime
    purged_at: datetime
    statement: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) by which the ledger names it."""
        return sha256(self.statement).hexdigest()


def certify(keys: KeyRing, row: Row, by: str, about: str, reason: str, now: datetime) -> Certificate:
    """The certificate of an object that is being purged."""
    purged_at = now.astimezone(UTC).replace(microsecond=0)
    body = {
        "type": BODY_TYPE,
        "version": BODY_VERSION,
        "object": row.id,
        "about": about,
        "by": by,
        "reason": reason,
        "sealed_sha256": row.sealed_sha256,
        "size_bytes": row.size_bytes,
        "stored_at_utc": row.stored_at.strftime(FORMAT),
        "purged_at_utc": purged_at.strftime(FORMAT),
    }
    return Certificate(
        row.id,
        about,
        by,
        reason,
        row.sealed_sha256,
        row.size_bytes,
        row.stored_at,
        purged_at,
        sign_body(body, keys),
    )


def read(statement: bytes, public_key: str) -> Certificate:
    """The certificate. Raises Broken when it was changed, or another installation signed it."""
    body = signed_body(statement, public_key, BODY_TYPE)
    if body is None or body.get("version") != BODY_VERSION:
        raise Broken("a purge certificate is not signed with this key, or was changed; compare it with a copy")
    return Certificate(
        body["object"],
        body["about"],
        body["by"],
        body["reason"],
        body["sealed_sha256"],
        body["size_bytes"],
        _moment(body["stored_at_utc"]),
        _moment(body["purged_at_utc"]),
        statement,
    )


def _moment(text: str) -> datetime:
    return datetime.strptime(text, FORMAT).replace(tzinfo=UTC)
