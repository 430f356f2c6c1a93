"""Receipts of a withdrawal: signed, and of use to who holds the fingerprint without giving it away to others."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from rempart.errors import UserMistake
from rempart.facts import Fingerprint
from rempart.storage.keys import KeyRing
from rempart.storage.signed import sign_body, signed_body

BODY_TYPE = "rempart-withdrawal"
FORMAT = 1
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a withdrawal did.

    commitments: one salted digest for each withdrawn fingerprint (see `speaks_of`), sorted.
    statement: the signed JSON bytes; hand these over.
    """

    list_name: str
    list_uid: str
    entries: int
    refs: tuple[str, ...]
    reason: str
    at_utc: str
    version_before: int
    version: int
    manifest_sha256: str
    salt: str
    commitments: tuple[str, ...]
    public_key: str
    statement: bytes


def sign_receipt(
    *,
    keys: KeyRing,
    list_name: str,
    list_uid: str,
    refs: Sequence[str],
    fingerprints: Sequence[Fingerprint],
    reason: str,
    at_utc: str,
    version: int,
    manifest_sha256: str,
) -> Receipt:
    """The receipt of one withdrawal."""
    salt = secrets.token_bytes(SALT_BYTES)
    body = {
        "type": BODY_TYPE,
        "format": FORMAT,
        "list": list_name,
        "list_uid": list_uid,
        "entries": len(refs),
        "refs": list(refs),
        "reason": reason,
        "at_utc": at_utc,
        "version_before": version - 1,
        "version": version,
        "manifest_sha256": manifest_sha256,
        "salt": salt.hex(),
        "commitments": sorted({commitment(salt, one) for one in fingerprints}),
    }
    return verify_receipt(sign_body(body, keys), keys.public_signing_key)


def verify_receipt(statement: bytes, public_key: str) -> Receipt:
    """The receipt in a statement signed with this key (base64). Raises UserMistake when it is not, or was changed."""
    body = signed_body(statement, public_key, BODY_TYPE)
    try:
        if body is not None and body["format"] == FORMAT:
            return Receipt(
                list_name=body["list"],
                list_uid=body["list_uid"],
                entries=body["entries"],
                refs=tuple(body["refs"]),
                reason=body["reason"],
                at_utc=body["at_utc"],
                version_before=body["version_before"],
                version=body["version"],
                manifest_sha256=body["manifest_sha256"],
                salt=body["salt"],
                commitments=tuple(body["commitments"]),
                public_key=public_key,
                statement=statement,
            )
    except (KeyError, TypeError):
        pass
    raise UserMistake("the receipt was not signed with this key, or was changed; ask its issuer for the original")


def speaks_of(receipt: Receipt, fingerprint: Fingerprint) -> bool:
    """Whether this very fingerprint is among the withdrawn ones: only who has it can ask."""
    asked = commitment(bytes.fromhex(receipt.salt), fingerprint)
    return any(hmac.compare_digest(asked, one) for one in receipt.commitments)


def commitment(salt: bytes, fingerprint: Fingerprint) -> str:
    """The salted SHA-256 of a fingerprint, in hex. It tells nothing to who does not have the fingerprint."""
    return sha256(salt + fingerprint.kind.encode() + b":" + fingerprint.value).hexdigest()
