"""What a person sees is never the file that a stranger made."""

import io

import numpy as np
import pytest
from PIL import Image

from rempart.media import Picture
from rempart.media.rendering import LONGEST_SIDE_PIXELS, rendered_jpeg


def _picture(height: int, width: int) -> Picture:
    rgb = np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Picture(rgb[..., 0].copy(), rgb=rgb)


def test_a_rendering_keeps_size_and_colour() -> None:
    image = Image.open(io.BytesIO(rendered_jpeg(_picture(120, 200))))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (200, 120))


@pytest.mark.parametrize("shape", [(10, 6000), (6000, 10)])
def test_a_rendering_is_bounded(shape: tuple[int, int]) -> None:
    image = Image.open(io.BytesIO(rendered_jpeg(_picture(*shape))))
    assert max(image.size) == LONGEST_SIDE_PIXELS


def test_a_grey_picture_is_rendered_grey() -> None:
    assert Image.open(io.BytesIO(rendered_jpeg(Picture(np.zeros((20, 20), np.uint8))))).mode == "L"
