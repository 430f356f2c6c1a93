import pytest

from rempart.errors import UserMistake
from rempart.facts import Fingerprint
from rempart.lists.receipts import Receipt, sign_receipt, speaks_of, verify_receipt
from rempart.storage import KeyRing


def receipt(keys: KeyRing, fingerprints: list[Fingerprint]) -> Receipt:
    return sign_receipt(
        keys=keys,
        list_name="demo",
        list_uid="0011",
        refs=["a", "b"],
        fingerprints=fingerprints,
        reason="asked by the person shown",
        at_utc="2026-11-22T12:00:00Z",
        version=7,
        manifest_sha256="00" * 32,
    )


def test_the_holder_of_a_fingerprint_sees_that_the_receipt_speaks_of_it(make, keys: KeyRing) -> None:
    gone, other = make.many(3), make()
    issued = verify_receipt(receipt(keys, gone).statement, keys.public_signing_key)
    assert all(speaks_of(issued, one) for one in gone)
    assert not speaks_of(issued, other)
    assert (issued.entries, issued.version_before, issued.version) == (2, 6, 7)


def test_the_receipt_shows_no_fingerprint_and_two_receipts_cannot_be_linked_by_it(make, keys: KeyRing) -> None:
    one = make()
    first, second = receipt(keys, [one]), receipt(keys, [one])
    assert one.value.hex().encode() not in first.statement
    assert set(first.commitments).isdisjoint(second.commitments)


def test_a_changed_or_foreign_receipt_is_refused(make, keys: KeyRing) -> None:
    issued = receipt(keys, make.many(1))
    with pytest.raises(UserMistake, match="was changed"):
        verify_receipt(issued.statement.replace(b'"entries":2', b'"entries":3'), keys.public_signing_key)
    with pytest.raises(UserMistake, match="not signed with this key"):
        verify_receipt(issued.statement, KeyRing.generate().public_signing_key)
    with pytest.raises(UserMistake):
        verify_receipt(b"\xff[", keys.public_signing_key)
