import numpy as np
import pytest
from tests.fingerprints.generated import generated, grey

from rempart.facts import Fingerprint
from rempart.fingerprints import KINDS, pdq
from rempart.testing.pictures import photos

PDQ = KINDS["pdq"]


def ones(fingerprint: Fingerprint) -> int:
    return int.from_bytes(fingerprint.value).bit_count()


def test_photographs_have_exactly_half_of_their_bits_set() -> None:
    assert {ones(pdq(grey(pixels))) for pixels in photos(256).values()} == {128}


def test_generated_pictures_with_structure_stay_inside_the_tolerance() -> None:
    hashes = [pdq(grey(generated(seed, 90 + seed, 200 - seed))) for seed in range(100)]
    usable = [found for found in hashes if found.quality is not None and found.quality >= 50]
    assert len(usable) > 60
    assert all(PDQ.refuse(found) is None for found in usable)


@pytest.mark.parametrize("shade", [0, 1, 128, 254, 255])
def test_a_list_may_not_hold_the_hash_of_a_flat_picture_even_without_its_quality(shade: int) -> None:
    flat = pdq(np.full((300, 200), shade, np.uint8))
    assert PDQ.refuse(Fingerprint("pdq", flat.value)) is not None


# In larger ones rounding breaks the ties, another way on each processor: then half of the bits may be ones.
@pytest.mark.parametrize("size", [64, 500, 640])
def test_a_list_may_not_hold_the_hash_of_straight_stripes(size: int) -> None:
    stripes = np.tile((np.arange(size) * 8 // size % 2 * 255).astype(np.uint8), (size, 1))
    assert PDQ.refuse(Fingerprint("pdq", pdq(stripes).value)) is not None


@pytest.mark.parametrize("byte", [b"\x00", b"\xff"])
def test_a_list_may_not_hold_a_placeholder(byte: bytes) -> None:
    assert PDQ.refuse(Fingerprint("pdq", byte * 32)) is not None


def test_a_quality_below_the_threshold_is_refused_and_an_unknown_one_is_not() -> None:
    value = pdq(grey(generated(1, 200, 200))).value
    assert PDQ.refuse(Fingerprint("pdq", value, 49)) == "its quality is below 50"
    assert PDQ.refuse(Fingerprint("pdq", value, 50)) is None
    assert PDQ.refuse(Fingerprint("pdq", value)) is None


def test_parsing_keeps_the_quality_that_came_beside_it() -> None:
    assert PDQ.parse("0f" * 32, 77).quality == 77
    assert PDQ.parse("0f" * 32).quality is None
