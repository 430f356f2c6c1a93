"""The SDK inside the confined child: no file, no socket, no new code, and it still reads and judges manifests."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from rempart.facts.evidence_wire import origin_from_json
from rempart.media.sandbox import Sandbox
from rempart.origin.trust import TrustStore, trust_to_json
from rempart.screening import BELIEVE, PRELOAD, TASK
from rempart.testing.forgeries import AI, CAMERA, FORGERIES, JPEG, Stage, stage
from rempart.testing.signing import authority, sign

WARM = "rempart.origin.c2pa.reading:warm"
REQUEST = {"do": "origin", "pixels": False}


@pytest.fixture(scope="module")
def rsa_root():
    return authority("RSA root", rsa.generate_private_key(65537, 2048))


@pytest.fixture(scope="module")
def child(rsa_root):
    trust = stage().trust()
    believed = {BELIEVE: trust_to_json(replace(trust, stores=(*trust.stores, TrustStore("other", rsa_root.pem))))}
    with Sandbox(TASK, (*PRELOAD, WARM), configure=believed) as sandbox:
        yield sandbox.child()


def verdict(child, data: bytes) -> str:
    return origin_from_json(child.run(data, REQUEST)).verdict.verdict


@pytest.mark.parametrize(("actions", "expected"), [(CAMERA, "captured.signed"), (AI, "ai.signed.full")])
def test_a_signed_picture_is_judged_in_the_confined_child(child, actions, expected):
    assert verdict(child, sign(stage().plain, JPEG, stage().camera, actions)) == expected


def test_a_chain_of_rsa_keys_is_checked_there_too(child, rsa_root):
    signed = sign(stage().plain, JPEG, rsa_root.subordinate().issue(), CAMERA)
    assert verdict(child, signed) == "captured.signed"


def test_many_pictures_in_a_row_leave_the_child_able_to_read_the_next(child):
    signed = sign(stage().plain, JPEG, stage().camera, CAMERA)
    number = [verdict(child, signed) and child.number for _ in range(50)]
    assert len(set(number)) == 1


@pytest.mark.parametrize(
    "name", ["boxes nested a thousand deep", "endless CBOR in the claim", "ingredients in a circle"]
)
def test_a_hostile_store_does_not_cost_the_child(child, name):
    verdict(child, stage().plain)
    before = child.number
    forged = FORGERIES[name].make()
    assert verdict(child, forged.after) == FORGERIES[name].verdict
    assert child.number == before


def test_a_stage_of_other_keys_is_not_believed(child):
    other = Stage()
    assert verdict(child, sign(other.plain, JPEG, other.camera, CAMERA)) == "captured.indicated"
