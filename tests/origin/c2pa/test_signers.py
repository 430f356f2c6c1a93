"""Who signed, and whether that product and that certificate may be believed for this claim."""

from datetime import UTC, datetime

import pytest
from tests.origin.c2pa.seeing import seen, signed

from rempart.origin.c2pa.certificates import Leaf, leaf_of
from rempart.origin.c2pa.jumbf import parsed, store_in
from rempart.origin.c2pa.signers import LEVEL_ABOVE_PRODUCT, UNLISTED_PRODUCT, doubts, is_denied, signer_of
from rempart.origin.containers import walk
from rempart.origin.trust import Denial, Product, Trust
from rempart.testing.forgeries import EDITOR, PRODUCT, stage
from rempart.testing.signing import Credential


def leaf(credential: Credential) -> Leaf:
    store = parsed(store_in(walk(signed(by=credential), "image/jpeg").segments)[0])
    (signature,) = (found for manifest in store.children for found in manifest.named("c2pa.signature"))
    return leaf_of(signature.cbor())


def test_the_leaf_states_its_level_and_product():
    found = leaf(stage().camera)
    assert (found.name, found.issuer) == ("Believed camera", stage().root.name)
    assert (found.assurance_level, found.product_record) == (2, PRODUCT)
    assert found.serial == stage().camera.serial


def test_a_leaf_without_the_fields_states_nothing():
    found = leaf(stage().stranger.issue())
    assert (found.assurance_level, found.product_record) == (None, "")


def test_a_leaf_below_an_issuing_authority_ends_in_the_store():
    (piece,) = seen(signed(by=stage().root.subordinate().issue()))
    assert piece.signer is not None
    assert piece.signer.trust_store == "official"


@pytest.mark.parametrize(
    ("record", "claim", "allowed"),
    [
        (EDITOR, "capturedMedia", False),
        (EDITOR, "nonGenAIDigitalCreation", True),
        (EDITOR, "fullyGenAIMedia", None),
        (PRODUCT, "capturedMedia", None),  # an empty record is no permission
        ("", "capturedMedia", None),
    ],
)
def test_the_list_of_products_forbids_claims(record, claim, allowed):
    found = leaf(stage().root.issue(product_record=record))
    signer = signer_of(found, stage().trust(), "official", claim, at=None, revoked=False)
    assert signer.product_allowed is allowed


def test_a_product_that_no_list_knows_is_doubted():
    found = leaf(stage().root.issue(product_record="019b0000-0000-7000-8000-000000000009"))
    assert doubts(found, stage().trust()) == (UNLISTED_PRODUCT,)


def test_a_level_above_the_products_own_is_doubted():
    found = leaf(stage().root.issue(assurance_level=2, product_record=EDITOR))
    assert doubts(found, stage().trust()) == (LEVEL_ABOVE_PRODUCT,)


def test_without_a_list_of_products_nothing_is_doubted():
    assert doubts(leaf(stage().camera), Trust(products=())) == ()
    assert doubts(leaf(stage().camera), Trust(products=(Product(PRODUCT, "Believed camera", 2),))) == ()


IN_SUMMER = datetime(2025, 8, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "at", "denied"),
    [
        ("", "", None, True),
        ("2025-08-01", "2025-09-30", IN_SUMMER, True),
        ("2025-08-20", "2025-08-20", IN_SUMMER, True),
        ("2025-09-01", "2025-09-30", IN_SUMMER, False),
        ("2025-09-01", "2025-09-30", None, True),  # nobody stamped the time, so it may have been then
        ("2020-01-01", "2020-12-31", None, False),  # the certificate did not exist yet
        ("2060-01-01", "", None, False),
    ],
)
def test_a_denial_holds_for_its_time(since, until, at, denied):
    found = leaf(stage().camera)
    assert is_denied(found, Denial(stage().root.name, stage().camera.serial, since, until), at) is denied


@pytest.mark.parametrize(("issuer", "serial"), [("Another root", ""), ("", "12345"), ("Another root", "12345")])
def test_a_denial_of_another_certificate_does_not_hold(issuer, serial):
    assert not is_denied(leaf(stage().camera), Denial(issuer, serial), None)


def test_a_revocation_inside_the_manifest_denies():
    assert signer_of(leaf(stage().camera), Trust(), "", "capturedMedia", at=None, revoked=True).denied
