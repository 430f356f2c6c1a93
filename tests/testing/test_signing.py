"""Pictures signed for tests: the SDK itself agrees, and what it refuses to sign is signed all the same."""

import io
import json

import c2pa
import pytest
from cryptography import x509

from rempart.testing.forgeries import CAMERA, JPEG, PNG, jpeg_of
from rempart.testing.novelai_pictures import png_of
from rempart.testing.pictures import pattern
from rempart.testing.signing import CLAIM_SIGNING, authority, sign, signed_with_anything

ROOT = authority()


def state(data: bytes, media_type: str) -> str:
    offline = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
    trust = {"user_anchors": ROOT.pem, "trust_config": f"{CLAIM_SIGNING}\n1.3.6.1.5.5.7.3.4\n"}
    with (
        c2pa.Context.from_dict(offline | {"trust": trust}) as context,
        c2pa.Reader(media_type, io.BytesIO(data), context=context) as reader,
    ):
        return str(json.loads(reader.json())["validation_state"])


@pytest.mark.parametrize(("media_type", "encode"), [(JPEG, jpeg_of), (PNG, png_of)])
def test_the_sdk_trusts_what_is_signed_here(media_type, encode):
    signed = sign(encode(pattern(6, 80, 60)), media_type, ROOT.issue(), CAMERA)
    assert state(signed, media_type) == "Trusted"


def test_a_leaf_below_a_subordinate_is_trusted_too():
    assert state(sign(jpeg_of(pattern(6, 80, 60)), JPEG, ROOT.subordinate().issue(), CAMERA), JPEG) == "Trusted"


def test_a_certificate_put_in_place_of_another_signs_flawlessly():
    again = signed_with_anything(jpeg_of(pattern(6, 80, 60)), ROOT, CAMERA)
    assert state(again, JPEG) == "Trusted"


def test_every_authority_and_credential_has_a_key_of_its_own():
    made = (ROOT, authority(), ROOT.issue(), ROOT.issue())
    assert len({one.key.private_numbers().private_value for one in made}) == len(made)


def test_the_level_and_the_product_stand_in_the_certificate():
    leaf = ROOT.issue(assurance_level=1, product_record="0197aa34-665b-7811-9bbc-317cfd988d0a").certificate
    oids = {extension.oid for extension in leaf.extensions}
    assert {x509.ObjectIdentifier("1.3.6.1.4.1.62558.3"), x509.ObjectIdentifier("1.3.6.1.4.1.62558.4")} <= oids
