"""Our own reader of boxes and certificates: bounded, and never surprised."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.origin.c2pa.seeing import signed

from rempart.origin.c2pa.certificates import Unreadable, leaf_of
from rempart.origin.c2pa.jumbf import Malformed, parsed, store_in
from rempart.origin.containers import walk
from rempart.origin.subject import Segment
from rempart.testing.c2pa_wounds import crowded_store, nested_store, superbox
from rempart.testing.forgeries import stage
from rempart.testing.mutations import mutate

PICTURE = signed()
STORE = store_in(walk(PICTURE, "image/jpeg").segments)[0]


def signature() -> bytes:
    return next(found.cbor() for manifest in parsed(STORE).children for found in manifest.named("c2pa.signature"))


def test_a_store_gives_its_manifests_by_label():
    labels = [manifest.label for manifest in parsed(STORE).children if manifest.label]
    assert len(labels) == 1
    assert labels[0].startswith("urn:c2pa:")


def test_a_store_without_its_header_is_read_too():
    assert parsed(store_in([Segment("BMFF", "C2PA", data=STORE[8:])])[0]) == parsed(STORE)


def test_other_boxes_than_manifest_stores_are_left_alone():
    assert store_in([Segment("JPEG", "APP11 JUMBF", data=superbox("thumbnail", b""))]) == (b"", "")


@pytest.mark.parametrize(
    ("store", "why"),
    [(nested_store(1_000), "depth"), (crowded_store(50_000), "number of boxes"), (b"", "no manifest store")],
)
def test_a_store_beyond_the_bounds_is_refused(store, why):
    with pytest.raises(Malformed, match=why):
        parsed(store)


@given(st.integers(0, 10**6))
def test_a_spoilt_store_is_read_or_refused(seed):
    try:
        parsed(mutate(STORE, seed))
    except Malformed:
        return


@given(st.integers(0, 10**6))
def test_a_spoilt_signature_is_read_or_refused(seed):
    try:
        leaf_of(mutate(signature(), seed))
    except Unreadable:
        return


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_read_or_refused(data):
    with pytest.raises(Unreadable):
        leaf_of(data)
    with pytest.raises(Malformed):
        parsed(data)


@given(
    st.recursive(
        st.none() | st.integers() | st.binary(max_size=9) | st.text(max_size=9), lambda x: st.lists(x, max_size=5)
    )
)
def test_any_chain_in_a_well_formed_signature_is_read_or_refused(chain):
    message = cbor2.CBORTag(18, [cbor2.dumps({33: chain}), {}, None, b""])
    with pytest.raises(Unreadable):
        leaf_of(cbor2.dumps(message))


@pytest.mark.parametrize("tag", [2, 4, 35, 36, 37])
def test_tags_that_would_be_decoded_are_refused(tag):
    message = cbor2.CBORTag(18, [b"", {33: cbor2.CBORTag(tag, b"x")}, None, b""])
    with pytest.raises(Unreadable):
        leaf_of(cbor2.dumps(message))


def test_the_chain_may_stand_in_the_open_header_as_older_writers_have_it():
    der = cbor2.loads(cbor2.loads(signature()).value[0])[33]
    old = cbor2.CBORTag(18, [b"", {"x5chain": der}, None, b""])
    assert leaf_of(cbor2.dumps(old)).serial == stage().camera.serial
