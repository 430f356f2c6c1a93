import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from rempart.media.exif import orientation_of, upright, upright_size


def block(orientation: int, order: str = "<", kind: int = 3) -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    value = struct.pack(order + ("HH" if kind == 3 else "I"), *((orientation, 0) if kind == 3 else (orientation,)))
    return b"Exif\0\0" + mark + struct.pack(order + "IHHHI", 8, 1, 0x0112, kind, 1) + value + bytes(4)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [3, 4])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_read_in_both_byte_orders(order, kind, orientation):
    assert orientation_of(block(orientation, order, kind)) == orientation


@pytest.mark.parametrize(
    "exif", [None, b"", b"Exif\0\0", block(0), block(9), block(6)[:20], b"Exif\0\0II*\0\xff\xff\xff\xff"]
)
def test_a_damaged_block_means_as_stored(exif):
    assert orientation_of(exif) == 1


@given(st.binary(max_size=200))
def test_any_block_gives_one_of_eight_orientations(rest):
    assert 1 <= orientation_of(b"Exif\0\0II*\0" + rest) <= 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pixels_are_turned_as_a_viewer_turns_them(orientation):
    stored = np.arange(6, dtype=np.uint8).reshape(2, 3)
    image = Image.fromarray(stored)
    image.getexif()[0x0112] = orientation
    shown = upright(stored, orientation)
    assert np.array_equal(shown, np.asarray(ImageOps.exif_transpose(image)))
    assert upright_size(3, 2, orientation) == shown.shape[::-1]
