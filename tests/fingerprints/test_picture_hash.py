import tracemalloc

import numpy as np
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.fingerprints.generated import bits_apart, generated, grey
from tests.fingerprints.golden import golden

from rempart.errors import UserMistake
from rempart.fingerprints import NotAPicture, PictureTooSmall, pdq, pdq_exact
from rempart.testing.pictures import photo_like

Golden = list[tuple[np.ndarray, bytes, int]]


@pytest.fixture(scope="module")
def references() -> Golden:
    return list(golden())


def test_exact_mode_gives_the_references_bits_and_quality_for_every_golden_picture(references: Golden) -> None:
    assert len(references) >= 300
    for pixels, value, quality in references:
        found = pdq_exact(pixels)
        assert (found.value, found.quality) == (value, quality), pixels.shape


def test_fast_mode_stays_within_2_bits_of_the_reference_for_95_percent_and_within_10_for_all(
    references: Golden,
) -> None:
    usable = [(pixels, value) for pixels, value, quality in references if quality >= 50]
    distances = np.array([bits_apart(pdq(grey(pixels)).value, value) for pixels, value in usable])
    assert len(distances) >= 300
    assert (distances <= 2).mean() >= 0.95
    assert distances.max() <= 10


def test_fast_mode_on_a_jpegs_luma_agrees_with_exact_mode_on_its_colours() -> None:
    sizes = [(480 + 31 * n, 640 - 17 * n) for n in range(12)] + [(768, 1024)] * 4
    distances = []
    for seed, (height, width) in enumerate(sizes):
        jpeg = simplejpeg.encode_jpeg(photo_like(seed, width, height), quality=85, colorsubsampling="420")
        exact = pdq_exact(simplejpeg.decode_jpeg(jpeg, "RGB"))
        assert exact.quality is not None
        assert exact.quality >= 50
        distances.append(bits_apart(pdq(simplejpeg.decode_jpeg(jpeg, "GRAY")[:, :, 0]).value, exact.value))
    assert np.mean(np.array(distances) <= 2) >= 0.9
    assert max(distances) <= 10


def test_fast_and_exact_mode_agree_on_grey_pictures_in_value_and_quality() -> None:
    for seed in range(40):
        pixels = grey(generated(seed, 70 + 9 * seed, 500 - 7 * seed))
        exact, fast = pdq_exact(np.dstack([pixels] * 3)), pdq(pixels)
        assert bits_apart(fast.value, exact.value) <= 2
        assert abs((fast.quality or 0) - (exact.quality or 0)) <= 1


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(5, 200), st.integers(5, 200))))
def test_any_grey_pixels_have_a_fingerprint(luma: np.ndarray) -> None:
    found = pdq(luma)
    assert len(found.value) == 32
    assert found.quality is not None
    assert 0 <= found.quality <= 100


@pytest.mark.parametrize("shape", [(4, 100), (100, 4), (4, 4), (0, 50), (50, 0), (0, 0)])
def test_fewer_than_5_pixels_on_a_side_are_too_small(shape: tuple[int, int]) -> None:
    for hashing, pixels in ((pdq, np.zeros(shape, np.uint8)), (pdq_exact, np.zeros((*shape, 3), np.uint8))):
        with pytest.raises(PictureTooSmall, match="at least 5 by 5") as raised:
            hashing(pixels)
        assert isinstance(raised.value, UserMistake)


@pytest.mark.parametrize("luma", [np.zeros((9, 9), np.float32), np.zeros((9, 9, 3), np.uint8), np.zeros(81, np.uint8)])
def test_what_is_not_grey_pixels_is_refused(luma: np.ndarray) -> None:
    with pytest.raises(NotAPicture, match="grey pixels are"):
        pdq(luma)


@pytest.mark.parametrize("rgb", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 4), np.uint8), np.zeros((9, 9, 3))])
def test_what_is_not_colour_pixels_is_refused(rgb: np.ndarray) -> None:
    with pytest.raises(NotAPicture, match="colour pixels are"):
        pdq_exact(rgb)


def test_strided_and_read_only_pixels_hash_like_a_plain_copy() -> None:
    pixels = grey(generated(3, 301, 402))
    plain = pdq(pixels[::2, 1::3].copy())
    assert pdq(pixels[::2, 1::3]) == plain
    frozen = pixels[::2, 1::3].copy()
    frozen.flags.writeable = False
    assert pdq(frozen) == plain


def test_a_strip_of_20_million_pixels_costs_little_more_memory_than_itself() -> None:
    # 64 kept rows of its 4 million columns would be 1 GB.
    strip = np.tile(np.arange(200, dtype=np.uint8), (5, 20_000))
    tracemalloc.start()
    pdq(strip)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * strip.size
