import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.fingerprints.generated import generated, grey

from rempart.facts import View
from rempart.fingerprints import PictureTooSmall, Views, pdq, variants


def test_the_plainest_view_comes_first_and_is_the_plain_fingerprint() -> None:
    pixels = grey(generated(4, 300, 400))
    found = variants(pixels)
    assert found.variants[0].view == View()
    assert found.variants[0].fingerprint == pdq(pixels)
    assert found.quality == pdq(pixels).quality


def test_frame_and_ground_are_copied_into_every_view() -> None:
    found = variants(grey(generated(4, 300, 400)), frame=3, ground="white").variants
    assert len(found) == 8
    assert {(variant.view.frame, variant.view.ground) for variant in found} == {(3, "white")}


def test_a_large_bordered_picture_has_views_on_both_paths_whole_and_without_border() -> None:
    pixels = grey(generated(5, 700, 900))
    bordered = np.full((800, 1000), 255, np.uint8)
    bordered[50:750, 50:950] = pixels
    looks = {(variant.view.crop, variant.view.path) for variant in variants(bordered).variants}
    assert looks == {(crop, path) for crop in ("whole", "unbordered") for path in ("full", "nearest-512")}


def test_no_two_variants_have_one_value_and_the_plainest_is_kept() -> None:
    half = grey(generated(6, 256, 128))
    symmetric = np.hstack([half, half[:, ::-1]])
    symmetric = np.vstack([symmetric, symmetric[::-1]])
    found = variants(np.ascontiguousarray(symmetric)).variants
    assert len({variant.fingerprint.value for variant in found}) == len(found)
    assert found[0].view == View()


@pytest.mark.parametrize("shade", [0, 127, 255])
def test_a_flat_picture_has_no_variants_and_says_its_quality(shade: int) -> None:
    assert variants(np.full((300, 300), shade, np.uint8)) == Views((), 0)


def test_a_picture_of_faint_structure_is_left_out_below_the_threshold() -> None:
    faint = (grey(generated(7, 300, 300)) // 5 + 100).astype(np.uint8)
    found = variants(faint)
    assert 0 < found.quality < 50
    assert found.variants == ()


def test_a_picture_below_5_pixels_is_too_small() -> None:
    with pytest.raises(PictureTooSmall):
        variants(np.zeros((4, 400), np.uint8))


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(5, 200), st.integers(5, 200)), fill=st.integers(0, 255)))
def test_any_grey_pixels_have_views_of_quality_enough_or_none(luma: np.ndarray) -> None:
    found = variants(luma)
    assert 0 <= found.quality <= 100
    assert all((variant.fingerprint.quality or 0) >= 50 for variant in found.variants)
    assert len({variant.fingerprint.value for variant in found.variants}) == len(found.variants)
