import json

import pytest

from rempart.storage import KeyRing
from rempart.storage.signed import sign_body, signed_body

KEYS = KeyRing.generate()
BODY = {"type": "test", "entries": 3, "reason": "demandé"}


def test_a_statement_gives_its_body_to_who_has_the_public_key() -> None:
    assert signed_body(sign_body(BODY, KEYS), KEYS.public_signing_key, "test") == BODY


def test_a_changed_statement_gives_nothing() -> None:
    statement = sign_body(BODY, KEYS).replace(b'"entries":3', b'"entries":4')
    assert signed_body(statement, KEYS.public_signing_key, "test") is None


def test_a_statement_of_another_sort_or_by_another_key_gives_nothing() -> None:
    statement = sign_body(BODY, KEYS)
    assert signed_body(statement, KEYS.public_signing_key, "other") is None
    assert signed_body(statement, KeyRing.generate().public_signing_key, "test") is None


def test_a_forger_who_brings_a_key_along_is_not_believed() -> None:
    forged = sign_body({**BODY, "entries": 9}, KeyRing.generate())
    assert json.loads(forged)["public_key"] != KEYS.public_signing_key
    assert signed_body(forged, KEYS.public_signing_key, "test") is None


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"[]", b"\xff", b'{"body":1,"signature":""}', b"[" * 99_999])
def test_rubbish_gives_nothing(rubbish: bytes) -> None:
    assert signed_body(rubbish, KEYS.public_signing_key, "test") is None
