"""Bits hidden in pixels are found column by column, and nothing is found in other pictures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.origin.stealth_bits import hidden
from rempart.testing.carriers_placing import stored_pixels, with_hidden
from rempart.testing.pictures import pattern


def naive_bytes(planes: np.ndarray) -> bytes:
    """The lowest bits in reading order, one by one."""
    height, width, channels = planes.shape
    bits = [planes[y, x, c] & 1 for x in range(width) for y in range(height) for c in range(channels)]
    return bytes(sum(int(bit) << (7 - k) for k, bit in enumerate(bits[i : i + 8])) for i in range(0, len(bits) - 7, 8))


@pytest.mark.parametrize("where", ["alpha", "rgb"])
@pytest.mark.parametrize("compressed", [False, True])
def test_the_payload_is_what_was_hidden(where: str, compressed: bool) -> None:
    pixels = stored_pixels(with_hidden(where, "leek soup", compressed=compressed))
    found = hidden(pixels)
    assert found is not None
    assert found.compressed is compressed
    planes = pixels[..., 3:] if where == "alpha" else pixels[..., :3]
    assert naive_bytes(planes)[19 : 19 + len(found.payload)] == found.payload
    assert compressed or found.payload == b"leek soup"


def test_a_length_beyond_the_pixels_is_cut() -> None:
    pixels = stored_pixels(with_hidden("alpha", "leek soup" * 50, compressed=False))
    found = hidden(pixels[:, :5])
    assert found is not None
    assert len(found.payload) == 5 * 128 // 8 - 19


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1, 4), (3, 200, 4), (0, 0, 3)])
def test_small_pictures_hide_nothing(shape: tuple[int, ...]) -> None:
    assert hidden(np.zeros(shape, np.uint8)) is None


def test_an_ordinary_picture_hides_nothing() -> None:
    assert hidden(pattern(3, 64, 48)) is None
    assert hidden(np.full((64, 48), 9, np.uint8)) is None


@given(st.integers(1, 40), st.integers(1, 40), st.integers(3, 4), st.integers(0, 9))
def test_any_size_is_looked_at_without_error(width: int, height: int, channels: int, seed: int) -> None:
    hidden(np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8))
