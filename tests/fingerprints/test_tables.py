import math

import numpy as np
import pytest

from rempart.fingerprints import tables
from rempart.fingerprints.tables import COSINES, Band, bands, kept_samples, window_size


def dense(band: Band) -> np.ndarray:
    matrix = np.zeros((64, band.length))
    for row, (start, count) in enumerate(zip(band.starts, band.counts, strict=True)):
        matrix[row, start : start + count] = band.weights[row, :count]
    return matrix


def box_twice_and_keep(length: int) -> np.ndarray:
    """The naive twin: two box matrices, then the kept rows."""
    size = (length + 127) // 128
    ahead = (size + 2) // 2 - 1
    box = np.zeros((length, length))
    for row in range(length):
        first, past = max(0, row - (size - 1 - ahead)), min(length, row + ahead + 1)
        box[row, first:past] = 1 / (past - first)
    return (box @ box)[[int((k + 0.5) * length / 64) for k in range(64)]]


@pytest.mark.parametrize("length", [5, 6, 63, 64, 65, 127, 128, 129, 130, 255, 256, 257, 300, 384, 385, 512, 777, 1290])
def test_a_band_is_two_boxes_and_the_kept_samples(length: int) -> None:
    assert np.abs(dense(bands(length)[0]) - box_twice_and_keep(length)).max() < 1e-7


@pytest.mark.parametrize("length", [5, 64, 129, 300, 777])
def test_the_reversed_band_reads_the_same_pixels_backwards(length: int) -> None:
    forwards, backwards = (dense(band) for band in bands(length))
    assert np.array_equal(backwards, forwards[:, ::-1])


@pytest.mark.parametrize("length", [5, 64, 100, 129, 513, 4000, 20_011])
def test_bands_stay_inside_the_dimension_and_their_weights_sum_to_one(length: int) -> None:
    for band in bands(length):
        assert band.starts.min() >= 0
        assert (band.starts + band.counts).max() <= length
        assert band.counts.min() >= 1
        assert band.counts.max() <= band.weights.shape[1]
        assert np.abs(band.weights.sum(axis=1) - 1).max() < 1e-5


def test_windows_and_samples_are_those_of_the_reference() -> None:
    assert [window_size(length) for length in (5, 128, 129, 512, 1080, 4000)] == [1, 1, 2, 4, 9, 32]
    assert all(kept_samples(n).tolist() == [int((k + 0.5) * n / 64) for k in range(64)] for n in range(5, 600))


def test_the_cosines_are_read_only_and_orthogonal() -> None:
    assert not COSINES.flags.writeable
    assert np.abs(COSINES @ COSINES.T - np.eye(16)).max() < 1e-6
    assert COSINES[2, 5] == pytest.approx(math.sqrt(2 / 64) * math.cos(math.pi / 128 * 3 * 11), rel=1e-6)


def test_the_cache_of_bands_is_bounded_in_entries_and_in_length() -> None:
    assert tables._cached_bands.cache_info().maxsize == 256
    before = tables._cached_bands.cache_info().currsize
    bands(100_001)
    assert tables._cached_bands.cache_info().currsize == before
