"""Signed statements: a JSON body with the signature over its exact canonical bytes."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from rempart.storage.keys import KeyRing, signature_holds

Body = dict[str, Any]


def canonical(body: Mapping[str, Any]) -> bytes:
    """The one way to write the body: sorted keys, no spaces, ASCII."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def sign_body(body: Mapping[str, Any], keys: KeyRing) -> bytes:
    """The statement as bytes: signature, public key and body, the signature first.

    Signature first, so that the first bytes of a file tell one statement from any other.
    The body's own `type` keeps a signature of one sort of statement from passing as another.
    """
    signature = base64.b64encode(keys.sign(canonical(body))).decode()
    head = f'{{"signature":"{signature}","public_key":"{keys.public_signing_key}","body":'
    return head.encode() + canonical(body) + b"}\n"


def signed_body(statement: bytes, public_key: str, body_type: str) -> Body | None:
    """The body of a statement signed with this public key; None when it is not one, or was changed."""
    try:
        stored = json.loads(statement)
        body: Body = stored["body"]
        signature = base64.b64decode(stored["signature"], validate=True)
        kind = body["type"]
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return None
    if kind != body_type or not signature_holds(canonical(body), signature, public_key):
        return None
    return body
