"""The six traps of the SDK, each of which silently gave a wrong verdict, and what we do about it."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.origin.c2pa.seeing import seen, signed

from rempart.origin.c2pa.examining import STALE
from rempart.origin.c2pa.reading import REMOTE
from rempart.origin.trust import Trust, TrustStore
from rempart.testing.forgeries import CAMERA, CROPPED, FORGERIES, JPEG, PNG, jpeg_of, stage
from rempart.testing.novelai_pictures import png_of
from rempart.testing.pictures import pattern
from rempart.testing.signing import (
    CLAIM_SIGNING,
    DOCUMENT_SIGNING,
    EMAIL_PROTECTION,
    OPENED,
    Action,
    Ingredient,
    authority,
    sign,
)


def test_trap_1_no_list_means_nobody_is_trusted():
    (piece,) = seen(signed(), trust=Trust())
    assert piece.integrity is not None
    assert piece.integrity.state == "valid"
    assert piece.signer is not None
    assert piece.signer.trust_store == ""


@pytest.mark.parametrize("usage", [CLAIM_SIGNING, DOCUMENT_SIGNING, EMAIL_PROTECTION])
def test_trap_2_every_usage_that_c2pa_knows_is_accepted(usage):
    credential = stage().root.issue(usages=(usage,))
    (piece,) = seen(signed(by=credential))
    assert piece.integrity is not None
    assert piece.integrity.state == "trusted"


def test_trap_3_a_remote_manifest_is_said_and_not_fetched():
    (piece,) = seen(signed(remote_url="http://manifests.example/one.c2pa"))
    assert piece.reason == REMOTE
    assert piece.integrity is not None
    assert piece.integrity.state == "not_examined"


@pytest.mark.parametrize("name", ["official", "interim", "own-newsroom"])
def test_trap_4_the_store_is_named_whatever_list_the_signer_is_on(name):
    other = authority("Other root")
    stores = {"official": other.pem, "interim": other.pem, "own-newsroom": other.pem} | {name: stage().root.pem}
    trust = Trust(tuple(TrustStore(store, pem) for store, pem in stores.items()))
    (piece,) = seen(signed(), trust=trust)
    assert piece.signer is not None
    assert piece.signer.trust_store == name


@pytest.mark.parametrize("as_hash", [True, False])
def test_a_leaf_that_is_allowed_by_itself_is_trusted_in_that_store(as_hash):
    """Since 0.91 the SDK drops a loose list of allowed leaves without a word."""
    credential = stage().stranger.issue()
    der = credential.certificate.public_bytes(Encoding.DER)
    allowed = base64.b64encode(hashlib.sha256(der).digest()).decode() if as_hash else credential.chain_pem
    (piece,) = seen(signed(by=credential), trust=Trust((TrustStore("press", "", allowed),)))
    assert piece.integrity is not None
    assert piece.signer is not None
    assert (piece.integrity.state, piece.signer.trust_store) == ("trusted", "press")


@pytest.mark.parametrize(
    ("term", "claim"),
    [
        (" http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture", "capturedMedia"),
        ("https://cv.iptc.org/newscodes/digitalsourcetype/computationalCapture/", "capturedMedia"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture", "capturedMediaStitched"),
        ("http://c/compositedWithTrainedAlgorithmicMedia", "partlyGenAICreation"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", "fullyGenAIMedia"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/screenCapture", "screenCaptureMayContainGenAI"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/composite", "compositionMayContainGenAI"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation", "nonGenAIDigitalCreation"),
        ("http://c2pa.org/digitalsourcetype/empty", "noStatement"),
        ("http://example.org/a-caption-about-trainedAlgorithmicMedia-and-more", "noStatement"),
    ],
)
def test_trap_5_terms_are_compared_by_their_last_part(term, claim):
    (piece,) = seen(signed(Action("c2pa.created", term)))
    assert piece.claim == claim


def test_trap_6_each_manifest_is_judged_by_itself():
    inner = sign(stage().plain, JPEG, stage().stranger.issue(), CAMERA)
    whole, part = seen(sign(inner, JPEG, stage().camera, CROPPED, ingredients=(Ingredient(inner),)))
    assert (whole.scope, whole.claim, whole.integrity and whole.integrity.state) == ("whole", "edited", "trusted")
    assert part.scope.startswith("ingredient:")
    assert (part.claim, part.integrity and part.integrity.state) == ("capturedMedia", "valid")


def test_trap_6_what_was_only_gathered_is_not_the_signers_own_claim():
    created, gathered = seen(signed())[0], seen(signed(created=False))[0]
    assert (created.asserted, gathered.asserted) == ("created", "gathered")


def test_an_error_that_was_recorded_when_an_ingredient_was_taken_in_still_counts():
    """The SDK calls such a store Trusted, because nothing changed since the record."""
    spoilt = FORGERIES["one pixel changed after signing"].make().after
    whole, part = seen(sign(spoilt, JPEG, stage().camera, CROPPED, ingredients=(Ingredient(spoilt),)))
    assert whole.integrity is not None
    assert whole.integrity.state == "trusted"
    assert part.integrity is not None
    assert part.integrity.state == "broken"


def test_an_editor_of_a_trusted_camera_cannot_pass_for_the_camera():
    inner = signed()
    whole, part = seen(sign(inner, JPEG, stage().stranger.issue(), CROPPED, ingredients=(Ingredient(inner),)))
    assert whole.integrity is not None
    assert whole.integrity.state == "valid"
    assert part.integrity is not None
    assert part.integrity.state == "trusted"
    assert part.scope != "whole"


def test_ai_in_a_later_step_is_derived_from_what_was_there_before():
    inner = signed()
    steps = (OPENED, Action("c2pa.edited", "trainedAlgorithmicMedia"))
    whole = seen(sign(inner, JPEG, stage().camera, steps, ingredients=(Ingredient(inner),)))[0]
    assert (whole.claim, whole.derived) == ("partlyGenAICreation", True)


def test_an_ingredient_without_a_manifest_is_of_unknown_provenance():
    claims = [
        piece.claim for piece in seen(signed(ingredients=(Ingredient(stage().other, relationship="componentOf"),)))
    ]
    assert claims == ["capturedMedia", "mediaUnknownProvenance"]


def test_the_file_name_cannot_mislead_because_only_the_bytes_are_asked():
    png = sign(png_of(pattern(1, 64, 64)), PNG, stage().camera, CAMERA)
    (piece,) = seen(png, PNG)
    assert piece.locator == "PNG caBX"
    assert piece.integrity is not None
    assert piece.integrity.state == "trusted"


def test_a_stale_store_says_so_beside_the_trust():
    (piece,) = seen(FORGERIES["stale trust list"].make().after, trust=FORGERIES["stale trust list"].make().trust)
    assert piece.integrity is not None
    assert STALE in piece.integrity.codes


def test_a_picture_without_a_manifest_gives_nothing():
    assert seen(stage().plain) == ()


def test_bytes_that_only_mention_the_words_give_nothing():
    about = jpeg_of(pattern(9, 64, 64))
    assert seen(about + b"a caption with c2pa and provenance in it") == ()
