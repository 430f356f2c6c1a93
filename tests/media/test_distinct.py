from itertools import pairwise

import numpy as np
import pytest
from skimage import data

from rempart.media.distinct import DistinctFrames, reduced


def reduced_slowly(pixels):
    rows = np.linspace(0, pixels.shape[0], min(64, pixels.shape[0]) + 1).astype(int)
    columns = np.linspace(0, pixels.shape[1], min(64, pixels.shape[1]) + 1).astype(int)
    return np.rint(
        [
            [pixels[top:bottom, left:right].mean((0, 1)) for left, right in pairwise(columns)]
            for top, bottom in pairwise(rows)
        ]
    )


@pytest.mark.parametrize("shape", [(64, 64), (130, 77), (5, 900), (70, 90, 3)])
def test_the_reduction_equals_its_naive_twin(shape):
    pixels = np.random.default_rng(4).integers(0, 256, shape, dtype=np.uint8)
    assert np.array_equal(reduced(pixels), reduced_slowly(pixels))


def test_the_same_picture_with_codec_noise_is_not_new():
    photo = data.camera()
    noisy = np.clip(photo + np.random.default_rng(5).normal(0, 3, photo.shape), 0, 255).astype(np.uint8)
    frames = DistinctFrames()
    assert [frames.is_new(each) for each in (photo, noisy, photo)] == [True, False, False]


def test_a_small_thing_that_appears_in_a_corner_is_new():
    photo = data.camera()
    spot = photo.copy()
    spot[:16, :16] = 255 - spot[:16, :16]
    frames = DistinctFrames()
    assert [frames.is_new(each) for each in (photo, spot)] == [True, True]


def test_a_frame_seen_long_ago_is_not_new():
    rng = np.random.default_rng(6)
    pictures = [rng.integers(0, 256, (80, 80), dtype=np.uint8) for _ in range(5)]
    frames = DistinctFrames()
    assert sum(frames.is_new(each) for each in [*pictures, *pictures]) == 5


def test_pages_of_other_sizes_are_new():
    frames = DistinctFrames()
    assert frames.is_new(np.zeros((40, 40), np.uint8))
    assert frames.is_new(np.zeros((40, 50), np.uint8))
