"""The denoiser: exact where it must be, blind to scenes, and without what all cameras of a model share."""

import numpy as np
import pytest

from rempart.origin.prnu import residual as room
from rempart.origin.prnu.residual import Plane, centred, residual, whitened

RNG = np.random.default_rng(4)
NOISE: Plane = RNG.normal(0, 1, (64, 96)).astype(np.float32)


def test_split_and_merge_are_each_others_inverse_and_keep_the_energy() -> None:
    low, high = room._split(NOISE)
    assert np.allclose(room._merge(low, high), NOISE, atol=1e-5)
    assert np.sum(low**2) + np.sum(high**2) == pytest.approx(np.sum(NOISE**2), rel=1e-5)


def test_the_local_mean_is_that_of_the_naive_loop() -> None:
    padded = np.pad(NOISE, 2, mode="edge")
    naive = [[padded[y : y + 5, x : x + 5].mean() for x in range(96)] for y in range(64)]
    assert np.allclose(room._box(NOISE, 5), naive, atol=1e-5)


def test_weak_noise_over_a_smooth_scene_is_what_remains() -> None:
    y, x = np.mgrid[0:128, 0:128].astype(np.float32)
    scene = 120 + 60 * np.sin(x / 20) * np.cos(y / 25)
    noise = RNG.normal(0, 2, (128, 128)).astype(np.float32)
    found = residual((scene + noise).astype(np.float32))
    assert np.corrcoef(found.ravel(), noise.ravel())[0, 1] > 0.9


def test_rows_and_columns_have_no_mean_left() -> None:
    found = centred(NOISE + np.arange(64, dtype=np.float32)[:, None])
    assert np.abs(found[::2, ::2].mean(axis=0)).max() < 1e-4
    assert np.abs(found[1::2, ::2].mean(axis=1)).max() < 1e-4


def test_a_regular_grid_is_taken_out() -> None:
    grid = np.zeros_like(NOISE)
    grid[::8, ::8] = 8
    before, after = (abs(float(np.mean(plane[::8, ::8]))) for plane in (NOISE + grid, whitened(NOISE + grid)))
    assert after < before / 3


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_flat_picture_has_no_noise_and_nothing_breaks(value: int) -> None:
    assert np.abs(residual(np.full((256, 256), value, np.float32))).max() < 1e-2
